"""What people decided about a measure's lines: which points count as usual, and new levels. Pure.

A *baseline* is the stretch that middle line and limits are computed from: for the tests of one
idea, or (no idea) for the measure read by itself. A *new middle line* says that from a day on
another level is known and expected to last. Neither is ever made by the software.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class BaselineView:
    """The points that somebody chose as usual, in force; both days belong to it."""

    id: int
    measure_id: int
    idea_id: int | None
    starts_on: date
    ends_on: date
    reason: str
    set_by: str
    set_at: datetime

    def overrules(self, line: MiddleLineView) -> bool:
        """Whether the points on both sides of a line were since chosen as one level."""
        is_inside = self.starts_on < line.starts_on <= self.ends_on
        return is_inside and line.drawn_at < self.set_at


@dataclass(frozen=True, slots=True)
class MiddleLineView:
    """A new middle line that somebody drew, in force."""

    id: int
    measure_id: int
    starts_on: date
    reason: str
    drawn_by: str
    drawn_at: datetime


@dataclass(frozen=True, slots=True)
class Lines:
    """What one reading of a measure goes by: a chosen baseline, and first days of new levels."""

    baseline_from: date | None = None
    baseline_to: date | None = None
    new_lines_on: tuple[date, ...] = ()

    @property
    def is_baseline_chosen(self) -> bool:
        """Whether a person chose which points count as usual."""
        return self.baseline_from is not None or self.baseline_to is not None


#: Nothing was decided: the software's own baseline, no new line.
BARE = Lines()


@dataclass(frozen=True, slots=True)
class DrawnLines:
    """All lines in force on one measure, oldest first."""

    baselines: tuple[BaselineView, ...] = ()
    middle_lines: tuple[MiddleLineView, ...] = ()

    def baseline_of(self, idea_id: int | None) -> BaselineView | None:
        """The baseline set for the tests of an idea, or for the measure by itself (None)."""
        return next((b for b in self.baselines if b.idea_id == idea_id), None)

    def by(self, idea_id: int | None) -> Lines:
        """The lines for reading by a test of this idea, or the measure by itself (None).

        A baseline chosen for the measure says that its points are of one level, so a line that
        was drawn earlier inside it parts them no more; one drawn later has the last word. With
        a test a chosen baseline stands whatever was drawn.
        """
        chosen = self.baseline_of(idea_id)
        if chosen is None:
            return Lines(new_lines_on=tuple(line.starts_on for line in self.middle_lines))
        return Lines(
            chosen.starts_on,
            chosen.ends_on,
            tuple(
                line.starts_on
                for line in self.middle_lines
                if idea_id is not None or not chosen.overrules(line)
            ),
        )

    def with_baseline(self, trial: BaselineView) -> DrawnLines:
        """The same, with this baseline in the place of the one for the same idea."""
        others = (b for b in self.baselines if b.idea_id != trial.idea_id)
        return replace(self, baselines=(*others, trial))

    def with_line(self, trial: MiddleLineView) -> DrawnLines:
        """The same, with one more middle line."""
        lines = sorted((*self.middle_lines, trial), key=lambda line: (line.starts_on, line.id))
        return replace(self, middle_lines=tuple(lines))


NO_LINES = DrawnLines()
