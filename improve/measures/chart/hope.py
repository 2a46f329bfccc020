"""A target, which is somebody's hope and not what the points show: a thin line with their name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from improve.measures.chart.drawing import HopeLine
from improve.measures.chart.frame import Frame
from improve.measures.chart.lettering import text_width
from improve.measures.chart.scale import label_words
from improve.measures.chart.shapes import XY

_ABOVE, _BELOW = -6.0, 17.0  # from the line to the foot of its words
_HEIGHT = 15.0


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
    words = next((w for w in wordings if text_width(w) <= room), wordings[-1])
    x, baseline = _place(frame, y, text_width(words))
    return HopeLine(y, words, x, baseline)


def _owner(whose: str) -> str:
    name = " ".join(whose.split())
    if not name:
        return "someone’s"
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _place(frame: Frame, y: float, long: float) -> XY:
    """Left edge and foot of the words, where they cover the fewest points and gridline words."""
    axis, scale = frame.axis, frame.scale
    points = [place for place in frame.places if place]
    inside = [line for line in frame.gridlines if line.anchor == "start" and line.words]
    best, least = (axis.left + 6, y + _ABOVE), float("inf")
    for foot in (y + _ABOVE, y + _BELOW):
        if foot - _HEIGHT < scale.top - 10 or foot > scale.bottom - 4:
            continue
        for step in range(9):
            left = axis.left + 6 + step * (axis.right - axis.left - 12 - long) / 8
            box = (left - 4, foot - _HEIGHT, left + long + 4, foot + 4)
            covered = sum(_is_in(point, box) for point in points)
            covered += 50 * sum(
                abs(line.words_y - foot) < _HEIGHT
                and line.words_x + text_width(line.words) > box[0]
                for line in inside
            )
            cost = covered + step * 0.01 + (0.05 if foot > y else 0)
            if cost < least:
                best, least = (left, foot), cost
    return best


def _is_in(point: XY, box: Sequence[float]) -> bool:
    return box[0] <= point[0] <= box[2] and box[1] <= point[1] <= box[3]
