"""Counts by day made into points by month: medians, shares, gaps. Pure.

A month (or quarter) is a point when it is over and something happened in it; where nothing
happened there is a gap, not a zero.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from improve.accounts.days.working_calendar import WorkingCalendar

#: Monday to Friday without bank holidays, where a team has nothing of its own.
EVERY_WEEK = WorkingCalendar()
#: More would refuse stable series: the same bound as for the baseline of a test.
MONTHS_SHOWN = 24
QUARTERS_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Point:
    """One month or quarter. A gap has no value and no numbers; a share has both numbers."""

    starts_on: date
    value: float | None = None
    numerator: int | None = None
    denominator: int | None = None

    @property
    def is_gap(self) -> bool:
        """Whether nothing happened that could be counted."""
        return self.value is None and not self.denominator

    @property
    def shown(self) -> float | None:
        """The value as people read it: a share as a percentage; None for a gap."""
        if self.denominator and self.numerator is not None:
            return 100 * self.numerator / self.denominator
        return self.value


@lru_cache(maxsize=4096)
def month_of(ordinal: int) -> date:
    """Return the first day of the month that a day (as an ordinal) lies in."""
    return date.fromordinal(ordinal).replace(day=1)


def next_month(first: date) -> date:
    """Return the first day of the month after ``first``."""
    return (first + timedelta(days=31)).replace(day=1)


def months_before(today: date, count: int) -> list[date]:
    """Return the first days of the ``count`` whole months before this one, oldest first."""
    months = []
    first = today.replace(day=1)
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months[::-1]


def quarter_of(day: date) -> date:
    """Return the first day of the calendar quarter of ``day``."""
    return day.replace(month=day.month - (day.month - 1) % 3, day=1)


def quarters_before(today: date, count: int) -> list[date]:
    """Return the first days of the ``count`` whole quarters before this one, oldest first."""
    quarters = []
    first = quarter_of(today)
    for _ in range(count):
        first = quarter_of(first - timedelta(days=1))
        quarters.append(first)
    return quarters[::-1]


def by_month(rows: Iterable[tuple[int, int, int]]) -> dict[date, Counter[int]]:
    """Return counts by value for each month, from (day, value, count)."""
    found: dict[date, Counter[int]] = {}
    for day, value, count in rows:
        found.setdefault(month_of(day), Counter())[value] += count
    return found


def from_first(points: Sequence[Point]) -> tuple[Point, ...]:
    """Leave out the gaps before the first point: nothing had begun."""
    first = next((n for n, point in enumerate(points) if not point.is_gap), len(points))
    return tuple(points[first:])


def shares(
    months: Iterable[date], tops: Mapping[date, int], bottoms: Mapping[date, int]
) -> tuple[Point, ...]:
    """Return a share for every month with anything in its bottom line, a gap for the others."""
    return from_first(
        [
            Point(month, None, tops.get(month, 0), bottoms[month])
            if bottoms.get(month)
            else Point(month)
            for month in months
        ]
    )


def medians(months: Iterable[date], counts: Mapping[date, Mapping[int, int]]) -> tuple[Point, ...]:
    """Return the median of every month that has any value, a gap for the others."""
    return from_first([Point(month, median_of(counts.get(month, {}))) for month in months])


def median_of(counts: Mapping[int, int]) -> float | None:
    """Return the median of values given with their counts; None for none at all."""
    total = sum(counts.values())
    if not total:
        return None
    low, high = at_rank(counts, (total + 1) // 2), at_rank(counts, total // 2 + 1)
    return (low + high) / 2


def most_of(counts: Mapping[int, int], in_a_hundred: int = 85) -> int | None:
    """Return the least value that so many in a hundred do not pass; None for none at all."""
    total = sum(counts.values())
    return at_rank(counts, -(-total * in_a_hundred // 100)) if total else None


def at_rank(counts: Mapping[int, int], rank: int) -> int:
    """Return the value at ``rank`` (from 1) when all are laid out in order."""
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    raise ValueError("no value stands there")


def days_between(calendar: WorkingCalendar, first: int, last: int) -> int:
    """Return the days from one day to another (as ordinals), without busy times."""
    if not calendar.pauses:
        return max(0, last - first)
    return calendar.days_between(date.fromordinal(first), date.fromordinal(last))


def over_on(calendar: WorkingCalendar, first: int, most: int) -> int:
    """Return the day (as an ordinal) on which more than ``most`` such days have gone by."""
    day = first + most + 1
    while (short := most + 1 - days_between(calendar, first, day)) > 0:
        day += short
    return day


class WorkingDays:
    """Working days between days of one stretch, counted once: a table in place of a calendar."""

    def __init__(self, first: int, last: int, calendar: WorkingCalendar = EVERY_WEEK) -> None:
        self._first = first
        self._passed = [0]
        for ordinal in range(first + 1, max(first, last) + 1):
            day = date.fromordinal(ordinal)
            is_one = calendar.is_working_day(day) and not calendar.is_paused(day)
            self._passed.append(self._passed[-1] + is_one)

    def between(self, start: int, end: int) -> int:
        """Return how many working days lie after ``start`` up to and with ``end``; 0 if none."""
        if end <= start:
            return 0
        return self._passed[end - self._first] - self._passed[start - self._first]
