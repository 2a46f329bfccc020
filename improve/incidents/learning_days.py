"""When what was learned may be read, and when an idea may be proposed: never near the day. Pure.

Whoever sees something appear must not be able to tell when it was reported, or signed off.
"""

from __future__ import annotations

from datetime import date, timedelta

from improve.incidents.confidentiality import PROPOSED_AFTER

_WEEK = timedelta(days=7)


def week_of(day: date) -> date:
    """Return the Monday of the week of ``day``."""
    return day - timedelta(days=day.weekday())


def batch_after(day: date) -> date:
    """Return the Monday on which an idea is proposed that was written on ``day``.

    The first one at least ``PROPOSED_AFTER`` days later: all that wait go out together.
    """
    earliest = day + timedelta(days=PROPOSED_AFTER)
    monday = week_of(earliest)
    return monday if monday == earliest else monday + _WEEK


def shown_month_of(day: date) -> date:
    """Return the first day of the month from which staff may read what is shown on ``day``.

    A month begins in between, and ``PROPOSED_AFTER`` days have passed at least.
    """
    earliest = day + timedelta(days=PROPOSED_AFTER)
    first = earliest.replace(day=1)
    return first if first == earliest else (first + timedelta(days=32)).replace(day=1)
