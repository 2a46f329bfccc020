"""Undoing the last move."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.ideas.service.move import Moved


def undo_move(actor: Actor, *, idea_id: int, move_id: int) -> Moved:
    """Take a move back as if it had not been, within 24 hours, if nothing happened since.

    For the one who moved it, or the team's manager, or a coach. Words written with the move stay.
    Refuses in words with what happened since; a move undone already is refused too.
    """
    raise NotImplementedError
