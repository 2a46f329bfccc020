"""The before-and-after verdict on a test of change.

Baseline: the last 24 usable points before the idea's first judged cycle, frozen. After: usable
points from the cycle's start. Usable means recorded and not excluded. The checks below run in
order and the first that applies is the verdict:

1. fewer than 8 before: ``no_baseline``;
2. the baseline alone signals (Anhøj's rules from 10 points that are off the line, a point
   outside the limits from 12, a shift or trend of 7): ``baseline_unstable``;
3. fewer than 7 after: ``too_early``;
4. runs of 7 or more on both sides of the frozen centre: ``mixed``;
5. a run on the good side and the latest 7 all there: ``improvement``;
6. a run on the good side that ended: ``improvement_not_held``;
7. a run on the bad side: ``deterioration``, or ``deterioration_ended``;
8. no run, a point outside the frozen limits: ``unusual_point``;
9. otherwise ``no_signal``.

A measure with no better side gets ``changed_higher``, ``changed_lower`` or ``changed_ended`` for
5 to 7. A point on the centre ends a run. ``small_test`` is decided from a plan, not from data,
and has words only.

Requiring the latest seven keeps false alarms near 2 in 100 however long one waits, which is why
single points and the other rules never make an improvement. The verdict has no reference
implementation; it is held by properties (mirrored data mirror it, a constant added leaves it,
order within the baseline does not reach the run part).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from improve.measures.spc.analysis import FEWEST_BEFORE, analyse_series
from improve.measures.spc.chances import FEWEST_AFTER, points_worth_waiting
from improve.measures.spc.checks import Check, checks_of
from improve.measures.spc.doubt import doubt_of
from improve.measures.spc.periods import days_in, is_other_season, is_within, periods_spanned
from improve.measures.spc.rules import RUN_LENGTH, shift_marks, trend_marks
from improve.measures.spc.series import (
    AnalysedPoint,
    Better,
    ChartAnalysis,
    Observed,
    Part,
    PeriodWord,
    Signal,
)
from improve.measures.spc.words import CODES, VerdictWords, verdict_words

__all__ = [
    "ANALYSIS_VERSION",
    "CODES",
    "Around",
    "Check",
    "Verdict",
    "VerdictWords",
    "checks_of",
    "code_of",
    "doubt_of",
    "judge",
    "judge_chart",
    "verdict_words",
]

ANALYSIS_VERSION = 4
"""Stored beside every verdict; raised whenever the same data may give another answer."""

GOOD_SIDE: dict[Better, int] = {"up": 1, "down": -1, "neutral": 0}


@dataclass(frozen=True, slots=True)
class Around:
    """What is known around a test, beyond its numbers and dates; it never changes the verdict.

    ``overlapping`` is how many other tests ran in the same time, ``kept_earlier`` how many
    changes were kept before it began and go on; ``notes_in_window`` how many notes stand there.
    ``usual_chart`` is the chart that would be drawn had nobody chosen another, None where it is
    the same, and ``code_by_usual`` what it would say. ``code_with_all`` is what the chart would
    say with no point left out. ``is_by_day``: no test, but a reader's own day. ``today`` lets a
    test that ended be known as over.
    """

    overlapping: int = 0
    kept_earlier: int = 0
    notes_in_window: int = 0
    usual_chart: str | None = None
    code_by_usual: str | None = None
    code_with_all: str | None = None
    is_by_day: bool = False
    today: date | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict: its code, the facts for its words (JSON-able), the checks made, the doubt.

    Code and facts are what is stored: words, checks and doubt follow from them by
    :func:`verdict_words`, :func:`checks_of` and :func:`doubt_of`.
    """

    code: str
    facts: dict[str, Any] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    doubt: tuple[str, ...] = ()

    @property
    def words(self) -> VerdictWords:
        """Label, sentence, icon and tone."""
        return verdict_words(self.code, self.facts)


