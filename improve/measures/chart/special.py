"""Points that stand out: which, in what shape, and what the shape says."""

from __future__ import annotations

from improve.measures.chart.drawing import Ring
from improve.measures.chart.frame import Frame
from improve.measures.chart.shapes import XY, Marks, outline
from improve.measures.spc.series import AnalysedPoint, Part, Signal
from improve.measures.spc.special import is_before_baseline

#: Radius of a ring and of the most that the shape in it has.
_RING = (11.5, 5.8)
#: The same where points are less than 9 px apart: whole rings would lie over each other.
_CROWDED_RING = (8.0, 4.4)
_MOST_RINGS = 8
_UP, _DOWN = ("up", "higher"), ("down", "lower")  # as verdicts say it, and as measures do


def dot_size(spacing: float) -> float:
    """Width of ordinary dots for points ``spacing`` px apart; 0: too close to draw any."""
    for least, size in ((9.0, 5.8), (7.0, 5.2), (5.0, 4.4), (3.5, 3.4)):
        if spacing >= least:
            return size
    return 0.0


def mark_radius(spacing: float) -> float:
    """Radius of special shapes for points ``spacing`` px apart."""
    for least, radius in ((11.0, 6.5), (6.0, 5.2), (4.0, 4.2)):
        if spacing >= least:
            return radius
    return 3.2


def special_points(frame: Frame) -> tuple[tuple[Marks, ...], tuple[Ring, ...], list[XY]]:
    """Shapes of points that stand out, rings of those beyond a limit, places of plain dots.

    Small multiples draw no limits, so there a ring is kept for a point that stands alone; so it
    is where a whole run lies beyond a limit and rings would hide it.
    """
    if frame.is_context:
        return (), (), []
    radius = mark_radius(frame.spacing)
    around, inner = _RING if frame.spacing >= 9 else _CROWDED_RING
    outlines: dict[str, list[str]] = {}
    rings: list[Ring] = []
    alone: list[bool] = []
    plain: list[XY] = []
    for one, place in zip(frame.shown, frame.places, strict=True):
        if place is None:
            continue
        if not one.signals or is_before_baseline(frame.analysis, one):  # nearly all of them
            if not one.is_excluded:
                plain.append(place)
            continue
        meaning = point_tone(
            one,
            tone=frame.tone,
            better=frame.better,
            is_judged=frame.analysis.starts_on is not None,
        )
        if meaning is None:
            if not one.is_excluded:
                plain.append(place)
            continue
        has_ring = Signal.OUTSIDE_LIMITS in one.signals and radius > 4
        if has_ring and not frame.size.has_limits:
            has_ring = len(one.signals) == 1
        if not one.is_excluded:
            size = min(radius, inner) if has_ring else radius
            outlines.setdefault(meaning, []).append(outline(meaning, *place, size))
        if has_ring:
            rings.append(Ring(*place, around, meaning))
            alone.append(Signal.SHIFT not in one.signals)
    if len(rings) > _MOST_RINGS:
        rings = [ring for ring, is_alone in zip(rings, alone, strict=True) if is_alone]
    marks = tuple(Marks(tone, tuple(parts)) for tone, parts in outlines.items())
    return marks, tuple(rings), plain


def excluded_points(frame: Frame) -> tuple[XY, ...]:
    """Places of the points that are left out: still there, hollow and crossed out."""
    return tuple(
        place
        for point, place in zip(frame.shown, frame.places, strict=True)
        if place and point.is_excluded
    )


def point_tone(
    point: AnalysedPoint, *, tone: str, better: str, is_judged: bool = True
) -> str | None:
    """What a point's shape says (better, worse, changed), or None for an ordinary dot.

    A point beyond a limit always speaks for itself. In the time that is judged, the others speak
    with the verdict: nothing where it found nothing, the diamond where a change came and went.
    """
    if not point.signals or point.value is None:
        return None
    is_beyond = Signal.OUTSIDE_LIMITS in point.signals
    if point.is_excluded and not is_beyond:
        return None
    own = _own_tone(point, better)
    if is_beyond and Signal.SHIFT not in point.signals:
        return own
    if point.part is not Part.AFTER or not is_judged:
        return own
    if tone == "nochange":
        return own if is_beyond else None
    return "changed" if tone == "changed" else own


def _own_tone(point: AnalysedPoint, better: str) -> str:
    if better not in (*_UP, *_DOWN) or point.side == 0:
        return "changed"
    return "better" if (point.side > 0) is (better in _UP) else "worse"
