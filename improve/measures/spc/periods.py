"""How long a point's period is, and how many periods lie between two points."""

from __future__ import annotations

from datetime import date

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
