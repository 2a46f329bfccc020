"""How long a point's period is, and how many periods lie between two points."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from improve.measures.spc.series import PeriodWord

_DAYS: dict[PeriodWord, int] = {"day": 1, "week": 7, "month": 31, "quarter": 92, "year": 366}
_MONTHS: dict[PeriodWord, int] = {"month": 1, "quarter": 3, "year": 12}


def days_in(period: PeriodWord) -> int:
    """The most days one period can have."""
    return _DAYS[period]


def periods_spanned(first: date, last: date, period: PeriodWord) -> int:
    """Periods from the one beginning on ``first`` to the one beginning on ``last``, both counted.

    A gap counts too: from 1 January to 1 March are 3 months whether or not February has a point.
    """
    if period in _MONTHS:
        months = (last.year - first.year) * 12 + last.month - first.month
        return months // _MONTHS[period] + 1
    return round((last - first).days / _DAYS[period]) + 1


def is_within(day: date, first: date, period: PeriodWord) -> bool:
    """Whether ``day`` falls inside, not on the first day of, the period that began on ``first``."""
    if day <= first:
        return False
    if period in _MONTHS:
        return periods_spanned(first, day, period) == 1
    return (day - first).days < _DAYS[period]


def period_of(days: Sequence[date]) -> PeriodWord:
    """What one point covers, as far as first days in order tell: all firsts of months a month, a
    quarter or a year by their smallest distance; neighbouring days a day; else a week."""
    gaps = [(later - first).days for first, later in pairwise(days)]
    if not gaps:
        return "week"
    least = min(gaps)
    if all(day.day == 1 for day in days):
        return "month" if least < 59 else "quarter" if least < 360 else "year"
    return "day" if least < 7 else "week"


def is_other_season(before: Sequence[date], after: Sequence[date]) -> bool:
    """Whether most days of ``after`` fall in months of the year that ``before`` says nothing of.

    A month next to one that ``before`` has counts as known. A year before knows every season.
    """
    known = {day.month for day in before}
    if not known or not after:
        return False
    near = known | {month % 12 + 1 for month in known} | {(month - 2) % 12 + 1 for month in known}
    return 2 * sum(day.month not in near for day in after) > len(after)
