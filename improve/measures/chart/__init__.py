"""Charts as coordinates and words (pure): an analysis goes in, drawings for templates come out.

``draw_views`` and ``draw_strip`` draw a chart at every width that a page may give it, ``draw`` at
one; ``draw_spark`` the sparkline of a card; ``picture_of`` sets words around a chart for a slide;
``table_rows`` are the same points in words.
"""

from improve.measures.chart.draw import draw
from improve.measures.chart.drawing import ChartDrawing, ChartNote, TestSpan
from improve.measures.chart.picture import Picture, picture_of
from improve.measures.chart.sparkline import SparkDrawing, draw_spark
from improve.measures.chart.table import TableRow, table_rows
from improve.measures.chart.views import ChartViews, draw_strip, draw_views

__all__ = [
    "ChartDrawing",
    "ChartNote",
    "ChartViews",
    "Picture",
    "SparkDrawing",
    "TableRow",
    "TestSpan",
    "draw",
    "draw_spark",
    "draw_strip",
    "draw_views",
    "picture_of",
    "table_rows",
]
