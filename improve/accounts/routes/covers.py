"""Deputies: who stands in for a manager, from a day to a day."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.days import DeputyForm
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission, may
from improve.accounts.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from improve.shared.formatting import day


@blueprint.route("/teams/<slug>/deputies", methods=["GET", "POST"])
@requires(Permission.NAME_DEPUTY)
@commits
def deputies(slug: str) -> ResponseReturnValue:
    """Name a deputy for a manager of a team, and see who is one."""
    actor, form = current_actor(), DeputyForm()
    team = _team(slug)
    managers = queries.standing_managers(actor, team.id)
    form.offer(managers, queries.possible_deputies(actor, team.id))
    if request.method == "GET" and actor.person_id in {p.id for p in managers}:
        form.person.data = str(actor.person_id)
    if form.is_sent() and form.from_on.on and form.to_on.on:
        try:
            service.name_deputy(
                actor,
                team_id=team.id,
                person_id=form.person_id,
                deputy_id=form.deputy_id,
                from_on=form.from_on.on,
                to_on=form.to_on.on,
            )
            say(f"They are told. Rights begin on {day(form.from_on.on)} and end by themselves.")
            return redirect(url_for("accounts.deputies", slug=slug), 303)
        except RuleBroken as error:
            form.refuse(error)
    page = render_template(
        "accounts/deputies.html",
        team=team,
        form=form,
        # A deputy sees who stands in, and names nobody.
        may_name=service.may_name_deputy(actor, team.id),
        managers=managers,
        covers=queries.covers_of_team(actor, team.id),
    )
    return page, form.status if request.method == "POST" else 200


@blueprint.post("/teams/<slug>/deputies/<int:cover_id>/end")
@requires(Permission.NAME_DEPUTY)
@commits
def end_cover(slug: str, cover_id: int) -> ResponseReturnValue:
    """End a cover now."""
    actor, team = current_actor(), _team(slug)
    found = queries.cover(actor, cover_id)
    if found.team_id != team.id:
        raise NotFound
    if ButtonForm().is_sent():
        service.end_cover(actor, cover_id=cover_id)
        say(f"{found.deputy_name} does not stand in any more.")
    return redirect(url_for("accounts.deputies", slug=slug), 303)


def _team(slug: str) -> TeamView:
    actor = current_actor()
    team = queries.team_by_slug(actor, slug)
    if not may(actor, Permission.NAME_DEPUTY, team_id=team.id):
        raise Forbidden("Only this team’s manager or an administrator can name a deputy.")
    return team
