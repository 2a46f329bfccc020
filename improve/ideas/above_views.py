"""Aims, what is tried under them and what finished there, as rows of the view from above. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.ideas.aim_views import AimMeasure
from improve.ideas.board import CardVerdict
from improve.ideas.kinds import Decision, Stage


@dataclass(frozen=True, slots=True)
class AimRow:
    """An open aim with what its measure says."""

    id: int
    statement: str
    for_whom: str
    how_much: str
    by_when_on: date | None
    measure: AimMeasure | None

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """For whom and how much, as they were written; empty ones left out."""
        given = (("For", self.for_whom), ("How much", self.how_much))
        return tuple((name, words) for name, words in given if words)


@dataclass(frozen=True, slots=True)
class DriverRow:
    """An open driver; ``parent_id`` is that of the one it hangs under, None on the first level."""

    id: int
    aim_id: int
    parent_id: int | None
    name: str


@dataclass(frozen=True, slots=True)
class TriedNow:
    """An idea that somebody plans or tries now. Never show ``verdict`` without ``beside``."""

    idea_id: int
    driver_id: int
    title: str
    team_name: str
    stage: Stage
    cycle_number: int
    verdict: CardVerdict | None
    beside: CardVerdict | None


@dataclass(frozen=True, slots=True)
class FinishedUnder:
    """A cycle that was decided in the period. Never show ``verdict`` without ``beside``."""

    idea_id: int
    driver_id: int
    cycle_number: int
    title: str
    team_name: str
    decision: Decision
    decided_on: date
    lesson: str
    verdict: CardVerdict | None
    beside: CardVerdict | None


@dataclass(frozen=True, slots=True)
class UnderDriver:
    """How many ideas under a driver are tried now, wait, and how many cycles finished there."""

    tried: int = 0
    waiting: int = 0
    kept: int = 0
    changed: int = 0
    stopped: int = 0

    @property
    def finished(self) -> int:
        """Decided cycles of the period."""
        return self.kept + self.changed + self.stopped


@dataclass(frozen=True, slots=True)
class FromAbove:
    """All open aims in the council's order, and what goes on under each driver.

    ``tried`` and ``finished`` are the first of each driver, teams A to Z and the last decided
    first; ``counts`` are of all, by driver. ``loose`` counts ideas under way on no driver.
    """

    aims: tuple[AimRow, ...]
    drivers: tuple[DriverRow, ...]
    tried: tuple[TriedNow, ...]
    finished: tuple[FinishedUnder, ...]
    counts: dict[int, UnderDriver]
    loose: int


@dataclass(frozen=True, slots=True)
class LooseIdea:
    """An idea under way or waiting that hangs on no driver yet."""

    idea_id: int
    title: str
    team_name: str
    stage: Stage
    stage_words: str
    cycle_number: int
