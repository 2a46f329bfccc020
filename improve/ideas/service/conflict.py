"""What happens to words that were written while someone else moved the idea."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from improve.accounts.actor import Actor


def add_words_after_conflict(actor: Actor, *, idea_id: int, answers: Mapping[str, Any]) -> int:
    """Add one's words to what stands and leave the idea where it is; return the new version.

    Both texts stand one under the other with both names. Choices and counts that stand already
    are kept, and the differing answer is added in words.
    """
    raise NotImplementedError


def leave_words_out(actor: Actor, *, idea_id: int, answers: Mapping[str, Any]) -> None:
    """Keep the words for 24 hours in the history, for the one who wrote them only."""
    raise NotImplementedError
