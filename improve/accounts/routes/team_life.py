"""Administration: its first page, and a team closed, joined to another, opened again."""

from __future__ import annotations

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, roles, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.team_life import JoinForm, SeenForm
from improve.accounts.queries import TeamView
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale


@blueprint.get("/admin")
@requires(Permission.MANAGE_TEAMS)
def admin() -> ResponseReturnValue:
    """List what can be done here."""
    actor = current_actor()
    is_administrator = roles.may(actor, Permission.MANAGE_PEOPLE)
    return render_template(
        "accounts/admin.html", steps=queries.setting_up(actor) if is_administrator else None
    )


@blueprint.route("/admin/teams/<slug>/close", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def close_team(slug: str) -> ResponseReturnValue:
    """Say what closing a team ends and what stays, then do it."""
    actor, form = current_actor(), SeenForm()
    team = _team(slug)

    def act() -> ResponseReturnValue:
        service.close_team(actor, team_id=team.id, seen_version=form.version.data)
        say(f"{team.name} is closed. What it did stays readable.")
        return redirect(url_for("accounts.teams"), 303)

    return _ask(team, form, "accounts/close_team.html", act)


@blueprint.route("/admin/teams/<slug>/join", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def join_team(slug: str) -> ResponseReturnValue:
    """Join a team to another one, whole."""
    actor, form = current_actor(), JoinForm()
    team = _team(slug)
    form.offer(other for other in queries.teams(actor) if other.id != team.id)

    def act() -> ResponseReturnValue:
        into = service.join_teams(
            actor, team_id=team.id, into_id=form.into_id, seen_version=form.version.data
        )
        say(f"{team.name} is joined to {into.name}. The old address leads there.")
        return redirect(url_for("accounts.edit_team", slug=into.slug), 303)

    return _ask(team, form, "accounts/join_team.html", act)


def _ask(
    team: TeamView,
    form: SeenForm | JoinForm,
    template: str,
    act: Callable[[], ResponseReturnValue],
) -> ResponseReturnValue:
    status = 200
    if request.method == "GET":
        form.version.data = team.version
    elif form.is_sent():
        try:
            return act()
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.version.data, status = team.version, 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        template,
        team=team,
        form=form,
        holds=service.holds_of_team(current_actor(), team.id),
        is_stale=status == 409,
    )
    return page, status


@blueprint.post("/admin/teams/<slug>/open")
@requires(Permission.MANAGE_TEAMS)
@commits
def open_team(slug: str) -> ResponseReturnValue:
    """Open a closed team again."""
    team = _team(slug)
    if ButtonForm().is_sent():
        service.reopen_team(current_actor(), team_id=team.id)
        say(f"{team.name} is open again.")
    return redirect(url_for("accounts.edit_team", slug=slug), 303)


def _team(slug: str) -> TeamView:
    actor = current_actor()
    if not service.may_set_up_teams(actor):
        raise Forbidden("Only an administrator can close teams or join them.")
    return queries.team_by_slug(actor, slug)
