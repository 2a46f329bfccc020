"""A measure read as a whole: analysed, judged on a test, and ready to draw. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from improve.measures.chart import ChartNote, ChartViews, TestSpan, draw_strip, draw_views
from improve.measures.judging import (
    BETTER,
    Computed,
    analyse,
    chart_window,
    compute,
    judge_window,
    observed,
    stretch_of,
)
from improve.measures.lines import BARE, NO_LINES, DrawnLines, Lines
from improve.measures.recorded import TYPES
from improve.measures.spc.analysis import Window
from improve.measures.spc.choose import (
    ChartAlternative,
    ChartChoice,
    chart_alternatives,
    choose_chart,
)
from improve.measures.spc.companion import moving_ranges
from improve.measures.spc.doubt import CHANGED
from improve.measures.spc.marks import Assurance, Variation, assurance_of, variation_of
from improve.measures.spc.phrases import rule_words
from improve.measures.spc.rules import RUN_LENGTH
from improve.measures.spc.series import ChartAnalysis, Part, Signal, one_chart
from improve.measures.spc.special import SpecialPoint, special_lines, special_points
from improve.measures.spc.verdict import Verdict
from improve.measures.spc.words import VerdictWords
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared.formatting import day_short

__all__ = [
    "BETTER",
    "POINTS_DRAWN",
    "Computed",
    "Reading",
    "analyse",
    "compute",
    "judge_window",
    "newest",
    "newest_judged",
    "pattern_words",
    "read",
    "spans",
]

#: More points than pixels for them would draw a smear; the table has all.
POINTS_DRAWN = 520


@dataclass(frozen=True, slots=True)
class Reading:
    """A measure with its analysis, and the verdict on the test that it is read by (if any)."""

    measure: MeasureView
    observations: tuple[ObservationView, ...]
    analysis: ChartAnalysis
    window: WindowView | None = None
    verdict: Verdict | None = None
    windows: tuple[WindowView, ...] = ()
    notes: tuple[ChartNote, ...] = field(default=())
    lines: Lines = BARE
    is_by_day: bool = False

    @property
    def words(self) -> VerdictWords | None:
        """The verdict in words, None without a judged test."""
        return self.verdict.words if self.verdict else None

    @property
    def tone(self) -> str:
        """The verdict's tone; without one nothing has changed."""
        return self.words.tone if self.words else "nochange"

    @property
    def finding(self) -> str:
        """One sentence: the verdict, else what the points show by themselves."""
        return self.words.in_full if self.words else pattern_words(self)

    @property
    def last(self) -> ObservationView | None:
        """The newest observation."""
        return self.observations[-1] if self.observations else None

    @property
    def last_words(self) -> str:
        """The newest value in figures; a unit in words stands beside it, under the name."""
        unit = self.measure.chart_unit
        shown_unit = unit if unit in ("%", "£") else ""
        return self.last.words(self.measure, shown_unit) if self.last else ""

    @property
    def variation(self) -> Variation | None:
        """How the newest point varies, by the chart's limits; None where there are none."""
        if not self.analysis.has_limits:
            return None
        return variation_of(self.analysis, BETTER[self.measure.better_when])

    @property
    def assurance(self) -> Assurance | None:
        """Whether the usual ups and downs meet the hope, where there is one, and limits.

        None once the test found a change, till a new middle line has limits of its own.
        """
        return assurance_of(
            self.analysis,
            BETTER[self.measure.better_when],
            self.measure.target,
            has_changed=self.verdict is not None and self.verdict.code in CHANGED,
        )

    @property
    def special(self) -> tuple[SpecialPoint, ...]:
        """The drawn points that stand out, each with the rules that it meets, oldest first."""
        better = BETTER[self.measure.better_when]
        return special_points(self.analysis, better, **self._drawn_since)

    @property
    def special_lines(self) -> tuple[SpecialPoint, ...]:
        """The same to be read one after the other: a run is said once."""
        better = BETTER[self.measure.better_when]
        return special_lines(self.analysis, better, **self._drawn_since)

    @property
    def _drawn_since(self) -> dict[str, Any]:
        drawn = newest(self.analysis).points
        return {"period": self.measure.frequency, "since": drawn[0].x if drawn else None}

    @property
    def rules(self) -> str:
        """The rules it is read by: the verdict's own, whatever chart is drawn."""
        if self.verdict:
            return rule_words(self.verdict.facts)
        name = self.analysis.rule_set.name
        return name if self.analysis.chart == "run" else f"{name}, run of {RUN_LENGTH}"

    @property
    def drawn_apart(self) -> str:
        """What is drawn and by which line, where the verdict rests on another chart; else “”."""
        if not self.verdict or self.verdict.facts["chart"] == self.analysis.chart:
            return ""
        judged, drawn = (one_chart(c) for c in (self.verdict.facts["chart"], self.analysis.chart))
        centre = self.analysis.in_words(self.analysis.centre)
        return (
            f"Drawn here as {drawn}, its middle line the {self.analysis.centre_word} ({centre}); "
            f"the verdict rests on {judged}."
        )

    @property
    def limits_note(self) -> str:
        """Why no limits are drawn, “” where they are; of a reader's own day no change is told."""
        note = self.analysis.limits_note
        return note.replace(" before the change", " before that day") if self.is_by_day else note

    @property
    def usual_chart(self) -> ChartChoice:
        """The chart that it is drawn as where nobody chooses, and why."""
        return choose_chart(
            TYPES[self.measure.recorded],
            observed(self.measure, self.observations),
            window=self._window,
        )

    @property
    def alternatives(self) -> tuple[ChartAlternative, ...]:
        """The charts it could be drawn as, the usual one first, each with its reason.

        Each is drawn to know: for when somebody asks.
        """
        return chart_alternatives(
            TYPES[self.measure.recorded],
            observed(self.measure, self.observations),
            window=self._window,
        )

    @property
    def _window(self) -> Window:
        stretch = stretch_of(self.window, self.windows) if self.window else None
        return chart_window(stretch, self.lines)

    def views(self, kind: str, *, with_notes: bool = False, with_hope: bool = False) -> ChartViews:
        """Drawings for a place on a page: ``measure``, ``idea``, ``beside`` or ``grid``.

        ``with_hope`` draws the measure's target, if it has one, by the name of whose hope it is.
        """
        around = self._around(with_notes=with_notes)
        if with_hope:
            around |= {"target": self.measure.target, "target_by": self.measure.target_by}
        return draw_views(newest(self.analysis), kind, **around)

    def with_notes_of(self, notes: Iterable[tuple[date, str]]) -> Reading:
        """The same with more notes on its chart, such as a team's busy times; all by their day."""
        noted = [*((n.noted_on, n.words) for n in self.notes), *notes]
        noted.sort(key=lambda note: note[0])
        numbered = (ChartNote(n, on, words) for n, (on, words) in enumerate(noted, start=1))
        return replace(self, notes=tuple(numbered))

    def with_busy_times(self) -> Reading:
        """The same with a note for each busy time of the measure's team; why is not said."""
        return self.with_notes_of(
            (first, f"Busy time to {day_short(last)}" if last else "Busy time")
            for first, last in self.measure.busy_times
        )

    def strip(self, under: ChartViews, *, is_context: bool = False) -> ChartViews:
        """Drawings as a strip under another measure's chart, on the same time axis.

        ``is_context``: what was going on, which nobody judges here.
        """
        around = self._around(with_notes=False)
        if is_context:
            around |= {"is_context": True, "windows": (), "tone": "nochange", "to_come": 0}
        return draw_strip(newest(self.analysis), under, **around)

    @property
    def has_moving_ranges(self) -> bool:
        """Whether steps from point to point can be drawn under it: on an XmR chart only."""
        return self.analysis.chart == "i" and self.analysis.has_limits

    def moving_ranges(self, under: ChartViews) -> ChartViews:
        """The steps from point to point as a strip under an XmR chart."""
        return draw_strip(
            newest(moving_ranges(self.analysis)),
            under,
            title=f"{self.measure.name}: steps from point to point",
            better="neutral",
            period=self.measure.frequency,
        )

    def test_spans(self, words: Callable[[WindowView], str]) -> tuple[TestSpan, ...]:
        """The tests of the idea that it is read by as a chart shows them, in other words."""
        shown = sorted(self._shown_windows(), key=lambda w: (w.starts_on, w.id))
        return tuple(TestSpan(words(w), w.starts_on, w.ends_on, w.is_judged) for w in shown)

    def _shown_windows(self) -> Sequence[WindowView]:
        """The cycles of the idea that the chart is read by: bands of several ideas would mix."""
        if self.window is None:
            return self.windows
        return [w for w in self.windows if w.idea_id == self.window.idea_id]

    def _around(self, *, with_notes: bool) -> dict[str, Any]:
        to_come = 0
        if self.verdict and self.verdict.code == "too_early":
            to_come = self.verdict.facts["points_worth_waiting"] or 0
        return {
            "title": self.measure.name,
            "finding": self.finding,
            "tone": self.tone,
            "better": BETTER[self.measure.better_when],
            "windows": spans(self._shown_windows()),
            "notes": self.notes if with_notes else (),
            "period": self.measure.frequency,
            "to_come": to_come,
        }


