"""The upright scale of a chart: gridlines at round numbers, and where a value lies."""

from __future__ import annotations

import math
from dataclasses import dataclass

from improve.measures.spc.phrases import value_words, with_unit
from improve.shared.rounding import in_figures, without_idle_zeros

_STEPS = (1.0, 2.0, 5.0)
_SNUG_STEPS = (1.0, 2.0, 3.0, 5.0)
_FROM_NOUGHT = 0.4  # a scale that would begin in its lower two fifths begins at 0
_COMPACT = ((1e12, "tn"), (1e9, "bn"), (1e6, "m"), (1e3, "k"))
_TOP_ROOM = 12.0
_FOOT_ROOM = 12.0
_BRACKET_ROOM = 38.0


@dataclass(frozen=True, slots=True)
class Scale:
    """Values to pixels: ``top`` and ``bottom`` are the plot's edges, gridlines lowest first."""

    top: float
    bottom: float
    lowest: float
    pixels_per_unit: float
    gridlines: tuple[float, ...]
    step: float

    def y(self, value: float) -> float:
        """Height of a value on the drawing, never outside the plot."""
        raw = self.bottom - (value - self.lowest) * self.pixels_per_unit
        if raw < self.top:
            return self.top
        return self.bottom if raw > self.bottom else raw


@dataclass(frozen=True, slots=True)
class Reach:
    """The least and greatest value to show, and where nature ends the scale (0, or 0 to 100)."""

    least: float
    greatest: float
    floor: float | None
    ceiling: float | None


def reach_of(values: list[float], limits: list[float], unit: str) -> Reach:
    """What the scale must cover.

    A scale of numbers that are never negative does not go under 0, and one of percentages not
    over 100, unless the data do: limits beyond are not drawn.
    """
    if not values:
        return Reach(0.0, 100.0 if unit == "%" else 1.0, 0.0, 100.0 if unit == "%" else None)
    least, greatest = min(values), max(values)
    floor = 0.0 if least >= 0 else None
    ceiling = 100.0 if unit == "%" and greatest <= 100 else None
    for limit in limits:
        if (floor is None or limit >= floor) and (ceiling is None or limit <= ceiling):
            least, greatest = min(least, limit), max(greatest, limit)
    if floor is not None and least <= _FROM_NOUGHT * greatest:
        least = 0.0
    if least == greatest and floor is not None and ceiling is not None:
        # Shares all alike say nothing of how far others may lie from them.
        return Reach(floor, ceiling, floor, ceiling)
    if greatest - least <= 1e-9 * max(1.0, abs(greatest)):
        room = max(abs(greatest) * 0.1, 1.0)
        least, greatest = least - room, greatest + room
        if floor is not None:
            least = max(least, floor)
        if ceiling is not None:
            greatest = min(greatest, ceiling)
    return Reach(least, greatest, floor, ceiling)


def _steps_from(size: float, mantissas: tuple[float, ...]) -> list[float]:
    """Round steps in rising order, from one just under ``size``."""
    power = math.floor(math.log10(size)) if size > 0 else 0
    return [m * 10.0**p for p in range(power - 1, power + 3) for m in mantissas]


def _ticks(low: float, step: float, count: int) -> tuple[float, ...]:
    digits = max(0, 2 - math.floor(math.log10(step)))
    return tuple(round(low + step * i, min(digits, 12)) for i in range(count + 1))


def snug_scale(reach: Reach, *, top: float, bottom: float) -> Scale:
    """Three gridlines, the lowest on the axis: for small multiples."""
    for step in _steps_from((reach.greatest - reach.least) / 2, _SNUG_STEPS):
        low = math.floor(reach.least / step + 1e-9) * step
        if reach.ceiling is not None and low + 2 * step > reach.ceiling:
            low = reach.ceiling - 2 * step
            if reach.floor is not None and low < reach.floor:
                continue
        if low <= reach.least + 1e-9 and low + 2 * step >= reach.greatest - 1e-9:
            break
    lines = _ticks(low, step, 2)
    room = bottom - top - 6
    return Scale(top, bottom, lines[0], room / (lines[-1] - lines[0]), lines, step)


def roomy_scale(
    reach: Reach,
    *,
    top: float,
    bottom: float,
    gridlines: int,
    has_bracket: bool,
    head: float = _TOP_ROOM,
) -> Scale:
    """Gridlines at round numbers with a little air, and room for the bracket along the foot.

    ``head`` is the room over the highest gridline, for words over a point.
    """
    span = reach.greatest - reach.least
    for step in _steps_from(span / gridlines, _STEPS):
        first = math.floor(reach.least / step + 1e-9)
        last = math.ceil(reach.greatest / step - 1e-9)
        if last - first <= gridlines:
            break
    lines = _ticks(first * step, step, last - first)
    low, high = lines[0], lines[-1]
    foot = _FOOT_ROOM
    height = bottom - top - head
    if has_bracket:
        # the foot is as high as it must be for the lowest thing drawn to clear the words there
        share = (reach.least - low) / (high - low)
        foot = max(foot, (_BRACKET_ROOM - share * height) / (1 - share) if share < 1 else foot)
        foot = min(foot, height / 3)
    per_unit = (height - foot) / (high - low)
    return Scale(top, bottom, low - foot / per_unit, per_unit, lines, step)


def tick_words(gridlines: tuple[float, ...], step: float, unit: str) -> tuple[str, ...]:
    """Gridlines in words: “80%”, “£1,200”, “12k”, “0.5”, all to the same step.

    Units other than per cent and pounds stand in the line under the measure's name.
    """
    greatest = max(abs(value) for value in gridlines)
    divisor, suffix = 1.0, ""
    for size, letter in _COMPACT:
        if greatest >= 10 * size or (size > 1e3 and greatest >= size):
            divisor, suffix = size, letter
            break
    step /= divisor
    places = 0
    while places < 4 and abs(step * 10**places - round(step * 10**places)) > 1e-6:
        places += 1
    return tuple(_number(value / divisor, places, suffix, unit) for value in gridlines)


def _number(value: float, places: int, suffix: str, unit: str) -> str:
    size = abs(value)
    text = f"{size:.0e}".replace("e+", "e") if size >= 1e5 else in_figures(size, places)
    sign = "\u2212" if value < 0 and text.strip("0.,") else ""
    text = f"{text}{suffix}" if text.strip("0.,") else text
    if unit == "%":
        return f"{sign}{text}%"
    return f"{sign}£{text}" if unit == "£" else f"{sign}{text}"


def label_words(value: float, unit: str, most: int | None = None) -> str:
    """A level as the number of a label on its line: “81%”, “£1,240”, “12.4”, “1.25m”.

    ``most`` is how many decimals its numbers bear at most.
    """
    size = abs(value)
    shown_unit = unit if unit in ("%", "£") else ""
    for divisor, letter in _COMPACT:
        if size >= 10 * divisor or (divisor > 1e3 and size >= divisor):
            places = 2 if size < 10 * divisor else 1 if size < 100 * divisor else 0
            if size / divisor >= 1e5:
                text = f"{value / divisor:.0e}".replace("e+", "e")
            else:
                text = without_idle_zeros(in_figures(value / divisor, places))
            return with_unit(f"{text}{letter}", shown_unit)
    return value_words(value, shown_unit, most=most)
