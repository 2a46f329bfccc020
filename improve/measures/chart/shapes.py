"""Coordinates of a drawing, and the outlines made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

XY = tuple[float, float]

TRIANGLE_UP, TRIANGLE_DOWN, DIAMOND = "better", "worse", "changed"
_OUTLINES: dict[str, tuple[XY, ...]] = {
    # circumscribed radius 1; the triangles sit a little low so that they look centred
    TRIANGLE_UP: ((0.0, -0.88), (0.84, 0.6), (-0.84, 0.6)),
    TRIANGLE_DOWN: ((0.0, 0.88), (0.84, -0.6), (-0.84, -0.6)),
    DIAMOND: ((0.0, -0.96), (0.96, 0.0), (0.0, 0.96), (-0.96, 0.0)),
}


def polyline(points: Sequence[XY]) -> str:
    """One open line through the points."""
    return "M" + "L".join([f"{x:.1f} {y:.1f}" for x, y in points])


def broken_line(stretches: Iterable[Sequence[XY]]) -> str:
    """Several lines as one outline; a stretch of a single point draws nothing."""
    return "".join(polyline(stretch) for stretch in stretches if len(stretch) > 1)


def dots(points: Iterable[XY]) -> str:
    """Round dots as one outline of lines without length; their size is the stroke's width."""
    return "".join([f"M{x:.1f} {y:.1f}h0" for x, y in points])


@dataclass(frozen=True, slots=True)
class Marks:
    """Special points of one tone, whose shape is the tone's: an outline for each."""

    tone: str
    outlines: tuple[str, ...]


def outline(tone: str, x: float, y: float, radius: float) -> str:
    """The shape of a tone about a point: triangle up, triangle down or diamond."""
    return polyline([(x + dx * radius, y + dy * radius) for dx, dy in _OUTLINES[tone]]) + "z"
