"""The data table beside a chart: every point in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.measures.chart.axis import MONTHS, guess_period
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis, Signal
from improve.measures.spc.words import value_words, year_words

NOTHING_UNUSUAL = "Nothing unusual"


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
    """All points in words, newest first. The year is named where the series is not of one year."""
    period = period or guess_period([p.x for p in analysis.points])
    has_years = len({p.x.year for p in analysis.points}) > 1
    rows = []
    for index, point in enumerate(analysis.points):
        rows.append(
            TableRow(
                x=point.x,
                period=period_words(point.x, period, has_years=has_years),
                numerator=_numerator(point, analysis.multiply),
                denominator=_count(point.denominator),
                value="No number"
                if point.value is None
                else value_words(point.value, analysis.unit),
                says=chart_says(analysis.points, index),
                is_excluded=point.is_excluded,
            )
        )
    rows.reverse()
    return tuple(rows)


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


def chart_says(points: tuple[AnalysedPoint, ...], index: int) -> str:
    """What the rules say of one point, the strongest thing first."""
    point = points[index]
    if point.value is None:
        return ""
    prefix = "Left out. " if point.is_excluded else ""
    words = prefix + _signal_words(points, index)
    return words.rstrip() if words else NOTHING_UNUSUAL


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


def _numerator(point: AnalysedPoint, multiply: float) -> str:
    if point.value is None or point.denominator is None or not multiply:
        return ""
    return _count(round(point.value * point.denominator / multiply, 6))


def _count(value: float | None) -> str:
    if value is None:
        return ""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace("-", "\u2212")