def newest(analysis: ChartAnalysis, most: int = POINTS_DRAWN) -> ChartAnalysis:
    """The same analysis with its newest points only."""
    if len(analysis.points) <= most:
        return analysis
    return replace(analysis, points=analysis.points[-most:])


def spans(windows: Sequence[WindowView]) -> tuple[TestSpan, ...]:
    """The tests as a chart shows them, oldest first."""
    ordered = sorted(windows, key=lambda w: (w.starts_on, w.id))
    return tuple(TestSpan(w.label, w.starts_on, w.ends_on, w.is_judged) for w in ordered)


def read(
    measure: MeasureView,
    observations: Sequence[ObservationView],
    windows: Sequence[WindowView] = (),
    *,
    by: WindowView | None = None,
    chart: str | None = None,
    drawn: DrawnLines = NO_LINES,
    n_meanwhile: int | None = None,
    n_kept_earlier: int | None = None,
) -> Reading:
    """Read a measure by one test: ``by``, else the judged one that began last.

    ``observations`` oldest first, ``windows`` all tests to be shown on its chart, ``drawn`` the
    lines in force on it. Without a judged test the whole series is its own baseline and there is
    no verdict. ``chart`` draws another chart than the measure's own. ``n_meanwhile``
    and ``n_kept_earlier``: see ``judge_window``.
    """
    window = by or newest_judged(windows)
    notes = tuple(
        ChartNote(number, o.period_start, o.note)
        for number, o in enumerate((o for o in observations if o.note), start=1)
    )
    if window is not None and not window.is_judged:
        window = None
    lines = drawn.by(window.idea_id if window else None)
    verdict: Verdict | None = None
    if window is None:
        analysis = analyse(measure, observations, lines=lines)
    else:
        analysis, verdict = judge_window(
            measure,
            observations,
            window,
            windows,
            drawn,
            n_meanwhile=n_meanwhile,
            n_kept_earlier=n_kept_earlier,
        )
    if chart:
        # Another picture of the same data; the verdict stays that of the measure's own chart.
        stretch = stretch_of(window, windows) if window else None
        analysis = analyse(measure, observations, stretch, lines=lines, chart=chart)
    return Reading(
        measure, tuple(observations), analysis, window, verdict, tuple(windows), notes, lines
    )


