"""What stands around an idea's charts: before and since, the tests, the doubt. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from improve.ideas.page import HistoryLine
from improve.measures.chart import ChartNote, ChartViews
from improve.measures.judging import Stretch, stretch_of
from improve.measures.reading import Reading
from improve.measures.spc.doubt import CHANGED, NEVER_A_CAUSE, doubt_of
from improve.measures.spc.phrases import (
    counted,
    number_word,
    numbers_words,
    value_words,
    year_words,
)
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis, Part
from improve.measures.spc.words import VerdictWords
from improve.measures.views import ObservationView, WindowView
from improve.shared import clock
from improve.shared.formatting import NBSP, day_short

#: How many other tests and left-out points are named; the rest are counted.
TESTS_NAMED, LEFT_OUT_NAMED = 4, 6


@dataclass(frozen=True, slots=True)
class Level:
    """A level and what it rests on: “Usual before”, “81%”, “24 points, 6 Apr to 14 Sep”.

    ``unit`` is one in words, said small behind the value.
    """

    label: str
    value: str
    rests_on: str
    tone: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class OtherTest:
    """Another idea tried on the measure in the same time. No id and title for a stranger's."""

    idea_id: int | None
    title: str
    started_on: date


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A point that is drawn but does not count: when, what it was, and why."""

    day: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class ChartPanel:
    """One measure on the idea page.

    ``before`` and ``since`` are the two levels, ``since`` None before there are points. ``tests``
    are (name, dates) of this idea's cycles on it. ``telling`` is the line of doubt that matters
    most, ``doubt`` the others. ``others`` are tests of other ideas, ``meanwhile`` notes on days
    since the test began: what could explain a change as well. ``changed_by`` is the line of
    history that last made the verdict another.
    """

    place: str
    reading: Reading
    window: WindowView | None
    before: Level | None
    since: Level | None
    tests: tuple[tuple[str, str], ...]
    meanwhile: tuple[ChartNote, ...]
    others: tuple[OtherTest, ...] = ()
    context: Reading | None = None
    changed_by: HistoryLine | None = None

    @property
    def has_changed_since_decision(self) -> bool:
        """Whether both verdicts must be shown: when decided, and now."""
        return bool(
            self.window and self.window.decided_words and self.window.has_changed_since_decision
        )

    @property
    def decided_on_words(self) -> str:
        """What the verdict rested on when it was decided: “24 points before (81%), …”."""
        facts = self.window.decided_facts if self.window else None
        return numbers_words(facts) if facts else ""

    @property
    def is_change(self) -> bool:
        """Whether the verdict says that something changed."""
        return bool(self.reading.verdict and self.reading.verdict.code in CHANGED)

    @property
    def telling(self) -> str:
        """The line of doubt that matters most, “” where there is no verdict."""
        lines = self._doubt()
        return lines[0] if lines else ""

    @property
    def doubt(self) -> tuple[str, ...]:
        """The other lines of doubt."""
        return self._doubt()[1:]

    def _doubt(self) -> tuple[str, ...]:
        """The doubt but for what the page says by name: not why, tests, notes, left out."""
        verdict = self.reading.verdict
        if verdict is None:
            return ()
        facts = {**verdict.facts, "excluded_on": []}
        if self.others:
            facts["n_overlapping"] = 0
        if self.meanwhile:
            facts["n_notes"] = 0
        return tuple(line for line in doubt_of(verdict.code, facts) if line != NEVER_A_CAUSE)

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        """The newest points that do not count, with the reasons that people gave."""
        return tuple(_left_out(o, self.reading) for o in self._excluded()[:LEFT_OUT_NAMED])

    @property
    def n_left_out_more(self) -> int:
        """How many more are left out than are named."""
        return max(0, len(self._excluded()) - LEFT_OUT_NAMED)

    def _excluded(self) -> list[ObservationView]:
        return [o for o in reversed(self.reading.observations) if o.is_excluded]

    @property
    def known_others(self) -> tuple[OtherTest, ...]:
        """The other tests that the person may open, at most four."""
        return tuple(o for o in self.others if o.idea_id is not None)[:TESTS_NAMED]

    @property
    def others_words(self) -> str:
        """“Two other tests overlap this one”."""
        n = len(self.others)
        tests = "test overlaps" if n == 1 else "tests overlap"
        return f"{number_word(n).capitalize()} other {tests} this one"

    @property
    def n_others_unnamed(self) -> int:
        """How many of the other tests are not named."""
        return len(self.others) - len(self.known_others)

    @property
    def rules(self) -> str:
        """The rule set by name."""
        return self.reading.analysis.rule_set.name

    def views(self, kind: str) -> tuple[ChartViews, ChartViews | None]:
        """Return the chart, and under it what was going on, on the same days."""
        chart = self.reading.views(kind)
        if self.context is None:
            return chart, None
        return chart, self.context.strip(chart, is_context=True)


def chart_panel(
    place: str,
    reading: Reading,
    window: WindowView | None,
    *,
    others: Mapping[int, tuple[OtherTest, ...]] | None = None,
    context: Reading | None = None,
    history: Sequence[HistoryLine] = (),
) -> ChartPanel:
    """Return what the page of an idea says around one of its charts.

    ``others`` are tests of other ideas by measure id, ``history`` the idea's, newest first.
    """
    reading = reading.with_busy_times()
    read_by = reading.window or window
    since = read_by.starts_on if read_by else None
    ends_on = read_by.ends_on if read_by else None
    notes = tuple(
        n
        for n in reading.notes
        if since and n.noted_on >= since and (ends_on is None or n.noted_on <= ends_on)
    )
    changed_by = next((h for h in history if h.kind == "verdict" and h.field == place), None)
    before, after = _levels(reading)
    return ChartPanel(
        place,
        reading,
        window,
        before,
        after,
        tests_of(reading.windows),
        notes,
        (others or {}).get(reading.measure.id, ()),
        context,
        changed_by,
    )


def overlapped(readings: Sequence[Reading]) -> dict[int, Stretch]:
    """Return the times of those readings, by measure, that other tests are known to overlap."""
    return {
        r.measure.id: stretch_of(r.window, r.windows)
        for r in readings
        if r.window and r.verdict and r.verdict.facts.get("n_overlapping")
    }


def tests_of(windows: Sequence[WindowView]) -> tuple[tuple[str, str], ...]:
    """Return each test's name and dates: (“Cycle 1, small”, “17 Aug to 11 Sep”)."""
    ordered = sorted(windows, key=lambda w: (w.starts_on, w.id))
    return tuple((w.label, _dates(w.starts_on, w.ends_on)) for w in ordered)


