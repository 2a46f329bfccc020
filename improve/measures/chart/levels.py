"""The level lines of a chart and their names: the usual, the one since, one for each phase."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from improve.measures.chart.axis import MONTHS
from improve.measures.chart.frame import Frame, PhaseSpan
from improve.measures.chart.labels import Level, LineLabel, line_labels
from improve.measures.chart.lines import is_in_reach
from improve.measures.chart.scale import label_words
from improve.measures.chart.shapes import broken_line, polyline
from improve.measures.chart.sizes import Wording
from improve.measures.spc.phrases import year_words
from improve.measures.spc.series import Part

#: Old levels carried on to the right edge, each with a name there; what is older stops where
#: the next phase begins.
_MOST_CARRIED = {Wording.FULL: 2, Wording.SHORT: 1, Wording.STACKED: 1, Wording.NONE: 1}


@dataclass(frozen=True, slots=True)
class LevelLines:
    """Outlines: ``firm`` over what a level was computed from, ``onward`` where it is carried on,
    ``since`` in the colour of the verdict.
    """

    firm: str = ""
    onward: str = ""
    since: str = ""


#: Days on a chart from which on a date needs its year.
YEAR = 360
Stretch = tuple[int, int, float]


def level_lines(frame: Frame) -> LevelLines:
    """The levels as lines."""
    firm: list[Stretch] = []
    onward: list[Stretch] = []
    if frame.is_phased:
        firm, onward = _phase_stretches(frame)
    elif frame.centre is not None:
        for start, stop, level, is_firm in _frozen_stretches(frame):
            (firm if is_firm else onward).append((start, stop, level))
        for span in _drawn_beside(frame):
            where = firm if span.is_usual else onward
            where.append((span.start, span.stop, span.phase.centre or 0.0))
    return LevelLines(_outline(frame, firm), _outline(frame, onward), _since(frame))


def _outline(frame: Frame, stretches: list[Stretch]) -> str:
    axis, scale = frame.axis, frame.scale
    return broken_line(
        [
            [(axis.edge(start), scale.y(level)), (axis.edge(stop), scale.y(level))]
            for start, stop, level in stretches
        ]
    )


def _carried(frame: Frame) -> tuple[PhaseSpan, ...]:
    """Old phases whose line is carried on under the later points, newest last."""
    old = [span for span in frame.phases if not span.is_last and span.is_usual]
    return tuple(old[-_MOST_CARRIED[frame.size.wording] :])


def _phase_stretches(frame: Frame) -> tuple[list[Stretch], list[Stretch]]:
    firm: list[Stretch] = []
    onward: list[Stretch] = []
    carried = _carried(frame)
    for span in frame.phases:
        level = span.phase.centre or 0.0
        until = _computed_until(frame, span)
        (firm if span.is_usual else onward).append((span.start, until, level))
        if until < span.stop:
            onward.append((until, span.stop, level))
        if span in carried:
            onward.append((span.stop, frame.axis.slots, level))
    return firm, onward


def _computed_until(frame: Frame, span: PhaseSpan) -> int:
    """Where the points end that a level was computed from: a person may have frozen some."""
    if not (span.is_last and frame.is_frozen and frame.baseline):
        return span.stop
    return min(max(frame.axis.slot(frame.baseline.to_day) + 1, span.start), span.stop)


def _after(frame: Frame) -> list[int]:
    return [slot for p, slot in zip(frame.shown, frame.slots, strict=True) if p.part is Part.AFTER]


def _since(frame: Frame) -> str:
    """The level since the change, in a verdict that speaks of one."""
    after, level = _after(frame), frame.analysis.centre_after
    if frame.centre is None or not frame.is_since_drawn or level is None or not after:
        return ""
    y = frame.scale.y(level)
    has_ended = any(p.part is Part.LATER for p in frame.shown)
    stop = after[-1] + 1 if has_ended else frame.axis.slots
    return polyline([(frame.axis.edge(after[0]), y), (frame.axis.edge(stop), y)])


def _drawn_beside(frame: Frame) -> tuple[PhaseSpan, ...]:
    """New lines beside a frozen one; the very line that the verdict draws is not drawn twice."""
    after = _after(frame)
    return tuple(
        span
        for span in frame.phases
        if not (frame.is_since_drawn and after and span.is_last and span.start == after[0])
    )


def _frozen_stretches(frame: Frame) -> Iterator[tuple[int, int, float, bool]]:
    """Stretches of one level: first slot, slot after the last, level, and whether it is firm.

    A frozen level begins with the baseline: what came earlier was not judged by it. It is
    carried on to the right edge.
    """
    axis = frame.axis
    from_day = frame.baseline.from_day if frame.baseline and frame.is_frozen else None
    current: tuple[int, int, float, bool] | None = None
    for point, slot in zip(frame.shown, frame.slots, strict=True):
        if point.centre is None or (from_day and point.x < from_day):
            continue
        is_firm = not frame.is_frozen or point.part is Part.BASELINE
        if current and current[3] is is_firm and math.isclose(current[2], point.centre):
            current = (current[0], slot + 1, current[2], is_firm)
            continue
        if current:
            yield current[0], slot, current[2], current[3]
        current = (slot, slot + 1, point.centre, is_firm)
    if current is None:
        return
    start, stop, level, is_firm = current
    if is_firm and frame.is_frozen and stop < axis.slots:
        yield current
        yield stop, axis.slots, level, False
    else:
        yield start, axis.slots, level, is_firm


def level_values(frame_phases: tuple[PhaseSpan, ...]) -> list[float]:
    """The levels of phases in view, for the scale to cover."""
    return [span.phase.centre for span in frame_phases if span.phase.centre is not None]


# ---------------------------------------------------------------- their names


def level_labels(frame: Frame) -> tuple[LineLabel, ...]:
    """The names of the lines, right of the plot."""
    size = frame.size
    if size.wording is Wording.NONE or not frame.shown:
        return ()
    limits = _limit_levels(frame) if size.wording is Wording.FULL else iter(())
    return line_labels(
        [*_levels(frame), *limits],
        x=frame.axis.right + 10,
        room=size.width - frame.axis.right - 10,
        top=frame.scale.top,
        bottom=frame.scale.bottom - 6,
        is_stacked=size.wording is Wording.STACKED,
    )


def _levels(frame: Frame) -> Iterator[Level]:
    if frame.is_context:
        yield from _newest_level(frame)
    elif frame.is_phased:
        for span in _carried(frame):
            yield _named(frame, span.phase.centre or 0.0, _until_words(frame, span))
        if frame.phases[-1].is_last:
            span = frame.phases[-1]
            yield _named(frame, span.phase.centre or 0.0, _phase_words(frame, span))
    else:
        yield from _frozen_levels(frame)


def _frozen_levels(frame: Frame) -> Iterator[Level]:
    analysis, wording = frame.analysis, frame.size.wording
    beside = _drawn_beside(frame) if frame.centre is not None else ()
    if frame.centre is not None:
        wordings: tuple[str, ...] = ("usual", "")
        if wording is Wording.FULL and (frame.is_since_drawn or beside):
            wordings = ("usual before", *wordings)
        yield _named(frame, frame.centre, wordings)
    if frame.is_since_drawn and analysis.centre_after is not None:
        wordings = ("since", "")
        if wording is Wording.FULL and analysis.starts_on:
            wordings = (*_since_words(frame, analysis.starts_on), *wordings)
        yield _named(frame, analysis.centre_after, wordings, frame.tone)
    if beside and beside[-1].is_last:
        level = beside[-1].phase.centre or 0.0
        yield _named(frame, level, _phase_words(frame, beside[-1]))


def _newest_level(frame: Frame) -> Iterator[Level]:
    """What was going on has no usual level: its latest value is named."""
    newest = next((p.value for p in reversed(frame.shown) if p.value is not None), None)
    if newest is not None:
        yield _named(frame, newest, ("latest", ""))


def _named(frame: Frame, value: float, wordings: tuple[str, ...], tone: str = "usual") -> Level:
    unit = frame.analysis.unit
    return Level(
        frame.scale.y(value),
        label_words(value, unit, frame.analysis.level_places),
        wordings,
        tone,
        unit="" if unit in ("%", "£") else unit,
    )


def _phase_words(frame: Frame, span: PhaseSpan) -> tuple[str, ...]:
    """“since 4 Oct”; “so far” while the points are too few to speak of a usual level."""
    if not span.is_usual:
        return ("so far", "")
    if frame.size.wording is not Wording.FULL:
        return ("since", "")
    return (*_since_words(frame, span.phase.starts_on), "since", "")


def _until_words(frame: Frame, span: PhaseSpan) -> tuple[str, ...]:
    """“usual to 3 Oct”: what was usual until the last point of its phase."""
    day = span.phase.x[-1] if span.phase.x else span.phase.ends_on
    if day is None:
        return ("before", "")
    until = _dated(frame, day, is_last=True)
    return (f"usual to {until}", f"to {until}", "before", "")


def _since_words(frame: Frame, day: date) -> tuple[str, ...]:
    """“since 21 Sep”; the year, where the chart has gone on for a year."""
    words = f"since {_dated(frame, day)}"
    is_old = (frame.shown[-1].x - day).days >= YEAR and frame.axis.period != "year"
    return (words, f"since {day.year}") if is_old else (words,)


def _dated(frame: Frame, day: date, *, is_last: bool = False) -> str:
    """“3 Oct”, “Oct” on a chart of months, “Sep” for the end of a quarter, “2025-26” for a year.

    The year is named where the chart has gone on for one since. Of a test that began inside a
    month the day is told: the month alone would say that all of it counts.
    """
    period = frame.axis.period
    if period == "year":
        return year_words(day)
    last = (day.month + 1) % 12 if is_last and period == "quarter" else day.month - 1
    month = MONTHS[last]
    if (frame.shown[-1].x - day).days >= YEAR:
        return f"{month}\u00a0{day.year}"
    is_first = period in ("month", "quarter") and (is_last or day.day == 1)
    return month if is_first else f"{day.day}\u00a0{month}"


def _limit_levels(frame: Frame) -> Iterator[Level]:
    last = frame.shown[-1]
    if last.part is Part.EARLIER or frame.is_context:
        return
    for name, value, is_upper in (
        ("upper limit", last.upper, True),
        ("lower limit", last.lower, False),
    ):
        if value is not None and is_in_reach(value, frame.reach):
            yield Level(frame.scale.y(value), "", (name, "limit"), "limit", True, is_upper)
