"""Aims, what drives them and the ideas under each, as pages show them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from improve.ideas.kinds import Outcome, Stage

#: More than these nobody keeps in their head, or on a wall.
AIMS_MOST: Final = 10
DRIVERS_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class AimIdea:
    """An idea under a driver: its ring, title and team."""

    id: int
    title: str
    team_name: str
    stage: Stage
    stage_words: str
    outcome: Outcome | None
    cycle_number: int

    @property
    def is_tried(self) -> bool:
        """Whether somebody plans or tries it now."""
        return self.stage not in {Stage.SUGGESTED, Stage.DONE}


@dataclass(frozen=True, slots=True)
class DriverView:
    """What is thought to move an aim, with the ideas that hang on it and what hangs under it.

    ``ideas`` are the first that are shown of ``idea_count``; ``tried_count`` are those planned or
    tried now, ``kept_count`` those kept. All count what the reader may see, without what was
    withdrawn, put off or joined to another.
    """

    id: int
    aim_id: int
    name: str
    level: int
    version: int
    place: int
    is_first: bool
    is_last: bool
    closed_on: date | None = None
    ideas: tuple[AimIdea, ...] = ()
    idea_count: int = 0
    tried_count: int = 0
    kept_count: int = 0
    under: tuple[DriverView, ...] = ()

    @property
    def all_tried(self) -> int:
        """How many ideas are planned or tried now, with those of what hangs under it."""
        return self.tried_count + sum(one.tried_count for one in self.under)

    @property
    def all_ideas(self) -> int:
        """How many ideas hang on it and under it."""
        return self.idea_count + sum(one.idea_count for one in self.under)

    @property
    def open_under(self) -> tuple[DriverView, ...]:
        """What hangs under it and is not closed, or still carries ideas."""
        return tuple(one for one in self.under if one.closed_on is None or one.idea_count)


@dataclass(frozen=True, slots=True)
class AimMeasure:
    """The measure beside an aim: its name, its newest number and what its chart says.

    ``verdict`` has label, short, sentence, icon and tone; without one ``finding`` says what there
    is.
    """

    id: int
    name: str
    latest_words: str = ""
    finding: str = ""
    verdict: object | None = None


@dataclass(frozen=True, slots=True)
class AimView:
    """What good looks like for children, with what drives it. ``place`` counts from 1."""

    id: int
    statement: str
    for_whom: str
    how_much: str
    by_when_on: date | None
    version: int
    place: int
    is_first: bool
    is_last: bool
    closed_on: date | None = None
    measure_id: int | None = None
    measure: AimMeasure | None = None
    drivers: tuple[DriverView, ...] = field(default=())

    @property
    def all_drivers(self) -> Iterator[DriverView]:
        """Every driver, each before those under it."""
        for driver in self.drivers:
            yield driver
            yield from driver.under

    @property
    def gap_count(self) -> int:
        """How many open drivers of the first level nobody tries anything under."""
        return sum(
            1 for driver in self.drivers if driver.closed_on is None and not driver.all_tried
        )

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """For whom and how much, as they were written; empty ones left out."""
        given = (("For", self.for_whom), ("How much", self.how_much))
        return tuple((name, words) for name, words in given if words)


@dataclass(frozen=True, slots=True)
class AimsPage:
    """The aims of a council in their order; ``sees_ideas`` is False for who only keeps accounts."""

    aims: tuple[AimView, ...]
    closed: tuple[AimView, ...]
    may_plan: bool
    sees_ideas: bool


@dataclass(frozen=True, slots=True)
class DriverChoice:
    """A driver to choose, and whether it hangs under another."""

    id: int
    name: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class AimChoice:
    """An open aim to choose with its open drivers, each followed by those under it."""

    id: int
    statement: str
    drivers: tuple[DriverChoice, ...]


@dataclass(frozen=True, slots=True)
class HungOn:
    """The driver that an idea hangs on, with its aim, and whether either is closed."""

    driver_id: int
    driver: str
    aim_id: int
    aim: str
    is_closed: bool


def hung_on(row: Mapping[Any, Any]) -> HungOn | None:
    """Return the driver that an idea hangs on, from the row of its page."""
    if row["driver_id"] is None:
        return None
    return HungOn(
        row["driver_id"],
        row["driver_name"],
        row["aim_id"],
        row["aim_statement"],
        bool(row["driver_closed_on"] or row["aim_closed_on"]),
    )
