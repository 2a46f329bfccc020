"""Into the example board of one's council, out of it, and its removal."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import requires, say
from improve.accounts.actor import Actor
from improve.accounts.forms.fields import ButtonForm
from improve.accounts.roles import Permission, has_any
from improve.accounts.service.examples import leave_example, visit_example
from improve.accounts.sessions import visits
from improve.demo.example import load_example, remove_example
from improve.shared.db import commits

blueprint = Blueprint("example", __name__)


@blueprint.post("/example")
@requires(Permission.TRY_EXAMPLE)
@commits
def enter() -> ResponseReturnValue:
    """Load the council's example where there is none, and look at it as somebody invented."""
    if not _is_pressed():
        return redirect(url_for("home.start"), 303)
    example = load_example(visits.at_home())
    visit_example(session_id=g.live_session.id, visitor_id=example.visitor_id)
    return redirect(url_for("ideas.board", slug=example.team_slug), 303)


@blueprint.post("/example/leave")
@requires(Permission.TRY_EXAMPLE)
@commits
def leave() -> ResponseReturnValue:
    """Go back to one's own board. The example stays for others, until night."""
    if _is_pressed():
        leave_example(session_id=g.live_session.id)
    return redirect(url_for("home.start"), 303)


@blueprint.post("/example/remove")
@requires(Permission.TRY_EXAMPLE)
@commits
def remove() -> ResponseReturnValue:
    """Remove the council's example with all its rows, and send home whoever looks at it."""
    actor = visits.at_home()
    if _is_pressed() and remove_example(actor):
        say("The example is removed. Nothing of it is left.")
    return redirect(_page_at_home(actor), 303)


def _page_at_home(actor: Actor) -> str:
    """Return the page from which somebody opens an example: it shows what the act has to say."""
    if has_any(actor, Permission.SEE_IDEAS):
        if actor.home and actor.home.team_slug:
            return url_for("ideas.board", slug=actor.home.team_slug)
        return url_for("home.choose_team")
    return url_for("accounts.teams")


def _is_pressed() -> bool:
    """Return whether one of our own buttons was pressed, and no other form sent here."""
    return ButtonForm().is_sent() and request.form.get("example") == "yes"
