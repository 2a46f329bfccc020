"""Administration: which role each group of the council's own directory gives."""

from __future__ import annotations

from flask import current_app, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.forms.oidc import GroupRoleForm
from improve.accounts.oidc.group_roles import words_of_code
from improve.accounts.oidc.provider import provider_of
from improve.accounts.roles import CLOSELY_HELD_ROLES, ROLE_WORDS, Permission
from improve.accounts.routes.blueprint import blueprint
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.accounts.routes.provider import providers
from improve.shared.db import commits
from improve.shared.errors import RuleBroken


def _form() -> GroupRoleForm:
    actor, form = current_actor(), GroupRoleForm()
    form.offer(*queries.teams_and_services(actor))
    if request.method == "GET":
        # A group that somebody is in and that gives nothing yet can be chosen from the page.
        form.group.data = request.args.get("group", "")[:200]
    return form


def _page(form: GroupRoleForm, status: int = 200) -> ResponseReturnValue:
    actor = current_actor()
    names = form.team_names
    rows = queries.group_roles(actor.organisation_id)
    people = queries.directory_people(actor)
    page = render_template(
        "accounts/groups.html",
        form=form,
        rows=rows,
        people=people,
        provider=provider_of(providers(), queries.own_council(actor).slug),
        clashing=[
            (p, [words_of_code(code, names) for code in p.refused]) for p in people if p.refused
        ],
        unnamed=[p for p in people if p.groups is None],
        role_words=ROLE_WORDS,
    )
    return page, status


@blueprint.get("/admin/groups")
@requires(Permission.MANAGE_PEOPLE)
def groups() -> ResponseReturnValue:
    """List what groups give, and a form for one more."""
    return _page(_form())


@blueprint.post("/admin/groups")
@requires(Permission.MANAGE_PEOPLE)
def look_at_group() -> ResponseReturnValue:
    """Show who of those known would be given something. Nothing is kept yet."""
    form = _form()
    if not form.is_sent():
        return _page(form, form.status)
    try:
        return _preview(form)
    except RuleBroken as error:
        form.refuse(error)
        return _page(form, 422)


def _preview(form: GroupRoleForm) -> str:
    chosen = form.chosen
    return render_template(
        "accounts/group_preview.html",
        form=form,
        gains=service.who_would_change(current_actor(), **chosen),
        role_words=ROLE_WORDS,
        asks_proof=chosen["role"] in CLOSELY_HELD_ROLES,
        proof=own_proof(),
    )


@blueprint.post("/admin/groups/add")
@requires(Permission.MANAGE_PEOPLE)
@commits
def add_group_role() -> ResponseReturnValue:
    """Have a group give a role from now on."""
    form = _form()
    if not form.is_sent():
        return _page(form, form.status)
    if form.password.data and must_wait(form):
        return _preview(form), 429
    with password_given(form):
        service.add_group_role(
            current_actor(),
            label=form.label.data or "",
            session_id=g.live_session.id,
            password=form.password.data or "",
            site_name=current_app.config["SITE_NAME"],
            **form.chosen,
        )
    if form.password.errors:
        return _preview(form), 422
    if form.status != 200:
        return _page(form, form.status)
    say("Saved. It counts from each person’s next sign-in.")
    return redirect(url_for("accounts.groups"), 303)


@blueprint.post("/admin/groups/change")
@requires(Permission.MANAGE_PEOPLE)
def change_group_role() -> ResponseReturnValue:
    """Go back from the look to the form, with what stood in it. Keeps nothing."""
    return _page(_form())


@blueprint.route("/admin/groups/<int:rule_id>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
@commits
def remove_group_role(rule_id: int) -> ResponseReturnValue:
    """Say who would lose what a group gives; then have it give that no more."""
    actor = current_actor()
    row, losses = service.who_would_lose(actor, rule_id=rule_id)
    if ButtonForm().is_sent():
        service.remove_group_role(actor, rule_id=rule_id)
        say(f"{row.name} gives that no more, from each person’s next sign-in.")
        return redirect(url_for("accounts.groups"), 303)
    return render_template(
        "accounts/group_remove.html", row=row, losses=losses, role_words=ROLE_WORDS
    )
