"""Moving an idea: forward, back, stop, not now, quick fix, withdraw, decide, bring back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from improve.accounts.actor import Actor
from improve.ideas.kinds import Outcome, Stage, Way


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did. ``words`` is the message: “Moved to Study.”"""

    idea_id: int
    move_id: int
    team_id: int
    way: Way
    from_stage: Stage
    to_stage: Stage
    outcome: Outcome | None
    cycle_number: int
    version: int
    title: str
    words: str


def move_stage(
    actor: Actor,
    *,
    idea_id: int,
    way: Way,
    seen_version: int,
    from_stage: Stage,
    answers: Mapping[str, Any] | None = None,
    note: str = "",
    look_again_on: date | None = None,
    lead_id: int | None = None,
) -> Moved:
    """Move an idea one ``way``, saving ``answers`` of the present cycle in the same breath.

    ``answers`` by name of ``questions.CYCLE_QUESTIONS``, and ``improves`` of the idea. ``note`` is
    the reason (back, not now) or the words that pass soft needs. The only way an idea moves:
    ``stages.check_move`` decides. Raises ``Stale`` with ``by, at, to, stage, version, texts``
    when it was moved or changed since ``seen_version``.
    """
    raise NotImplementedError
