"""An idea goes to another team."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries, rights, service
from improve.ideas.forms.one import TeamForm
from improve.ideas.page import IdeaPage
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import go_back
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.shared.read_again import ask_to_read_again, kinds_to_show, wants_change


@blueprint.get("/ideas/<int:idea_id>/team")
@requires(Permission.MOVE_IDEA, is_open_on_own_phone=True)
def change_team(idea_id: int) -> ResponseReturnValue:
    """Ask which team an idea goes to."""
    actor, form = current_actor(), TeamForm(formdata=None)
    page = _page(actor, idea_id)
    form.version.data = page.version
    return _show(actor, page, form)


@blueprint.post("/ideas/<int:idea_id>/team")
@requires(Permission.MOVE_IDEA, is_open_on_own_phone=True)
@commits
def send_to_team(idea_id: int) -> ResponseReturnValue:
    """Give an idea to another team, with its history."""
    actor, form = current_actor(), TeamForm()
    if not form.is_sent() or wants_change():
        return _show(actor, _page(actor, idea_id), form)
    if kinds := kinds_to_show(form.why.data):
        _page(actor, idea_id)
        return ask_to_read_again(actor, kinds, idea_id=idea_id, about="team")
    try:
        team = service.change_team(
            actor,
            idea_id=idea_id,
            team_id=form.chosen(),
            why=form.why.data,
            seen_version=form.version.data,
        )
    except RuleBroken as error:
        form.refuse(error)
        return _show(actor, _page(actor, idea_id), form)
    except Stale as error:
        page = _page(actor, idea_id)
        form.version.data = page.version
        return _show(actor, page, form, stale=error)
    say(f"It belongs to {team.name} now, with its history. Moving it back is the way to undo this.")
    return go_back(url_for("ideas.idea_page", idea_id=idea_id))


def _page(actor: Actor, idea_id: int) -> IdeaPage:
    page = queries.idea_page(actor, idea_id)
    if not page.may.change_team:
        raise Forbidden(rights.WHO_STEERS)
    return page


def _show(
    actor: Actor, page: IdeaPage, form: TeamForm, *, stale: Stale | None = None
) -> ResponseReturnValue:
    form.offer((team.id, team.name) for team in people.teams(actor) if team.id != page.team.id)
    status = 409 if stale else form.status if request.method == "POST" else 200
    return render_template("ideas/change_team.html", page=page, form=form, stale=stale), status
