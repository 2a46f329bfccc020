"""The page of all that is blocked, for those who can help."""

from __future__ import annotations

from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires
from improve.accounts.roles import Permission
from improve.ideas import queries
from improve.ideas.kinds import UNBLOCKER_WORDS, Unblocker
from improve.ideas.queries import BlockedFilter
from improve.ideas.routes.blueprint import blueprint
from improve.shared.formatting import page_number, whole_number


@blueprint.get("/blocked")
@requires(Permission.SEE_BLOCKED, is_open_on_own_phone=True)
def blocked() -> ResponseReturnValue:
    """List only what cannot go on, the longest first; by level, service and team."""
    actor, asked = current_actor(), request.args
    level = asked.get("level", "")
    chosen = BlockedFilter(
        level=Unblocker(level) if level in set(Unblocker) else None,
        service_id=whole_number(asked.get("service")),
        team_id=whole_number(asked.get("team")),
    )
    page = queries.blocked_page(actor, chosen, page=page_number(asked.get("page")))
    query: dict[str, Any] = {
        name: asked[name] for name in ("level", "service", "team") if asked.get(name)
    }
    return render_template(
        "ideas/blocked_list.html",
        page=page,
        chosen=chosen,
        query=query,
        here=url_for("ideas.blocked", **query),
        levels=UNBLOCKER_WORDS,
        waiting=queries.waiting_by_service(actor, page.teams),
    )
