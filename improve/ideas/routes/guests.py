"""Guests of an idea: invited, sent their link again, taken out."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.accounts.routes.blueprint import link_post
from improve.ideas import queries, rights, service
from improve.ideas.forms.coach import GuestForm
from improve.ideas.forms.one import PlainForm
from improve.ideas.page import IdeaPage
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import go_back
from improve.shared import clock
from improve.shared.db import commits
from improve.shared.errors import Forbidden, RuleBroken
from improve.shared.formatting import day_year
from improve.shared.rate_limits import INVITATIONS, limiter


def _by_person() -> str:
    return f"invitations of {current_actor().person_id}"


@blueprint.get("/ideas/<int:idea_id>/guests")
@requires(Permission.INVITE_GUEST)
def guests(idea_id: int) -> ResponseReturnValue:
    """List the guests of an idea, and ask whom to invite."""
    form = GuestForm(formdata=None)
    form.ends_on.show(clock.today() + service.USUAL_STAY)
    return _show(_page(current_actor(), idea_id), form)


@blueprint.post("/ideas/<int:idea_id>/guests")
@requires(Permission.INVITE_GUEST)
@limiter.limit(INVITATIONS, key_func=_by_person)
@commits
def invite_guest(idea_id: int) -> ResponseReturnValue:
    """Invite somebody from outside; without mail, show their link once."""
    actor, form = current_actor(), GuestForm()
    page = _page(actor, idea_id)
    if not form.is_sent() or form.ends_on.day is None:
        return _show(page, form)
    try:
        asked = service.invite_guest(
            actor,
            idea_id=idea_id,
            name=form.name.data or "",
            email=form.email.data or "",
            place=form.place.data or "",
            ends_on=form.ends_on.day,
            post=link_post("accounts.invitation"),
        )
    except RuleBroken as error:
        form.refuse(error)
        return _show(page, form)
    if asked.link is not None:
        return render_template("ideas/guest_link.html", page=page, name=asked.name, link=asked.link)
    say(f"{asked.name} is invited until {day_year(form.ends_on.day)}.")
    return go_back(url_for("ideas.guests", idea_id=idea_id))


@blueprint.post("/ideas/<int:idea_id>/guests/<int:person_id>/link")
@requires(Permission.INVITE_GUEST)
@limiter.limit(INVITATIONS, key_func=_by_person)
@commits
def send_link_again(idea_id: int, person_id: int) -> ResponseReturnValue:
    """Send a guest who has not come yet a fresh link; without mail, show it once."""
    actor = current_actor()
    if PlainForm().is_sent():
        link = service.send_link_again(
            actor,
            idea_id=idea_id,
            person_id=person_id,
            post=link_post("accounts.invitation"),
        )
        page = _page(actor, idea_id)
        name = next((g.name for g in page.guests if g.person_id == person_id), "")
        if link is not None:
            return render_template("ideas/guest_link.html", page=page, name=name, link=link)
        say(f"A fresh link is on its way to {name}.")
    return go_back(url_for("ideas.guests", idea_id=idea_id))


@blueprint.post("/ideas/<int:idea_id>/guests/<int:person_id>/end")
@requires(Permission.INVITE_GUEST)
@commits
def end_guest(idea_id: int, person_id: int) -> ResponseReturnValue:
    """Take a guest out of an idea."""
    if PlainForm().is_sent():
        service.end_guest(current_actor(), idea_id=idea_id, person_id=person_id)
        say("They cannot read this idea any more.")
    return go_back(url_for("ideas.guests", idea_id=idea_id))


def _page(actor: Actor, idea_id: int) -> IdeaPage:
    page = queries.idea_page(actor, idea_id)
    if not page.may.invite:
        raise Forbidden(rights.WHO_INVITES)
    return page


def _show(page: IdeaPage, form: GuestForm) -> ResponseReturnValue:
    waiting = queries.guests_to_come(page.id)
    return render_template("ideas/guests.html", page=page, form=form, waiting=waiting), form.status
