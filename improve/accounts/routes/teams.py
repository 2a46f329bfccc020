"""Administration: teams and services. Managers tend their own team here."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.teams import ServiceForm, TeamForm, WholeTeamForm
from improve.accounts.roles import Permission, may
from improve.accounts.routes.blueprint import blueprint
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken, Stale

ONLY_ADMINISTRATORS = "Only an administrator can set up teams and services."


@blueprint.get("/admin/teams")
@requires(Permission.MANAGE_TEAMS)
def teams() -> ResponseReturnValue:
    """List the teams, A to Z: all of them, or those one manages."""
    actor = current_actor()
    is_whole = service.may_set_up_teams(actor)
    rows = queries.team_rows(actor, None if is_whole else actor.managed_team_ids)
    return render_template("accounts/teams.html", teams=rows, is_whole=is_whole)


@blueprint.route("/admin/teams/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def new_team() -> ResponseReturnValue:
    """Set up a team."""
    actor = current_actor()
    if not service.may_set_up_teams(actor):
        raise Forbidden(ONLY_ADMINISTRATORS)
    form = WholeTeamForm(data={"wip_plan": 4, "wip_do": 3, "wip_study": 4, "version": 0})
    form.offer_services(queries.services(actor))
    if form.is_sent():
        try:
            slug = service.set_up_team(
                actor,
                name=form.name.data or "",
                aim=form.aim.data or "",
                service_id=form.service_id,
                wip=form.wip,
            )
            say(f"{form.name.data} has a board now. Invite the people who work there.")
            return redirect(url_for("accounts.edit_team", slug=slug), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/team.html", form=form, team=None, is_whole=True), status


@blueprint.route("/admin/teams/<slug>", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def edit_team(slug: str) -> ResponseReturnValue:
    """Change a team: its manager the aim and the limits, an administrator all of it."""
    actor = current_actor()
    team = queries.team_by_slug(actor, slug)
    if not may(actor, Permission.MANAGE_TEAMS, team_id=team.id):
        raise Forbidden("Only this team’s manager or an administrator can change this.")
    is_whole = service.may_set_up_teams(actor)
    form = _form_for(team, is_whole=is_whole)
    status = 200
    if form.is_sent():
        whole = form if isinstance(form, WholeTeamForm) else None
        try:
            service.change_team(
                actor,
                slug=slug,
                seen_version=form.version.data,
                aim=form.aim.data or "",
                wip=form.wip,
                name=whole.name.data if whole else None,
                service_id=whole.service_id if whole else None,
            )
            say("The team is changed.")
            return redirect(url_for("accounts.edit_team", slug=slug), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            form.version.data = team.version
            status = 409
    if request.method == "POST" and status == 200:
        status = form.status
    page = render_template(
        "accounts/team.html",
        form=form,
        team=team,
        is_whole=is_whole,
        is_stale=status == 409,
        covers=queries.covers_of_team(actor, team.id),
    )
    return page, status


def _form_for(team: queries.TeamView, *, is_whole: bool) -> TeamForm:
    shown = {
        "name": team.name,
        "service": str(team.service_id) if team.service_id else "",
        "aim": team.aim,
        "wip_plan": team.wip_plan,
        "wip_do": team.wip_do,
        "wip_study": team.wip_study,
        "version": team.version,
    }
    if not is_whole:
        return TeamForm(data=shown)
    form = WholeTeamForm(data=shown)
    form.offer_services(queries.services(current_actor()))
    return form


@blueprint.route("/admin/services", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def services() -> ResponseReturnValue:
    """List the services that teams belong to, and add one."""
    actor = current_actor()
    if not service.may_set_up_teams(actor):
        raise Forbidden(ONLY_ADMINISTRATORS)
    form = ServiceForm()
    if form.is_sent():
        try:
            service.set_up_service(actor, name=form.name.data or "")
            say(f"{form.name.data} is added.")
            return redirect(url_for("accounts.services"), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    page = render_template("accounts/services.html", form=form, services=queries.services(actor))
    return page, status


@blueprint.route("/admin/services/<int:service_id>", methods=["GET", "POST"])
@requires(Permission.MANAGE_TEAMS)
@commits
def edit_service(service_id: int) -> ResponseReturnValue:
    """Give a service another name."""
    actor = current_actor()
    if not service.may_set_up_teams(actor):
        raise Forbidden(ONLY_ADMINISTRATORS)
    name = queries.service_name(actor, service_id)
    form = ServiceForm(data={"name": name})
    if form.is_sent():
        try:
            service.rename_service(actor, service_id=service_id, name=form.name.data or "")
            say("The service has its new name.")
            return redirect(url_for("accounts.services"), 303)
        except RuleBroken as error:
            form.refuse(error)
    status = form.status if request.method == "POST" else 200
    return render_template("accounts/service.html", form=form, service_name=name), status
