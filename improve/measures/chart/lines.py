"""The lines of a chart that follow its points: the data and the limits."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from improve.measures.chart.frame import Frame
from improve.measures.chart.scale import Reach
from improve.measures.chart.shapes import XY, broken_line


def data_stretches(frame: Frame) -> Iterator[list[XY]]:
    """The data line in pieces: a missing value, or a period without a row, breaks it.

    A series coarser than the axis it is drawn on (months on a weekly axis) is broken only where
    twice its own usual step is missing; single days are never expected.
    """
    slots = frame.slots
    steps = sorted(b - a for a, b in pairwise(slots))
    usual = max(steps[len(steps) // 2], 1) if steps else 1
    most = math.inf if frame.axis.period == "day" else 2 * usual
    stretch: list[XY] = []
    before = None
    for slot, place in zip(slots, frame.places, strict=True):
        if place is None or (before is not None and slot - before >= most):
            yield stretch
            stretch = []
        if place is not None:
            stretch.append(place)
        before = slot
    yield stretch


def limit_lines(frame: Frame) -> str:
    """Both limits, stepped from period to period where the denominators differ.

    A limit beyond what can be (under 0, over 100%) is not drawn. Each phase has its own, and no
    line leads from one to the other.
    """
    reach, scale, width = frame.reach, frame.scale, frame.axis.slot_width
    begins = {span.start for span in frame.phases} if frame.is_phased else set()
    stretches: list[list[XY]] = []
    for is_upper in (True, False):
        stretch: list[XY] = []
        last_value, last_slot = math.nan, 0
        for point, slot in zip(frame.shown, frame.slots, strict=True):
            value = point.upper if is_upper else point.lower
            if slot in begins:
                if stretch:
                    stretch[-1] = (frame.axis.edge(slot), stretch[-1][1])
                stretches.append(stretch)
                stretch, last_value = [], math.nan
            if value is None or not is_in_reach(value, reach):
                stretches.append(stretch)
                stretch, last_value = [], math.nan
                continue
            is_same = value == last_value or abs(value - last_value) <= 1e-9 * abs(value)
            if stretch and not is_same and slot - last_slot > 1:
                stretches.append(stretch)
                stretch = []
            x0 = frame.axis.left + slot * width
            x1, y = x0 + width, scale.y(value)
            if stretch and is_same:
                stretch[-1] = (x1, y)
            else:
                stretch += [(x0, y), (x1, y)]
            last_value, last_slot = value, slot
        if stretch:
            stretch[-1] = (frame.axis.right, stretch[-1][1])
        stretches.append(stretch)
    return broken_line(stretches)


def is_in_reach(value: float, reach: Reach) -> bool:
    """Whether a limit lies where values can lie; one at the very end (0, 100%) says nothing."""
    return (reach.floor is None or value > reach.floor) and (
        reach.ceiling is None or value < reach.ceiling
    )


def points_to_come(frame: Frame, more: int) -> tuple[XY, ...]:
    """Places of the points a verdict waits for, on the usual level."""
    if not more or frame.centre is None:
        return ()
    first = frame.next_slot
    half = frame.axis.slot_width / 2
    y = frame.scale.y(frame.centre)
    return tuple(
        (frame.axis.edge(slot) + half, y)
        for slot in range(first, min(first + more, frame.axis.slots))
    )
