"""One's own page: what happened to my ideas and what waits for me. Gathers; owns nothing."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.capture import pass_here
from improve.accounts.roles import Permission
from improve.home.routes.blueprint import blueprint
from improve.huddles.queries.actions import actions_to_do
from improve.ideas import queries as ideas
from improve.measures.queries.tallies import tallies_to_tap
from improve.measures.service import numbers_to_add
from improve.notifications import queries as notices
from improve.notifications import service as notices_service
from improve.shared.db import commits
from improve.shared.formatting import page_number


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
