"""Editing one field of an idea, its lead, its measures, its people."""

from __future__ import annotations

from typing import Any

from improve.accounts.actor import Actor


def edit_field(actor: Actor, *, idea_id: int, field: str, value: Any, seen_version: int) -> int:
    """Change one field of the idea or its present cycle; return the new version.

    Raises ``Stale`` (facts ``field, mine, theirs, by, at, version``) only if the same field was
    changed by someone else since ``seen_version``. Refuses an unknown or locked field.
    """
    raise NotImplementedError


def choose_lead(actor: Actor, *, idea_id: int, lead_id: int | None) -> None:
    """Choose who leads it: someone active in the idea's team, or nobody."""
    raise NotImplementedError


def choose_measures(
    actor: Actor, *, idea_id: int, main_id: int | None, beside_id: int | None
) -> None:
    """Tie the idea to a measure and to one beside it. In Do the windows follow at once."""
    raise NotImplementedError


def join_idea(actor: Actor, *, idea_id: int) -> None:
    """Take part: the idea becomes one's own as well. Nothing happens the second time."""
    raise NotImplementedError
