"""Which points stand out, by the rules that a chart is read by."""

from __future__ import annotations

from collections.abc import Sequence

from improve.measures.spc.anhoej import FEWEST_USEFUL, runs
from improve.measures.spc.arithmetic import outside, side_of
from improve.measures.spc.limits import Lines
from improve.measures.spc.rules import shift_marks, trend_marks, two_in_three_marks
from improve.measures.spc.series import Part, Signal
from improve.measures.spc.subgroups import Subgroup


def marks_of(
    points: Sequence[Subgroup],
    usable: Sequence[bool],
    parts: Sequence[Part],
    lines: Lines,
    chart: str,
    *,
    is_test: bool,
) -> list[tuple[Signal, ...]]:
    """Signals per point: outside anywhere, the other rules within each stretch since the baseline.

    What came between a first cycle and this one, or after the judged time was closed, are
    stretches of their own: the verdict never reads them, the newest point's mark does.

    A run chart has no limits: with a test its runs of seven are marked, by which the test is
    judged; without one the runs that Anhøj's rule finds too long.
    """
    out = [
        outside(p.value, low, up) != 0
        for p, low, up in zip(points, lines.lower, lines.upper, strict=True)
    ]
    found: list[list[Signal]] = [[Signal.OUTSIDE_LIMITS] if is_out else [] for is_out in out]
    if lines.centre is None:
        return [tuple(signals) for signals in found]
    for part in (Part.BASELINE, Part.BETWEEN, Part.AFTER, Part.LATER):
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
