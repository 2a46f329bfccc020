"""One idea: its page and its history."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.ideas.page import HistoryLine, IdeaPage


def idea_page(actor: Actor, idea_id: int) -> IdeaPage:
    """Return the idea's page in at most six statements. Raises ``NotFound`` for strangers.

    An idea that a coach answers is seen by its author and coaches alone until it is put on the
    board.
    """
    raise NotImplementedError


def history(actor: Actor, idea_id: int) -> tuple[HistoryLine, ...]:
    """Return the whole history, newest first. Raises ``NotFound``."""
    raise NotImplementedError
