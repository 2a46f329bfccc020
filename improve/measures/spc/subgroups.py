"""Rows become plotted points: rows of one date are put together before anything is computed.

With denominators the point is sum over sum; without, the mean (on a c chart the sum). A row with
its value or its denominator missing loses both: a missing numerator must not leave its
denominator in the centre.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import fsum, sqrt
from typing import Any

from improve.measures.spc.arithmetic import CannotChart, mean


@dataclass(frozen=True, slots=True)
class Subgroup:
    """One plotted point: its value, and what its limits need.

    ``numerator`` and ``denominator`` are the sums of the date (None without denominators);
    ``size`` the number of values and ``deviation`` their standard deviation (n - 1), None under
    two values.
    """

    x: Any
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    size: int = 1
    deviation: float | None = None


def combine(
    x: Sequence[Any],
    y: Sequence[float | None],
    n: Sequence[float | None] | None = None,
    *,
    is_summed: bool = False,
) -> list[Subgroup]:
    """Put rows of one ``x`` together and sort by it.

    Refuses (CannotChart) a negative denominator and a positive numerator over a denominator of
    0. 0 over 0 is a point without a value.
    """
    rows: dict[Any, list[tuple[float, float | None]]] = {}
    for index, when in enumerate(x):
        kept = rows.setdefault(when, [])
        value = y[index]
        whole = n[index] if n is not None else None
        if value is None or (n is not None and whole is None):
            continue
        kept.append((value, whole))
    make = _ratio if n is not None else _sum if is_summed else _mean
    return [make(when, rows[when]) for when in sorted(rows)]


def _ratio(x: Any, rows: list[tuple[float, float | None]]) -> Subgroup:
    if not rows:
        return Subgroup(x, None, size=0)
    if len(rows) == 1:
        numerator, denominator = rows[0][0], rows[0][1] or 0.0
    else:
        numerator = fsum(value for value, _ in rows)
        denominator = fsum(whole or 0.0 for _, whole in rows)
    if denominator < 0 or (denominator == 0 and numerator != 0):
        raise CannotChart(f"{numerator:g} out of {denominator:g} is not a share")
    value = numerator / denominator if denominator else None
    return Subgroup(x, value, numerator, denominator, size=len(rows))


def _sum(x: Any, rows: list[tuple[float, float | None]]) -> Subgroup:
    value = fsum(value for value, _ in rows) if rows else None
    return Subgroup(x, value, size=len(rows))


def _mean(x: Any, rows: list[tuple[float, float | None]]) -> Subgroup:
    if len(rows) == 1:
        return Subgroup(x, rows[0][0])
    values = [value for value, _ in rows]
    centre = mean(values)
    deviation = None
    if centre is not None and len(values) > 1:
        deviation = sqrt(fsum((v - centre) ** 2 for v in values) / (len(values) - 1))
    return Subgroup(x, centre, size=len(values), deviation=deviation)
