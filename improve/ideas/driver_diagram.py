"""The driver diagram: how high its boxes are and how its curves run, from counted lines. Pure.

Boxes stand in the page as HTML, in columns that are centred on one line; the curves between two
columns are one SVG each. Nothing may be placed by hand there, so every height is known beforehand:
rows have as many lines as are counted here, and the style sheet has one height for each number of
lines. A unit is a sixteenth of the page's letter size: the picture grows with it.

A page holds as many drivers as fit on a sheet of A4 held sideways. A driver with more ideas than
that goes on, on the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from improve.ideas.aim_views import AimIdea, AimView, DriverView

#: Heights: one line of a row and the room around it; the same of a box; gaps between parts.
ROW_LINE: Final = 20
ROW_ROOM: Final = 14
BOX_LINE: Final = 22
BOX_ROOM: Final = 26
LEAF_GAP: Final = 14
BRANCH_GAP: Final = 20
#: What a sheet holds between its head and its key.
PAGE_HEIGHT: Final = 540
#: More lines than these no row has: a title has 120 characters.
LINES_MOST: Final = 6
#: Widths of the rooms in which curves run, from the aim and to the ideas: less with two levels.
ROOMS: Final = {False: (72, 64), True: (56, 48)}
#: Letters that surely fit on a line of a box and of a row.
_BOX_LETTERS: Final = {False: 21, True: 18}
_ROW_LETTERS: Final = {False: 47, True: 27}
#: An aim with more letters than these is set smaller.
LONG_AIM: Final = 260

NOTHING: Final = "Nothing is being tried here yet"


@dataclass(frozen=True, slots=True)
class Row:
    """An idea, or words in its place, and how many lines it takes."""

    lines: int
    idea: AimIdea | None = None
    words: str = ""

    @property
    def height(self) -> int:
        """Its height in units."""
        return ROW_ROOM + ROW_LINE * self.lines


@dataclass(frozen=True, slots=True)
class Leaf:
    """Ideas and what they hang on: a driver of the second level, or (None) the branch itself."""

    driver: DriverView | None
    rows: tuple[Row, ...]
    height: int
    curves: tuple[str, ...]
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class Branch:
    """A driver of the first level with all that hangs on it; ``curves`` lead to its leaves."""

    driver: DriverView
    leaves: tuple[Leaf, ...]
    height: int
    curves: tuple[str, ...]
    is_continued: bool = False


@dataclass(frozen=True, slots=True)
class DiagramPage:
    """One sheet; ``curves`` lead from the aim to its branches."""

    number: int
    of: int
    branches: tuple[Branch, ...]
    height: int
    curves: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagram:
    """Every sheet. ``aim_room`` and ``idea_room`` are the widths in which curves run."""

    pages: tuple[DiagramPage, ...]
    has_second_level: bool
    is_long_aim: bool

    @property
    def aim_room(self) -> int:
        """Width between the aim and what drives it."""
        return ROOMS[self.has_second_level][0]

    @property
    def idea_room(self) -> int:
        """Width before the ideas, and before a second level."""
        return ROOMS[self.has_second_level][1]


def draw(aim: AimView, *, sees_ideas: bool = True) -> Diagram:
    """Return the diagram of an aim: its open drivers, and closed ones that ideas still hang on.

    Who may not see ideas is not told that there are none.
    """
    drivers = [d for d in aim.drivers if d.closed_on is None or d.all_ideas]
    is_wide = any(driver.open_under for driver in drivers)
    branches = [b for d in drivers for b in _branches(d, is_wide=is_wide, sees_ideas=sees_ideas)]
    sheets = _sheets(branches)
    pages = []
    for number, sheet in enumerate(sheets, start=1):
        height, curves = _joined([b.height for b in sheet], BRANCH_GAP, ROOMS[is_wide][0])
        pages.append(DiagramPage(number, len(sheets), tuple(sheet), height, curves))
    letters = len(aim.statement) + len(aim.for_whom) + len(aim.how_much)
    return Diagram(tuple(pages), is_wide, letters > LONG_AIM)


def lines_of(text: str, letters: int) -> int:
    """Return how many lines of so many letters a text takes, words kept whole where they fit."""
    lines, room = 1, letters
    for word in text.split():
        needed = len(word) + (room < letters)
        if needed <= room:
            room -= needed
            continue
        if room < letters:
            lines, room = lines + 1, letters
        rest = len(word)
        while rest > room:
            rest -= room
            lines, room = lines + 1, letters
        room -= rest
    return min(lines, LINES_MOST)


def curve(width: int, start: float, end: float) -> str:
    """Return the path from the left edge at ``start`` to the right edge at ``end``."""
    half = width / 2
    return f"M0 {start:g}C{half:g} {start:g} {half:g} {end:g} {width:g} {end:g}"


def _sheets(branches: Sequence[Branch]) -> list[list[Branch]]:
    """Return the branches sheet by sheet; there is always one."""
    sheets: list[list[Branch]] = [[]]
    left = PAGE_HEIGHT
    for branch in branches:
        if sheets[-1] and branch.height > left:
            sheets.append([])
            left = PAGE_HEIGHT
        sheets[-1].append(branch)
        left -= branch.height + BRANCH_GAP
    return sheets


def _branches(driver: DriverView, *, is_wide: bool, sees_ideas: bool) -> list[Branch]:
    """Return a driver as one branch, or as several where its leaves fill more than a sheet."""
    leaves: list[Leaf] = []
    if driver.ideas or not driver.open_under:
        leaves += _leaves(driver, None, is_wide=is_wide, sees_ideas=sees_ideas)
    for one in driver.open_under:
        leaves += _leaves(one, one, is_wide=is_wide, sees_ideas=sees_ideas)
    parts: list[list[Leaf]] = [[]]
    left = PAGE_HEIGHT
    for leaf in leaves:
        if parts[-1] and leaf.height > left:
            parts.append([])
            left = PAGE_HEIGHT
        parts[-1].append(leaf)
        left -= leaf.height + LEAF_GAP
    box = _box_height(driver, is_wide=is_wide)
    made = []
    for number, part in enumerate(parts):
        height, _ = _joined([leaf.height for leaf in part], LEAF_GAP, 0)
        _, curves = _joined(
            [leaf.height for leaf in part], LEAF_GAP, ROOMS[is_wide][1], within=max(height, box)
        )
        made.append(Branch(driver, tuple(part), max(height, box), curves, is_continued=number > 0))
    return made


def _leaves(
    driver: DriverView, named: DriverView | None, *, is_wide: bool, sees_ideas: bool
) -> list[Leaf]:
    """Return the ideas of a driver as one leaf, or several where they fill more than a sheet."""
    letters = _ROW_LETTERS[is_wide]
    rows = [Row(lines_of(idea.title, letters), idea) for idea in driver.ideas]
    more = driver.idea_count - len(driver.ideas)
    if more > 0:
        rows.append(Row(1, words=f"and {more:,} more"))
    if not rows and sees_ideas:
        rows.append(Row(lines_of(NOTHING, letters), words=NOTHING))
    parts: list[list[Row]] = [[]]
    left = PAGE_HEIGHT
    for row in rows:
        if parts[-1] and row.height > left:
            parts.append([])
            left = PAGE_HEIGHT
        parts[-1].append(row)
        left -= row.height
    box = _box_height(driver, is_wide=is_wide)
    made = []
    for number, part in enumerate(parts):
        height = max(box, sum(row.height for row in part))
        _, curves = _joined([row.height for row in part], 0, ROOMS[is_wide][1], within=height)
        made.append(Leaf(named, tuple(part), height, curves, is_continued=number > 0))
    return made


def _box_height(driver: DriverView, *, is_wide: bool) -> int:
    return BOX_ROOM + BOX_LINE * lines_of(driver.name, _BOX_LETTERS[is_wide])


def _joined(
    heights: Sequence[int], gap: int, width: int, *, within: int | None = None
) -> tuple[int, tuple[str, ...]]:
    """Return the height of parts one under another, and curves from the middle to each of them."""
    whole = sum(heights) + gap * max(0, len(heights) - 1)
    room = whole if within is None else within
    at, curves = (room - whole) / 2, []
    for height in heights:
        curves.append(curve(width, room / 2, at + height / 2))
        at += height + gap
    return room, tuple(curves)
