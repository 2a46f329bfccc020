"""The data table beside a chart: every point in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite

from improve.measures.chart.axis import MONTHS, guess_period
from improve.measures.spc.phrases import decimals_wanted, with_unit, year_words
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis, Signal
from improve.measures.spc.special import is_before_baseline
from improve.shared.rounding import in_figures, without_idle_zeros

NOTHING_UNUSUAL = "Nothing unusual"
BEFORE_BASELINE = "Before the baseline"
_MOST_OF_COUNTS = 2


@dataclass(frozen=True, slots=True)
class TableRow:
    """One point: period, numerator and denominator (empty where the measure has none), value,
    what the chart says of it.
    """

    x: date
    period: str
    numerator: str
    denominator: str
    value: str
    says: str
    is_excluded: bool = False


def table_rows(analysis: ChartAnalysis, *, period: str | None = None) -> tuple[TableRow, ...]:
    """All points in words, newest first. The year is named where the series is not of one year.

    A column has the same number of decimals all the way down. Only per cent and pounds stand in
    the cells: a unit in words is for the head to say (``MeasureView.value_head``).
    """
    points = analysis.points
    period = period or guess_period([p.x for p in points])
    has_years = len({p.x.year for p in points}) > 1
    places = _places_of_values(analysis)
    unit = analysis.unit if analysis.unit in ("%", "£") else ""
    tops = [_numerator(p, analysis.multiply) for p in points]
    bottoms = [p.denominator for p in points]
    top_places, bottom_places = _places_of(tops), _places_of(bottoms)
    rows = [
        TableRow(
            x=point.x,
            period=period_words(point.x, period, has_years=has_years),
            numerator=_figures(top, top_places),
            denominator=_figures(point.denominator, bottom_places),
            value="No number"
            if point.value is None
            else with_unit(in_figures(point.value, places), unit),
            says=chart_says(analysis, index),
            is_excluded=point.is_excluded,
        )
        for index, (point, top) in enumerate(zip(points, tops, strict=True))
    ]
    rows.reverse()
    return tuple(rows)


def _places_of_values(analysis: ChartAnalysis) -> int:
    """Decimals of the column: what its cells need by themselves, the most of them.

    Rates have no end of decimals, so there the middle one says how many: three figures of it.
    """
    unit, most = analysis.unit, analysis.level_places
    values = [p.value for p in analysis.points if p.value is not None and isfinite(p.value)]
    if not values:
        return 0
    needed = max(_decimals_in(v, decimals_wanted(v, unit, most=most)) for v in values)
    if unit == "%" or most is not None:
        return needed
    middle = sorted(abs(v) for v in values)[len(values) // 2]
    return min(needed, decimals_wanted(middle))


def _places_of(counts: Sequence[float | None]) -> int:
    return max((_decimals_in(n, _MOST_OF_COUNTS) for n in counts if n is not None), default=0)


def _decimals_in(value: float, places: int) -> int:
    """How many of so many decimals are not idle."""
    if not places:
        return 0
    _whole, _point, part = without_idle_zeros(in_figures(value, places)).partition(".")
    return len(part)


def period_words(day: date, period: str, *, has_years: bool) -> str:
    """“16 Nov”, “Oct 2025”, “Apr to Jun 2025”, “2025-26”."""
    year = f"\u00a0{day.year}" if has_years else ""
    month = MONTHS[day.month - 1]
    if period == "year":
        return year_words(day)
    if period == "quarter":
        return f"{month} to {MONTHS[(day.month + 1) % 12]}{year}"
    if period == "month":
        return f"{month}{year}"
    return f"{day.day}\u00a0{month}{year}"


def chart_says(analysis: ChartAnalysis, index: int) -> str:
    """What the rules say of one point, the strongest thing first.

    Of points before the baseline nothing is asked, and no limits are drawn there.
    """
    point = analysis.points[index]
    if point.value is None:
        return ""
    words = (
        BEFORE_BASELINE
        if is_before_baseline(analysis, point)
        else _signal_words(analysis.points, index)
    )
    return f"Left out. {words}".rstrip() if point.is_excluded else words


def _signal_words(points: tuple[AnalysedPoint, ...], index: int) -> str:
    point = points[index]
    side = "above" if point.side > 0 else "below"
    if Signal.OUTSIDE_LIMITS in point.signals:
        return "Above the upper limit" if point.side > 0 else "Below the lower limit"
    if Signal.ASTRONOMICAL in point.signals:
        return "Marked as very unusual"
    if Signal.SHIFT in point.signals:
        return f"In a run {side} usual"
    if Signal.TREND in point.signals:
        return "In a steady rise" if _is_rising(points, index) else "In a steady fall"
    if Signal.TWO_IN_THREE in point.signals:
        return "Near the upper limit" if point.side > 0 else "Near the lower limit"
    return "" if point.is_excluded else NOTHING_UNUSUAL


def _is_rising(points: tuple[AnalysedPoint, ...], index: int) -> bool:
    """The way of a trend at one of its points: its neighbours in the trend tell."""
    value = points[index].value
    for step in (-1, 1):
        beside = index + step
        if not 0 <= beside < len(points):
            continue
        other = points[beside]
        if other.value is None or value is None or Signal.TREND not in other.signals:
            continue
        return (value > other.value) is (step < 0)
    return False


def _numerator(point: AnalysedPoint, multiply: float) -> float | None:
    if point.value is None or point.denominator is None or not multiply:
        return None
    return round(point.value * point.denominator / multiply, 6)


def _figures(value: float | None, places: int) -> str:
    return "" if value is None else with_unit(in_figures(value, places), "")
