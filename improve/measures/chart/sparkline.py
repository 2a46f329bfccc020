"""The sparkline of a card: before in grey, after in the colour of the verdict, no words."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improve.measures.chart.shapes import XY, broken_line, dots, outline, polyline

WIDTH, HEIGHT = 189, 48
_SIDE, _ROOM = 2.0, 9.0
_MOST_BEFORE, _MOST_AFTER, _MOST_TO_COME = 24, 24, 7

TONES = {
    "improvement": "better",
    "deterioration": "worse",
    "mixed": "changed",
    "improvement_not_held": "changed",
    "deterioration_ended": "changed",
    "changed_higher": "changed",
    "changed_lower": "changed",
    "changed_ended": "changed",
}


@dataclass(frozen=True, slots=True)
class SparkDrawing:
    """A sparkline in a box of 189 by 48, which may be scaled because it bears no words.

    ``last`` is where the newest point stands; with tone ``nochange`` it is a larger dot, else
    ``shape`` is its outline. ``band`` is left edge and width of the time since the change.
    """

    tone: str
    before: str = ""
    after: str = ""
    dots: str = ""
    centre: str = ""
    band: XY | None = None
    last: XY | None = None
    shape: str = ""
    to_come: tuple[XY, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT


def draw_spark(facts: Mapping[str, Any]) -> SparkDrawing | None:
    """Draw stored spark facts, or None where there is no value to draw.

    Facts: ``before`` and ``after`` (values oldest first, None where missing), ``centre`` (None
    without one), ``code`` of the verdict, ``missing`` (how many points it waits for). Only the
    newest 24 of each are drawn. Facts of another shape draw nothing rather than fail a board.
    """
    before = _values(facts.get("before"))[-_MOST_BEFORE:]
    after = _values(facts.get("after"))[-_MOST_AFTER:]
    centre = _value(facts.get("centre"))
    more = min(max(int(facts.get("missing") or 0), 0), _MOST_TO_COME)
    known = [value for value in (*before, *after) if value is not None]
    if not known:
        return None
    if centre is None:
        more = 0  # they are drawn on the line of the centre
    tone = TONES.get(str(facts.get("code")), "nochange")
    levels = [*known, centre] if centre is not None else known
    low, high = min(levels), max(levels)
    span = high - low

    def y(value: float) -> float:
        if span <= 1e-12 * max(1.0, abs(high)):
            return HEIGHT / 2
        return HEIGHT - _ROOM - (value - low) / span * (HEIGHT - 2 * _ROOM)

    step = (WIDTH - 2 * _SIDE) / (len(before) + len(after) + more)

    def x(index: int) -> float:
        return _SIDE + (index + 0.5) * step

    places: list[XY | None] = [
        None if value is None else (x(i), y(value)) for i, value in enumerate((*before, *after))
    ]
    start = len(before)
    old, new = places[:start], places[start:]
    first_new = next((place for place in new[:1] if place), None)
    last = next((place for place in reversed(places) if place), None)
    is_since = bool(new) or more > 0
    radius = 6.0 if step >= 5 else 5.0
    if last and tone != "nochange":
        # the shape is wider than a dot: keep it within the box
        last = (min(last[0], WIDTH - radius), last[1])
    return SparkDrawing(
        tone=tone,
        before=broken_line(_stretches([*old, first_new])),
        after=broken_line(_stretches(new)),
        dots=dots(place for place in new if place and place is not places[-1]),
        centre="" if centre is None else polyline([(_SIDE, y(centre)), (WIDTH - _SIDE, y(centre))]),
        band=(_SIDE + start * step, WIDTH - _SIDE - start * step) if is_since else None,
        last=last,
        shape=outline(tone, *last, radius) if last and tone != "nochange" else "",
        to_come=()
        if centre is None
        else tuple((x(len(places) + i), y(centre)) for i in range(more)),
    )


def _values(raw: Any) -> list[float | None]:
    return [_value(item) for item in raw] if isinstance(raw, Sequence) else []


def _value(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, (int, float)) or not math.isfinite(raw):
        return None
    return float(raw)


def _stretches(places: Iterable[XY | None]) -> Iterator[list[XY]]:
    stretch: list[XY] = []
    for place in places:
        if place is None:
            yield stretch
            stretch = []
        else:
            stretch.append(place)
    yield stretch
