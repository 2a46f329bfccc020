"""Which stretch of a chart each point belongs to, and where new middle lines cut it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from improve.measures.spc.series import Part
from improve.measures.spc.subgroups import Subgroup

MOST_BEFORE = 24
"""Baseline points taken when nobody chose a baseline: more would refuse stable series."""


@dataclass(frozen=True, slots=True)
class Window:
    """The dates that part a series: see :func:`analysis.analyse_series`."""

    starts_on: date | None = None
    first_judged_on: date | None = None
    ends_on: date | None = None
    baseline_from: date | None = None
    baseline_to: date | None = None
    new_lines_on: tuple[date, ...] = ()

    @property
    def judged_from(self) -> date:
        """The day the baseline ends before: the idea's first judged day; the last day of all
        without a test."""
        starts_on = self.starts_on or date.max
        return min(self.first_judged_on or starts_on, starts_on)

    @property
    def is_test(self) -> bool:
        """Whether a test of change is judged."""
        return self.starts_on is not None


def cuts_of(points: Sequence[Subgroup], window: Window) -> list[int]:
    """Positions of the points that new middle lines begin at, in order.

    A line drawn between two points begins at the later one. The first point begins a phase
    whether or not a line was drawn there, and a line after the newest point has none yet.
    """
    dates = [p.x for p in points]
    found = {bisect_left(dates, day) for day in window.new_lines_on}
    return sorted(at for at in found if 0 < at < len(points))


def parts_of(points: Sequence[Subgroup], usable: Sequence[bool], window: Window) -> list[Part]:
    """Which stretch each point belongs to.

    Without a test only the newest phase is read: what is before its line is *earlier*. With a
    test the newest line that leaves points before the first judged day cuts the baseline, unless
    a person chose one; lines from that day on never reach it.
    """
    if window.is_test:
        cut = _test_cut(points, window)
        return [Part.EARLIER] * cut + _parts(points[cut:], usable[cut:], window)
    cut = max(cuts_of(points, window), default=0)
    rest = _parts(points[cut:], usable[cut:], window)
    if cut:
        rest = _own_where_none_is_chosen(rest)
    return [Part.EARLIER] * cut + rest


def baseline_cut_on(
    points: Sequence[Subgroup], usable: Sequence[bool], window: Window
) -> date | None:
    """The point that a new middle line before a test has its baseline begin at.

    None where the same points would count without it.
    """
    cut = _test_cut(points, window) if window.is_test else 0
    uncut = _parts(points, usable, window) if cut else []
    lost = any(
        part is Part.BASELINE and is_in
        for part, is_in in zip(uncut[:cut], usable[:cut], strict=True)
    )
    return points[cut].x if lost else None


def _test_cut(points: Sequence[Subgroup], window: Window) -> int:
    """Position of the newest line that cuts the baseline of a test; 0 without one."""
    if window.baseline_from is not None:
        return 0  # a person said which points count
    last = window.judged_from - timedelta(1)
    if window.baseline_to is not None:
        last = min(last, window.baseline_to)
    n_before = bisect_right([p.x for p in points], last)
    return max((at for at in cuts_of(points, window) if at < n_before), default=0)


def parts_of_phase(
    points: Sequence[Subgroup], usable: Sequence[bool], window: Window
) -> list[Part]:
    """The stretches within one phase, where no test is judged: its own baseline is all of it,
    but where a person chose dates that lie in it."""
    return _own_where_none_is_chosen(_parts(points, usable, window))


def _own_where_none_is_chosen(parts: list[Part]) -> list[Part]:
    return parts if Part.BASELINE in parts else [Part.BASELINE] * len(parts)


def _parts(points: Sequence[Subgroup], usable: Sequence[bool], window: Window) -> list[Part]:
    first = window.judged_from
    before = [
        i
        for i, p in enumerate(points)
        if p.x < first and (window.baseline_to is None or p.x <= window.baseline_to)
    ]
    if window.baseline_from is not None:
        before = [i for i in before if points[i].x >= window.baseline_from]
    elif window.is_test:
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
        elif window.starts_on is not None and p.x < window.starts_on:
            parts.append(Part.BETWEEN)
        elif window.ends_on is not None and p.x > window.ends_on:
            parts.append(Part.LATER)
        else:
            parts.append(Part.AFTER)
    return parts
