"""Administration: the groups of teams that reports are told from."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.queries import teams as open_teams
from improve.accounts.roles import Permission
from improve.incidents.forms.setup import GroupForm
from improve.incidents.queries import groups as queries
from improve.incidents.routes.blueprint import blueprint
from improve.incidents.service import groups as service
from improve.shared.db import commits
from improve.shared.errors import RuleBroken, Stale


@blueprint.route("/admin/reports/groups", methods=["GET", "POST"])
@requires(Permission.SET_UP_REPORTS)
@commits
def groups() -> ResponseReturnValue:
    """List the groups, and make one."""
    form = GroupForm()
    if form.is_sent():
        try:
            service.add_group(
                current_actor(), name=form.name.data or "", team_ids=form.teams.chosen
            )
            say("The group is there. The form offers it.")
            return redirect(url_for("incidents.groups"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _list(form, ButtonForm(formdata=None), form.status)


@blueprint.route("/admin/reports/groups/<int:group_id>", methods=["GET", "POST"])
@requires(Permission.SET_UP_REPORTS)
@commits
def group(group_id: int) -> ResponseReturnValue:
    """Give a group another name, and add teams to it."""
    actor, form, status = current_actor(), GroupForm(), 200
    view = queries.group(actor, group_id)
    if form.is_sent():
        try:
            service.change_group(
                actor,
                group_id=group_id,
                name=form.name.data or "",
                more_teams=form.teams.chosen,
                seen_version=int(form.version.data),
            )
            say("Kept.")
            return redirect(url_for("incidents.groups"), 303)
        except RuleBroken as error:
            form.refuse(error)
        except Stale:
            status = 409
            view = queries.group(actor, group_id)
    if request.method == "GET":
        form.name.data = view.name
    if request.method == "GET" or status == 409:
        form.version.data = view.version
    form.offer(_free_teams(besides=view))
    page = render_template(
        "incidents/admin_group.html", form=form, group=view, is_stale=status == 409
    )
    return page, status if status == 409 or request.method == "GET" else form.status


@blueprint.post("/admin/reports/groups/<int:group_id>/close")
@requires(Permission.SET_UP_REPORTS)
@commits
def close_group(group_id: int) -> ResponseReturnValue:
    """Offer a group no more."""
    if ButtonForm().is_sent():
        service.close_group(current_actor(), group_id=group_id)
        say(
            "Closed. The form offers it no more.",
            undo_url=url_for("incidents.open_group", group_id=group_id),
        )
    return redirect(url_for("incidents.groups"), 303)


@blueprint.post("/admin/reports/groups/<int:group_id>/open")
@requires(Permission.SET_UP_REPORTS)
@commits
def open_group(group_id: int) -> ResponseReturnValue:
    """Offer a group again."""
    form = ButtonForm()
    if form.is_sent():
        try:
            service.open_group(current_actor(), group_id=group_id)
            say("The form offers it again.")
            return redirect(url_for("incidents.groups"), 303)
        except RuleBroken as error:
            form.refuse(error)
    return _list(GroupForm(formdata=None), form, 422)


def _list(form: GroupForm, button: ButtonForm, status: int) -> ResponseReturnValue:
    actor = current_actor()
    smallest = queries.smallest_group(actor.organisation_id)
    form.offer(_free_teams())
    page = render_template(
        "incidents/admin_groups.html",
        form=form,
        button=button,
        groups=queries.groups(actor, smallest=smallest),
        smallest=smallest,
    )
    return page, status


def _free_teams(besides: queries.GroupView | None = None) -> list[tuple[int, str]]:
    """Return the teams that may still be put into a group; ``besides``: not those of this one."""
    actor = current_actor()
    taken = queries.taken_teams(actor.organisation_id)
    here = besides.team_ids if besides else frozenset()
    return [
        (team.id, team.name)
        for team in open_teams(actor)
        if team.id not in taken and team.id not in here
    ]
