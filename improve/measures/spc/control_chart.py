"""A control or run chart as qicharts2 0.8.1 computes it: freeze, part, exclude, screening.

This is the form the golden cases are in and what ``analyse`` on a file of numbers can be checked
with. It is *not* the before-and-after verdict: with a freeze its runs are judged over baseline
and later points together (see ``verdict``).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

from improve.measures.spc.anhoej import Runs, runs
from improve.measures.spc.arithmetic import moving_ranges, outside, side_of
from improve.measures.spc.limits import Lines, lines_of
from improve.measures.spc.subgroups import Subgroup, combine


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """One plotted point with its lines, in units people read."""

    x: Any
    value: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    near_lower: float | None
    near_upper: float | None
    is_outside: bool
    phase: int


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch with its own lines, how many of its points count, and Anhøj's verdict."""

    number: int
    n_points: int
    runs: Runs


@dataclass(frozen=True, slots=True)
class ControlChart:
    """Points in order of x and the phases they fall in."""

    points: tuple[ControlPoint, ...]
    phases: tuple[Phase, ...]


def analyse(
    x: Sequence[Any],
    y: Sequence[float | None],
    n: Sequence[float | None] | None = None,
    *,
    chart: str,
    freeze: int | None = None,
    part: Sequence[int] = (),
    exclude: Collection[int] = (),
    multiply: float = 1.0,
    is_screened: bool = True,
) -> ControlChart:
    """Analyse rows (x, y, optional denominators n) as one chart.

    Rows are combined and sorted by x first; ``freeze``, ``part`` and ``exclude`` are 1-based
    positions after that. ``freeze`` computes lines from the first points only and draws them
    across all; ``part`` names the last point of each phase, overrides ``freeze``, and positions
    out of range are dropped. Excluded points leave centre, spread and runs but are still
    compared with the limits. Refuses with CannotChart what the chart can't hold.
    """
    points = combine(x, y, n, is_summed=chart == "c")
    is_left_out = [position in exclude for position in range(1, len(points) + 1)]
    ends = sorted({end for end in part if 0 < end < len(points)})
    drawn: list[ControlPoint] = []
    phases: list[Phase] = []
    for number, (start, stop) in enumerate(
        zip([0, *ends], [*ends, len(points)], strict=True), start=1
    ):
        last = freeze if freeze and not part else len(points)
        drawn_phase, judged = _phase(
            points[start:stop],
            is_left_out[start:stop],
            [position < last for position in range(start, stop)],
            chart=chart,
            number=number,
            multiply=multiply,
            is_screened=is_screened,
        )
        drawn += drawn_phase
        phases.append(judged)
    return ControlChart(tuple(drawn), tuple(phases))


def _phase(
    points: list[Subgroup],
    is_left_out: list[bool],
    is_early: list[bool],
    *,
    chart: str,
    number: int,
    multiply: float,
    is_screened: bool,
) -> tuple[list[ControlPoint], Phase]:
    if chart == "mr":
        ranges = moving_ranges([p.value for p in points])
        points = [replace(p, value=r) for p, r in zip(points, ranges, strict=True)]
    baseline = [early and not left for early, left in zip(is_early, is_left_out, strict=True)]
    lines = lines_of(chart, points, baseline, is_screened=is_screened)
    sides = [
        0 if left else side_of(p.value, lines.centre)
        for p, left in zip(points, is_left_out, strict=True)
    ]
    judged = runs(sides)
    if chart == "mr":  # neighbouring ranges share a value, so runs mean nothing there
        judged = replace(judged, is_signal=False)
    return _drawn(points, lines, number, multiply), Phase(number, is_left_out.count(False), judged)


def _drawn(
    points: list[Subgroup], lines: Lines, number: int, multiply: float
) -> list[ControlPoint]:
    scaled = lines.times(multiply)
    return [
        ControlPoint(
            x=p.x,
            value=None if p.value is None else p.value * multiply,
            centre=scaled.centre,
            lower=scaled.lower[i],
            upper=scaled.upper[i],
            near_lower=scaled.near_lower[i],
            near_upper=scaled.near_upper[i],
            is_outside=outside(p.value, lines.lower[i], lines.upper[i]) != 0,
            phase=number,
        )
        for i, p in enumerate(points)
    ]
