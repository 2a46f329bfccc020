"""What a measure's numbers may be, whoever enters them and however."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from typing import Protocol

from improve.measures.recorded import KINDS
from improve.measures.service.point_rows import NewPoint
from improve.measures.table_import import middle_of, tidy_note, times_text
from improve.measures.table_import.periods import Period, next_period, period_start
from improve.measures.views import MeasureView
from improve.shared import clock, limits
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


def is_of_events(measure: MeasureView) -> bool:
    """Whether a number is entered each time that something happens, not each period."""
    return KINDS[measure.recorded].is_of_events


def period_of(measure: MeasureView) -> Period:
    """What one number is for: a period of the measure, or the day of an event."""
    return "day" if is_of_events(measure) else measure.frequency


def next_due(measure: MeasureView, latest: date | None) -> date | None:
    """Return the first day of the oldest period since ``latest`` that is over and has no number.

    ``latest`` is the first day of the newest number; without any, the period that ended last is
    due. None while no period is due, and for what is entered when something happens.
    """
    if is_of_events(measure) or measure.closed_on is not None:
        return None
    this = period_start(clock.today(), measure.frequency)
    if latest is None:
        return period_start(this - timedelta(days=1), measure.frequency)
    due = next_period(latest, measure.frequency)
    return due if due < this else None


def latest_day() -> date:
    """The last day a number may be for: tomorrow, since a day may be entered the evening before."""
    return clock.today() + timedelta(days=1)


def first_day(measure: MeasureView, day: date) -> date:
    """Return the first day of ``day``'s period; refuses days to come and before 1900."""
    return NumberRules(measure).first_day(day)


def check_number(measure: MeasureView, point: Number) -> None:
    """Refuse with ``RuleBroken`` a number that the measure cannot have, beside its field."""
    numbers = (point.value, point.numerator, point.denominator)
    for number in numbers:
        if number is not None and not -LARGEST_NUMBER <= number <= LARGEST_NUMBER:
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
        return
    if reasons:
        raise RuleBroken(reasons)


class NumberRules:
    """The rules of one measure, ready for many numbers: the days are looked up once."""

    def __init__(self, measure: MeasureView) -> None:
        self.measure = measure
        self.period = period_of(measure)
        self.latest = latest_day()

    def first_day(self, day: date) -> date:
        """Return the first day of ``day``'s period; refuses days to come and before 1900."""
        if day > self.latest:
            raise RuleBroken([Reason("That day has not come yet.", "period")])
        if day < EARLIEST:
            raise RuleBroken([Reason("Dates here begin in 1900.", "period")])
        return period_start(day, self.period)

    def held(self, point: NewPoint) -> NewPoint:
        """Return a point as it is kept, or refuse it with ``RuleBroken``.

        By the first day of its period, its note in one line; of several times the median.
        """
        start = self.first_day(point.period_start)
        if point.note or start != point.period_start:
            note = tidy_note(point.note)[: limits.length("point_note")]
            point = replace(point, period_start=start, note=note)
        if point.raw_values:
            point = self._of_times(point)
        check_number(self.measure, point)
        return point

    def _of_times(self, point: NewPoint) -> NewPoint:
        times = point.raw_values
        if self.measure.recorded != "times":
            raise RuleBroken([Reason("Type one number.", "value")])
        if not all(math.isfinite(t) and 0 <= t <= LARGEST_NUMBER for t in times):
            raise RuleBroken([Reason("A time is 0 or more.", "value")])
        if len(times_text(times)) > limits.length("raw_values"):
            raise RuleBroken([Reason("Those are too many times for one period.", "value")])
        # One time is the value itself; several are kept beside their median.
        kept = times if len(times) > 1 else ()
        return replace(point, value=middle_of(times), raw_values=kept)


def _pair_reasons(measure: MeasureView, point: Number) -> list[Reason]:
    top, bottom = point.numerator, point.denominator
    reasons = []
    if top is None:
        reasons.append(Reason("Type how many, such as 48.", "numerator"))
    if bottom is None:
        reasons.append(Reason("Type out of how many, such as 52.", "denominator"))
    if top is None or bottom is None:
        return reasons
    if 0 <= top <= bottom and bottom > 0 and float(top).is_integer() and float(bottom).is_integer():
        return reasons
    for number, field in ((top, "numerator"), (bottom, "denominator")):
        if number < 0:
            reasons.append(Reason("A count is 0 or more.", field))
        elif not float(number).is_integer() and (measure.is_proportion or field == "numerator"):
            reasons.append(Reason("A count is a whole number.", field))
    if bottom == 0:
        to_what = "take a share of" if measure.is_proportion else "count against"
        words = f"The bottom line is 0, so there is nothing to {to_what}. Leave this one out."
        reasons.append(Reason(words, "denominator"))
    elif measure.is_proportion and not reasons and top > bottom:
        over = f"{top:,.0f} {_named(measure.top_name, 'on the top line')}"
        under = f"{bottom:,.0f} {_named(measure.bottom_name, 'on the bottom line')}"
        words = f"{over}, but only {under}. The top line cannot be the larger."
        reasons.append(Reason(words, "numerator"))
    return reasons


def _named(name: str, otherwise: str) -> str:
    return f"{name[:1].lower()}{name[1:]}" if name else otherwise
