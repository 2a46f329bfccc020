"""Invented series for “How we decide”: drawn and judged like any other. Pure.

Fixed numbers, so that the page never changes by itself and a test can hold words to pictures.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from improve.measures.chart import ChartViews
from improve.measures.reading import Reading, read
from improve.measures.views import BetterWhen, MeasureView, ObservationView, WindowView

_FIRST = date(2026, 1, 5)
_BEFORE = (82, 78, 84, 80, 76, 83, 79, 85, 81, 77, 82, 80, 84, 78, 81, 79)


@dataclass(frozen=True, slots=True)
class Example:
    """One example: what it shows, the chart and the verdict on it."""

    title: str
    reading: Reading
    views: ChartViews


def _example(title: str, after: tuple[int, ...], before: tuple[int, ...] = _BEFORE) -> Example:
    measure = _measure("higher")
    numbers = [
        ObservationView(0, _FIRST + timedelta(weeks=i), float(value), None, None)
        for i, value in enumerate((*before, *after))
    ]
    window = WindowView(
        id=0,
        idea_id=0,
        cycle_number=1,
        measure_id=0,
        measure_name=title,
        better_when="higher",
        place="main",
        label="Since the change",
        starts_on=_FIRST + timedelta(weeks=len(before)),
        ends_on=None,
        is_judged=True,
        is_current=True,
        verdict_code=None,
    )
    reading = read(measure, numbers, [window])
    return Example(title, reading, reading.views("grid"))


def _measure(better_when: BetterWhen) -> MeasureView:
    return MeasureView(
        id=0,
        organisation_id=0,
        team_id=None,
        name="Visits on time",
        kind="process",
        recorded="value",
        unit="%",
        better_when=better_when,
        frequency="week",
        top_name="",
        bottom_name="",
        numerator="",
        denominator="",
        left_out="",
        source="",
        licence="",
        caution="",
        chart=None,
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
    )


@lru_cache(maxsize=1)
def examples() -> tuple[Example, ...]:
    """The six examples, in the order in which people meet the verdicts."""
    return (
        _example("A change that held", (86, 84, 88, 85, 87, 89, 86, 88, 90)),
        _example("The usual ups and downs", (79, 83, 80, 77, 84, 81, 78, 82, 80)),
        _example("Better, then back", (86, 84, 88, 85, 87, 84, 86, 79, 81, 78)),
        _example("Worse", (76, 75, 77, 74, 78, 76, 73, 75, 77)),
        _example("One unusual week", (79, 83, 80, 62, 84, 81, 78, 82, 80)),
        _example("Too early", (84, 86, 83, 85)),
    )
