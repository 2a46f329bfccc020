"""The chart to draw: which points make the baseline, its frozen centre and limits, the marks.

The product reads every chart by one rule set: the NHS four rules where there are limits, Anhøj's
two on a run chart. Baseline and points since the change are judged as two stretches, so that no
run reaches across the change; qicharts2 pools them after a freeze, which is why this is not
``control_chart``.

Decided here, and different from the reference packages:

* Missing and excluded points are stepped over by runs and trends, not broken by them; a moving
  range still never bridges a gap.
* No limits below 12 baseline points (dots and median only), and none where the baseline does
  not vary (screened spread of 0, or a share of 0 or 1 throughout): zero-width limits would
  mark every later point.
* A chart that needs denominators becomes an XmR chart where some point has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from improve.measures.spc.anhoej import FEWEST_USEFUL, Runs, runs
from improve.measures.spc.arithmetic import CannotChart, outside, side_of
from improve.measures.spc.limits import CHARTS, Lines, lines_of
from improve.measures.spc.making_data_count import xmr_lines
from improve.measures.spc.rules import shift_marks, trend_marks, two_in_three_marks
from improve.measures.spc.series import (
    AnalysedPoint,
    ChartAnalysis,
    Observed,
    Part,
    Signal,
    rule_set_for,
)
from improve.measures.spc.subgroups import Subgroup, combine

FEWEST_BEFORE = 8
"""Fewer baseline points than this are no baseline."""

FEWEST_FOR_LIMITS = 12
"""Limits are drawn from this many baseline points on."""

MOST_BEFORE = 24
"""Baseline points taken when nobody chose a baseline: more would refuse stable series."""

RATIO_CHARTS = frozenset({"p", "pp", "u", "up"})
MAY_BE_RATIO = RATIO_CHARTS | {"run", "i", "xbar"}
SHARE_CHARTS = frozenset({"p", "pp"})

SAME_VALUES_NOTE = "No limits: these points hardly differ, so there is nothing to draw them from."


@dataclass(frozen=True, slots=True)
class Window:
    """The dates that part a series: see :func:`analyse_series`."""

    starts_on: date | None = None
    first_judged_on: date | None = None
    ends_on: date | None = None
    baseline_from: date | None = None
    baseline_to: date | None = None


def analyse_series(
    observations: Sequence[Observed],
    *,
    chart: str,
    starts_on: date | None = None,
    first_judged_on: date | None = None,
    ends_on: date | None = None,
    baseline_from: date | None = None,
    baseline_to: date | None = None,
    unit: str = "",
    multiply: float | None = None,
    is_screened: bool = True,
) -> ChartAnalysis:
    """Analyse a measure's series for drawing and judging.

    ``chart`` is one of ``limits.CHARTS`` but ``mr``. ``starts_on`` is the day the test being
    judged began; points from that day (to ``ends_on`` if given) are *after*. The baseline is the
    last 24 usable points before the idea's first judged cycle (``first_judged_on``, by default
    ``starts_on``); ``baseline_from`` / ``baseline_to``, set by a person, replace that choice:
    with ``baseline_from`` all points from that day count. Without ``starts_on`` the baseline is
    the whole series (or the chosen dates) and later points are measured against it.

    ``multiply`` turns ratios into what people read: 100 by default for the unit ``%``, else 1.
    ``is_screened`` leaves far-out moving ranges out of the spread (XmR, t, p′, u′).

    The centre is the mean on an XmR or c chart, sum over sum on p and u charts, the median on a
    run or g chart: the line that is drawn is the line that is judged by. With a test and fewer
    than 8 points before it there is no centre.

    Refuses with CannotChart an unknown chart, a numerator over a denominator of 0, and a share
    above 1. A t chart with a time of 0 is drawn as a run chart, and the note says so.
    """
    if chart not in CHARTS or chart == "mr":
        raise CannotChart(f"There is no “{chart}” chart here.")
    window = Window(starts_on, first_judged_on, ends_on, baseline_from, baseline_to)
    factor = multiply if multiply is not None else 100.0 if unit == "%" else 1.0
    points, is_excluded, is_ratio = _subgroups(observations, chart, factor)
    usable = [p.value is not None and not left for p, left in zip(points, is_excluded, strict=True)]
    parts = _parts(points, usable, window)
    wanted = chart
    note = ""
    if chart in RATIO_CHARTS and not is_ratio:
        wanted = "i"
    n_base = sum(part is Part.BASELINE and is_in for part, is_in in zip(parts, usable, strict=True))
    drawn = wanted
    if wanted != "run" and n_base < FEWEST_FOR_LIMITS:
        drawn = "run"
        where = " before the change" if starts_on else ""
        note = f"Limits appear at 12 points{where}; there are {n_base}."
    in_base = [
        part is Part.BASELINE and not left for part, left in zip(parts, is_excluded, strict=True)
    ]
    try:
        lines = _lines(drawn, points, in_base, is_screened)
    except CannotChart as refusal:
        drawn, note = "run", str(refusal)
        lines = _lines(drawn, points, in_base, is_screened)
    if starts_on and n_base < FEWEST_BEFORE:
        lines = _without_limits(len(points), None)
    has_limits = any(side_of(up, low) for up, low in zip(lines.upper, lines.lower, strict=True))
    if not has_limits:
        lines = _without_limits(len(points), lines.centre)
        if drawn != "run":
            note = SAME_VALUES_NOTE
    scale = factor if is_ratio else 1.0
    marks = _marks(points, usable, parts, lines, drawn, is_test=starts_on is not None)
    base_runs = _runs(points, usable, parts, lines.centre)
    scaled = lines.times(scale)
    return ChartAnalysis(
        chart=drawn,
        asked_chart=chart,
        rule_set=rule_set_for(drawn),
        points=tuple(
            AnalysedPoint(
                x=p.x,
                value=None if p.value is None else p.value * scale,
                denominator=p.denominator,
                centre=scaled.centre,
                lower=scaled.lower[i],
                upper=scaled.upper[i],
                signals=marks[i],
                side=side_of(p.value, lines.centre),
                is_excluded=is_excluded[i],
                part=parts[i],
            )
            for i, p in enumerate(points)
        ),
        unit=unit,
        multiply=factor,
        centre=scaled.centre,
        centre_word="median" if drawn in {"run", "g"} else "mean",
        centre_after=_centre_after(drawn, points, usable, parts, scale),
        has_limits=has_limits,
        limits_note=note,
        has_runs_signal=base_runs.n_useful >= FEWEST_USEFUL and base_runs.is_signal,
        starts_on=starts_on,
    )


def baseline_subgroups(
    observations: Sequence[Observed], *, chart: str, window: Window
) -> list[Subgroup]:
    """The baseline's plotted points that count, as ``analyse_series`` would take them.

    Ratios are shares, not percentages. For choosing a chart before drawing one.
    """
    points, is_excluded, _ = _subgroups(observations, chart, 1.0)
    usable = [p.value is not None and not left for p, left in zip(points, is_excluded, strict=True)]
    parts = _parts(points, usable, window)
    return [
        p
        for p, is_in, part in zip(points, usable, parts, strict=True)
        if is_in and part is Part.BASELINE
    ]


def _subgroups(
    observations: Sequence[Observed], chart: str, factor: float
) -> tuple[list[Subgroup], list[bool], bool]:
    """Plotted points in order, which are excluded, and whether values are ratios.

    Of several rows of one date the excluded ones are left out, unless all are.
    """
    counting = {row.x for row in observations if not row.is_excluded}
    rows = [row for row in observations if not row.is_excluded or row.x not in counting]
    may_be_ratio = chart in MAY_BE_RATIO
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
            for p in points:
                if p.value is not None and p.value > 1:
                    raise CannotChart(f"{p.numerator:g} of {p.denominator:g} is more than all.")
    else:
        points = combine(x, values, is_summed=chart == "c")
    return points, [p.x not in counting for p in points], is_ratio


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


def _parts(points: Sequence[Subgroup], usable: Sequence[bool], window: Window) -> list[Part]:
    """Which stretch each point belongs to."""
    starts_on = window.starts_on or date.max
    first = min(window.first_judged_on or starts_on, starts_on)
    before = [
        i
        for i, p in enumerate(points)
        if p.x < first and (window.baseline_to is None or p.x <= window.baseline_to)
    ]
    if window.baseline_from is not None:
        before = [i for i in before if points[i].x >= window.baseline_from]
    elif window.starts_on is not None:
        used = [i for i in before if usable[i]]
        cut = used[-MOST_BEFORE] if len(used) > MOST_BEFORE else 0
        before = [i for i in before if i >= cut]
    begins = before[0] if before else None
    ends = before[-1] if before else None
    parts: list[Part] = []
    for i, p in enumerate(points):
        if begins is not None and ends is not None and begins <= i <= ends:
            parts.append(Part.BASELINE)
        elif p.x < first and (ends is None or i < ends):
            parts.append(Part.EARLIER)
        elif window.starts_on is not None and p.x < starts_on:
            parts.append(Part.BETWEEN)
        elif window.ends_on is not None and p.x > window.ends_on:
            parts.append(Part.LATER)
        else:
            parts.append(Part.AFTER)
    return parts


def _lines(
    chart: str, points: Sequence[Subgroup], in_base: Sequence[bool], is_screened: bool
) -> Lines:
    if chart != "i":
        return lines_of(chart, points, in_base, is_screened=is_screened)
    base = [p.value for p, is_in in zip(points, in_base, strict=True) if is_in]
    xmr = xmr_lines(base, is_screened=is_screened)
    n = len(points)
    return Lines(
        xmr.mean, [xmr.lower] * n, [xmr.upper] * n, [xmr.near_lower] * n, [xmr.near_upper] * n
    )


def _without_limits(n: int, centre: float | None) -> Lines:
    none: list[float | None] = [None] * n
    return Lines(centre, none, none, none, none)


def _centre_after(
    chart: str,
    points: Sequence[Subgroup],
    usable: Sequence[bool],
    parts: Sequence[Part],
    scale: float,
) -> float | None:
    after = [
        p
        for p, is_in, part in zip(points, usable, parts, strict=True)
        if is_in and part is Part.AFTER
    ]
    centre = lines_of(chart, after, [True] * len(after)).centre
    return None if centre is None else centre * scale


def _runs(
    points: Sequence[Subgroup],
    usable: Sequence[bool],
    parts: Sequence[Part],
    centre: float | None,
) -> Runs:
    return runs(
        side_of(p.value, centre)
        for p, is_in, part in zip(points, usable, parts, strict=True)
        if is_in and part is Part.BASELINE
    )


def _marks(
    points: Sequence[Subgroup],
    usable: Sequence[bool],
    parts: Sequence[Part],
    lines: Lines,
    chart: str,
    *,
    is_test: bool,
) -> list[tuple[Signal, ...]]:
    """Signals per point: outside anywhere, the other rules within baseline and after."""
    out = [
        outside(p.value, low, up) != 0
        for p, low, up in zip(points, lines.lower, lines.upper, strict=True)
    ]
    found: list[list[Signal]] = [[Signal.OUTSIDE_LIMITS] if is_out else [] for is_out in out]
    if lines.centre is None:
        return [tuple(signals) for signals in found]
    for part in (Part.BASELINE, Part.AFTER):
        stretch = [i for i, is_in in enumerate(usable) if is_in and parts[i] is part]
        sides = [side_of(points[i].value, lines.centre) for i in stretch]
        marks: list[tuple[Signal, list[int]]] = []
        if chart != "run":
            near = [
                not out[i]
                and outside(points[i].value, lines.near_lower[i], lines.near_upper[i]) != 0
                for i in stretch
            ]
            marks.append((Signal.TREND, trend_marks([points[i].value for i in stretch])))
            marks.append((Signal.TWO_IN_THREE, two_in_three_marks(sides, near)))
        if chart != "run" or is_test:
            marks.append((Signal.SHIFT, shift_marks(sides)))
        else:
            marks.append((Signal.SHIFT, _long_run_marks(sides)))
        for signal, where in marks:
            for i, mark in zip(stretch, where, strict=True):
                if mark:
                    found[i].append(signal)
    return [tuple(signals) for signals in found]


def _long_run_marks(sides: Sequence[int]) -> list[int]:
    """Members of the runs Anhøj's rule finds too long; points on the line are stepped over."""
    judged = runs(sides)
    marks = [0] * len(sides)
    if judged.longest_run_max is None or judged.n_useful < FEWEST_USEFUL:
        return marks
    useful = [i for i, side in enumerate(sides) if side]
    start = 0
    for index in range(1, len(useful) + 1):
        if index == len(useful) or sides[useful[index]] != sides[useful[start]]:
            if index - start > judged.longest_run_max:
                for member in useful[start:index]:
                    marks[member] = sides[member]
            start = index
    return marks
