"""The real widths charts are drawn at.

Chart text is always 15 px and never scaled, so a chart is drawn once for each width that a page
may give it, and the style sheet shows the widest that fits (``charts.css``, container queries).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum


class Wording(Enum):
    """How much is written to the right of the plot."""

    FULL = "full"  # “81% usual before”, “upper limit”
    SHORT = "short"  # “81% usual”, no words for limits
    STACKED = "stacked"  # the number, and the word under it
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ChartSize:
    """One width, with the room around the plot in pixels.

    ``last`` limits the points drawn to the newest ones. ``is_snug`` puts the axis on the lowest
    gridline (small multiples). ``is_strip`` draws no months: the chart above carries them.
    ``is_from_baseline`` leaves out what came before a frozen baseline. ``is_huddle`` is read from
    afar: no words right of the plot, no bracket; ``hides_limits`` where no point lies beyond them,
    so that the points have the height. ``head`` is the room over the highest gridline.
    """

    name: str
    width: int
    height: int
    left: int
    right: int
    bottom: int = 38
    wording: Wording = Wording.FULL
    gridlines: int = 6
    last: int | None = None
    is_phone: bool = False
    is_snug: bool = False
    is_strip: bool = False
    is_from_baseline: bool = False
    is_huddle: bool = False
    head: float = 12.0
    hides_limits: bool = False

    @property
    def has_limits(self) -> bool:
        """Whether there is room for limits to be read."""
        return not (self.is_snug or self.is_strip or self.hides_limits)

    @property
    def has_foot(self) -> bool:
        """Whether the baseline is bracketed along the foot."""
        return not (self.is_snug or self.is_strip or self.is_huddle)

    @property
    def has_window_words(self) -> bool:
        """Whether tests are named above the plot."""
        return not (self.is_snug or self.is_strip)


PHONE_POINTS = 36
"""A phone shows the newest 36 points; more would be a smear at 326 px."""


def _phone(name: str, width: int, height: int = 316, **room: bool) -> ChartSize:
    return ChartSize(
        name,
        width,
        height,
        left=2,
        right=48,
        bottom=36,
        wording=Wording.STACKED,
        gridlines=6,
        last=PHONE_POINTS,
        is_phone=True,
        **room,
    )


MEASURE = ChartSize("measure", 1328, 400, left=52, right=136)
LAPTOP = ChartSize("laptop", 1168, 400, left=52, right=136)
PICTURE = ChartSize("picture", 1200, 420, left=52, right=136)
IDEA = ChartSize("idea", 828, 332, left=52, right=136, gridlines=5, last=60, is_from_baseline=True)
TABLET = ChartSize(
    "tablet", 600, 332, left=52, right=136, gridlines=5, last=60, is_from_baseline=True
)
BESIDE = ChartSize(
    "beside",
    437,
    332,
    left=52,
    right=88,
    wording=Wording.SHORT,
    gridlines=4,
    last=60,
    is_from_baseline=True,
)
GRID = ChartSize(
    "grid",
    405,
    164,
    left=46,
    right=4,
    bottom=34,
    wording=Wording.NONE,
    gridlines=2,
    last=PHONE_POINTS,
    is_snug=True,
)
GRID_PHONE = ChartSize(
    "grid-phone",
    256,
    164,
    left=46,
    right=4,
    bottom=34,
    wording=Wording.NONE,
    gridlines=2,
    last=24,
    is_snug=True,
)
PHONE = _phone("phone", 326)
PHONE_MEDIUM = _phone("phone-medium", 292)
PHONE_SMALL = _phone("phone-small", 256)


#: Shown 1.6 times as large on a wall, and at its own size on the page of a huddle.
WALL = ChartSize(
    "wall",
    776,
    288,
    left=44,
    right=34,
    bottom=34,
    wording=Wording.NONE,
    gridlines=4,
    last=30,
    is_from_baseline=True,
    is_huddle=True,
    head=36.0,
)

#: The same where a long title leaves less height.
WALL_LOW = replace(WALL, name="wall-low", height=222, gridlines=3)


def strip_under(of: ChartSize) -> ChartSize:
    """The size of a strip under a chart of this size: as wide, 140 px high."""
    return ChartSize(
        f"{of.name}-strip",
        of.width,
        140,
        left=of.left,
        right=of.right,
        bottom=14,
        wording=Wording.SHORT if of.wording is Wording.FULL else of.wording,
        gridlines=3,
        is_phone=of.is_phone,
        is_strip=True,
    )


MEASURE_SIZES = (
    MEASURE,
    LAPTOP,
    replace(IDEA, last=None, is_from_baseline=False),
    replace(TABLET, last=None, is_from_baseline=False),
    PHONE,
    PHONE_MEDIUM,
    PHONE_SMALL,
)
STRIP_SIZES = tuple(strip_under(size) for size in MEASURE_SIZES)
IDEA_SIZES = (IDEA, TABLET, PHONE, PHONE_MEDIUM, PHONE_SMALL)
BESIDE_SIZES = (BESIDE, PHONE, PHONE_MEDIUM, PHONE_SMALL)
GRID_SIZES = (GRID, GRID_PHONE)
HUDDLE_SIZES = (
    replace(WALL, name="huddle", width=600, height=290, last=24),
    *(
        replace(
            size,
            name=f"huddle-{size.name}",
            height=280,
            right=34,
            last=18,
            wording=Wording.NONE,
            gridlines=4,
            is_from_baseline=True,
            is_huddle=True,
            head=36.0,
        )
        for size in (PHONE, PHONE_MEDIUM, PHONE_SMALL)
    ),
)