def _dates(first: date, last: date | None) -> str:
    if last is None:
        return f"since {day_short(first)}"
    if first == last:
        return day_short(first)
    return f"{day_short(first)} to {day_short(last)}"


def _left_out(observation: ObservationView, reading: Reading) -> LeftOut:
    return LeftOut(
        _period_words(observation.period_start, reading.measure.frequency),
        observation.words(reading.measure),
        observation.excluded_reason,
    )


def _levels(reading: Reading) -> tuple[Level | None, Level | None]:
    """Return the level before and the level since; the usual one alone without a judged test."""
    analysis = reading.analysis
    if reading.window is None or reading.verdict is None:
        if not any(p.is_usable for p in analysis.points):
            return None, None
        rests_on = _rests_on(analysis.usable(Part.BASELINE), reading.measure.frequency)
        if analysis.phases:
            rests_on += ", since the new middle line"
        elif reading.lines.is_baseline_chosen:
            rests_on += ", chosen"
        return _level("Usual so far", analysis.centre, analysis, rests_on), None
    before, after = analysis.usable(Part.BASELINE), analysis.usable(Part.AFTER)
    period = reading.measure.frequency
    rests_on = _rests_on(before, period)
    if reading.verdict.facts.get("line_cuts_baseline_on"):
        rests_on += ", since the new line"
    elif reading.verdict.facts.get("is_baseline_chosen"):
        rests_on += ", chosen"
    labels = {"baseline_unstable": "Before, not steady", "no_baseline": "Before"}
    usual = _level(
        labels.get(reading.verdict.code, "Usual before"), analysis.centre, analysis, rests_on
    )
    since = f"Since {day_short(reading.window.starts_on)}"
    level = analysis.centre_after if after else None
    return usual, _level(since, level, analysis, _rests_on(after, period), tone=reading.tone)


def _level(
    label: str, value: float | None, analysis: ChartAnalysis, rests_on: str, *, tone: str = ""
) -> Level:
    """Return a level; too few points for one say so."""
    if value is None:
        return Level(label, "Too few", rests_on)
    unit, most = analysis.unit, analysis.level_places
    if unit in {"%", "£"}:
        return Level(label, value_words(value, unit, most=most), rests_on, tone)
    return Level(label, value_words(value, most=most), rests_on, tone, unit)


def _rests_on(points: Sequence[AnalysedPoint], period: str) -> str:
    """Return “24 points, 6 Apr to 14 Sep”, “9 points, Jan to Sep”."""
    n = counted(len(points), "point").replace(" ", NBSP)
    if not points:
        return n
    first, last = (_period_words(points[at].x, period) for at in (0, -1))
    return f"{n}, {first} to {last}" if first != last else f"{n}, {first}"


def _period_words(start: date, period: str) -> str:
    if period == "year":
        return year_words(start)
    if period in {"month", "quarter"}:
        year = "" if start.year == clock.today().year else f"{NBSP}{start.year}"
        return f"{start:%b}{year}"
    return day_short(start)


@dataclass(frozen=True, slots=True)
class CycleVerdict:
    """What the chart said when a cycle was decided, and what it says of that cycle now.

    ``now`` is None where it says the same. Each is (place, words).
    """

    then: tuple[tuple[str, VerdictWords], ...]
    now: tuple[tuple[str, VerdictWords], ...]


def verdicts_of_cycles(windows: Sequence[WindowView]) -> dict[int, CycleVerdict]:
    """Return the verdicts of the cycles that were decided by one, by cycle number."""
    found: dict[int, CycleVerdict] = {}
    for number in sorted({w.cycle_number for w in windows}):
        own = [w for w in windows if w.cycle_number == number]
        then = tuple((w.place, w.decided_words) for w in own if w.decided_words)
        if not then:
            continue
        has_changed = any(w.has_changed_since_decision for w in own)
        now = tuple((w.place, w.words) for w in own if w.words) if has_changed else ()
        found[number] = CycleVerdict(then, now)
    return found
