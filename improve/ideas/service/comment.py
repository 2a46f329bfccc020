"""Comments on an idea."""

from __future__ import annotations

from improve.accounts.actor import Actor


def comment(actor: Actor, *, idea_id: int, words: str, form_token: str) -> int:
    """Add a comment and return its id; the same form sent twice makes one comment."""
    raise NotImplementedError


def edit_comment(actor: Actor, *, comment_id: int, words: str) -> int:
    """Change one's own comment and return the idea's id. Refuses others and removed ones."""
    raise NotImplementedError


def remove_comment(actor: Actor, *, comment_id: int) -> int:
    """Remove one's own comment, or any as manager or coach; return the idea's id."""
    raise NotImplementedError
