"""The chart of a huddle: few words, all inside the plot, and the point that has just come.

Drawn like any other chart and then read from three metres: on a wall it is shown 1.6 times its
size, so that its 15 px are 24.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from improve.measures.chart.draw import draw
from improve.measures.chart.drawing import ChartDrawing, TestSpan
from improve.measures.chart.lettering import text_width
from improve.measures.chart.scale import label_words
from improve.measures.chart.shapes import polyline
from improve.measures.chart.sizes import ChartSize
from improve.measures.spc.series import ChartAnalysis, Signal

#: Radii of the three rings about a point that has just come, and of its dot.
RINGS = (30.0, 20.0, 11.5)
_ABOVE = 7.0  # from the outermost ring to the words over it
_LINE = 20.0  # from a level to the foot of its words under it


@dataclass(frozen=True, slots=True)
class FreshPoint:
    """The point that has just come: its place, the dotted line to it, and its words.

    ``is_marked``: it has a shape of its own, else it is a dot.
    """

    x: float
    y: float
    line: str
    is_marked: bool
    words: str = ""
    words_x: float = 0.0
    words_y: float = 0.0
    anchor: str = "end"


@dataclass(frozen=True, slots=True)
class LevelWords:
    """“usual before: 46%”, by the line that it names, its right end at ``x``."""

    words: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class HuddleDrawing:
    """A chart of a huddle: the drawing without the fresh point, that point, and the level."""

    chart: ChartDrawing
    fresh: FreshPoint | None = None
    level: LevelWords | None = None

    @property
    def width(self) -> int:
        """Pixels."""
        return self.chart.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.chart.height


def draw_huddle(
    analysis: ChartAnalysis,
    *,
    size: ChartSize,
    title: str,
    finding: str,
    tone: str = "nochange",
    better: str = "up",
    windows: Sequence[TestSpan] = (),
    period: str | None = None,
    fresh_on: date | None = None,
    fresh_words: str = "",
) -> HuddleDrawing:
    """Draw an analysis for a huddle at one of ``HUDDLE_SIZES`` or ``WALL``.

    ``fresh_on`` is the day of the newest point where it has just come; any other day rings
    nothing. ``windows`` are the tests by the words at their start lines.
    """
    drawn = draw(
        analysis,
        size=replace(size, hides_limits=not shows_limits(analysis, size)),
        title=title,
        finding=finding,
        tone=tone,
        better=better,
        windows=windows,
        period=period,
    )
    if drawn.dot_size:
        step = drawn.axis.slot_width * (2 if period == "day" else 1)
        drawn = replace(drawn, dot_size=max(drawn.dot_size, min(DOT_MOST, step / 2.6)))
    last = next((p for p in reversed(analysis.points) if p.value is not None), None)
    if fresh_on is None or last is None or last.x != fresh_on or not drawn.points:
        return HuddleDrawing(drawn, None, _level_words(analysis, drawn, None))
    chart, fresh = _fresh(drawn, fresh_words)
    return HuddleDrawing(chart, fresh, _level_words(analysis, drawn, fresh))


def shows_limits(analysis: ChartAnalysis, size: ChartSize) -> bool:
    """Whether the limits are drawn: where a point in view lies beyond one, which is then news."""
    shown = analysis.points[-size.last :] if size.last else analysis.points
    return any(Signal.OUTSIDE_LIMITS in point.signals for point in shown)


def _fresh(drawn: ChartDrawing, words: str) -> tuple[ChartDrawing, FreshPoint]:
    """Take the last point and the line to it out of the outlines, to be drawn in their own way."""
    x, y = drawn.points[-1]
    segment, dot = f"L{x:.1f} {y:.1f}", f"M{x:.1f} {y:.1f}h0"
    is_joined = len(drawn.points) > 1 and drawn.line.endswith(segment)
    line = polyline([drawn.points[-2], (x, y)]) if is_joined else ""
    is_marked = not drawn.dots.endswith(dot)
    chart = replace(
        drawn,
        line=drawn.line.removesuffix(segment) if is_joined else drawn.line,
        dots=drawn.dots.removesuffix(dot),
    )
    words_y = y - RINGS[0] - _ABOVE
    if words_y - FRESH_SIZE < drawn.top:
        words_y = y + RINGS[0] + _ABOVE + FRESH_SIZE - 4
    long = text_width(words, is_bold=True) * FRESH_SIZE / 15
    right = min(float(drawn.width), x + max(RINGS[0], long / 2))
    anchor = "end"
    if right - long < 0:
        right, anchor = 0.0, "start"
    return chart, FreshPoint(x, y, line, is_marked, words, right, words_y, anchor)


#: Dots are this wide where there is room for it.
DOT_MOST = 9.0
#: The words of a fresh point are this many pixels high, where a chart's are 15.
FRESH_SIZE = 17


def _level_words(
    analysis: ChartAnalysis, drawn: ChartDrawing, fresh: FreshPoint | None
) -> LevelWords | None:
    """Name the usual level by its line, where fewest points are in the way."""
    outline = drawn.centre_onward or drawn.centre
    if analysis.centre is None or not outline:
        return None
    y = float(outline.rsplit(" ", 1)[1])
    name = "usual before" if analysis.starts_on is not None else "usual"
    words = f"{name}: {label_words(analysis.centre, analysis.unit, analysis.level_places)}"
    long = text_width(words, is_bold=True)
    # At the right end where it can be, else where fewer points are in the way of it.
    ends = [drawn.axis.right, *(b.x - 6 for b in drawn.bands), drawn.axis.left + 4 + long]

    def in_the_way(x: float, foot: float) -> int:
        own = sum(
            x - long - 8 <= at <= x + 8 and foot - 20 <= height <= foot + 8
            for at, height in drawn.points
        )
        is_ringed = (
            fresh is not None
            and fresh.x - RINGS[0] <= x
            and foot - 14 - RINGS[0] <= fresh.y <= foot + RINGS[0]
        )
        return own + 2 * int(is_ringed)

    feet = [foot for foot in (y + _LINE, y - 8) if foot + 2 < drawn.bottom]
    places = [(x, foot) for x in ends for foot in feet if x - long >= drawn.axis.left]
    if not places:
        return None
    x, foot = min(places, key=lambda place: in_the_way(*place))
    return LevelWords(words, x, foot)
