"""One chart at every width that a page may give it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from improve.measures.chart.draw import draw
from improve.measures.chart.drawing import ChartDrawing
from improve.measures.chart.sizes import (
    BESIDE_SIZES,
    GRID_SIZES,
    IDEA_SIZES,
    MEASURE_SIZES,
    PICTURE,
    STRIP_SIZES,
    ChartSize,
    strip_under,
)
from improve.measures.spc.series import ChartAnalysis


@dataclass(frozen=True, slots=True)
class ChartViews:
    """The same chart drawn at several real widths, widest first.

    ``kind`` (measure, idea, beside, grid, strip) names the class whose container queries show
    the widest that fits.
    """

    kind: str
    drawings: tuple[ChartDrawing, ...]

    @property
    def span(self) -> tuple[date, date]:
        """First and last day of the widest, for another chart beside it (``span=``)."""
        axis = self.drawings[0].axis
        return axis.day(0), axis.day(axis.slots) - timedelta(days=1)


_SIZES: dict[str, tuple[ChartSize, ...]] = {
    "measure": MEASURE_SIZES,
    "idea": IDEA_SIZES,
    "beside": BESIDE_SIZES,
    "grid": GRID_SIZES,
    "strip": STRIP_SIZES,
    "picture": (PICTURE,),
}


def draw_views(analysis: ChartAnalysis, kind: str, **around: Any) -> ChartViews:
    """Draw one chart for a place on a page: ``measure``, ``idea``, ``beside`` or ``grid``.

    ``picture`` is the size for :func:`picture_of`. ``around`` is passed on to :func:`draw`.
    Raises KeyError for another place.
    """
    return ChartViews(kind, tuple(draw(analysis, size=size, **around) for size in _SIZES[kind]))


def draw_strip(analysis: ChartAnalysis, under: ChartViews, **around: Any) -> ChartViews:
    """Draw another series as a strip on the time axes of the chart above it.

    A balancing measure, the moving ranges of an XmR chart, or with ``is_context=True`` what was
    going on, such as demand. Under a chart on an idea's page it keeps that chart's kind, and so
    its widths. ``around`` is passed on to :func:`draw`.
    """
    return ChartViews(
        "strip" if under.kind == "measure" else under.kind,
        tuple(
            draw(analysis, size=strip_under(above.size), axis=above.axis, **around)
            for above in under.drawings
        ),
    )
