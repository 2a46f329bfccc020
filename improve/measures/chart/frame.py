"""What every part of one drawing needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from improve.measures.chart.axis import TimeAxis
from improve.measures.chart.drawing import Gridline
from improve.measures.chart.scale import Reach, Scale
from improve.measures.chart.shapes import XY
from improve.measures.chart.sizes import ChartSize, Wording
from improve.measures.spc.series import AnalysedPoint, ChartAnalysis, Part, Phase

FEWEST_FOR_USUAL = 8
"""Fewer points than this are no usual level (the fewest a baseline may have)."""


def is_frozen(analysis: ChartAnalysis) -> bool:
    """Whether the usual level comes from an earlier stretch: before a test, or chosen dates."""
    return analysis.starts_on is not None or any(
        point.part not in (Part.BASELINE, Part.EARLIER) for point in analysis.points
    )


@dataclass(frozen=True, slots=True)
class Baseline:
    """What the usual level was computed from: first and last day, and how many points."""

    from_day: date
    to_day: date
    n: int


def baseline_of(analysis: ChartAnalysis) -> Baseline | None:
    """The baseline of an analysis, or None without one."""
    used = analysis.usable(Part.BASELINE)
    return Baseline(used[0].x, used[-1].x, len(used)) if used else None


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A phase in view: its first slot, the slot after its last, whether it is the newest."""

    phase: Phase
    start: int
    stop: int
    is_last: bool

    @property
    def is_usual(self) -> bool:
        """Whether it has the points that it takes to speak of a usual level."""
        return self.phase.n_points >= FEWEST_FOR_USUAL


def phases_in_view(analysis: ChartAnalysis, axis: TimeAxis) -> tuple[PhaseSpan, ...]:
    """The phases with a level of their own, oldest first, cut to the slots that are shown.

    A phase begins at its first point and lasts until the next one's first point, so that lines
    meet with no gap between them.
    """
    if not analysis.phases:
        return ()
    starts = [axis.slot(p.x[0] if p.x else p.starts_on) for p in analysis.phases]
    stops = [*starts[1:], axis.slots]
    last = len(starts) - 1
    return tuple(
        PhaseSpan(phase, max(start, 0), min(stop, axis.slots), index == last)
        for index, (phase, start, stop) in enumerate(
            zip(analysis.phases, starts, stops, strict=True)
        )
        if phase.centre is not None and stop > 0 and start < axis.slots and stop > start
    )


@dataclass(frozen=True, slots=True)
class Frame:
    """One drawing in the making: what is shown, and where it lies."""

    analysis: ChartAnalysis
    size: ChartSize
    axis: TimeAxis
    scale: Scale
    reach: Reach
    shown: tuple[AnalysedPoint, ...]
    places: tuple[XY | None, ...]
    tone: str
    better: str
    is_frozen: bool
    gridlines: tuple[Gridline, ...]
    slots: tuple[int, ...]
    baseline: Baseline | None
    phases: tuple[PhaseSpan, ...] = ()
    is_context: bool = False

    @property
    def lowest_words(self) -> Gridline:
        """The lowest gridline, which bears words."""
        return self.gridlines[0]

    @property
    def highest_words(self) -> Gridline:
        """The highest gridline, which bears words."""
        return self.gridlines[-1]

    @property
    def spacing(self) -> float:
        """Pixels from one point to the next: a slot, or the mean where points keep no beat."""
        steps = len(self.slots) - 1
        slots = (self.slots[-1] - self.slots[0]) / steps if steps > 0 else 1.0
        return max(slots, 1.0) * self.axis.slot_width

    @property
    def is_phased(self) -> bool:
        """Whether each phase has its own level: lines were drawn, and no test is judged."""
        return bool(self.phases) and self.analysis.starts_on is None

    @property
    def centre(self) -> float | None:
        """The usual level, or None while there are too few points to speak of one.

        With phases and no test there is no one level: each phase has its own.
        """
        if self.is_context or self.is_phased:
            return None
        if self.baseline is None or self.baseline.n < FEWEST_FOR_USUAL:
            return None
        return next((p.centre for p in reversed(self.shown) if p.centre is not None), None)

    @property
    def is_since_drawn(self) -> bool:
        """The level since is drawn only where the verdict says that something changed."""
        return (
            self.analysis.centre_after is not None
            and self.tone != "nochange"
            and self.size.wording is not Wording.NONE
        )

    @property
    def next_slot(self) -> int:
        """The slot after the newest point in view."""
        return self.slots[-1] + 1 if self.slots else 0
