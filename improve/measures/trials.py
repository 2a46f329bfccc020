"""How a measure would read with a baseline or a middle line that nobody has saved yet. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from improve.measures.judging import judge_window, stretch_of
from improve.measures.lines import BaselineView, DrawnLines, MiddleLineView
from improve.measures.reading import Reading, newest_judged, read
from improve.measures.spc.series import Part
from improve.measures.views import MeasureView, ObservationView, WindowView
from improve.shared import clock

#: More points than this make no list to choose from; the newest are offered.
POINTS_OFFERED = 400


@dataclass(frozen=True, slots=True)
class Series:
    """All that a measure is read from."""

    measure: MeasureView
    observations: tuple[ObservationView, ...]
    windows: tuple[WindowView, ...]
    lines: DrawnLines

    @property
    def idea_ids(self) -> tuple[int, ...]:
        """The ideas judged on it, the newest test first."""
        judged = sorted((w for w in self.windows if w.is_judged), key=_newest_first, reverse=True)
        return tuple(dict.fromkeys(w.idea_id for w in judged))

    def offered(self, idea_id: int | None) -> Sequence[ObservationView]:
        """The points that may be a baseline: of an idea, those before its first judged day."""
        ends = judged_first_on(self.windows, idea_id)
        points = [o for o in self.observations if ends is None or o.period_start < ends]
        return points[-POINTS_OFFERED:]

    def read_by(self, idea_id: int | None, lines: DrawnLines | None = None) -> Reading:
        """Read it by the newest judged test of an idea, or by itself."""
        own = [w for w in self.windows if w.idea_id == idea_id]
        by = newest_judged(own) if idea_id is not None else None
        shown = self.windows if by else [w for w in self.windows if not w.is_judged]
        drawn = self.lines if lines is None else lines
        return read(self.measure, self.observations, shown, by=by, drawn=drawn)

    def with_baseline(self, idea_id: int | None, first: date, last: date) -> Reading:
        """How it would read with these points as the baseline."""
        return self.read_by(idea_id, self.lines_with_baseline(idea_id, first, last))

    def lines_with_baseline(self, idea_id: int | None, first: date, last: date) -> DrawnLines:
        """The lines in force, with these points as the baseline."""
        trial = BaselineView(0, self.measure.id, idea_id, first, last, "", "", clock.now())
        return self.lines.with_baseline(trial)

    def with_line(self, idea_id: int | None, first: date) -> Reading:
        """How it would read with a new middle line from this day on."""
        return self.read_by(idea_id, self.lines_with_line(first))

    def lines_with_line(self, first: date) -> DrawnLines:
        """The lines in force, with a new middle line from this day on."""
        trial = MiddleLineView(0, self.measure.id, first, "", "", clock.now())
        return self.lines.with_line(trial)

    def without_line(self, line_id: int) -> DrawnLines:
        """The lines in force but for one middle line."""
        kept = tuple(line for line in self.lines.middle_lines if line.id != line_id)
        return replace(self.lines, middle_lines=kept)

    def without_baseline(self, baseline_id: int) -> DrawnLines:
        """The lines in force but for one chosen baseline."""
        kept = tuple(b for b in self.lines.baselines if b.id != baseline_id)
        return replace(self.lines, baselines=kept)

    def steered(self, lines: DrawnLines) -> tuple[Steered, ...]:
        """The tests whose verdict is another by these lines, the newest first."""
        found = []
        for window in sorted(self.windows, key=_newest_first, reverse=True):
            if not window.is_judged:
                continue
            old, new = (
                judge_window(self.measure, self.observations, window, self.windows, drawn)[1]
                for drawn in (self.lines, lines)
            )
            if old.code != new.code:
                labels = (old.words.label, new.words.label)
                found.append(Steered(window.idea_id, window.label, *labels))
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Steered:
    """A test whose verdict a line would make another: its labels now and then."""

    idea_id: int
    test: str
    now: str
    then: str


def _newest_first(window: WindowView) -> tuple[date, int, int]:
    return (window.starts_on, window.cycle_number, window.id)


def judged_first_on(windows: Sequence[WindowView], idea_id: int | None) -> date | None:
    """The day that an idea's first judged test on the measure began; None without one."""
    own = [w for w in windows if idea_id is not None and w.idea_id == idea_id]
    newest = newest_judged(own)
    return stretch_of(newest, own).first_judged_on if newest else None


def level_since(reading: Reading, day: date) -> str:
    """The level of the line that begins on a day, in words; “” where it has none of its own.

    A line from before a test has one where the baseline begins with it: only the newest of them
    does, and only while the baseline is not a later part of it.
    """
    analysis = reading.analysis
    first = next((p.x for p in analysis.points if p.x >= day), None)
    if first is None:
        return ""
    levels = {phase.x[0]: phase.centre for phase in analysis.phases if phase.x}
    baseline = analysis.part(Part.BASELINE)
    if analysis.starts_on is not None and baseline:
        levels.setdefault(baseline[0].x, analysis.centre)
    centre = levels.get(first)
    return "" if centre is None else analysis.in_words(centre)
