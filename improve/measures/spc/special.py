"""Each point that stands out, with the rules it fired in plain words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from improve.measures.spc.arithmetic import side_of
from improve.measures.spc.periods import period_of
from improve.measures.spc.rules import RUN_LENGTH, trend_marks
from improve.measures.spc.series import (
    AnalysedPoint,
    Better,
    ChartAnalysis,
    Part,
    PeriodWord,
    Signal,
)
from improve.measures.spc.words import day_words, value_words

Direction = Literal["better", "worse", "changed"]


@dataclass(frozen=True, slots=True)
class SpecialPoint:
    """One point that stands out, or was left out.

    ``direction`` is better, worse, or changed where no side is the better one. ``words`` is one
    sentence that begins with date and value: “3 October, 94%: one of 9 in a row above the usual
    level (81%).” Why a point was left out is for the page to add.
    """

    x: date
    value: float | None
    signals: tuple[Signal, ...]
    direction: Direction
    words: str
    is_excluded: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """One point with what its signals say: ``height`` +1 or -1 by the first rule that applies."""

    point: AnalysedPoint
    height: int
    rules: tuple[str, ...]


def special_points(
    analysis: ChartAnalysis,
    better: Better,
    *,
    period: PeriodWord | None = None,
    since: date | None = None,
) -> tuple[SpecialPoint, ...]:
    """The points that stand out, and those left out, oldest first.

    ``period`` names each point (a week by its day, a month by its name); without it the dates
    decide. ``since`` leaves out those before that day; a run that began earlier is still told at
    its whole length. The direction follows the rules' usual order: outside the limits, trend, two
    in three, run.
    """
    told = {one.point.x: one for one in tell(analysis)}
    named = period or period_of([point.x for point in analysis.points])
    recorded = [point for point in analysis.points if point.value is not None]
    last_on = recorded[-1].x.isoformat() if recorded else None
    answer: list[SpecialPoint] = []
    for point in recorded:
        is_old = is_before_baseline(analysis, point)
        is_told = (bool(point.signals) and not is_old) or point.is_excluded
        if not is_told or (since and point.x < since):
            continue
        one = None if is_old else told.get(point.x)
        head = day_words(point.x.isoformat(), period=named, last_on=last_on)
        said = list(one.rules) if one else []
        if point.is_excluded:
            said.insert(0, "left out")
        value = value_words(point.value, analysis.unit)
        answer.append(
            SpecialPoint(
                point.x,
                point.value,
                point.signals,
                direction_of(one.height if one else 0, better),
                f"{head}, {value}: {_listed(said)}.",
                point.is_excluded,
            )
        )
    return tuple(answer)


def is_before_baseline(analysis: ChartAnalysis, point: AnalysedPoint) -> bool:
    """Whether a point is of an old level, before the baseline: nothing is asked of it any more.

    Phases that are read by themselves have their own level, and their points are asked.
    """
    if point.part is not Part.EARLIER:
        return False
    if analysis.starts_on is not None or not analysis.phases:
        return True
    newest = analysis.phases[-1]
    return point.x >= (newest.x[0] if newest.x else newest.starts_on)


def direction_of(height: int, better: Better) -> Direction:
    """Better or worse for +1 (high) or -1 (low), by which side is the better one."""
    if not height or better == "neutral":
        return "changed"
    return "better" if (height > 0) is (better == "up") else "worse"


def tell(analysis: ChartAnalysis) -> list[Told]:
    """Every point with a signal, in order, and each of its rules in words."""
    answer: list[Told] = []
    for points, is_anhoej in stretches(analysis):
        usable = [point for point in points if point.is_usable]
        runs = _run_lengths(usable, is_anhoej=is_anhoej)
        trends = _trends(usable)
        answer += [
            _told(point, runs.get(point.x, 0), trends.get(point.x), analysis)
            for point in points
            if point.signals and point.value is not None
        ]
    return answer


def stretches(analysis: ChartAnalysis) -> list[tuple[list[AnalysedPoint], bool]]:
    """The stretches that runs and trends are looked for in, and whether by Anhøj's rule."""
    is_test = analysis.starts_on is not None
    charts = {} if is_test else {phase.x[0]: phase.chart for phase in analysis.phases}
    chart = analysis.chart
    answer: list[tuple[list[AnalysedPoint], bool]] = []
    part: Part | None = None
    for point in analysis.points:
        is_new_phase = point.x in charts
        if is_new_phase:
            chart = charts[point.x]
        if is_new_phase or point.part is not part:
            answer.append(([], chart == "run" and not is_test))
            part = point.part
        answer[-1][0].append(point)
    return answer


