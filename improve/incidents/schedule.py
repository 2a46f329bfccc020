"""The published schedule: a report is destroyed after the days that were said when it came. Pure.

A council may choose other days. They hold for reports from the next Monday on, so that nobody's
words are kept longer than they were told, and by weeks, so that a choice changed from hour to hour
tells of no report when it came.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta


def monday_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def keep_days_of(week: date, *, keep_days: int, kept_before: Mapping[str, int]) -> int:
    """Return after how many days a report of the week of this Monday is destroyed.

    ``keep_days``: what is chosen now. ``kept_before``: what was chosen before, by the Monday (ISO)
    from which it held no more.
    """
    ended = sorted((until, days) for until, days in kept_before.items() if week.isoformat() < until)
    return ended[0][1] if ended else keep_days


def choose_days(
    days: int, *, today: date, keep_days: int, kept_before: Mapping[str, int]
) -> dict[str, int]:
    """Return ``kept_before`` once other days are chosen today: they hold from next Monday on.

    Chosen again in the same week, what held before both is kept.
    """
    if days == keep_days:
        return dict(kept_before)
    until = (monday_of(today) + timedelta(days=7)).isoformat()
    return {until: keep_days, **kept_before}
