"""The NHS four rules for a chart with limits, one function each, marking every point they catch.

NHS England *Making Data Count*, as NHSRplotthedots 0.2.2 computes them: a run and a trend are
seven points, never six. A point without a value breaks a run and a trend.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from improve.measures.spc.arithmetic import side_of

RUN_LENGTH = 7
"""Points in a shift and in a trend."""


def shift_marks(sides: Sequence[int]) -> list[int]:
    """+1 or -1 on every member of seven or more in a row on that side of the centre, else 0.

    A point on the centre (side 0) breaks the run.
    """
    marks = [0] * len(sides)
    start = 0
    for index in range(1, len(sides) + 1):
        if index == len(sides) or sides[index] != sides[start]:
            if sides[start] and index - start >= RUN_LENGTH:
                marks[start:index] = [sides[start]] * (index - start)
            start = index
    return marks


def trend_marks(values: Sequence[float | None]) -> list[int]:
    """+1 or -1 on every member of seven points each strictly above (below) the one before.

    Where a rising and a falling trend share their turning point it takes the slope to its right.
    Two trends side by side with a level step between them: that step counts as falling, as in
    the package.
    """
    steps = [side_of(now, before) for before, now in pairwise(values)]
    is_in_trend = [False] * len(values)
    start = 0
    for index in range(1, len(steps) + 1):
        if index == len(steps) or steps[index] != steps[start]:
            if steps[start] and index - start >= RUN_LENGTH - 1:
                is_in_trend[start : index + 1] = [True] * (index - start + 1)
            start = index
    marks = [0] * len(values)
    for index, is_in in enumerate(is_in_trend):
        if is_in:
            is_next_in = index + 1 < len(values) and is_in_trend[index + 1]
            step = steps[index] if is_next_in else steps[index - 1]
            marks[index] = 1 if step > 0 else -1
    return marks


def two_in_three_marks(sides: Sequence[int], is_near: Sequence[bool | None]) -> list[int]:
    """+1 or -1 on points near a limit with another near one among three neighbours.

    All three stand on one side of the centre. ``is_near`` says which points count: those between
    near line and limit. A point outside the limits is not among them (NHS England announced in
    November 2023 that its own tools would count it; pass such points as near for that reading).
    """
    marks = [0] * len(sides)
    for start in range(len(sides) - 2):
        window = range(start, start + 3)
        if not sides[start] or sides[start] != sides[start + 1] or sides[start] != sides[start + 2]:
            continue
        near = [index for index in window if is_near[index]]
        if len(near) >= 2:
            for index in near:
                marks[index] = sides[index]
    return marks
