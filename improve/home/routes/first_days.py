"""The page that somebody sees once, after they came in for the first time; later under Help."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, safe_next
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.home.routes.blueprint import blueprint


@dataclass(frozen=True)
class _Way:
    """The one next step that is offered."""

    words: str
    icon: str
    url: str


@blueprint.get("/first-days")
@requires(Permission.SEE_OWN_PAGE)
def first_days() -> ResponseReturnValue:
    """Show three short cards, what to do first, and the way past them."""
    actor = current_actor()
    asked = safe_next(request.args.get("next"))
    leads_to_board = (
        not asked
        and has_any(actor, Permission.SEE_IDEAS)
        and actor.home is not None
        and bool(actor.home.team_slug)
    )
    return render_template(
        "home/first_days.html",
        way=_first_step(actor),
        after=asked or url_for("home.start"),
        after_words="Go on to the board" if leads_to_board else "Go on",
    )


def _first_step(actor: Actor) -> _Way:
    """Return what this person begins with: an idea, a team to log it to, or what they came for."""
    if not has_any(actor, Permission.LOG_IDEA):
        return _Way("See what you were invited to", "user", url_for("home.my_page"))
    if has_any(actor, Permission.MANAGE_PEOPLE) and not people.teams(actor):
        return _Way("Add the first team", "users", url_for("accounts.new_team"))
    return _Way("Log your first idea", "bulb", url_for("ideas.log_idea"))
