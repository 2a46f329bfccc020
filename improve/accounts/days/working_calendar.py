"""The days on which a team or a person works, and the busy times that pause its clocks. Pure.

A working day is one of the weekdays worked, no bank holiday of England, no closing day of the
council, and not in a busy time. Days are those of the council's clocks, so a day is a day whether
it has 23, 24 or 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from improve.shared.working_days import bank_holidays_of, is_bank_holiday

#: A span of days in which clocks stand still, both ends with it; without an end it goes on.
Pause = tuple[date, date | None]

MONDAY_TO_FRIDAY: Final = frozenset(range(5))
_DAY: Final = timedelta(days=1)
#: No way of working leaves longer without a working day; further ahead nobody is told a day.
_LOOK_AHEAD: Final = timedelta(days=3 * 366)


@dataclass(frozen=True)
class WorkingCalendar:
    """When a team works. ``weekdays``: Monday is 0; none at all counts as Monday to Friday."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    closing_days: frozenset[date] = frozenset()
    pauses: tuple[Pause, ...] = ()

    def is_working_day(self, day: date) -> bool:
        """Return whether work is done on ``day``; a busy time changes nothing about that."""
        return (
            day.weekday() in (self.weekdays or MONDAY_TO_FRIDAY)
            and day not in self.closing_days
            and not is_bank_holiday(day)
        )

    def is_paused(self, day: date) -> bool:
        """Return whether clocks stand still on ``day``."""
        return any(first <= day and (last is None or day <= last) for first, last in self.pauses)

    def add_working_days(self, day: date, count: int) -> date:
        """Return the ``count``-th day after ``day`` on which clocks run and work is done.

        A busy time whose end is not known holds nothing up: no day could be told otherwise.
        """
        known = tuple(pause for pause in self.pauses if pause[1] is not None)
        return _add(self.weekdays, self.closing_days, known, day, count)

    def working_days_between(self, start: date, end: date) -> int:
        """Return how many working days lie after ``start`` up to and with ``end``; 0 if none.

        Those in a busy time do not count, also after it is over.
        """
        return _count(self.weekdays, self.closing_days, self.pauses, start, end)

    def days_between(self, start: date, end: date) -> int:
        """Return how many days lie after ``start`` up to and with ``end``, without busy times."""
        if end <= start:
            return 0
        paused = sum((until - since).days for since, until in _within(self.pauses, start, end))
        return (end - start).days - paused


def calendar_from(
    working_days: str, closing_days: Iterable[date | str], pauses: Iterable[Iterable[str | None]]
) -> WorkingCalendar:
    """Return the calendar that stands in a team's row: “0,1,2”, “2026-12-29”, [from, to]."""
    return WorkingCalendar(
        weekdays_of(working_days) or MONDAY_TO_FRIDAY,
        days_in(closing_days),
        tuple(
            (date.fromisoformat(str(first)), date.fromisoformat(last) if last else None)
            for first, last in pauses
        ),
    )


def weekdays_of(text: str) -> frozenset[int]:
    """Return the weekdays in “0,1,2” (Monday is 0); what is no weekday is passed over."""
    return frozenset(int(part) for part in text.split(",") if part in set("0123456"))


def weekdays_text(weekdays: Iterable[int]) -> str:
    """Return weekdays as a row keeps them; “” for Monday to Friday, and for none."""
    kept = frozenset(weekdays)
    return "" if kept == MONDAY_TO_FRIDAY else ",".join(str(day) for day in sorted(kept))


def days_in(days: Iterable[date | str]) -> frozenset[date]:
    """Return days as dates, however they are kept."""
    return frozenset(day if isinstance(day, date) else date.fromisoformat(day) for day in days)


@lru_cache(maxsize=4096)
def _add(
    weekdays: frozenset[int],
    closing_days: frozenset[date],
    pauses: tuple[Pause, ...],
    day: date,
    count: int,
) -> date:
    calendar = WorkingCalendar(weekdays, closing_days, pauses)
    last = day + _LOOK_AHEAD
    while count > 0 and day < last:
        day += _DAY
        if calendar.is_working_day(day) and not calendar.is_paused(day):
            count -= 1
    return day


@lru_cache(maxsize=8192)
def _count(
    weekdays: frozenset[int],
    closing_days: frozenset[date],
    pauses: tuple[Pause, ...],
    start: date,
    end: date,
) -> int:
    if end <= start:
        return 0
    paused = sum(
        _count(weekdays, closing_days, (), since, until)
        for since, until in _within(pauses, start, end)
    )
    # Long spans are counted by whole weeks first.
    worked = weekdays or MONDAY_TO_FRIDAY
    weeks, rest = divmod((end - start).days, 7)
    begun = start + timedelta(days=weeks * 7)
    count = weeks * len(worked)
    count += sum(1 for step in range(1, rest + 1) if (begun + step * _DAY).weekday() in worked)
    free = closing_days.union(*(bank_holidays_of(year) for year in range(start.year, end.year + 1)))
    lost = sum(1 for day in free if start < day <= end and day.weekday() in worked)
    return count - lost - paused


def _within(pauses: tuple[Pause, ...], start: date, end: date) -> list[tuple[date, date]]:
    """Return the busy parts of a span as spans of their own, in order, none twice.

    Each is (the day before its first, its last), as the counting functions take a span.
    """
    parts: list[tuple[date, date]] = []
    for first, last in sorted(pauses, key=lambda pause: pause[0]):
        since = max(start, first - _DAY, parts[-1][1] if parts else start)
        until = min(end, last or end)
        if since < until:
            parts.append((since, until))
    return parts
