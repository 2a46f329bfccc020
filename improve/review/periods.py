"""Quick periods of the review: month, quarter and year, the quarter and the months before. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from improve.review.counting import quarter_of

#: Days typed by the person themselves.
OWN_DAYS: Final = "days"
USUAL: Final = "last-3-months"
PERIOD_WORDS: Final[Mapping[str, str]] = {
    "this-month": "This month",
    USUAL: "Last 3 months",
    "this-quarter": "This quarter",
    "last-quarter": "Last quarter",
    "this-year": "This year",
    "last-12-months": "Last 12 months",
    OWN_DAYS: "From one day to another",
}


def days_of(period: str, today: date) -> tuple[date, date]:
    """Return the first and the last day of a quick period: the last one today, or of its quarter.

    The last three months are the present one and two before it, whole: at the end of November
    from 1 September. What is no quick period counts as these.
    """
    if period == "last-quarter":
        last = quarter_of(today) - timedelta(days=1)
        return quarter_of(last), last
    month = today.replace(day=1)
    firsts = {
        "this-month": month,
        "this-quarter": quarter_of(today),
        "this-year": today.replace(month=1, day=1),
        "last-12-months": _months_before(month, 11),
    }
    return firsts.get(period, _months_before(month, 2)), today


def _months_before(first: date, count: int) -> date:
    for _ in range(count):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
