"""Each point that stands out, with the rules it fired in plain words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal

from improve.measures.spc.arithmetic import side_of
from improve.measures.spc.periods import period_of
from improve.measures.spc.phrases import day_words, number_word, stretch_words
from improve.measures.spc.rules import RUN_LENGTH, trend_marks
from improve.measures.spc.series import (
    AnalysedPoint,
    Better,
    ChartAnalysis,
    Part,
    PeriodWord,
    Signal,
)

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
class Rule:
    """One rule that a point fired: ``words`` of the point alone, ``together`` of all that fired it
    together, from ``first`` to ``last`` (both the point itself where it stands alone).
    """

    signal: Signal
    words: str
    together: str
    first: date
    last: date
    side: int

    @property
    def is_alone(self) -> bool:
        """Whether the point fired it by itself."""
        return self.first == self.last


@dataclass(frozen=True, slots=True)
class Told:
    """One point with what its signals say: ``height`` +1 or -1 by the first rule that applies."""

    point: AnalysedPoint
    height: int
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Members:
    """Points that fired a rule together: how many, out of how many in a row, from when to when."""

    count: int
    out_of: int
    first: date
    last: date
    side: int


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
    named = _Named.of(analysis, period)
    return tuple(
        _special_point(point, one, [rule.words for rule in one.rules] if one else [], named, better)
        for point, one in _standing_out(analysis, since)
    )


def special_lines(
    analysis: ChartAnalysis,
    better: Better,
    *,
    period: PeriodWord | None = None,
    since: date | None = None,
) -> tuple[SpecialPoint, ...]:
    """The same for reading one after the other: what points fired together is said once.

    “25 May to 20 July: 9 in a row above the usual level before (80%).” A point that says more
    than that has a line of its own as well. Arguments as in :func:`special_points`.
    """
    named = _Named.of(analysis, period)
    answer: list[SpecialPoint] = []
    told: set[tuple[Signal, date]] = set()
    for point, one in _standing_out(analysis, since):
        rules = one.rules if one else ()
        for rule in rules:
            if rule.is_alone or (rule.signal, rule.first) in told:
                continue
            told.add((rule.signal, rule.first))
            answer.append(
                SpecialPoint(
                    point.x,
                    None,
                    (rule.signal,),
                    direction_of(rule.side, better),
                    f"{named.stretch(rule.first, rule.last)}: {rule.together}.",
                )
            )
        own = [rule.words for rule in rules if rule.is_alone]
        if own or point.is_excluded:
            answer.append(_special_point(point, one, own, named, better))
    return tuple(answer)


def _standing_out(
    analysis: ChartAnalysis, since: date | None
) -> Iterator[tuple[AnalysedPoint, Told | None]]:
    told = {one.point.x: one for one in tell(analysis)}
    for point in analysis.points:
        if point.value is None or (since and point.x < since):
            continue
        is_old = is_before_baseline(analysis, point)
        if (point.signals and not is_old) or point.is_excluded:
            yield point, None if is_old else told.get(point.x)


def _special_point(
    point: AnalysedPoint, one: Told | None, rules: list[str], named: _Named, better: Better
) -> SpecialPoint:
    said = ["left out", *rules] if point.is_excluded else rules
    return SpecialPoint(
        point.x,
        point.value,
        point.signals,
        direction_of(one.height if one else 0, better),
        f"{named.day(point.x)}, {named.analysis.in_words(point.value)}: {_listed(said)}.",
        point.is_excluded,
    )


@dataclass(frozen=True, slots=True)
class _Named:
    """How the points of one chart are named."""

    analysis: ChartAnalysis
    period: PeriodWord
    last_on: str | None

    @classmethod
    def of(cls, analysis: ChartAnalysis, period: PeriodWord | None) -> _Named:
        recorded = [point.x for point in analysis.points if point.value is not None]
        last_on = recorded[-1].isoformat() if recorded else None
        return cls(analysis, period or period_of([p.x for p in analysis.points]), last_on)

    def day(self, day: date) -> str:
        return day_words(day.isoformat(), period=self.period, last_on=self.last_on)

    def stretch(self, first: date, last: date) -> str:
        return stretch_words(first, last, period=self.period, last_on=self.last_on)


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
        found = _Found(
            _runs(usable, is_anhoej=is_anhoej), _trends(usable), _near_a_limit(usable), analysis
        )
        answer += [
            _told(point, found) for point in points if point.signals and point.value is not None
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


@dataclass(frozen=True, slots=True)
class _Found:
    """What the points of one stretch fired together, by date."""

    runs: dict[date, Members]
    trends: dict[date, Members]
    near: dict[date, Members]
    analysis: ChartAnalysis

    def rule(self, signal: Signal, point: AnalysedPoint) -> Rule | None:
        """One rule of a point in words; None where no words are known."""
        if signal is Signal.OUTSIDE_LIMITS:
            side = side_of(point.value, point.centre)
            words = _outside_words(point, side, self.analysis)
            return Rule(signal, words, words, point.x, point.x, side)
        by_date = {Signal.TREND: self.trends, Signal.SHIFT: self.runs}.get(signal, self.near)
        members = by_date.get(point.x)
        if members is None:
            return None
        if signal is Signal.TREND:
            how = "higher" if members.side > 0 else "lower"
            together = f"{members.count} in a row, each {how} than the one before"
            words = f"one of {together}"
        elif signal is Signal.SHIFT:
            together = f"{members.count} in a row {self._usual(point)}"
            words = f"one of {together}"
        elif signal is Signal.TWO_IN_THREE:
            words, together = self._near_words(point, members)
        else:
            return None
        return Rule(signal, words, together, members.first, members.last, members.side)

    def _usual(self, point: AnalysedPoint) -> str:
        where = "above" if point.side > 0 else "below"
        is_since = self.analysis.starts_on and point.part is not Part.BASELINE
        before = " before" if is_since else ""
        return f"{where} the usual level{before} ({self.analysis.in_words(point.centre)})"

    def _near_words(self, point: AnalysedPoint, members: Members) -> tuple[str, str]:
        count, out_of = number_word(members.count), number_word(members.out_of)
        which = "upper" if point.side > 0 else "lower"
        line = self.analysis.in_words(point.upper if point.side > 0 else point.lower)
        is_all = members.count == members.out_of
        together = f"{count} points in a row" if is_all else f"{count} of {out_of} points in a row"
        words = f"one of {count} points"
        words += " in a row" if is_all else f", out of {out_of} in a row,"
        # limits may differ from point to point, so their value stands with the one point only
        return f"{words} near the {which} limit ({line})", f"{together} near the {which} limit"


def _told(point: AnalysedPoint, found: _Found) -> Told:
    rules = [rule for signal in point.signals if (rule := found.rule(signal, point))]
    height = next((rule.side for rule in rules if rule.side), 0)
    return Told(point, height, tuple(rules))


def _outside_words(point: AnalysedPoint, side: int, analysis: ChartAnalysis) -> str:
    if analysis.chart == "mr":
        return "an unusually large step from the point before"
    where = "above" if side > 0 else "below"
    low, high = analysis.in_words(point.lower), analysis.in_words(point.upper)
    return f"{where} the limits of the usual ups and downs ({low} to {high})"


def _runs(usable: Sequence[AnalysedPoint], *, is_anhoej: bool) -> dict[date, Members]:
    """The run that each point is in; Anhøj's rule steps over points on the line."""
    counted = [p for p in usable if p.side] if is_anhoej else list(usable)
    found: dict[date, Members] = {}
    start = 0
    for index in range(1, len(counted) + 1):
        if index == len(counted) or counted[index].side != counted[start].side:
            run, n = counted[start:index], index - start
            members = Members(n, n, run[0].x, run[-1].x, run[0].side)
            found |= dict.fromkeys([p.x for p in run], members)
            start = index
    return found


