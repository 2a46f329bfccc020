"""Recorded values become plotted points: what each is, and which of them count."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from improve.measures.spc.arithmetic import CannotChart, median
from improve.measures.spc.series import Observed, Part
from improve.measures.spc.stretches import Window, parts_of
from improve.measures.spc.subgroups import Subgroup, combine

RATIO_CHARTS = frozenset({"p", "pp", "u", "up"})
MAY_BE_RATIO = RATIO_CHARTS | {"run", "i", "xbar"}
SHARE_CHARTS = frozenset({"p", "pp"})
MEANS_OF_RAW = frozenset({"i", "xbar"})
"""Charts that plot the mean of a period's several values; the others plot their median."""


@dataclass(frozen=True, slots=True)
class Plotted:
    """Points in order, one a date, and for each whether it was left out.

    Ratios are shares (not percentages) where ``is_ratio``; ``scale`` turns every value into what
    people read. ``sizes`` says how many values each point stands for, where they were recorded
    one by one (else None). ``decimals``: see ``ChartAnalysis``.
    """

    points: tuple[Subgroup, ...]
    is_excluded: tuple[bool, ...]
    is_ratio: bool = False
    scale: float = 1.0
    sizes: tuple[int | None, ...] = ()
    decimals: int | None = None

    @property
    def usable(self) -> list[bool]:
        """Per point whether it counts: with a value and not left out."""
        return [
            p.value is not None and not left
            for p, left in zip(self.points, self.is_excluded, strict=True)
        ]

    def cut(self, start: int, stop: int) -> Plotted:
        """The same with the points from position ``start`` to before ``stop`` only."""
        return Plotted(
            self.points[start:stop],
            self.is_excluded[start:stop],
            self.is_ratio,
            self.scale,
            self.sizes[start:stop],
            self.decimals,
        )


class PlottedRows:
    """Recorded rows, plotted once for all the charts that plot them alike.

    Choosing a chart and drawing it look at the same points. ``factor`` turns ratios into what
    people read.
    """

    def __init__(self, observations: Sequence[Observed], factor: float) -> None:
        """Plot nothing yet: a chart asks first."""
        self.observations = observations
        self.factor = factor
        self._series: dict[tuple[bool, bool, bool], Plotted] = {}
        self._parts: dict[tuple[int, Window], list[Part]] = {}

    def on(self, chart: str) -> Plotted:
        """The points that ``chart`` draws, and its refusals: see :func:`plotted`."""
        way = (chart in MAY_BE_RATIO, chart in MEANS_OF_RAW, chart == "c")
        series = self._series.get(way)
        if series is None:
            series = self._series[way] = plotted(self.observations, chart, self.factor)
        elif chart in SHARE_CHARTS and series.is_ratio:
            _refuse_more_than_all(series.points)
        return series

    def parts(self, series: Plotted, window: Window) -> list[Part]:
        """Which stretch each point of one of its series belongs to."""
        found = self._parts.get((id(series), window))
        if found is None:
            found = parts_of(series.points, series.usable, window)
            self._parts[(id(series), window)] = found
        return found


def _refuse_more_than_all(points: Sequence[Subgroup]) -> None:
    for p in points:
        if p.value is not None and p.value > 1:
            raise CannotChart(f"{p.numerator:g} of {p.denominator:g} is more than all.")


def plotted(observations: Sequence[Observed], chart: str, factor: float) -> Plotted:
    """The points that ``chart`` draws; ``factor`` turns ratios into what people read.

    Rows of one date are put together; of several the excluded ones are left out, unless all are.
    Several raw values of a period are a subgroup on an x-bar chart, their mean on an XmR chart,
    their median on every other. Refuses with CannotChart a numerator over a denominator of 0,
    and on p and p′ charts a share above 1.
    """
    counting = {row.x for row in observations if not row.is_excluded}
    rows = [row for row in observations if not row.is_excluded or row.x not in counting]
    sizes = Counter[date]()
    for row in rows:
        sizes[row.x] += len(row.raw)
    is_raw = any(sizes.values())
    if is_raw:
        rows = _spread_out(rows) if chart in MEANS_OF_RAW else _medians(rows)
    may_be_ratio = chart in MAY_BE_RATIO and not is_raw
    values = [_value(row, factor, may_be_ratio=may_be_ratio) for row in rows]
    recorded = [row for row, value in zip(rows, values, strict=True) if value is not None]
    is_ratio = may_be_ratio and bool(recorded)
    is_ratio = is_ratio and all(
        row.numerator is not None and row.denominator is not None for row in recorded
    )
    x = [row.x for row in rows]
    if is_ratio:
        points = combine(x, [row.numerator for row in rows], [row.denominator for row in rows])
        if chart in SHARE_CHARTS:
            _refuse_more_than_all(points)
    else:
        points = combine(x, values, is_summed=chart == "c")
    return Plotted(
        tuple(points),
        tuple([p.x not in counting for p in points]),
        is_ratio,
        factor if is_ratio else 1.0,
        tuple([sizes[p.x] or None for p in points]),
        None if is_ratio else decimals_of(observations, may_be_ratio=may_be_ratio),
    )


MOST_DECIMALS = 4


def decimals_of(rows: Sequence[Observed], *, may_be_ratio: bool = False) -> int | None:
    """How many decimals the recorded numbers have, at most four; None where some are ratios."""
    most = 0
    for row in rows:
        if may_be_ratio and row.numerator is not None and row.denominator is not None:
            return None
        value = row.numerator if row.value is None else row.value
        for number in row.raw or (value,):
            if number is not None and not float(number).is_integer():
                _whole, _point, part = repr(float(number)).partition(".")
                most = max(most, MOST_DECIMALS if "e" in part else len(part))
    return min(most, MOST_DECIMALS)


def within_standard(observations: Sequence[Observed], standard: float) -> list[Observed]:
    """How many of each period's raw values are at most ``standard``, out of how many.

    For a p chart of times: the share done within so many days. A period without raw values has
    no value.
    """
    return [
        Observed(
            row.x,
            None,
            float(sum(value <= standard for value in row.raw)) if row.raw else None,
            float(len(row.raw)) if row.raw else None,
            is_excluded=row.is_excluded,
        )
        for row in observations
    ]


def _spread_out(rows: Sequence[Observed]) -> list[Observed]:
    """A row for each raw value."""
    answer: list[Observed] = []
    for row in rows:
        if row.raw:
            answer += [Observed(row.x, v, is_excluded=row.is_excluded) for v in row.raw]
        else:
            answer.append(row)
    return answer


def _medians(rows: Sequence[Observed]) -> list[Observed]:
    """A row for each date that has raw values, with their median; other rows as they are."""
    raw: dict[date, list[float]] = {}
    for row in rows:
        raw.setdefault(row.x, []).extend(row.raw)
    answer: list[Observed] = []
    seen: set[date] = set()
    for row in rows:
        if not raw[row.x]:
            answer.append(row)
        elif row.x not in seen:
            seen.add(row.x)
            answer.append(Observed(row.x, median(raw[row.x]), is_excluded=row.is_excluded))
    return answer


def _value(row: Observed, factor: float, *, may_be_ratio: bool) -> float | None:
    """A row's value in units people read; on a chart of counts a numerator is the count."""
    if not may_be_ratio:
        return row.value if row.value is not None else row.numerator
    if row.numerator is None or row.denominator is None:
        return row.value
    if row.denominator:
        return row.numerator / row.denominator * factor
    if row.numerator:
        raise CannotChart(f"{row.numerator:g} out of 0 is not a share.")
    return None
