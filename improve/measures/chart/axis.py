"""The time axis of a chart: one slot of equal width for each period, and the months under them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from improve.measures.chart.lettering import text_width

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_MONTH_STEPS = (1, 2, 3, 4, 6, 12, 24, 36, 60, 120, 240, 600, 1200)
_LABEL_ROOM = 20.0
_MARK_ROOM = 9.0


def guess_period(days: Sequence[date]) -> str:
    """The period that dates are apart, for a series that does not say: the middle gap decides."""
    gaps = sorted((later - earlier).days for earlier, later in pairwise(days))
    middle = gaps[len(gaps) // 2] if gaps else 7
    for period, most in (("day", 4), ("week", 20), ("month", 60), ("quarter", 200)):
        if middle <= most:
            return period
    return "year"


def fitting_period(days: Sequence[date], period: str) -> str:
    """The period itself, or ``day`` where two dates would fall in one period.

    Cases and times between are not counted by the week: they come when they come.
    """
    if not days or period == "day":
        return period
    places = [_position(period, days[0], day) for day in days]
    return period if len(set(places)) == len(places) else "day"


@dataclass(frozen=True, slots=True)
class Tick:
    """A mark on the axis, with or without words; ``label_x`` and ``anchor`` place the words."""

    x: float
    words: str = ""
    label_x: float = 0.0
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class TimeAxis:
    """Dates to pixels. Two charts drawn on one axis line up.

    Positions count periods from a fixed day; a point stands in the middle of its slot. ``first``
    and ``slots`` say which stretch is shown between ``left`` and ``right``.
    """

    period: str
    origin: date
    first: int
    slots: int
    left: float
    right: float

    @property
    def slot_width(self) -> float:
        """Pixels from one point to the next."""
        return (self.right - self.left) / self.slots

    def slot(self, day: date) -> int:
        """The slot that a date falls in; 0 is the first shown, and it may lie outside."""
        return _position(self.period, self.origin, day) - self.first

    def middle(self, slot: int) -> float:
        """Where the point of a slot in view stands."""
        return self.left + (slot + 0.5) * (self.right - self.left) / self.slots

    def place(self, day: date) -> float:
        """Where a date stands by itself, for points that share a slot: weeks under months."""
        slot = self.slot(day)
        start = self.day(slot)
        share = ((day - start).days + 0.5) / (self.day(slot + 1) - start).days
        return self.left + (slot + share) * self.slot_width

    def edge(self, slot: int) -> float:
        """The left edge of a slot, kept within the plot."""
        if slot <= 0:
            return self.left
        if slot >= self.slots:
            return self.right
        return self.left + slot * (self.right - self.left) / self.slots

    def day(self, slot: int) -> date:
        """The first day of a slot."""
        position = slot + self.first
        months = _MONTHS_IN.get(self.period)
        if months is None:
            return self.origin + timedelta(days=position * (7 if self.period == "week" else 1))
        year, month = divmod(position * months, 12)
        return date(min(max(year, 1), 9999), month + 1, 1)


def _position(period: str, origin: date, day: date) -> int:
    months = _MONTHS_IN.get(period)
    if months is not None:
        return (day.year * 12 + day.month - 1) // months
    return (day - origin).days // (7 if period == "week" else 1)


def axis_over(
    days: Sequence[date], *, period: str, more: int, left: float, right: float
) -> TimeAxis:
    """An axis from the first to the last of the given dates, and ``more`` slots for what comes."""
    origin = days[0] if days else date(2000, 1, 3)
    first = _position(period, origin, origin)
    last = _position(period, origin, days[-1]) if days else first
    return TimeAxis(period, origin, first, last - first + 1 + more, left, right)


def ticks(axis: TimeAxis, *, width: float) -> tuple[Tick, ...]:
    """Marks with months or years where they fit, by the length of time shown.

    Where the axis is longer than a year, January bears its year. Short stretches name days.
    """
    start, end = axis.day(0), axis.day(axis.slots)
    months_shown = (end.year - start.year) * 12 + end.month - start.month
    if axis.period in ("day", "week") and months_shown < 3 and axis.slots * axis.slot_width:
        return _day_ticks(axis, width)
    per_month = (axis.right - axis.left) / max(months_shown, 1)
    own = _MONTHS_IN.get(axis.period, 1)
    widest = text_width("0000") if months_shown > 12 else text_width("Mar")
    step = next(
        (s for s in _MONTH_STEPS if s % own == 0 and s * per_month >= widest + _LABEL_ROOM),
        _MONTH_STEPS[-1],
    )
    has_years = months_shown > 12 or axis.period == "year"
    minor = own if per_month * own >= _MARK_ROOM else step
    return tuple(_month_ticks(axis, step=step, minor=minor, has_years=has_years, width=width))


def _month_ticks(
    axis: TimeAxis, *, step: int, minor: int, has_years: bool, width: float
) -> list[Tick]:
    """A mark every ``minor`` months, with words every ``step`` months where they are free."""
    start, end = axis.day(0), axis.day(axis.slots)
    is_by_month = axis.period in _MONTHS_IN
    found: list[Tick] = []
    month = start.year * 12 + start.month - 1
    if start.day > (7 if axis.period == "week" else 1):
        month += 1
    month = math.ceil(month / minor) * minor
    stop = end.year * 12 + end.month - 1
    clear_from = -math.inf
    while month <= stop:
        day = date(month // 12, month % 12 + 1, 1)
        slot = axis.slot(day)
        if slot < 0:
            slot = 0
        elif not is_by_month and axis.day(slot) < day:
            slot += 1  # the first whole week of the month
        if slot >= axis.slots:
            break
        x = axis.edge(slot)
        words = ""
        if month % step == 0:
            words = str(day.year) if has_years and month % 12 == 0 else MONTHS[day.month - 1]
        long = text_width(words) if words else 0.0
        if is_by_month:
            label_x, anchor = x + axis.slot_width / 2, "middle"
            label_from, label_to = label_x - long / 2, label_x + long / 2
        else:
            label_x, anchor = x + 4, "start"
            label_from, label_to = label_x, label_x + long
        if words and not (label_from >= max(clear_from, 0) and label_to <= width):
            words = ""
        if words:
            clear_from = label_to + 6
        found.append(Tick(x, words, label_x, anchor))
        month += minor
    return found


def _day_ticks(axis: TimeAxis, width: float) -> tuple[Tick, ...]:
    long = text_width("30 Mar")
    step = max(1, math.ceil((long + _LABEL_ROOM) / axis.slot_width))
    if axis.period == "day" and step > 1:
        step = math.ceil(step / 7) * 7
    found = []
    for slot in range(axis.slots):
        day = axis.day(slot)
        words = ""
        label_x = axis.edge(slot) + 4
        if slot % step == 0 and label_x + long <= width:
            words = f"{day.day}\u00a0{MONTHS[day.month - 1]}"
        if words or axis.slot_width >= _MARK_ROOM:
            found.append(Tick(axis.edge(slot), words, label_x))
    return tuple(found)