def _trends(usable: Sequence[AnalysedPoint]) -> dict[date, Members]:
    """The trend that each point is in; of two that meet in a point, the earlier."""
    values = [point.value for point in usable]
    marks = trend_marks(values)
    if not any(marks):
        return {}
    steps = [side_of(now, before) for before, now in pairwise(values)]
    found: dict[date, Members] = {}
    start = 0
    for index in range(1, len(steps) + 1):
        if index == len(steps) or steps[index] != steps[start]:
            n, side = index - start + 1, steps[start]
            members = Members(n, n, usable[start].x, usable[index].x, side)
            for at in range(start, index + 1):
                if marks[at] == side and n >= RUN_LENGTH and usable[at].x not in found:
                    found[usable[at].x] = members
            start = index
    return found


def _near_a_limit(usable: Sequence[AnalysedPoint]) -> dict[date, Members]:
    """The points near a limit that each such point is marked with, two of any three."""
    marked = [at for at, p in enumerate(usable) if Signal.TWO_IN_THREE in p.signals]
    found: dict[date, Members] = {}
    start = 0
    for index in range(1, len(marked) + 1):
        if index < len(marked):
            here, before = usable[marked[index]], usable[marked[index - 1]]
            if marked[index] - marked[index - 1] <= 2 and here.side == before.side:
                continue
        group = marked[start:index]
        first, last = usable[group[0]], usable[group[-1]]
        out_of = max(group[-1] - group[0] + 1, 3)
        members = Members(len(group), out_of, first.x, last.x, first.side)
        found |= dict.fromkeys([usable[at].x for at in group], members)
        start = index
    return found


def _listed(parts: Sequence[str]) -> str:
    """“a”, “a and b”, “a, b and c”, with a comma before “and” where a part is long."""
    if len(parts) < 2:
        return parts[0] if parts else "nothing unusual"
    return f"{', '.join(parts[:-1])}, and {parts[-1]}"
