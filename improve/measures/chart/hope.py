"""A target, which is somebody's hope and not what the points show: a thin line with their name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from improve.measures.chart.drawing import Gridline, HopeLine
from improve.measures.chart.frame import Frame
from improve.measures.chart.lettering import text_width
from improve.measures.chart.scale import label_words
from improve.measures.chart.shapes import XY

_ABOVE, _BELOW = -6.0, 17.0  # from the line to the foot of its words
_HEIGHT = 15.0
_BRACKET_WORDS = 30.0  # from the foot of the plot
#: Words that cover more of the data than this (a place on it every 8 px) are shortened.
_MOST_COVERED = 4


@dataclass(frozen=True, slots=True)
class Hope:
    """A target: the value hoped for, and whose hope it is (empty: nobody said)."""

    value: float
    whose: str = ""


def hope_line(frame: Frame, hope: Hope | None) -> HopeLine | None:
    """The line across the plot and its words where they cover the fewest points.

    It never has the colour of a verdict: a hope is no finding.
    """
    if hope is None or not frame.shown:
        return None
    axis, y = frame.axis, frame.scale.y(hope.value)
    room = axis.right - axis.left - 12
    value = label_words(hope.value, frame.analysis.unit)
    unit = frame.analysis.unit
    long = f"{value}\u00a0{unit}" if unit not in ("", "%", "£") else value
    wordings = (
        f"{_owner(hope.whose)} hope: {long}",
        f"someone’s hope: {long}",
        f"someone’s hope: {value}",
        f"hope: {value}",
    )
    fitting = [w for w in wordings if text_width(w) <= room] or [wordings[-1]]
    for words in fitting:
        (x, foot), covered = _place(frame, y, text_width(words))
        if covered < _MOST_COVERED:
            break
    return HopeLine(y, words, x, foot)


def _owner(whose: str) -> str:
    name = " ".join(whose.split())
    if not name:
        return "someone’s"
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _place(frame: Frame, y: float, long: float) -> tuple[XY, float]:
    """Left edge and foot of the words where they cover least of the data and of other words, and
    how much that is.
    """
    axis, scale = frame.axis, frame.scale
    points = _along_the_data(frame.places)
    has_bracket = frame.is_frozen and frame.baseline is not None
    inside = [line for line in frame.gridlines if line.is_inside]
    best, least = (axis.left + 6, y + _ABOVE), float("inf")
    for foot in (y + _ABOVE, y + _BELOW):
        if foot - _HEIGHT < scale.top - 10 or foot > scale.bottom - 4:
            continue
        for step in range(17):
            left = axis.left + 6 + step * (axis.right - axis.left - 12 - long) / 16
            box = (left - 4, foot - _HEIGHT, left + long + 4, foot + 4)
            covered = sum(_is_in(point, box) for point in points)
            covered += 50 * sum(_touches(line, box) for line in inside)
            covered += 50 * (has_bracket and box[3] > scale.bottom - _BRACKET_WORDS)
            cost = covered + step * 0.01 + (0.05 if foot > y else 0)
            if cost < least:
                best, least = (left, foot), cost
    return best, least


def _touches(line: Gridline, box: Sequence[float]) -> bool:
    left = line.words_x - (text_width(line.words) if line.anchor == "end" else 0)
    right = left + text_width(line.words)
    return left < box[2] and right > box[0] and abs(line.words_y + 4 - box[3]) < _HEIGHT


def _along_the_data(places: Sequence[XY | None]) -> list[XY]:
    """The points, and places on the line from each to the next."""
    found: list[XY] = []
    for one, after in pairwise(places):
        if one and after:
            steps = max(int(max(abs(after[0] - one[0]), abs(after[1] - one[1])) / 8), 1)
            for i in range(steps):
                share = i / steps
                x, y = one[0] + (after[0] - one[0]) * share, one[1] + (after[1] - one[1]) * share
                found.append((x, y))
        elif one:
            found.append(one)
    return [*found, *(place for place in places[-1:] if place)]


def _is_in(point: XY, box: Sequence[float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
