"""Draw one chart: an analysis and what happened around it, as coordinates and words."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from improve.measures.chart.around import baseline_bracket, note_flags, test_bands
from improve.measures.chart.axis import MONTHS, TimeAxis, axis_over, guess_period, ticks
from improve.measures.chart.drawing import ChartDrawing, ChartNote, Gridline, TestSpan
from improve.measures.chart.frame import Baseline, Frame, baseline_of, is_frozen
from improve.measures.chart.labels import Level, LineLabel, line_labels
from improve.measures.chart.lettering import text_width
from improve.measures.chart.lines import (
    centre_lines,
    data_stretches,
    is_in_reach,
    limit_lines,
    points_to_come,
)
from improve.measures.chart.scale import (
    Reach,
    Scale,
    label_words,
    reach_of,
    roomy_scale,
    snug_scale,
    tick_words,
)
from improve.measures.chart.shapes import broken_line, dots
from improve.measures.chart.sizes import ChartSize, Wording
from improve.measures.chart.special import dot_size, special_points
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis, Part

_BAR_HEIGHT = 3.0
_BAR_ABOVE_PLOT = 8.0
_FLAG_STRIP = 12.0
_MOST_TO_COME = 12


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
) -> ChartDrawing:
    """Draw an analysis at one size.

    ``tone`` is the verdict's (better, worse, changed, nochange), ``better`` which way is good
    (up, down, neutral, or higher, lower, neither): shapes say what a point means, not where it
    lies. ``windows`` are all tests on the measure. ``to_come`` points the verdict still waits for
    are drawn hollow on the usual level. The time axis spans the points (from the baseline on an
    idea's page, the newest 36 on a phone); ``span`` (first and last day) makes it the same months
    as another chart, ``axis`` the very axis of another drawing. A missing value breaks the line.

    Draws an empty frame when there is nothing to draw; refuses nothing.
    """
    baseline = baseline_of(analysis)
    frozen = is_frozen(analysis)
    shown = _shown(analysis, size, span, baseline if frozen else None)
    more = min(max(to_come, 0), _MOST_TO_COME)
    has_flags = bool(notes) and size.has_foot
    top = _top(size, bool(windows), has_flags)
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
    reach = _reach(analysis, size, shown, tone)
    has_bracket = size.has_foot and frozen and baseline is not None
    if size.is_snug:
        scale = snug_scale(reach, top=top, bottom=bottom)
    else:
        scale = roomy_scale(
            reach, top=top, bottom=bottom, gridlines=size.gridlines, has_bracket=has_bracket
        )
    is_empty = not any(p.value is not None for p in shown)
    axis = _with_room_for_numbers(axis, size, analysis)
    gridlines, axis = _gridlines(size, scale, axis, analysis.unit, is_empty=is_empty)
    frame = Frame(
        analysis=analysis,
        size=size,
        axis=axis,
        scale=scale,
        reach=reach,
        shown=shown,
        places=tuple(
            None if p.value is None else (axis.middle(slot), scale.y(p.value))
            for p, slot in zip(shown, slots, strict=True)
        ),
        tone=tone,
        better=better,
        is_frozen=frozen,
        gridlines=gridlines,
        slots=tuple(slots),
        baseline=baseline,
    )
    marks, rings, plain = special_points(frame)
    dot = dot_size(axis.slot_width)
    centre, onward, since = centre_lines(frame)
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
        hollow=tuple(
            place for p, place in zip(shown, frame.places, strict=True) if place and p.is_excluded
        ),
        to_come=points_to_come(frame, more),
        marks=marks,
        rings=rings,
        centre=centre,
        centre_onward=onward,
        centre_since=since,
        limits=limit_lines(frame) if size.has_limits else "",
        labels=_level_labels(frame),
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
    axis = axis_over(
        days,
        period=period,
        more=more,
        left=float(size.left),
        right=float(size.width - size.right),
    )
    if days and not more and any(w.is_judged and w.starts_on > days[-1] for w in windows):
        # a test that has begun without a point yet still shows its start line
        axis = replace(axis, slots=axis.slots + 1)
    return axis


def _reach(
    analysis: ChartAnalysis, size: ChartSize, shown: Sequence[AnalysedPoint], tone: str
) -> Reach:
    values = [p.value for p in shown if p.value is not None]
    levels = [p.centre for p in shown if p.centre is not None]
    if tone != "nochange" and analysis.centre_after is not None:
        levels.append(analysis.centre_after)
    limits: list[float] = []
    if size.has_limits:
        limits = [limit for p in shown for limit in (p.lower, p.upper) if limit is not None]
    return reach_of(values + levels if values else [], limits, analysis.unit)


def _gridlines(
    size: ChartSize, scale: Scale, axis: TimeAxis, unit: str, *, is_empty: bool
) -> tuple[tuple[Gridline, ...], TimeAxis]:
    """The level lines; long numbers take the room they need from the plot."""
    heights = [scale.y(value) for value in scale.gridlines]
    if is_empty:
        return tuple(Gridline(y) for y in heights), axis
    words = tick_words(scale.gridlines, scale.step, unit)
    if size.is_phone:
        ends = (0, len(words) - 1)
        lines = (
            Gridline(y, words[i] if i in ends else "", axis.left + 1, y - 5, "start")
            for i, y in enumerate(heights)
        )
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


def _with_room_for_numbers(axis: TimeAxis, size: ChartSize, analysis: ChartAnalysis) -> TimeAxis:
    """Long numbers right of the plot take the room they need from it; a strip has no choice."""
    if size.wording is Wording.NONE or size.is_strip:
        return axis
    numbers = [
        label_words(value, analysis.unit)
        for value in (analysis.centre, analysis.centre_after)
        if value is not None
    ]
    needed = 10 + max((text_width(words, is_bold=True) for words in numbers), default=0.0)
    return replace(axis, right=min(axis.right, float(math.floor(size.width - needed))))


def _level_labels(frame: Frame) -> tuple[LineLabel, ...]:
    size = frame.size
    if size.wording is Wording.NONE or not frame.shown:
        return ()
    return line_labels(
        [*_mean_levels(frame), *(_limit_levels(frame) if size.wording is Wording.FULL else ())],
        x=frame.axis.right + 10,
        room=size.width - frame.axis.right - 10,
        top=frame.scale.top,
        bottom=frame.scale.bottom - 6,
        is_stacked=size.wording is Wording.STACKED,
    )


def _mean_levels(frame: Frame) -> Iterator[Level]:
    analysis, wording, y = frame.analysis, frame.size.wording, frame.scale.y
    if frame.centre is not None:
        wordings: tuple[str, ...] = ("usual", "")
        if wording is Wording.FULL and frame.is_since_drawn:
            wordings = ("usual before", *wordings)
        number = label_words(frame.centre, analysis.unit)
        yield Level(y(frame.centre), number, wordings, "usual")
    if frame.is_since_drawn and analysis.centre_after is not None:
        wordings = ("since", "")
        if wording is Wording.FULL and analysis.starts_on:
            wordings = (*_since_words(analysis.starts_on, frame.shown[-1].x), *wordings)
        number = label_words(analysis.centre_after, analysis.unit)
        yield Level(y(analysis.centre_after), number, wordings, frame.tone)


def _since_words(day: date, newest: date) -> tuple[str, ...]:
    """“since 21 Sep”; the year, where the chart has gone on for a year."""
    month = MONTHS[day.month - 1]
    if (newest - day).days < 360:
        return (f"since {day.day}\u00a0{month}",)
    return f"since {month}\u00a0{day.year}", f"since {day.year}"


def _limit_levels(frame: Frame) -> Iterator[Level]:
    last = frame.shown[-1]
    if last.part is Part.EARLIER:
        return
    for name, value, is_upper in (
        ("upper limit", last.upper, True),
        ("lower limit", last.lower, False),
    ):
        if value is not None and is_in_reach(value, frame.reach):
            yield Level(frame.scale.y(value), "", (name, "limit"), "limit", True, is_upper)