def _told(
    point: AnalysedPoint,
    run: int,
    trend: tuple[int, int] | None,
    analysis: ChartAnalysis,
) -> Told:
    height = 0
    rules: list[str] = []
    for signal in point.signals:
        if signal is Signal.OUTSIDE_LIMITS:
            side = side_of(point.value, point.centre)
            words = _outside_words(point, side, analysis)
        elif signal is Signal.TREND and trend is not None:
            side, length = trend
            how = "higher" if side > 0 else "lower"
            words = f"one of {length} in a row, each {how} than the one before"
        elif signal is Signal.TWO_IN_THREE:
            side = point.side
            line = point.upper if side > 0 else point.lower
            which = "upper" if side > 0 else "lower"
            words = f"one of two in three near the {which} limit ({_value(line, analysis)})"
        elif signal is Signal.SHIFT:
            side = point.side
            where = "above" if side > 0 else "below"
            is_since = analysis.starts_on and point.part is not Part.BASELINE
            before = " before" if is_since else ""
            usual = _value(point.centre, analysis)
            words = f"one of {run} in a row {where} the usual level{before} ({usual})"
        else:
            continue
        height = height or side
        rules.append(words)
    return Told(point, height, tuple(rules))


def _outside_words(point: AnalysedPoint, side: int, analysis: ChartAnalysis) -> str:
    if analysis.chart == "mr":
        return "an unusually large step from the point before"
    where = "above" if side > 0 else "below"
    low, high = _value(point.lower, analysis), _value(point.upper, analysis)
    return f"{where} the limits of the usual ups and downs ({low} to {high})"


def _value(value: float | None, analysis: ChartAnalysis) -> str:
    return value_words(value, analysis.unit)


def _run_lengths(usable: Sequence[AnalysedPoint], *, is_anhoej: bool) -> dict[date, int]:
    """How long the run is that each point is in; Anhøj's rule steps over points on the line."""
    counted = [p for p in usable if p.side] if is_anhoej else list(usable)
    lengths: dict[date, int] = {}
    start = 0
    for index in range(1, len(counted) + 1):
        if index == len(counted) or counted[index].side != counted[start].side:
            lengths |= dict.fromkeys([p.x for p in counted[start:index]], index - start)
            start = index
    return lengths


def _trends(usable: Sequence[AnalysedPoint]) -> dict[date, tuple[int, int]]:
    """For each point in a trend its slope and how many points the trend has."""
    values = [point.value for point in usable]
    marks = trend_marks(values)
    if not any(marks):
        return {}
    steps = [side_of(now, before) for before, now in pairwise(values)]
    found: dict[date, tuple[int, int]] = {}
    start = 0
    for index in range(1, len(steps) + 1):
        if index == len(steps) or steps[index] != steps[start]:
            length = index - start + 1
            for member in range(start, index + 1):
                is_told = marks[member] == steps[start] and length >= RUN_LENGTH
                if is_told and usable[member].x not in found:
                    found[usable[member].x] = (steps[start], length)
            start = index
    return found


def _listed(parts: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”, with a comma before “and” where a part is long."""
    if len(parts) < 2:
        return parts[0] if parts else "nothing unusual"
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"
