"""Saying that an idea cannot go on, and that it can again."""

from __future__ import annotations

from improve.accounts.actor import Actor


def mark_blocked(actor: Actor, *, idea_id: int, reason: str, who: str) -> None:
    """Mark an open idea blocked: why, and who can help. Both are needed. Replaces what stood."""
    raise NotImplementedError


def unblock(actor: Actor, *, idea_id: int) -> None:
    """Take the mark away; nothing happens if there is none."""
    raise NotImplementedError
