"""Where a period begins, and what people call it.

A week is its Monday, a month its first day, a quarter the first of January, April, July or
October. A year is a financial year and begins on 1 April, as councils report: a bare 2024 could
mean the year ending or beginning then, so it is refused and 2023-24 is taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from math import gcd
from typing import Literal

from improve.shared.parsing import LONGEST_TEXT, MONTH_NAMES, NotReadable, read_date

Period = Literal["day", "week", "month", "quarter", "year"]

YEAR_STARTS_IN = 4
"""The month a year begins in: April."""

_FINANCIAL_YEAR = re.compile(r"([0-9]{4}) ?[-/–] ?([0-9]{4}|[0-9]{2})|([0-9]{4})([0-9]{2})")
_YEAR_ALONE = re.compile(r"[0-9]{4}")


def period_start(day: date, period: Period) -> date:
    """The first day of the period a day is in."""
    if period == "week":
        # The first week of all time has no Monday in the calendar; no real data is near it.
        return day - timedelta(days=min(day.weekday(), day.toordinal() - 1))
    if period == "month":
        return day.replace(day=1)
    if period == "quarter":
        return date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    if period == "year":
        year = day.year if day.month >= YEAR_STARTS_IN else max(day.year - 1, 1)
        return date(year, YEAR_STARTS_IN, 1)
    return day


def next_period(start: date, period: Period) -> date:
    """The first day of the period after the one that begins on `start`."""
    if period == "day":
        return start + timedelta(days=1)
    if period == "week":
        return start + timedelta(days=7)
    months = {"month": 1, "quarter": 3, "year": 12}[period]
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def period_words(start: date, period: Period, *, this_year: int) -> str:
    """A period by name: “the week of 2 Mar”, “March 2026”, “April to June 2026”, “2025-26”.

    For days and weeks the year is left out when it is `this_year`.
    """
    if period == "year":
        return f"{start.year}-{(start.year + 1) % 100:02}"
    if period == "quarter":
        return f"{MONTH_NAMES[start.month - 1]} to {MONTH_NAMES[start.month + 1]} {start.year}"
    if period == "month":
        return f"{MONTH_NAMES[start.month - 1]} {start.year}"
    words = short_day(start, this_year=this_year)
    return f"the week of {words}" if period == "week" else words


def short_day(day: date, *, this_year: int) -> str:
    """“2 Mar”, with the year when it is another."""
    words = f"{day.day} {MONTH_NAMES[day.month - 1][:3]}"
    return words if day.year == this_year else f"{words} {day.year}"


def usual_date(text: str) -> date | None:
    """2026-03-23 or 23/03/2026 read the short way, or None for anything else."""
    if len(text) != 10 or not text.isascii():
        return None
    if text[4] == "-" == text[7]:
        year, month, day = text[:4], text[5:7], text[8:]
    elif text[2] == "/" == text[5]:
        day, month, year = text[:2], text[3:5], text[6:]
    else:
        return None
    if not (year.isdigit() and month.isdigit() and day.isdigit()):
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def read_period(
    text: str, period: Period | None, *, earliest: date, latest: date
) -> tuple[date, date]:
    """First day of the period typed, and the day as typed.

    A month is taken for months, quarters and years, and refused for days and weeks; a financial
    year (2023-24, 2023/24, 202324) for years only. With no period both are the day typed. Refuses
    with `NotReadable` also what `shared.parsing.read_date` refuses.
    """
    if period == "year" and len(text) <= LONGEST_TEXT:
        if (match := _FINANCIAL_YEAR.fullmatch(text.strip())) and (year := _first_year(match)):
            text = f"01/{YEAR_STARTS_IN:02}/{year:04}"
        elif _YEAR_ALONE.fullmatch(text.strip()):
            raise NotReadable(
                f"“{text.strip()}” could be one of two financial years",
                "Write it like 2023-24, or give its first day.",
            )
    read = read_date(text, earliest=earliest, latest=latest)
    if read.is_month and period in ("day", "week"):
        every = {"day": "every day", "week": "weekly"}[period]
        raise NotReadable(
            f"“{text.strip()}” is a whole month, and this measure is counted {every}",
            "Write the day, like 23/03/2026.",
        )
    return (period_start(read.on, period) if period else read.on), read.on


def _first_year(match: re.Match[str]) -> int:
    first = int(match[1] or match[3])
    second = (match[2] or match[4])[-2:]
    # 2023-12 is a month; only a year and the one after it are a financial year.
    return first if int(second) == (first + 1) % 100 else 0


def period_between(starts: Sequence[date]) -> Period:
    """The period that a row of different dates is spaced by, as far as dates can tell.

    First days of months are months, quarters or years by the distance between them; one weekday
    throughout is weeks; anything else is days.
    """
    ordered = sorted(set(starts))
    if len(ordered) < 2:
        return "day"
    if all(day.day == 1 for day in ordered):
        months = [day.year * 12 + day.month for day in ordered]
        apart = gcd(*(later - sooner for sooner, later in pairwise(months)))
        return "year" if apart % 12 == 0 else "quarter" if apart % 3 == 0 else "month"
    if len({day.weekday() for day in ordered}) == 1:
        return "week"
    return "day"
