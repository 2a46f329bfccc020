"""What a measure of the system itself is counted from, and what comes out of counting. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.huddles.flow import ActionRow, HuddleRow
from improve.ideas.flow import DecisionRow, LoggedRow, PartRow, ReplyRow, StayRow
from improve.ideas.flow_months import EndedRow, StoodRow
from improve.measures.views import BetterWhen, Frequency
from improve.review.counting import EVERY_WEEK, Point

Cell = str | int | float | date | None


@dataclass(frozen=True, slots=True)
class History:
    """What happened, as rows of counts: of one team, or of the whole organisation.

    ``quarters`` are the first days of the spans that ``parts`` number, the present quarter last;
    ``calendar`` is the team's, with its busy times; of the whole council it has closing days only.
    ``ended`` and ``stood`` are stays of months that are summed up, besides ``stays``; only what is
    counted without busy times has any.
    ``staff`` since when (an ordinal) each active person has had an account; ``few_apart`` of a
    service how many of them are in no team large enough to be told of by itself.
    """

    today: date
    is_team: bool = True
    is_service: bool = False
    calendar: WorkingCalendar = EVERY_WEEK
    replies: tuple[ReplyRow, ...] = ()
    logged: tuple[LoggedRow, ...] = ()
    decisions: tuple[DecisionRow, ...] = ()
    stays: tuple[StayRow, ...] = ()
    ended: tuple[EndedRow, ...] = ()
    stood: tuple[StoodRow, ...] = ()
    parts: tuple[PartRow, ...] = ()
    huddles: tuple[HuddleRow, ...] = ()
    actions: tuple[ActionRow, ...] = ()
    quarters: tuple[date, ...] = ()
    staff: tuple[tuple[int, int], ...] = ()
    few_apart: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart; the first cell of a row names it."""

    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """A measure as it was counted.

    ``behind`` is how many things the points rest on. ``facts`` are sentences that a chart does
    not hold. ``refusal`` says why nothing is shown; then there are no points and no table.
    ``apart`` is a second table with a caption: what a month cannot hold.
    """

    points: tuple[Point, ...]
    behind: int
    table: Table
    facts: tuple[str, ...] = ()
    refusal: str = ""
    apart: tuple[str, Table] | None = None

    @property
    def newest(self) -> Point | None:
        """The newest point that is no gap."""
        return next((p for p in reversed(self.points) if not p.is_gap), None)


@dataclass(frozen=True, slots=True)
class SystemMeasure:
    """One measure of how improving goes.

    ``needs`` names the fields of :class:`History` it is counted from; ``is_share`` whether points
    are so many of so many, else they are values in ``unit``; ``one`` and ``many`` name what it
    counts. ``chart`` where what is recorded allows no other: times are skewed.
    """

    key: str
    group: str
    name: str
    short: str
    formula: str
    care: str
    needs: tuple[str, ...]
    count: Callable[[History], Counted]
    one: str
    many: str
    better_when: BetterWhen = "neither"
    is_share: bool = True
    unit: str = "%"
    frequency: Frequency = "month"
    chart: str | None = None
