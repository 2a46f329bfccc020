"""“Talk about it in the next huddle”, and not after all."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from improve.accounts.access import current_actor, requires, say
from improve.accounts.roles import Permission
from improve.ideas import service
from improve.ideas.forms.one import PlainForm
from improve.ideas.routes.blueprint import blueprint
from improve.ideas.routes.way_back import came_from, go_back
from improve.shared.db import commits


@blueprint.post("/ideas/<int:idea_id>/pin")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def pin(idea_id: int) -> ResponseReturnValue:
    """Have the team's next huddle talk about an idea."""
    service.pin(current_actor(), idea_id=idea_id)
    say("The next huddle talks about it. It stands first in its column on the board.")
    return go_back(_back_to(idea_id))


@blueprint.post("/ideas/<int:idea_id>/unpin")
@requires(Permission.RUN_HUDDLE, is_open_on_own_phone=True)
@commits
def unpin(idea_id: int) -> ResponseReturnValue:
    """Take it off the next huddle."""
    service.unpin(current_actor(), idea_id=idea_id)
    say("Taken off the next huddle.")
    return go_back(_back_to(idea_id))


def _back_to(idea_id: int) -> str:
    return came_from(url_for("ideas.idea_page", idea_id=idea_id), sent=PlainForm().back.data)