def judge(
    observations: Sequence[Observed],
    *,
    better: Better,
    starts_on: date,
    first_judged_on: date | None = None,
    ends_on: date | None = None,
    baseline_from: date | None = None,
    baseline_to: date | None = None,
    new_lines_on: Sequence[date] = (),
    chart: str = "run",
    period: PeriodWord = "week",
    lookback_days: int | None = None,
    unit: str = "",
    multiply: float | None = None,
    around: Around | None = None,
) -> Verdict:
    """Judge a test that began on ``starts_on`` by a measure's series.

    ``better`` is the good side. ``first_judged_on`` is the start of the idea's first judged
    cycle (default: this one's), where the baseline ends; ``ends_on`` closes the points after;
    ``baseline_from`` and ``baseline_to`` are a person's choice of baseline. ``period`` is what
    one point covers, ``lookback_days`` how far back a point looks, if further than its period.
    ``around`` is what else is known of the time. ``chart``, ``new_lines_on``, ``unit`` and
    ``multiply`` are as in ``analyse_series``, whose refusals stand.
    """

    def analysed(rows: Sequence[Observed]) -> ChartAnalysis:
        return analyse_series(
            rows,
            chart=chart,
            starts_on=starts_on,
            first_judged_on=first_judged_on,
            ends_on=ends_on,
            baseline_from=baseline_from,
            baseline_to=baseline_to,
            new_lines_on=new_lines_on,
            unit=unit,
            multiply=multiply,
        )

    around = around or Around()
    if around.code_with_all is None and any(row.is_excluded for row in observations):
        whole = analysed([replace(row, is_excluded=False) for row in observations])
        around = replace(around, code_with_all=code_of(whole, better))
    return judge_chart(
        analysed(observations),
        better=better,
        period=period,
        lookback_days=lookback_days,
        is_baseline_chosen=baseline_from is not None or baseline_to is not None,
        around=around,
    )


def judge_chart(
    analysis: ChartAnalysis,
    *,
    better: Better,
    period: PeriodWord = "week",
    lookback_days: int | None = None,
    is_baseline_chosen: bool = False,
    around: Around | None = None,
) -> Verdict:
    """Judge the chart as analysed, so that words and picture can't disagree.

    ``analysis`` must have been made with ``starts_on``. ``around`` never changes the verdict;
    the doubt names it.
    """
    around = around or Around()
    before, after = analysis.usable(Part.BASELINE), analysis.usable(Part.AFTER)
    facts = _standing_facts(analysis, before, after)
    facts |= {
        "better": better,
        "period": period,
        "lookback_days": lookback_days,
        "is_baseline_chosen": is_baseline_chosen,
        "unstable_because": _unstable_because(analysis, before),
        "straddling_on": _straddling(before, analysis.starts_on, period),
        "n_overlapping": around.overlapping,
        "n_kept_earlier": around.kept_earlier,
        "n_notes": around.notes_in_window,
        "line_cuts_baseline_on": _iso(analysis.line_cuts_baseline_on),
        "is_chart_chosen": around.usual_chart is not None,
        "usual_chart": around.usual_chart,
        "code_by_usual": around.code_by_usual,
        "code_with_all": around.code_with_all,
        "is_by_day": around.is_by_day,
        "is_other_season": is_other_season([p.x for p in before], [p.x for p in after]),
    }
    runs = _runs(after)
    facts |= _run_facts(runs, after, better, period)
    facts["points_outside"] = [
        point.x.isoformat() for point in after if Signal.OUTSIDE_LIMITS in point.signals
    ]
    code = _code(facts, {side for side, _, _ in runs}, GOOD_SIDE[better])
    facts["also"] = sorted({s.value for p in after for s in p.signals} & {"trend", "two_in_three"})
    is_over = _is_over(analysis, after, period, around.today)
    facts["is_over"] = is_over
    facts["points_worth_waiting"] = None if is_over else points_worth_waiting(code, len(after))
    return Verdict(code, facts, checks_of(code, facts), doubt_of(code, facts))


def code_of(analysis: ChartAnalysis, better: Better) -> str:
    """What the chart as analysed says, by its code alone."""
    return judge_chart(analysis, better=better).code


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _code(facts: dict[str, Any], sides: set[int], good: int) -> str:
    """The first check that applies."""
    if facts["n_before"] < FEWEST_BEFORE:
        return "no_baseline"
    if facts["unstable_because"]:
        return "baseline_unstable"
    if facts["n_after"] < FEWEST_AFTER:
        return "too_early"
    if len(sides) > 1:
        return "mixed"
    if sides:
        side, has_ended = sides.pop(), facts["has_run_ended"]
        if not good:
            return "changed_ended" if has_ended else f"changed_{'higher' if side > 0 else 'lower'}"
        if side == good:
            return "improvement_not_held" if has_ended else "improvement"
        return "deterioration_ended" if has_ended else "deterioration"
    return "unusual_point" if facts["points_outside"] else "no_signal"


