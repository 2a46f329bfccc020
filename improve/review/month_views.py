"""What a month's sheet is built from, and what it is: facts, lines, the whole. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from improve.ideas.month_views import IdeasOfMonth, VoiceOfMonth
from improve.measures.month_views import Demand, OneWorse
from improve.review.month import WAYS, Answer, Asked, Line, Way
from improve.review.month_hours import HoursOfMonth
from improve.shared.formatting import NBSP


@dataclass(frozen=True, slots=True)
class Spark:
    """A small chart with the words under it."""

    facts: Mapping[str, Any] = field(hash=False)
    words: str
    tone: str
    icon: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to thank: who, what they did and what it taught."""

    idea_id: int
    name: str
    did: str
    title: str
    outcome: str
    learned: str
    team_name: str


@dataclass(frozen=True, slots=True)
class MonthLine:
    """One line of the sheet.

    ``asked`` is None where nothing waits. ``quote`` are people's own words, ``note`` is ours.
    ``to`` names what can be opened: “idea”, “measure”, “busy”, “hours”, “finished” or “”.
    """

    line: Line
    number: int
    head: str
    heading: str
    quote: str = ""
    note: str = ""
    is_heading_quoted: bool = False
    asked: Asked | None = None
    answer: Answer | None = None
    #: Of an answer that another page took: who said what.
    answered_elsewhere: tuple[str, str] | None = None
    sparks: tuple[Spark, ...] = ()
    hours: HoursOfMonth | None = None
    people: tuple[Person, ...] = ()
    to: str = ""
    to_id: int = 0
    #: The first and the last day of what finished.
    days: tuple[date, date] | None = None
    more: int = 0
    team_name: str = ""

    @property
    def ways(self) -> tuple[Way, ...]:
        """How it can be answered."""
        return WAYS[self.line]

    @property
    def is_answered(self) -> bool:
        """Whether a leader has answered it."""
        return self.answer is not None or self.answered_elsewhere is not None

    @property
    def waits(self) -> bool:
        """Whether it waits for a leader."""
        return self.asked is not None and not self.is_answered


@dataclass(frozen=True, slots=True)
class BusyTeam:
    """A team in a busy time: what it asks, how many work there, and what its context says."""

    id: int
    team_id: int
    team_name: str
    why: str
    asks: str
    since_on: date
    until_on: date
    people: int
    answer: str
    answered_by: str


@dataclass(frozen=True, slots=True)
class MonthFacts:
    """All that the sheet is built from. ``is_now`` False: a past month, which asks nothing."""

    month: date
    today: date
    is_now: bool
    ideas: IdeasOfMonth
    pairs: tuple[OneWorse, ...] = ()
    busy: tuple[BusyTeam, ...] = ()
    demand: Demand | None = None
    hours: HoursOfMonth | None = None
    answers: tuple[Answer, ...] = ()
    newest: tuple[Answer, ...] = ()
    #: Which blocked idea the first line is about; None: what was answered, or waits longest.
    blocked_id: int | None = None
    #: The line of a voice, where a capability above offers one.
    voice: VoiceOfMonth | None = None


@dataclass(frozen=True, slots=True)
class MonthSheet:
    """The whole sheet. ``newest`` are the newest of *You asked, leaders did*."""

    month: date
    is_now: bool
    lines: tuple[MonthLine, ...]
    newest: tuple[Answer, ...]

    @property
    def answered(self) -> int:
        """How many lines a leader has answered."""
        return sum(1 for line in self.lines if line.is_answered)

    @property
    def waiting(self) -> int:
        """How many lines wait for a leader."""
        return sum(1 for line in self.lines if line.waits)

    @property
    def count_words(self) -> str:
        """“1 answered, 6 waiting”."""
        return f"{self.answered}{NBSP}answered, {self.waiting}{NBSP}waiting"

    def line(self, line: Line) -> MonthLine:
        """Return one line."""
        return next(one for one in self.lines if one.line is line)