def newest_judged(windows: Sequence[WindowView]) -> WindowView | None:
    """The judged test that began last, or None."""
    judged = [w for w in windows if w.is_judged]
    return max(judged, key=lambda w: (w.starts_on, w.cycle_number, w.id), default=None)


def pattern_words(reading: Reading) -> str:
    """What the points show where no test has been judged, in one sentence.

    Only those of the newest level are counted and read.
    """
    analysis = reading.analysis
    now = [p for p in analysis.points if p.part in (Part.BASELINE, Part.AFTER)]
    since = _since_words(reading)
    count = sum(1 for p in now if p.is_usable)
    if not any(p.is_usable for p in analysis.points):
        return "No numbers yet."
    if analysis.centre is None and analysis.phases:
        return f"No number that counts{since} yet."
    if analysis.centre is None:
        return "There is no usual level: the points chosen as the baseline no longer count."
    points = "1 point" if count == 1 else f"{count} points"
    if count < 10:
        so_far = since or " so far"
        return f"{points}{so_far}. A pattern can be read from about 10."
    usual = analysis.in_words(analysis.centre)
    last = next((p for p in reversed(now) if p.is_usable), None)
    signals = set(last.signals) if last else set()
    side = "above" if last and last.side > 0 else "below"
    if Signal.OUTSIDE_LIMITS in signals:
        return f"The newest point lies {side} the limits of the usual ups and downs."
    if Signal.SHIFT in signals:
        return f"The newest points are in a run {side} the usual level ({usual})."
    if Signal.TREND in signals:
        return "The newest points are in a steady trend."
    # A point left out is still tested against the limits, but somebody has explained it.
    counted = [p for p in now if not p.is_excluded]
    if any(p.signals for p in counted) or analysis.has_runs_signal:
        return (
            f"Around {usual}{since}, with a pattern along the way that is not the usual ups and "
            "downs."
        )
    return f"The {points}{since} look like the usual ups and downs, around {usual}."


def _since_words(reading: Reading) -> str:
    """Where the points begin that are read, if not with the first: “ since the new middle line”."""
    if reading.analysis.phases:
        return " since the new middle line"
    is_cut = any(p.part is Part.EARLIER and p.is_usable for p in reading.analysis.points)
    return " since the chosen baseline began" if is_cut else ""
