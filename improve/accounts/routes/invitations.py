"""Administration: inviting people, and those who have not come yet."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries, service
from improve.accounts.access import current_actor, requires, say
from improve.accounts.forms.fields import NO_TEAM, ButtonForm
from improve.accounts.forms.people import InviteForm
from improve.accounts.roles import CLOSELY_HELD_ROLES, ROLE_WORDS, Permission, Role
from improve.accounts.routes.blueprint import blueprint, link_post
from improve.accounts.routes.password_again import must_wait, password_given
from improve.accounts.routes.prove_again import own_proof
from improve.shared.db import commits
from improve.shared.errors import RuleBroken
from improve.shared.formatting import plural

#: What the preview says of each address.
STATES = {
    "new": "Will be invited",
    "again": "Invited before: gets a fresh link",
    "here": "Has an account here already",
    "closed": "Has a closed account: open it again on their page",
    "twice": "Stands in the list twice",
    "unreadable": "This is not an e-mail address",
    "refused": "This address cannot be used here",
}


def _form() -> InviteForm:
    # A link of a team brings the team along; what is no team here is refused as any other choice.
    team = request.args.get("team", NO_TEAM)
    form = InviteForm(data={"roles": [Role.PRACTITIONER.value], "team": team})
    form.offer_teams(queries.teams(current_actor()))
    return form


@blueprint.get("/admin/people/invite")
@requires(Permission.MANAGE_PEOPLE)
def invite() -> ResponseReturnValue:
    """Offer a box for many addresses."""
    return render_template("accounts/invite.html", form=_form())


@blueprint.post("/admin/people/invite")
@requires(Permission.MANAGE_PEOPLE)
@commits
def preview_invitations() -> ResponseReturnValue:
    """Show every address with what would become of it. Nothing is sent yet."""
    actor, form = current_actor(), _form()
    if form.is_sent():
        try:
            rows = service.check_invitation(
                actor,
                text=form.addresses.data or "",
                wanted_roles=form.chosen_roles,
                team_id=form.team_id,
            )
            return _preview(form, rows)
        except RuleBroken as error:
            form.refuse(error)
    return render_template("accounts/invite.html", form=form), form.status


def _preview(form: InviteForm, rows: list[service.InviteRow]) -> str:
    teams = {team.id: team.name for team in queries.teams(current_actor())}
    return render_template(
        "accounts/invite_preview.html",
        form=form,
        rows=rows,
        states=STATES,
        invited=sum(row.is_invited for row in rows),
        team_name=teams.get(form.team_id or 0),
        role_words=[ROLE_WORDS[role] for role in ROLE_WORDS if role in form.chosen_roles],
        asks_proof=bool(CLOSELY_HELD_ROLES & form.chosen_roles),
        proof=own_proof(),
    )


@blueprint.post("/admin/people/invite/change")
@requires(Permission.MANAGE_PEOPLE)
def change_list() -> ResponseReturnValue:
    """Go back from the preview to the box, with everything that stood in it. Keeps nothing."""
    return render_template("accounts/invite.html", form=_form())


@blueprint.post("/admin/people/invite/send")
@requires(Permission.MANAGE_PEOPLE)
@commits
def send_invitations() -> ResponseReturnValue:
    """Invite those of the list who can be; without mail, show each link once."""
    actor, form = current_actor(), _form()
    if not form.is_sent():
        return render_template("accounts/invite.html", form=form), form.status
    if form.password.data and must_wait(form):
        return _preview_again(form), 429
    with password_given(form):
        return _told(
            service.invite_people(
                actor,
                text=form.addresses.data or "",
                wanted_roles=form.chosen_roles,
                team_id=form.team_id,
                post=link_post("accounts.invitation"),
                session_id=g.live_session.id,
                password=form.password.data or "",
            )
        )
    if form.password.errors:
        return _preview_again(form), 422
    return render_template("accounts/invite.html", form=form), 422


def _preview_again(form: InviteForm) -> str:
    text = form.addresses.data or ""
    return _preview(form, service.preview_invitations(current_actor(), text=text))


def _told(invited: list[service.Invited]) -> ResponseReturnValue:
    if any(one.link for one in invited):
        return render_template("accounts/invited.html", invited=invited)
    say(f"{plural(len(invited), 'invitation')} sent.")
    return redirect(url_for("accounts.invitations"), 303)


@blueprint.get("/admin/invitations")
@requires(Permission.MANAGE_PEOPLE)
def invitations() -> ResponseReturnValue:
    """List those who were invited and have not come yet."""
    return render_template(
        "accounts/invitations.html", waiting=queries.invitations(current_actor())
    )


@blueprint.post("/admin/people/<int:person_id>/invite-again")
@requires(Permission.MANAGE_PEOPLE)
@commits
def resend_invitation(person_id: int) -> ResponseReturnValue:
    """Send a fresh link; the earlier one stops working."""
    if not ButtonForm().is_sent():
        return redirect(url_for("accounts.invitations"), 303)
    invited = service.resend_invitation(
        current_actor(), person_id=person_id, post=link_post("accounts.invitation")
    )
    return _told([invited])


@blueprint.post("/admin/people/<int:person_id>/take-invitation-back")
@requires(Permission.MANAGE_PEOPLE)
@commits
def revoke_invitation(person_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    if ButtonForm().is_sent():
        service.revoke_invitation(current_actor(), person_id=person_id)
        say("The invitation is taken back. Its link no longer works.")
    return redirect(url_for("accounts.invitations"), 303)
