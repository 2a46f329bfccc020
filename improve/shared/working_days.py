"""Working days: Monday to Friday without the bank holidays of England."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import holidays


@lru_cache(maxsize=64)
def bank_holidays_of(year: int) -> frozenset[date]:
    """Return the bank holidays of England in a year."""
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=year).keys())


def is_bank_holiday(day: date) -> bool:
    """Return whether ``day`` is a bank holiday of England."""
    return day in bank_holidays_of(day.year)


def is_working_day(day: date) -> bool:
    """Return whether ``day`` is a Monday to Friday that is no bank holiday."""
    return day.weekday() < 5 and not is_bank_holiday(day)


@lru_cache(maxsize=4096)
def add_working_days(day: date, count: int) -> date:
    """Return the ``count``-th working day after ``day`` (which itself is not counted)."""
    while count > 0:
        day += timedelta(days=1)
        if is_working_day(day):
            count -= 1
    return day


@lru_cache(maxsize=4096)
def working_days_between(start: date, end: date) -> int:
    """Return how many working days lie after ``start`` up to and with ``end``; 0 if none.

    A Friday to the next Monday is 1. Long spans are counted by whole weeks first.
    """
    if end <= start:
        return 0
    days = (end - start).days
    weeks, rest = divmod(days, 7)
    count = weeks * 5
    count += sum(
        1 for step in range(1, rest + 1) if (start + timedelta(days=weeks * 7 + step)).weekday() < 5
    )
    lost = sum(
        1
        for year in range(start.year, end.year + 1)
        for holiday in bank_holidays_of(year)
        if start < holiday <= end and holiday.weekday() < 5
    )
    return max(0, count - lost)
