"""Words on a chart, placed so that none lies on another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from improve.measures.chart.lettering import text_width

NEAREST = 18.0
"""Two lines of words closer than this (in pixels) touch."""
NEAREST_STACKED = 37.0
_BETWEEN_NAMES = 12.0
_TOLERANCE = 3.0  # text_width is on the long side


@dataclass(frozen=True, slots=True)
class LineLabel:
    """Words right of the plot on the line they name: a bold number and what it is.

    ``y`` is the middle of the words; ``word_y`` that of the second line where they are stacked.
    """

    x: float
    y: float
    number: str
    words: str
    tone: str
    word_y: float | None = None


@dataclass(frozen=True, slots=True)
class Level:
    """A line that wants a name: a mean (never moved for a limit) or a limit (gives way).

    ``wordings`` come fullest first. ``unit`` follows the number where there is room for both it
    and one of the two fullest.
    """

    y: float
    number: str
    wordings: tuple[str, ...]
    tone: str
    is_limit: bool = False
    is_upper: bool = False
    unit: str = ""


def _fitting(level: Level, room: float) -> tuple[str, str] | None:
    """The number and the words that fit, the fullest first; None where not even the least does."""
    full = [
        (f"{level.number}\u00a0{level.unit}", w) for w in level.wordings[:2] if w and level.unit
    ]
    for number, words in (*full, *((level.number, w) for w in level.wordings)):
        bold = text_width(number, is_bold=True) if number else 0.0
        space = 4.0 if number and words else 0.0
        if bold + space + text_width(words) <= room + _TOLERANCE:
            return number, words
    return None


def _apart(wanted: Sequence[float], nearest: float, top: float, bottom: float) -> list[float]:
    """Heights of the means: on their lines, or as little off them as keeps the words apart.

    Neighbours that touch are parted evenly about their middle (wanted heights come in order).
    """
    blocks: list[list[float]] = []
    for height in wanted:
        blocks.append([height])
        while len(blocks) > 1 and _foot(blocks[-2], nearest) > _head(blocks[-1], nearest):
            later = blocks.pop()
            blocks[-1] += later
    heights = [
        _head(block, nearest) + nearest / 2 + nearest * i
        for block in blocks
        for i in range(len(block))
    ]
    over = max(top - heights[0], 0.0) if heights else 0.0
    under = max(heights[-1] - bottom, 0.0) if heights else 0.0
    if over and under:
        return spread(heights, apart=nearest, left=top, right=bottom)
    moved = [height + over - under for height in heights]
    return spread(moved, apart=nearest, left=top, right=max(bottom, moved[-1])) if moved else []


def _head(block: list[float], nearest: float) -> float:
    return sum(block) / len(block) - len(block) * nearest / 2


def _foot(block: list[float], nearest: float) -> float:
    return sum(block) / len(block) + len(block) * nearest / 2


def line_labels(
    levels: Sequence[Level], *, x: float, room: float, top: float, bottom: float, is_stacked: bool
) -> tuple[LineLabel, ...]:
    """Labels for the lines of a chart, highest first.

    Words nearer than 18 px to others are moved, the limits' first: a limit goes outward, then
    inward, and is left out where there is no room. Words that do not fit in ``room`` px are
    shortened to the next of the level's wordings. ``top`` and ``bottom`` bound the middles.
    """
    means = sorted((one for one in levels if not one.is_limit), key=lambda one: one.y)
    nearest = NEAREST_STACKED if is_stacked else NEAREST
    heights = _apart([one.y for one in means], nearest, top, bottom)
    placed: list[LineLabel] = []
    for level, height in zip(means, heights, strict=True):
        if is_stacked:
            fits = (w for w in level.wordings if text_width(w) <= room + 2 * _TOLERANCE)
            word = next(fits, level.wordings[-1])
            placed.append(
                LineLabel(x, height - 9, level.number, word, level.tone, word_y=height + 9)
            )
        else:
            number, words = _fitting(level, room) or (level.number, "")
            placed.append(LineLabel(x, height, number, words, level.tone))
    taken = list(heights)
    for level in (one for one in levels if one.is_limit and not is_stacked):
        fitting = _fitting(level, room)
        free = _free(level, taken, top, bottom)
        if fitting is not None and free is not None:
            taken.append(free)
            placed.append(LineLabel(x, free, *fitting, level.tone))
    return tuple(sorted(placed, key=lambda label: label.y))


def _free(level: Level, taken: list[float], top: float, bottom: float) -> float | None:
    """The nearest free height to a limit, outward first, at most two lines away."""
    for outward in (True, False):
        upward = level.is_upper is outward
        height = level.y
        for other in sorted(taken, reverse=upward):
            if abs(height - other) < NEAREST:
                height = other - NEAREST if upward else other + NEAREST
        if (
            top <= height <= bottom
            and abs(height - level.y) <= 2 * NEAREST
            and all(abs(height - other) >= NEAREST for other in taken)
        ):
            return height
    return None


@dataclass(frozen=True, slots=True)
class WindowLabel:
    """The name of a test above its band."""

    x: float
    words: str
    anchor: str


@dataclass(frozen=True, slots=True)
class WindowName:
    """A test that wants its name above its band, from ``left`` to ``right``."""

    words: str
    left: float
    right: float
    is_judged: bool


def window_labels(
    names: Sequence[WindowName], *, width: float, is_short: bool
) -> list[WindowLabel | None]:
    """Names of tests, None where there is no room.

    A judged test's name begins at its start line, a small one's ends at its band's end, or within
    the band as far from the name of the test that follows as keeps the two apart. Newer tests and
    judged ones are named first; a name that does not fit is cut at its comma (``is_short``: from
    the start), then left out.
    """
    found: list[WindowLabel | None] = [None] * len(names)
    taken: list[tuple[float, float]] = []
    order = sorted(range(len(names)), key=lambda i: (not names[i].is_judged, -names[i].left))
    for index in order:
        one = names[index]
        short = one.words.split(",")[0]
        for words in (short,) if is_short else dict.fromkeys((one.words, short)):
            long = text_width(words, is_bold=True)
            if one.is_judged:
                start = min(one.left, width - long)
                anchor, x = ("start", start) if start == one.left else ("end", width)
            else:
                x = _end_clear_of(taken, one)
                start, anchor = x - long, "end"
            is_free = all(start + long + 5 <= a or start >= b + 5 for a, b in taken)
            if start >= 0 and is_free:
                found[index] = WindowLabel(x, words, anchor)
                taken.append((start, start + long))
                break
    return found


def _end_clear_of(taken: Sequence[tuple[float, float]], one: WindowName) -> float:
    """Where the name of a small test ends: with its band, or before a name that begins in it."""
    begins = [left for left, _ in taken if one.left < left - _BETWEEN_NAMES < one.right]
    return min([one.right, *(left - _BETWEEN_NAMES for left in begins)])


def spread(wanted: Sequence[float], *, apart: float, left: float, right: float) -> list[float]:
    """Places in a row, as near as can be to where they want to be, in the same order."""
    if not wanted:
        return []
    apart = min(apart, (right - left) / max(len(wanted) - 1, 1))
    places = [min(max(x, left), right) for x in wanted]
    for i in range(1, len(places)):
        places[i] = max(places[i], places[i - 1] + apart)
    for i in range(len(places) - 1, -1, -1):
        limit = right if i == len(places) - 1 else places[i + 1] - apart
        places[i] = min(places[i], limit)
    return [max(x, left) for x in places]
