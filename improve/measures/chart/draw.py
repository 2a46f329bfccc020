"""Draw one chart: an analysis and what happened around it, as coordinates and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from improve.measures.chart.around import baseline_bracket, note_flags, test_bands
from improve.measures.chart.axis import (
    TimeAxis,
    axis_over,
    fitting_period,
    guess_period,
    ticks,
)
from improve.measures.chart.drawing import ChartDrawing, ChartNote, Gridline, TestSpan
from improve.measures.chart.frame import (
    Baseline,
    Frame,
    PhaseSpan,
    baseline_of,
    is_frozen,
    phases_in_view,
)
from improve.measures.chart.hope import Hope, hope_line
from improve.measures.chart.lettering import text_width
from improve.measures.chart.levels import YEAR, level_labels, level_lines, level_values
from improve.measures.chart.lines import data_stretches, limit_lines, points_to_come
from improve.measures.chart.scale import (
    Reach,
    Scale,
    label_words,
    reach_of,
    roomy_scale,
    snug_scale,
    tick_words,
)
from improve.measures.chart.shapes import XY, broken_line, dots
from improve.measures.chart.sizes import ChartSize, Wording
from improve.measures.chart.special import dot_size, excluded_points, special_points
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis

_BAR_HEIGHT = 3.0
_BAR_ABOVE_PLOT = 8.0
_FLAG_STRIP = 12.0
_UNIT_ROOM = 12.0
_MOST_TO_COME = 12
_EDGE = 0.012


def draw(
    analysis: ChartAnalysis,
    *,
    size: ChartSize,
    title: str = "",
    finding: str = "",
    tone: str = "nochange",
    better: str = "up",
    windows: Sequence[TestSpan] = (),
    notes: Sequence[ChartNote] = (),
    period: str | None = None,
    to_come: int = 0,
    span: tuple[date, date] | None = None,
    axis: TimeAxis | None = None,
    target: float | None = None,
    target_by: str = "",
    is_context: bool = False,
) -> ChartDrawing:
    """Draw an analysis at one size.

    ``tone`` is the verdict's (better, worse, changed, nochange), ``better`` which way is good
    (up, down, neutral, or higher, lower, neither): shapes say what a point means, not where it
    lies. ``windows`` are all tests on the measure. ``to_come`` points the verdict still waits for
    are drawn hollow on the usual level. The time axis spans the points (from the baseline on an
    idea's page, the newest 36 on a phone); ``span`` (first and last day) makes it the same months
    as another chart, ``axis`` the very axis of another drawing. A missing value breaks the line.

    ``target`` is drawn only when asked for, as the hope of ``target_by``, and not on small
    charts. ``is_context`` draws what was going on, such as demand: the line alone, since nobody
    judges it here. Phases of the analysis have a level each; an old one is carried on thin under
    the later points. Excluded points stay, crossed out.

    Draws an empty frame when there is nothing to draw; refuses nothing.
    """
    hope: Hope | None = None
    if target is not None and size.has_window_words:
        hope = Hope(target, target_by)
    baseline = baseline_of(analysis)
    frozen = is_frozen(analysis)
    shown = _shown(analysis, size, span, baseline if frozen else None)
    more = min(max(to_come, 0), _MOST_TO_COME)
    has_flags = bool(notes) and size.has_foot
    unit_words = _unit_words(analysis, size)
    top = _top(size, bool(windows), has_flags) + (_UNIT_ROOM if unit_words else 0)
    bottom = float(size.height - size.bottom)
    if axis is None:
        axis = _own_axis(
            size,
            shown,
            windows=windows,
            period=period or guess_period([p.x for p in analysis.points]),
            more=more,
            span=span,
        )
    slots = [axis.slot(p.x) for p in shown]
    shown = tuple(p for p, slot in zip(shown, slots, strict=True) if 0 <= slot < axis.slots)
    slots = [slot for slot in slots if 0 <= slot < axis.slots]
    is_shared = size.is_strip and len(set(slots)) < len(slots)
    has_limits = size.has_limits or (size.is_strip and analysis.chart == "mr")
    phases = () if is_context else phases_in_view(analysis, axis)
    reach = _reach(
        analysis, shown, tone, phases, hope, has_limits=has_limits, is_context=is_context
    )
    has_bracket = size.has_foot and frozen and baseline is not None
    if size.is_snug:
        scale = snug_scale(reach, top=top, bottom=bottom)
    else:
        scale = roomy_scale(
            reach,
            top=top,
            bottom=bottom,
            gridlines=size.gridlines,
            has_bracket=has_bracket,
            head=size.head,
        )
    axis = _with_room_for_numbers(axis, size, analysis)
    gridlines, axis = _gridlines(
        size,
        scale,
        axis,
        analysis.unit,
        [(s, p.value) for p, s in zip(shown, slots, strict=True) if p.value is not None],
    )
    frame = Frame(
        analysis=analysis,
        size=size,
        axis=axis,
        scale=scale,
        reach=reach,
        shown=shown,
        places=tuple(
            None
            if p.value is None
            else (axis.place(p.x) if is_shared else axis.middle(slot), scale.y(p.value))
            for p, slot in zip(shown, slots, strict=True)
        ),
        tone=tone,
        better=better,
        is_frozen=frozen,
        gridlines=gridlines,
        slots=tuple(slots),
        baseline=baseline,
        phases=phases,
        is_context=is_context,
    )
    marks, rings, plain = special_points(frame)
    dot = 0.0 if is_context else dot_size(frame.spacing)
    levels = level_lines(frame)
    return ChartDrawing(
        size=size,
        title=title,
        finding=finding,
        tone=tone,
        axis=axis,
        top=top,
        bottom=bottom,
        bar_y=_bar(size, top, has_flags) - _BAR_HEIGHT,
        gridlines=gridlines,
        ticks=() if size.is_strip or not shown else ticks(axis, width=size.width),
        bands=test_bands(frame, windows),
        line=broken_line(data_stretches(frame)),
        dots=dots(plain) if dot else "",
        dot_size=dot,
        hollow=() if is_context else excluded_points(frame),
        to_come=points_to_come(frame, more),
        marks=marks,
        rings=rings,
        centre=levels.firm,
        centre_onward=levels.onward,
        centre_since=levels.since,
        limits=limit_lines(frame) if has_limits and not is_context else "",
        labels=level_labels(frame),
        hope=hope_line(frame, hope),
        unit_words=unit_words,
        bracket=baseline_bracket(frame) if has_bracket else None,
        flags=note_flags(frame, notes, top) if has_flags else (),
        points=tuple(place for place in frame.places if place),
    )


def _shown(
    analysis: ChartAnalysis,
    size: ChartSize,
    span: tuple[date, date] | None,
    baseline: Baseline | None,
) -> tuple[AnalysedPoint, ...]:
    """The points in view, before the axis has its say."""
    points = tuple(p for p in analysis.points if p.value is None or math.isfinite(p.value))
    if span:
        points = tuple(p for p in points if span[0] <= p.x <= span[1])
    elif size.is_from_baseline and baseline:
        points = tuple(p for p in points if p.x >= baseline.from_day)
    return points[-size.last :] if size.last else points


def _top(size: ChartSize, has_windows: bool, has_flags: bool) -> float:
    """Room above the plot: for the names of tests, for the strip of flags, for neither."""
    if not size.has_window_words:
        return 4.0 + _BAR_HEIGHT + (_BAR_ABOVE_PLOT if size.is_strip else 0.0)
    top = 52.0 if has_windows else 26.0
    return top + _FLAG_STRIP if has_flags else top


def _bar(size: ChartSize, top: float, has_flags: bool) -> float:
    """The lower edge of the bars over tests."""
    if size.is_snug:
        return top
    return top - _BAR_ABOVE_PLOT - (_FLAG_STRIP if has_flags else 0.0)


def _unit_words(analysis: ChartAnalysis, size: ChartSize) -> str:
    """The unit above the numbers of the scale, where these do not show it themselves."""
    unit = analysis.unit
    is_empty = not any(p.value is not None for p in analysis.points)
    if unit in ("", "%", "£") or is_empty or not size.has_window_words:
        return ""
    return unit if text_width(unit) <= size.width - size.left else ""


def _own_axis(
    size: ChartSize,
    shown: Sequence[AnalysedPoint],
    *,
    windows: Sequence[TestSpan],
    period: str,
    more: int,
    span: tuple[date, date] | None,
) -> TimeAxis:
    days = [p.x for p in shown]
    if span and not (size.is_phone and days):
        days = [span[0], *days, span[1]]
    fitting = fitting_period([p.x for p in shown], period)
    axis = axis_over(
        days,
        period=fitting,
        more=more,
        left=float(size.left),
        right=float(size.width - size.right),
    )
    if fitting != period:
        # single days: the first and the last point keep off the edges
        pad = max(round(axis.slots * _EDGE), 1)
        axis = replace(axis, first=axis.first - pad, slots=axis.slots + 2 * pad)
    if days and not more and any(w.is_judged and w.starts_on > days[-1] for w in windows):
        # a test that has begun without a point yet still shows its start line
        axis = replace(axis, slots=axis.slots + 1)
    return axis


def _reach(
    analysis: ChartAnalysis,
    shown: Sequence[AnalysedPoint],
    tone: str,
    phases: tuple[PhaseSpan, ...],
    hope: Hope | None,
    *,
    has_limits: bool,
    is_context: bool,
) -> Reach:
    values = [p.value for p in shown if p.value is not None]
    if is_context:
        return reach_of(values, [], analysis.unit)
    levels = [p.centre for p in shown if p.centre is not None] + level_values(phases)
    if hope is not None:
        levels.append(hope.value)
    if tone != "nochange" and analysis.centre_after is not None:
        levels.append(analysis.centre_after)
    limits: list[float] = []
    if has_limits:
        limits = [limit for p in shown for limit in (p.lower, p.upper) if limit is not None]
    return reach_of(values + levels if values else [], limits, analysis.unit)


def _gridlines(
    size: ChartSize, scale: Scale, axis: TimeAxis, unit: str, points: Sequence[tuple[int, float]]
) -> tuple[tuple[Gridline, ...], TimeAxis]:
    """The level lines; long numbers take the room they need from the plot."""
    heights = [scale.y(value) for value in scale.gridlines]
    if not points:
        return tuple(Gridline(y) for y in heights), axis
    words = tick_words(scale.gridlines, scale.step, unit)
    if size.is_phone:
        places = [(axis.middle(slot), scale.y(value)) for slot, value in points]
        lines = [Gridline(y) for y in heights]
        for end in {0, len(words) - 1}:
            lines[end] = _inside(words[end], heights[end], axis, places)
        return tuple(lines), axis
    widest = max(text_width(word) for word in words)
    if widest + 10 > axis.left and not size.is_strip:
        axis = replace(axis, left=float(math.ceil(widest + 10)))
    return (
        tuple(
            Gridline(y, word, axis.left - 8, y + 5) for y, word in zip(heights, words, strict=True)
        ),
        axis,
    )


def _inside(words: str, y: float, axis: TimeAxis, places: Sequence[XY]) -> Gridline:
    """Words above their line at the left end, or at the right where they cover fewer points."""
    room = text_width(words) + 6

    def covered(left: float) -> int:
        return sum(left <= x <= left + room and y - 20 <= at <= y for x, at in places)

    if covered(axis.left) > covered(axis.right - room):
        return Gridline(y, words, axis.right - 2, y - 5, "end", is_inside=True)
    return Gridline(y, words, axis.left + 1, y - 5, "start", is_inside=True)


def _with_room_for_numbers(axis: TimeAxis, size: ChartSize, analysis: ChartAnalysis) -> TimeAxis:
    """Long numbers right of the plot take the room they need from it; a strip has no choice."""
    if size.wording is Wording.NONE or size.is_strip:
        return axis
    numbers = [
        label_words(value, analysis.unit, analysis.level_places)
        for value in (analysis.centre, analysis.centre_after)
        if value is not None
    ]
    word = 0.0
    if size.wording is Wording.FULL and analysis.phases:
        numbers += [
            label_words(p.centre, analysis.unit, analysis.level_places)
            for p in analysis.phases
            if p.centre
        ]
        first, last = analysis.points[0].x, analysis.points[-1].x
        day = "Mar\u00a02026" if (last - first).days >= YEAR else "30\u00a0Mar"
        word = 1 + text_width(f" usual to {day}")
    needed = 10 + word + max((text_width(n, is_bold=True) for n in numbers), default=0.0)
    return replace(axis, right=min(axis.right, float(math.floor(size.width - needed))))
