"""Days of the demo: offsets from the day it is loaded, turned into days people were at work. Pure.

Every day in ``content.json`` is a whole number: 0 the day of loading, negative the past, positive
what is to come. A past day that falls on a weekend or bank holiday becomes the working day before
it, so that nobody in the demo moves cards on a Sunday, whatever day it is loaded on. A day to come
becomes the working day after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from improve.measures.table_import import Period, next_period, period_start
from improve.shared.working_days import is_working_day


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days of one loading, counted from ``today`` where the council is."""

    today: date

    def day(self, offset: int, *, is_exact: bool = False) -> date:
        """Return the day that ``offset`` means; ``is_exact`` keeps a day off as it is."""
        day = self.today + timedelta(days=offset)
        step = timedelta(days=1 if offset > 0 else -1)
        while offset and not is_exact and not is_working_day(day):
            day += step
        return day

    def last_whole(self, period: Period) -> date:
        """Return the first day of the newest week or month that is over."""
        return period_before(period_start(self.today, period), period)


def period_before(start: date, period: Period) -> date:
    """Return the first day of the period before the one that begins on ``start``."""
    return period_start(start - timedelta(days=1), period)


def first_from(day: date, period: Period) -> date:
    """Return the first day of the first period that begins on ``day`` or later."""
    start = period_start(day, period)
    return start if start == day else next_period(start, period)
