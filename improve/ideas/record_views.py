"""Cycles of one person's ideas, as their own record of learning reads them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class RecordCycle:
    """A cycle that somebody took part in, with the words that stand in it.

    ``part`` says how they took part. ``decision`` is in words, “” while it is open. ``evidence``
    is what the counts and the chart say, “” where nothing was counted.
    """

    cycle_id: int
    idea_id: int
    number: int
    title: str
    team_name: str
    on: date
    part: str
    is_finished: bool
    problem: str
    improves: str
    change_to_try: str
    what_happened: str
    learned: str
    decision: str
    decision_why: str
    next_step: str
    evidence: str


@dataclass(frozen=True, slots=True)
class SupervisionIdea:
    """An idea of one's own for supervision: where it is, and what stands in its way."""

    idea_id: int
    title: str
    team_name: str
    is_open: bool
    where: str
    lesson: str
    blocked_reason: str
    blocked_who: str
    waits_for_reply: bool
    waiting_words: str
