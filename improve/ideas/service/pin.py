"""“Talk about it in the next huddle”: a mark that anyone of the team may set and take away."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from improve.accounts.actor import Actor
from improve.ideas import rights
from improve.ideas.history_words import TALKED_ABOUT
from improve.ideas.kinds import Stage
from improve.ideas.models import Idea
from improve.ideas.queries import door
from improve.ideas.service.record import finish, note_edit
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

#: As many as one part of a huddle shows. A board picks its first 50, so it must stay below that.
PINS_MOST: Final = 30


def pin(actor: Actor, *, idea_id: int) -> int:
    """Mark an open idea on the board to be talked about in the next huddle; return its team's id.

    Twice is harmless.

    Refuses a finished idea, one that the team cannot see yet, and one more than a huddle looks at,
    in words. It changes no words of the idea, so its version stays: nobody's open form grows stale.
    """
    idea = _for_pinning(actor, idea_id)
    if idea.pinned_at is not None:
        return idea.team_id
    if Stage(idea.stage) is Stage.DONE:
        raise RuleBroken([Reason("This idea is finished.")])
    if not idea.is_on_board:
        raise RuleBroken([Reason("The team cannot see this idea yet. Put it on the board first.")])
    if door.pinned_of_team(actor, idea.team_id) >= PINS_MOST:
        raise RuleBroken(
            [Reason(f"{PINS_MOST} ideas wait for the next huddle. Take one off first.")]
        )
    idea.pinned_at, idea.pinned_by_id = clock.now(), actor.person_id
    _save(actor, idea, "pinned")
    return idea.team_id


def unpin(actor: Actor, *, idea_id: int) -> int:
    """Take the mark away; nothing happens if there is none. Returns the id of the idea's team."""
    idea = _for_pinning(actor, idea_id)
    _unpin(actor, idea)
    return idea.team_id


def unpin_talked_about(actor: Actor, *, idea_ids: Iterable[int]) -> None:
    """Take the marks of what a huddle looked at away, as it ends. Rights as for one.

    Boards are left to the caller, who must raise that of the team afterwards: every idea is locked
    before its team is, or somebody who changes one of them meanwhile would wait in a ring.
    """
    for idea_id in door.pinned_among(actor, idea_ids):
        _unpin(actor, _for_pinning(actor, idea_id), field=TALKED_ABOUT, changes_board=False)


def _unpin(actor: Actor, idea: Idea, *, field: str = "", changes_board: bool = True) -> None:
    if idea.pinned_at is None:
        return
    idea.pinned_at = idea.pinned_by_id = None
    _save(actor, idea, "unpinned", field=field, changes_board=changes_board)


def _for_pinning(actor: Actor, idea_id: int) -> Idea:
    idea, standing = door.idea_for_change(actor, idea_id)
    if not rights.may_pin(actor, standing):
        raise Forbidden(rights.WHO_PINS)
    return idea


def _save(
    actor: Actor, idea: Idea, kind: str, *, field: str = "", changes_board: bool = True
) -> None:
    db.session.flush()
    note_edit(actor, idea, version=idea.version, kind=kind, field=field)
    finish(actor, idea, f"idea_{kind}", changes_board=changes_board)