def _unstable_because(analysis: ChartAnalysis, before: Sequence[AnalysedPoint]) -> list[str]:
    """Which rules the baseline alone breaks, of runs, outside, shift, trend."""
    found = {
        "runs": analysis.has_runs_signal,
        "outside": any(Signal.OUTSIDE_LIMITS in point.signals for point in before),
        "shift": any(shift_marks([point.side for point in before])),
        "trend": any(trend_marks([point.value for point in before])),
    }
    return [name for name, is_found in found.items() if is_found]


def _runs(after: Sequence[AnalysedPoint]) -> list[tuple[int, int, int]]:
    """Runs of 7 or more since the change: side, first position, position after the last."""
    marks = shift_marks([point.side for point in after])
    runs: list[tuple[int, int, int]] = []
    start = 0
    for index in range(1, len(marks) + 1):
        if index == len(marks) or marks[index] != marks[start]:
            if marks and marks[start]:
                runs.append((marks[start], start, index))
            start = index
    return runs


def _run_facts(
    runs: Sequence[tuple[int, int, int]],
    after: Sequence[AnalysedPoint],
    better: Better,
    period: PeriodWord,
) -> dict[str, Any]:
    """The run the words speak of, on the good side should both sides have one.

    It is the latest run while it lasts; once all have ended, the longest: a level that held for
    three years says more than a later stir of seven months.
    """
    if not runs:
        return {
            "run_length": None,
            "run_side": None,
            "run_from": None,
            "run_to": None,
            "run_periods": None,
            "has_run_ended": None,
            "n_since_run": None,
            "n_since_run_on_side": None,
        }
    good = GOOD_SIDE[better]
    told = [run for run in runs if run[0] == good] or list(runs)
    if told[-1][2] < len(after):
        told.sort(key=lambda run: (run[2] - run[1], run[1]))
    side, start, stop = told[-1]
    first, last = after[start].x, after[stop - 1].x
    return {
        "run_length": stop - start,
        "run_side": side,
        "run_from": first.isoformat(),
        "run_to": last.isoformat(),
        "run_periods": periods_spanned(first, last, period),
        "has_run_ended": stop < len(after),
        "n_since_run": len(after) - stop,
        "n_since_run_on_side": sum(point.side == side for point in after[stop:]),
    }


def _standing_facts(
    analysis: ChartAnalysis,
    before: Sequence[AnalysedPoint],
    after: Sequence[AnalysedPoint],
) -> dict[str, Any]:
    """Facts that hold whatever the verdict is."""
    judged = [p for p in analysis.points if p.part in (Part.BASELINE, Part.AFTER)]
    of = [p.denominator if p.size is None else p.size for p in (*before, *after)]
    sizes = sorted(size for size in of if size is not None)
    starts_on = analysis.starts_on
    return {
        "analysis_version": ANALYSIS_VERSION,
        "chart": analysis.chart,
        "rule_set": analysis.rule_set.name,
        "run_rule": RUN_LENGTH,
        "unit": analysis.unit,
        "level_places": analysis.level_places,
        "n_before": len(before),
        "n_after": len(after),
        "needed_before": FEWEST_BEFORE,
        "needed_after": FEWEST_AFTER,
        "centre_before": analysis.centre,
        "centre_after": analysis.centre_after,
        "centre_word": analysis.centre_word,
        "has_limits": analysis.has_limits,
        "limits_note": analysis.limits_note,
        "starts_on": _iso(starts_on),
        "baseline_from": before[0].x.isoformat() if before else None,
        "baseline_to": before[-1].x.isoformat() if before else None,
        "first_on": after[0].x.isoformat() if after else None,
        "last_on": after[-1].x.isoformat() if after else None,
        "excluded_on": [p.x.isoformat() for p in judged if p.is_excluded and p.value is not None],
        "n_missing_after": sum(p.value is None for p in judged if p.part is Part.AFTER),
        "typical_denominator": sizes[len(sizes) // 2] if sizes else None,
    }


def _is_over(
    analysis: ChartAnalysis,
    after: Sequence[AnalysedPoint],
    period: PeriodWord,
    today: date | None,
) -> bool:
    """Whether the stretch that is judged has an end, and is over or holds all it can."""
    if analysis.ends_on is None:
        return False
    if today is not None and analysis.ends_on <= today:
        return True
    if any(point.part is Part.LATER for point in analysis.points):
        return True
    return bool(after) and after[-1].x + timedelta(days=days_in(period)) > analysis.ends_on


def _straddling(
    before: Sequence[AnalysedPoint], starts_on: date | None, period: PeriodWord
) -> str | None:
    """The baseline point whose period the change began inside, if any."""
    if before and starts_on and is_within(starts_on, before[-1].x, period):
        return before[-1].x.isoformat()
    return None
