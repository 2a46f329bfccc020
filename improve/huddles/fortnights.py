"""The fortnights for which a team states the hour it protects. Pure.

Every council counts them from the same Monday, so that what teams stated stands side by side.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from improve.shared.formatting import NBSP, day_short

_FIRST: Final = date(2024, 1, 1)
DAYS: Final = 14
#: How many fortnights leaders and the team look back on: about a quarter of a year.
SHOWN: Final = 6


def fortnight_of(day: date) -> date:
    """Return the Monday on which the fortnight of ``day`` began."""
    return day - timedelta(days=(day - _FIRST).days % DAYS)


def before(monday: date, count: int = 1) -> date:
    """Return the first day of the fortnight so many before the one that began on ``monday``."""
    return monday - timedelta(days=DAYS * count)


def last_day(monday: date) -> date:
    """Return the fortnight's last working day, its second Friday."""
    return monday + timedelta(days=11)


def shown(today: date) -> list[date]:
    """Return the first days of the fortnights that are looked at, the present one first."""
    first = fortnight_of(today)
    return [before(first, count) for count in range(SHOWN)]


def words(monday: date) -> str:
    """Return “16 to 27 Nov”, the months twice where they differ: “30 Nov to 11 Dec”."""
    first, last = monday, last_day(monday)
    begins = f"{first.day}" if first.month == last.month else day_short(first)
    return f"{begins} to {day_short(last)}".replace(" ", NBSP)


def minutes_words(minutes: int) -> str:
    """Return minutes as people say a length of time: “1 hour”, “1 hour 30”, “45 minutes”."""
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{rest}{NBSP}minutes"
    said = f"{hours}{NBSP}hour{'s' if hours > 1 else ''}"
    return f"{said}{NBSP}{rest}" if rest else said
