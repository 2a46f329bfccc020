"""The ready measures: read through them, take one."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, may
from improve.measures import queries, service
from improve.measures.catalogue import catalogue
from improve.measures.forms import AdoptForm, FindReadyForm
from improve.measures.recorded import KINDS
from improve.measures.routes.blueprint import blueprint
from improve.measures.routes.teams import KIND_HEADINGS
from improve.shared import contributions
from improve.shared.db import commits
from improve.shared.errors import NotFound


@blueprint.get("/teams/<slug>/measures/catalogue")
@requires(Permission.SEE_MEASURES)
def ready_measures(slug: str) -> ResponseReturnValue:
    """Show the ready definitions, and which of them the team counts."""
    return _page(people.team_by_slug(current_actor(), slug))


@blueprint.post("/teams/<slug>/measures/catalogue/<key>")
@requires(Permission.DEFINE_MEASURE)
@commits
def adopt(slug: str, key: str) -> ResponseReturnValue:
    """Count a ready measure from now on, with what was ticked beside it."""
    actor = current_actor()
    team = people.team_by_slug(actor, slug)
    entry = catalogue().measures.get(key)
    if entry is None:
        raise NotFound
    form = AdoptForm()
    if not form.is_sent():
        return _page(team, sent=(key, form))
    adopted = service.adopt_measure(
        actor,
        team_id=team.id,
        key=key,
        beside=form.beside(entry),
        is_whole_council=form.is_whole_council.data,
    )
    say(_said(adopted.added))
    return redirect(url_for("measures.measure_page", measure_id=adopted.measure_id), 303)


def _said(added: tuple[str, ...]) -> str:
    """Return what was added, in words."""
    if not added:
        return "It is counted here already. Nothing was added twice."
    if len(added) == 1:
        return "Added. Its first number is next."
    return f"Added, with {' and '.join(added[1:])}. Their first numbers are next."


def _page(team: TeamView, sent: tuple[str, AdoptForm] | None = None) -> ResponseReturnValue:
    actor, ready = current_actor(), catalogue()
    finding = FindReadyForm(request.args)
    found = finding.found(ready)
    groups = [
        (heading, [entry for entry in found if entry.kind in kinds])
        for kinds, heading in KIND_HEADINGS
    ]
    return render_template(
        "measures/catalogue.html",
        team=team,
        ready=ready,
        groups=[(heading, group) for heading, group in groups if group],
        finding=finding,
        is_filtered=len(found) < len(ready.measures),
        adopted=queries.adopted_measures(actor, team.id),
        recorded=KINDS,
        may_define=may(actor, Permission.DEFINE_MEASURE, team_id=team.id),
        # Names of inspection lists change: whoever answers for all teams weighs them.
        is_coach=may(actor, Permission.DEFINE_MEASURE),
        sent=sent,
        by_itself=[
            each for offer in contributions.gather("system-measures") for each in offer(team.slug)
        ],
    ), (422 if sent and sent[1].errors else 200)
