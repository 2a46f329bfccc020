"""Define a measure, edit it, stop counting it, count it again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures import queries, service
from improve.measures.forms import DefineForm, VersionForm
from improve.measures.recorded import KINDS
from improve.measures.routes.blueprint import blueprint
from improve.measures.service.define import WHO_DEFINES
from improve.measures.views import MeasureView
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale


def _offer(form: DefineForm, actor: Actor, team_id: int | None, own: MeasureView | None) -> None:
    """Give the form the measures and the people to choose from."""
    choices = queries.measure_choices(actor, team_id) if team_id is not None else []
    others = [c for c in choices if own is None or c.id != own.id]
    partners = [(c.id, c.name) for c in others]
    contexts = [(c.id, c.name) for c in others if c.kind == "context"]
    keepers = people.people_of_team(actor, team_id) if team_id is not None else []
    offered = {p.id: p.name for p in keepers} | {actor.person_id: actor.name}
    if own is not None:
        _keep(partners, own.partner_id, own.partner_name)
        _keep(contexts, own.context_id, own.context_name)
        if own.owner_id is not None:
            offered |= {own.owner_id: own.owner_name or "Somebody who left"}
    form.offer(
        partners=partners,
        contexts=contexts,
        people=sorted(offered.items(), key=lambda item: item[1]),
        measure=own,
    )
    if form.owner_id.data is None:
        form.owner_id.data = actor.person_id


def _keep(offered: list[tuple[int, str]], chosen: int | None, name: str | None) -> None:
    """Leave what was chosen among what is offered, though nobody would choose it anew."""
    if chosen and chosen not in dict(offered):
        offered.append((chosen, name or "Another measure"))


@blueprint.route("/teams/<slug>/measures/new", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def define(slug: str) -> ResponseReturnValue:
    """Define a measure of a team."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=team.id):
        raise Forbidden(WHO_DEFINES)
    form = DefineForm()
    _offer(form, actor, team.id, None)
    if form.is_sent():
        team_id = None if form.is_whole_council.data else team.id
        try:
            measure_id = service.define_measure(
                actor,
                team_id=team_id,
                details=form.details(),
                without_partner=form.said_of_partner(),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        else:
            return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
    return render_template(
        "measures/define.html",
        form=form,
        team=team,
        measure=None,
        kinds=KINDS,
        has_numbers=False,
        stale=None,
        may_define_for_all=may(actor, Permission.DEFINE_MEASURE),
    ), form.status


@blueprint.route("/measures/<int:measure_id>/edit", methods=["GET", "POST"])
@requires(Permission.DEFINE_MEASURE)
@commits
def edit(measure_id: int) -> ResponseReturnValue:
    """Change what a measure says of itself; a stale form keeps what was typed."""
    actor = current_actor()
    measure = queries.measure(actor, measure_id)
    if not may(actor, Permission.DEFINE_MEASURE, team_id=measure.team_id):
        raise Forbidden(WHO_DEFINES)
    form, stale, status = DefineForm(), None, 0
    has_numbers = queries.has_numbers(actor, measure_id)
    if has_numbers and form.is_submitted():
        form.recorded.data, form.frequency.data = measure.recorded, measure.frequency
    said = queries.answers_without_partner(actor, [measure_id]).get(measure_id)
    _offer(form, actor, measure.team_id, measure)
    if form.is_sent():
        try:
            service.edit_measure(
                actor,
                measure_id=measure_id,
                seen_version=form.version.data,
                details=form.details(),
                without_partner=_newly_said(form, said),
            )
        except RuleBroken as broken:
            form.refuse(broken)
        except Stale as error:
            stale, status = error.facts["measure"], 409
            form.version.data = stale.version
        else:
            return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
    elif not form.is_submitted():
        form.fill(measure, said)
    return render_template(
        "measures/define.html",
        form=form,
        team=None,
        measure=measure,
        kinds=KINDS,
        has_numbers=has_numbers,
        stale=stale,
        may_define_for_all=False,
    ), status or form.status


def _newly_said(form: DefineForm, said: tuple[str, str] | None) -> service.WithoutPartner | None:
    """Return what the form says of a partner that is not there, unless it was said before."""
    now = form.said_of_partner()
    return None if now and (now.answer, now.words) == said else now


@blueprint.post("/measures/<int:measure_id>/close")
@requires(Permission.DEFINE_MEASURE)
@commits
def close(measure_id: int) -> ResponseReturnValue:
    """Stop counting a measure; its numbers stay."""
    return _open_or_close(measure_id, is_open=False)


@blueprint.post("/measures/<int:measure_id>/reopen")
@requires(Permission.DEFINE_MEASURE)
@commits
def reopen(measure_id: int) -> ResponseReturnValue:
    """Count a measure again."""
    return _open_or_close(measure_id, is_open=True)


def _open_or_close(measure_id: int, *, is_open: bool) -> ResponseReturnValue:
    form = VersionForm()
    if form.is_sent():
        act = service.reopen_measure if is_open else service.close_measure
        act(current_actor(), measure_id=measure_id, seen_version=form.version.data)
    return redirect(url_for("measures.measure_page", measure_id=measure_id), 303)
