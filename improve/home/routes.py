"""Start, my page, help and what to do about a worry. Gathers; owns nothing."""

from __future__ import annotations

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, public, requires
from improve.accounts.capture import pass_here
from improve.accounts.roles import Permission, has_any
from improve.huddles.queries.actions import actions_to_do
from improve.huddles.teaching import FIVE_LINES
from improve.ideas import queries as ideas
from improve.measures.queries.tallies import tallies_to_tap
from improve.measures.service import numbers_to_add
from improve.notifications import queries as notices
from improve.notifications import service as notices_service
from improve.shared.db import commits
from improve.shared.formatting import page_number

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
@public
def start() -> ResponseReturnValue:
    """Lead everybody to the page that their day begins with."""
    actor = g.actor
    if actor is None:
        return redirect(url_for("accounts.sign_in"), 303)
    if has_any(actor, Permission.SEE_IDEAS):
        if actor.home and actor.home.team_slug:
            return redirect(url_for("ideas.board", slug=actor.home.team_slug), 303)
        return redirect(url_for("home.choose_team"), 303)
    if has_any(actor, Permission.MANAGE_PEOPLE):
        return redirect(url_for("accounts.people"), 303)
    return redirect(url_for("home.my_page"), 303)


@blueprint.get("/teams")
@requires(Permission.SEE_IDEAS)
def choose_team() -> ResponseReturnValue:
    """List the teams, A to Z, each leading to its board."""
    actor = current_actor()
    return render_template(
        "home/teams.html",
        teams=people.teams(actor),
        services=dict(people.services(actor)),
        waiting=ideas.waiting_for_reply(actor),
    )


@blueprint.get("/me")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
def my_page() -> ResponseReturnValue:
    """Show what happened to my ideas, what waits for me, and my account."""
    actor = current_actor()
    held = pass_here()
    return render_template(
        "home/me.html",
        pass_ends_at=held.expires_at if held and held.actor.person_id == actor.person_id else None,
        news=notices.notices(actor),
        ideas=ideas.my_ideas(actor, page=page_number(request.args.get("page"))),
        waiting=ideas.waiting_for_reply(actor),
        numbers=numbers_to_add(actor),
        thanks=ideas.thanks_to_me(actor),
        tallies=tallies_to_tap(actor),
        actions=actions_to_do(actor),
    )


@blueprint.post("/me/news/read")
@requires(Permission.SEE_OWN_PAGE, is_open_on_own_phone=True)
@commits
def read_news() -> ResponseReturnValue:
    """Put away the news that I have read."""
    notices_service.mark_read(current_actor())
    return redirect(url_for("home.my_page"), 303)


@blueprint.get("/help")
@public
def help_page() -> ResponseReturnValue:
    """Explain the board in a page; open to everyone, since who cannot sign in needs it most."""
    return render_template("home/help.html", huddle_lines=FIVE_LINES)


@blueprint.get("/safeguarding-worry")
@requires(Permission.LOG_IDEA)
def safeguarding() -> ResponseReturnValue:
    """Say what to do now about a child who may not be safe. Nothing is stored."""
    return render_template("home/safeguarding.html")
