"""What a drawn chart consists of: coordinates and words, nothing that knows how to draw.

All coordinates are pixels of a drawing shown at its real size. Outlines are SVG path data made of
straight lines only.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from improve.measures.chart.axis import Tick, TimeAxis
from improve.measures.chart.labels import LineLabel, WindowLabel
from improve.measures.chart.shapes import XY, Marks
from improve.measures.chart.sizes import ChartSize


@dataclass(frozen=True, slots=True)
class TestSpan:
    """A test on the measure: its name, first and last day (None: still going), and whether it
    is wide enough to be judged on the measure. A small test is hatched and has no start line.
    """

    __test__ = False  # the name begins like a test class of pytest; it is none

    label: str
    starts_on: date
    ends_on: date | None = None
    is_judged: bool = True


@dataclass(frozen=True, slots=True)
class ChartNote:
    """A note on a day, with the number it has in the list under the chart."""

    number: int
    noted_on: date
    words: str = ""


@dataclass(frozen=True, slots=True)
class Gridline:
    """A level line with its words: left of the plot, or inside it above the line."""

    y: float
    words: str = ""
    words_x: float = 0.0
    words_y: float = 0.0
    anchor: str = "end"
    is_inside: bool = False


@dataclass(frozen=True, slots=True)
class Band:
    """The time of one test: shaded since a judged start, hatched while a small test ran."""

    x: float
    width: float
    is_judged: bool
    label: WindowLabel | None = None
    starts_in_view: bool = True


@dataclass(frozen=True, slots=True)
class Bracket:
    """The baseline along the foot, and what it says (nothing where there is no room)."""

    outline: str
    x: float
    y: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Flag:
    """A numbered disc above the plot and its dotted line to the point."""

    number: int
    x: float
    y: float
    leader: str


@dataclass(frozen=True, slots=True)
class Ring:
    """The circle around a point beyond a limit."""

    x: float
    y: float
    radius: float
    tone: str


@dataclass(frozen=True, slots=True)
class HopeLine:
    """A target: the height of its line, its words, and where these stand."""

    y: float
    words: str
    x: float
    words_y: float


@dataclass(frozen=True, slots=True)
class ChartDrawing:
    """One chart at one size.

    ``title`` and ``finding`` are what a screen reader is told. ``dot_size`` is the width of the
    dots, 0 where they are too close to be drawn. ``hollow`` are excluded points, ``to_come`` the
    points a verdict still waits for. ``bar_y`` is the top edge of the tests' bars. ``unit_words``
    stand at the top left, above the numbers of the scale.
    """

    size: ChartSize
    title: str
    finding: str
    tone: str
    axis: TimeAxis
    top: float
    bottom: float
    bar_y: float
    gridlines: tuple[Gridline, ...] = ()
    ticks: tuple[Tick, ...] = ()
    bands: tuple[Band, ...] = ()
    line: str = ""
    dots: str = ""
    dot_size: float = 0.0
    hollow: tuple[XY, ...] = ()
    to_come: tuple[XY, ...] = ()
    marks: tuple[Marks, ...] = ()
    rings: tuple[Ring, ...] = ()
    centre: str = ""
    centre_onward: str = ""
    centre_since: str = ""
    limits: str = ""
    labels: tuple[LineLabel, ...] = ()
    bracket: Bracket | None = None
    flags: tuple[Flag, ...] = ()
    points: tuple[XY, ...] = field(default=())
    hope: HopeLine | None = None
    unit_words: str = ""

    @property
    def width(self) -> int:
        """Pixels."""
        return self.size.width

    @property
    def height(self) -> int:
        """Pixels."""
        return self.size.height

    @property
    def unit_y(self) -> float:
        """Foot of the unit's words."""
        return 22.0

    @property
    def grid(self) -> str:
        """The gridlines as one outline, each on whole pixels so that it is thin and sharp."""
        left, right = f"{self.axis.left:.1f}", f"{self.axis.right:.1f}"
        return "".join([f"M{left} {round(line.y)}.5H{right}" for line in self.gridlines])

    @property
    def tick_marks(self) -> str:
        """The marks under the axis as one outline."""
        return "".join([f"M{tick.x:.1f} {self.bottom:.1f}v7" for tick in self.ticks])

    @property
    def is_empty(self) -> bool:
        """Whether no value is in view."""
        return not self.points
