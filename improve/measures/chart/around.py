"""What happened around the data: tests, the frozen baseline, notes."""

from __future__ import annotations

from collections.abc import Sequence

from improve.measures.chart.drawing import Band, Bracket, ChartNote, Flag, TestSpan
from improve.measures.chart.frame import Frame
from improve.measures.chart.labels import WindowLabel, WindowName, spread, window_labels
from improve.measures.chart.lettering import text_width
from improve.measures.chart.shapes import polyline

_FLAG_RADIUS = 11.0


def test_bands(frame: Frame, windows: Sequence[TestSpan]) -> tuple[Band, ...]:
    """The time of each test in view, oldest first, with its name where there is room."""
    axis, size = frame.axis, frame.size
    seen: list[tuple[TestSpan, int, float, float]] = []
    for window in sorted(windows, key=lambda w: (w.starts_on, not w.is_judged)):
        start = _first_slot(frame, window)
        stop = axis.slots if window.ends_on is None else axis.slot(window.ends_on) + 1
        if start < axis.slots and stop > max(start, 0):
            seen.append((window, start, axis.edge(start), axis.edge(stop)))
    labels: list[WindowLabel | None] = [None] * len(seen)
    if size.has_window_words:
        names = [WindowName(w.label, left, right, w.is_judged) for w, _at, left, right in seen]
        labels = window_labels(names, width=size.width, is_short=size.is_phone)
    return tuple(
        Band(left, right - left, window.is_judged, label, start >= 0)
        for (window, start, left, right), label in zip(seen, labels, strict=True)
    )


test_bands.__test__ = False  # type: ignore[attr-defined]  # its name begins like a test's


def _first_slot(frame: Frame, window: TestSpan) -> int:
    """A judged test is shaded from its first point on: that is what the verdict counts."""
    axis = frame.axis
    own = axis.slot(window.starts_on)
    if not window.is_judged:
        return own
    if frame.size.is_strip:
        # on another chart's axis, whose points the shading belongs to
        return own if axis.day(own) >= window.starts_on else own + 1
    for index, point in enumerate(frame.shown):
        if point.x >= window.starts_on:
            slot = frame.slots[index]
            return min(slot, own) if index == 0 else slot
    return max(own, frame.next_slot)


def baseline_bracket(frame: Frame) -> Bracket | None:
    """The frozen baseline along the foot; its left end is open where it began out of view."""
    axis, baseline = frame.axis, frame.baseline
    if baseline is None:
        return None
    start, stop = axis.slot(baseline.from_day), axis.slot(baseline.to_day) + 1
    left, right = axis.edge(start), axis.edge(stop)
    if stop <= 0 or right - left < 2:
        return None
    y = frame.scale.bottom - 10
    corners = [(left, y), (right - 1, y), (right - 1, y - 6)]
    if start >= 0:
        corners.insert(0, (left, y - 6))
    n = baseline.n
    points = f"{n}\u00a0point" if n == 1 else f"{n}\u00a0points"
    wordings: tuple[str, ...] = (f"Baseline: {points}, frozen", f"{points}, frozen", points)
    clear_from = left
    if frame.size.is_phone:
        wordings = wordings[1:]
        clear_from = max(left, _inside_words_end(frame, y - 7))
    room = right - clear_from - 12
    words = next((w for w in wordings if text_width(w) <= room), "")
    middle = max((left + right) / 2, clear_from + 6 + text_width(words) / 2)
    return Bracket(polyline(corners), middle, y - 7, words)


def _inside_words_end(frame: Frame, baseline: float) -> float:
    """Where the lowest gridline's words end, if they stand in the bracket's line of words."""
    lowest = frame.lowest_words
    if lowest.anchor != "start" or abs(lowest.words_y - baseline) >= 16:
        return frame.axis.left
    return lowest.words_x + text_width(lowest.words)


def note_flags(frame: Frame, notes: Sequence[ChartNote], top: float) -> tuple[Flag, ...]:
    """Numbered discs above the plot, each with a dotted line down to the point of its period."""
    axis, scale = frame.axis, frame.scale
    shown = sorted(
        (n for n in notes if 0 <= axis.slot(n.noted_on) < axis.slots),
        key=lambda n: (n.noted_on, n.number),
    )
    left = axis.left + _FLAG_RADIUS
    if frame.size.is_phone and frame.highest_words.anchor == "start":
        # clear of the words of the highest gridline, which stand inside the plot
        left += text_width(frame.highest_words.words) + 6
    wanted = [axis.middle(axis.slot(n.noted_on)) for n in shown]
    places = spread(wanted, apart=2 * _FLAG_RADIUS + 2, left=left, right=axis.right - _FLAG_RADIUS)
    heights = {
        slot: place[1] for slot, place in zip(frame.slots, frame.places, strict=True) if place
    }
    y = top - 8
    flags = []
    for note, at, x in zip(shown, wanted, places, strict=True):
        foot = heights.get(axis.slot(note.noted_on), scale.bottom) - 9
        leader = ""
        if foot > y + _FLAG_RADIUS + 2:
            leader = polyline([(x, y + _FLAG_RADIUS), (at, foot)])
        flags.append(Flag(note.number, x, y, leader))
    return tuple(flags)
