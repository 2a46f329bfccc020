"""How a measure's series is analysed and judged by the tests of change on it. Pure.

Stored verdicts and every page go through here, so that what is kept and what is drawn agree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from improve.measures.catalogue import sets_chart
from improve.measures.lines import BARE, NO_LINES, DrawnLines, Lines
from improve.measures.recorded import TYPES
from improve.measures.spc.analysis import Window, analyse_series
from improve.measures.spc.choose import ChartChoice, choose_chart
from improve.measures.spc.plotted import PlottedRows
from improve.measures.spc.series import Better, ChartAnalysis, Observed, PeriodWord
from improve.measures.spc.spark import spark_facts
from improve.measures.spc.verdict import (
    ANALYSIS_VERSION,
    Around,
    Verdict,
    code_of,
    judge_chart,
)
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared import clock

BETTER: dict[str, Better] = {"higher": "up", "lower": "down", "neither": "neutral"}


@dataclass(frozen=True, slots=True)
class Stretch:
    """The dates by which one window is judged."""

    starts_on: date
    first_judged_on: date
    ends_on: date | None


def stretch_of(window: WindowView, windows: Sequence[WindowView]) -> Stretch:
    """The dates by which ``window`` is judged, given all windows on its measure.

    The baseline ends where the idea's first judged cycle began. Points after are those from this
    cycle's start to its end; to the next judged cycle's start where it has no end of its own.
    """
    own = sorted(
        (w for w in windows if w.idea_id == window.idea_id and w.is_judged),
        key=lambda w: (w.starts_on, w.cycle_number),
    )
    first = min([w.starts_on for w in own] + [window.starts_on])
    ends_on = window.ends_on
    later = [w.starts_on for w in own if w.starts_on > window.starts_on]
    if later:
        next_starts = min(later) - timedelta(days=1)
        ends_on = min(ends_on, next_starts) if ends_on else next_starts
    return Stretch(window.starts_on, first, ends_on)


def ideas_meanwhile(
    stretch: Stretch, idea_id: int, windows: Sequence[WindowView]
) -> frozenset[int]:
    """The other ideas that were tried on the measure in the same time, small tests too.

    A change that was kept before this one began is tried no longer: see ``ideas_kept_earlier``.
    """
    kept = ideas_kept_earlier(stretch, idea_id, windows)
    return frozenset(
        w.idea_id
        for w in windows
        if w.idea_id != idea_id
        and w.idea_id not in kept
        and (w.ends_on is None or w.ends_on >= stretch.starts_on)
        and (stretch.ends_on is None or w.starts_on <= stretch.ends_on)
    )


def ideas_kept_earlier(
    stretch: Stretch, idea_id: int, windows: Sequence[WindowView]
) -> frozenset[int]:
    """The other ideas on the measure that were decided before this one began and go on.

    A test that was stopped or changed has an end; one that was kept has none.
    """
    return frozenset(
        w.idea_id
        for w in windows
        if w.idea_id != idea_id
        and w.ends_on is None
        and w.decided_on is not None
        and w.decided_on < stretch.starts_on
    )


def notes_meanwhile(stretch: Stretch, observations: Sequence[ObservationView]) -> int:
    """How many points carry a note, from the day the test began to its end."""
    return sum(
        1
        for o in observations
        if o.note
        and o.period_start >= stretch.starts_on
        and (stretch.ends_on is None or o.period_start <= stretch.ends_on)
    )


def observed(measure: MeasureView, observations: Sequence[ObservationView]) -> list[Observed]:
    """Stored observations as the engine takes them."""
    is_times = measure.recorded == "times"
    return [
        Observed(
            o.period_start,
            o.value,
            o.numerator,
            o.denominator,
            o.is_excluded,
            tuple(o.raw_values or ()) or _single(o, is_times=is_times),
        )
        for o in observations
    ]


def _single(observation: ObservationView, *, is_times: bool) -> tuple[float, ...]:
    """One time by itself is kept as the value only; it still stands for one case."""
    return (observation.value,) if is_times and observation.value is not None else ()


def chart_window(stretch: Stretch | None, lines: Lines = BARE) -> Window:
    """The days that part a series: of a test where there is one, and of the lines drawn."""
    return Window(
        starts_on=stretch.starts_on if stretch else None,
        first_judged_on=stretch.first_judged_on if stretch else None,
        ends_on=stretch.ends_on if stretch else None,
        baseline_from=lines.baseline_from,
        baseline_to=lines.baseline_to,
        new_lines_on=lines.new_lines_on,
    )


def chart_for(
    measure: MeasureView,
    rows: Sequence[Observed] | PlottedRows,
    stretch: Stretch | None = None,
    lines: Lines = BARE,
) -> ChartChoice:
    """The chart of a measure and why it: a person's choice, else by what is recorded."""
    if measure.chart:
        return ChartChoice(measure.chart, "Chosen by the team.")
    return choose_chart(TYPES[measure.recorded], rows, window=chart_window(stretch, lines))


