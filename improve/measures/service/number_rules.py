"""What a measure's numbers may be, whoever enters them and however."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import Protocol

from improve.measures.table_import.periods import period_start
from improve.measures.views import MeasureView
from improve.shared import clock
from improve.shared.errors import Reason, RuleBroken
from improve.shared.parsing import LARGEST_NUMBER

EARLIEST = date(1900, 1, 1)
_COUNTS = ("count", "cases_between")
_TIMES = ("times", "days_between")


class Number(Protocol):
    """A value, or a top line and a bottom line."""

    @property
    def value(self) -> float | None:
        """A count or a measurement."""

    @property
    def numerator(self) -> float | None:
        """How many."""

    @property
    def denominator(self) -> float | None:
        """Out of how many."""


def latest_day() -> date:
    """The last day a number may be for: tomorrow, since a day may be entered the evening before."""
    return clock.today() + timedelta(days=1)


def first_day(measure: MeasureView, day: date) -> date:
    """Return the first day of ``day``'s period; refuses days to come and before 1900."""
    if day > latest_day():
        raise RuleBroken([Reason("That day has not come yet.", "period")])
    if day < EARLIEST:
        raise RuleBroken([Reason("Dates here begin in 1900.", "period")])
    return period_start(day, measure.frequency)


def check_number(measure: MeasureView, point: Number) -> None:
    """Refuse with ``RuleBroken`` a number that the measure cannot have, beside its field."""
    numbers = (point.value, point.numerator, point.denominator)
    if any(n is not None and (not math.isfinite(n) or abs(n) > LARGEST_NUMBER) for n in numbers):
        raise RuleBroken([Reason("That number is too big.", "value")])
    if measure.is_pair:
        reasons = _pair_reasons(measure, point)
    elif point.value is None:
        reasons = [Reason("Type a number.", "value")]
    elif measure.recorded in _COUNTS and point.value < 0:
        reasons = [Reason("A count is 0 or more.", "value")]
    elif measure.recorded in _COUNTS and not float(point.value).is_integer():
        reasons = [Reason("A count is a whole number.", "value")]
    elif measure.recorded in _TIMES and point.value < 0:
        reasons = [Reason("A time is 0 or more.", "value")]
    else:
        reasons = []
    if reasons:
        raise RuleBroken(reasons)


def _pair_reasons(measure: MeasureView, point: Number) -> list[Reason]:
    top, bottom = point.numerator, point.denominator
    reasons = []
    if top is None:
        reasons.append(Reason("Type how many, such as 48.", "numerator"))
    if bottom is None:
        reasons.append(Reason("Type out of how many, such as 52.", "denominator"))
    if top is None or bottom is None:
        return reasons
    for number, field in ((top, "numerator"), (bottom, "denominator")):
        if number < 0:
            reasons.append(Reason("A count is 0 or more.", field))
        elif not float(number).is_integer() and (measure.is_proportion or field == "numerator"):
            reasons.append(Reason("A count is a whole number.", field))
    if bottom == 0:
        words = "The bottom line is 0, so there is nothing to take a share of. Leave this one out."
        reasons.append(Reason(words, "denominator"))
    elif measure.is_proportion and not reasons and top > bottom:
        over = f"{top:,.0f} {_named(measure.top_name, 'on the top line')}"
        under = f"{bottom:,.0f} {_named(measure.bottom_name, 'on the bottom line')}"
        words = f"{over}, but only {under}. The top line cannot be the larger."
        reasons.append(Reason(words, "numerator"))
    return reasons


def _named(name: str, otherwise: str) -> str:
    return f"{name[:1].lower()}{name[1:]}" if name else otherwise
