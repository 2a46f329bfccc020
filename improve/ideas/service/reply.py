"""The first reply: a person's words, and what they mean for the idea."""

from __future__ import annotations

from datetime import date

from improve.accounts.actor import Actor
from improve.ideas.kinds import ReplyKind
from improve.ideas.service.move import Moved


def reply_first(
    actor: Actor,
    *,
    idea_id: int,
    kind: ReplyKind,
    words: str,
    look_again_on: date | None = None,
) -> Moved | None:
    """Give the first reply. It stops the clock and tells the author; nothing else does.

    “Not now” needs a day to look again, and finishes the idea in the same act (then the move is
    returned). Refuses an idea that was answered already (``Stale`` with the reply), an ended one,
    and an empty reply. “We need to know more” may be followed by another reply later.
    """
    raise NotImplementedError