def analyse(
    measure: MeasureView,
    observations: Sequence[ObservationView],
    stretch: Stretch | None = None,
    *,
    lines: Lines = BARE,
    chart: str | None = None,
) -> ChartAnalysis:
    """Analyse a measure's series, against the baseline of a test where there is one.

    ``lines`` are what people decided: a baseline, new middle lines. ``chart`` overrides the
    measure's own, for looking at a run chart beside the one with limits.
    """
    rows = PlottedRows(observed(measure, observations), measure.multiply)
    return analyse_series(
        rows,
        chart=chart or chart_for(measure, rows, stretch, lines).chart,
        starts_on=stretch.starts_on if stretch else None,
        first_judged_on=stretch.first_judged_on if stretch else None,
        ends_on=stretch.ends_on if stretch else None,
        baseline_from=lines.baseline_from,
        baseline_to=lines.baseline_to,
        new_lines_on=lines.new_lines_on,
        unit=measure.chart_unit,
    )


def judge_window(
    measure: MeasureView,
    observations: Sequence[ObservationView],
    window: WindowView,
    windows: Sequence[WindowView],
    drawn: DrawnLines = NO_LINES,
    *,
    n_meanwhile: int | None = None,
    n_kept_earlier: int | None = None,
) -> tuple[ChartAnalysis, Verdict]:
    """Judge one window: the one way a verdict comes about.

    ``n_meanwhile`` and ``n_kept_earlier`` say how many other ideas were tried on the measure in
    the same time, and how many had been kept before, where ``windows`` are not all of it. A
    window of no idea is a reader's own day.
    """
    stretch = stretch_of(window, windows)
    lines = drawn.by(window.idea_id)
    analysis = analyse(measure, observations, stretch, lines=lines)
    if n_meanwhile is None:
        n_meanwhile = len(ideas_meanwhile(stretch, window.idea_id, windows))
    if n_kept_earlier is None:
        n_kept_earlier = len(ideas_kept_earlier(stretch, window.idea_id, windows))
    usual, by_usual = _by_usual_chart(measure, observations, stretch, lines, analysis)
    verdict = judge_chart(
        analysis,
        better=BETTER[measure.better_when],
        period=_period(measure),
        lookback_days=measure.lookback_days,
        is_baseline_chosen=lines.is_baseline_chosen,
        around=Around(
            overlapping=n_meanwhile,
            kept_earlier=n_kept_earlier,
            notes_in_window=notes_meanwhile(stretch, observations),
            usual_chart=usual,
            code_by_usual=by_usual,
            code_with_all=_code_with_all(measure, observations, stretch, lines),
            is_by_day=not window.idea_id,
            today=clock.today(),
        ),
    )
    return analysis, verdict


def _by_usual_chart(
    measure: MeasureView,
    observations: Sequence[ObservationView],
    stretch: Stretch,
    lines: Lines,
    shown: ChartAnalysis,
) -> tuple[str | None, str | None]:
    """The chart that would be drawn had nobody chosen another, and what it would say.

    Both None where nobody chose (a ready-made measure comes with its chart), or where the chosen
    one is drawn as the usual one would be.
    """
    if not measure.chart or sets_chart(measure):
        return None, None
    analysis = analyse(replace(measure, chart=None), observations, stretch, lines=lines)
    if analysis.chart == shown.chart:
        return None, None
    return analysis.chart, code_of(analysis, BETTER[measure.better_when])


def _code_with_all(
    measure: MeasureView,
    observations: Sequence[ObservationView],
    stretch: Stretch,
    lines: Lines,
) -> str | None:
    """What the chart would say with no point left out; None where none is."""
    if not any(o.is_excluded for o in observations):
        return None
    counted = [replace(o, excluded_reason="") for o in observations]
    analysis = analyse(measure, counted, stretch, lines=lines)
    return code_of(analysis, BETTER[measure.better_when])


def _period(measure: MeasureView) -> PeriodWord:
    return measure.frequency


@dataclass(frozen=True, slots=True)
class Computed:
    """What is stored with a window."""

    code: str | None
    facts: dict[str, Any]
    spark: dict[str, Any]
    analysis_version: int = ANALYSIS_VERSION


def compute(
    measure: MeasureView,
    observations: Sequence[ObservationView],
    window: WindowView,
    windows: Sequence[WindowView],
    drawn: DrawnLines = NO_LINES,
) -> Computed:
    """What a window's stored verdict must be for these data, dates and lines."""
    if not window.is_judged:
        stretch = Stretch(window.starts_on, window.starts_on, window.ends_on)
        analysis = analyse(measure, observations, stretch, lines=drawn.by(window.idea_id))
        return Computed(None, {}, spark_facts(analysis, "") | {"centre": None})
    analysis, verdict = judge_window(measure, observations, window, windows, drawn)
    spark = spark_facts(analysis, verdict.code, is_over=verdict.facts["is_over"])
    return Computed(verdict.code, verdict.facts, spark)
