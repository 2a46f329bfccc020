"""Means, medians and comparisons that do not turn on the last bit of a float.

R sums in extended precision; plain Python may differ from it by 1e-16 and so put a value that
equals the centre on one side of it. Sums here are exact (``fsum``) and comparisons allow
1e-12 of the larger of 1 and the line compared with.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import fsum

TOLERANCE = 1e-12


class CannotChart(ValueError):
    """The data can't be put on the chart asked for; the message says why in plain words."""


def mean(values: Iterable[float]) -> float | None:
    """Arithmetic mean, or None of nothing."""
    kept = list(values)
    return fsum(kept) / len(kept) if kept else None


def median(values: Iterable[float]) -> float | None:
    """Middle value, the mean of the two middle ones for an even number, or None of nothing."""
    ordered = sorted(values)
    if not ordered:
        return None
    middle, is_odd = divmod(len(ordered), 2)
    return ordered[middle] if is_odd else (ordered[middle - 1] + ordered[middle]) / 2


def side_of(value: float | None, line: float | None) -> int:
    """+1 above the line, -1 below, 0 on it within tolerance or where either is missing."""
    if value is None or line is None:
        return 0
    gap = value - line
    slack = TOLERANCE * (abs(line) if abs(line) > 1 else 1.0)
    return 1 if gap > slack else -1 if gap < -slack else 0


def outside(value: float | None, lower: float | None, upper: float | None) -> int:
    """+1 strictly above the upper limit, -1 strictly below the lower, 0 else.

    A missing limit is never passed.
    """
    if side_of(value, upper) > 0:
        return 1
    if side_of(value, lower) < 0:
        return -1
    return 0


def moving_ranges(values: Sequence[float | None]) -> list[float | None]:
    """Distance of each value from the one before: as long as ``values``, the first is None.

    A missing value makes both its ranges missing: a gap is never bridged.
    """
    ranges: list[float | None] = [None] * min(len(values), 1)
    for before, now in pairwise(values):
        ranges.append(None if before is None or now is None else abs(now - before))
    return ranges
