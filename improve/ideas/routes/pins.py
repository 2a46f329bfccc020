"""“Talk about it in the next huddle”, and not after all."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request, url_for
from flask.typing import ResponseReturnValue

from improve.accounts import queries as people
from improve.accounts.access import current_actor, requires, say
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.ideas import queries, service
from improve.ideas.board_address import from_query
from improve.ideas.forms.one import PlainForm
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.board_seen import seen_after_own
from improve.ideas.routes.way_back import came_from, go_back
from improve.shared.db import commits
from improve.shared.htmx import is_htmx, part


@blueprint.post("/ideas/<int:idea_id>/pin")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def pin(idea_id: int) -> ResponseReturnValue:
    """Have the team's next huddle talk about an idea."""
    actor = current_actor()
    team_id = service.pin(actor, idea_id=idea_id)
    words = "The next huddle talks about it. It stands first in its column on the board."
    return _answer(actor, idea_id, team_id, words)


@blueprint.post("/ideas/<int:idea_id>/unpin")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def unpin(idea_id: int) -> ResponseReturnValue:
    """Take it off the next huddle."""
    actor = current_actor()
    team_id = service.unpin(actor, idea_id=idea_id)
    return _answer(actor, idea_id, team_id, "Taken off the next huddle.")


def _answer(actor: Actor, idea_id: int, team_id: int, words: str) -> ResponseReturnValue:
    """Answer with the card alone where it was pressed on a board, else with the page before."""
    back = came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=PlainForm().back.data)
    if not is_htmx() or not request.headers.get("HX-Target", "").endswith(f"card-{idea_id}"):
        say(words)
        return go_back(back)
    team = people.team_by_id(actor, team_id)
    return part(
        "ideas/_pinned.html",
        card=queries.card_after_act(actor, idea_id, team),
        team=team,
        back=back,
        narrowed_back=back if "?" in back else None,
        kept=from_query(urlsplit(back).query),
        seen=seen_after_own(team),
    )
