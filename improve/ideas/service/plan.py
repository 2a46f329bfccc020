"""Planning a small test on one page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas.kinds import Stage
from improve.ideas.service.move import Moved


def plan_small_test(
    actor: Actor,
    *,
    idea_id: int,
    seen_version: int,
    from_stage: Stage,
    answers: Mapping[str, Any],
    is_started: bool,
    note: str = "",
) -> Moved | None:
    """Save the four lines, moving the idea to Plan if it is still in Ideas; start it if asked.

    Returns the last move, or None when nothing moved. Starting is Plan to Do through the gate,
    with everything missing refused at once and nothing saved.
    """
    raise NotImplementedError
