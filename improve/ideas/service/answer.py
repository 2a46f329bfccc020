"""Saving answers without moving."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from improve.accounts.actor import Actor


def save_answers(
    actor: Actor, *, idea_id: int, seen_version: int, answers: Mapping[str, Any]
) -> int:
    """Save answers of the present cycle without moving; return the idea's new version.

    ``answers`` by name of ``questions.CYCLE_QUESTIONS``; fields left out stay as they are.
    Refuses a locked prediction and texts over their limit. Raises ``Stale`` only where one of the
    same fields was changed by someone else since ``seen_version``.
    """
    raise NotImplementedError
