"""What goes into an analysis and what comes out of it.

Every value of a :class:`ChartAnalysis` is in the units people read (a share of 0.81 with unit
``%`` is 81), dates are calendar dates, and nothing is rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Literal

from improve.measures.spc.phrases import value_words

Better = Literal["up", "down", "neutral"]
"""Which side of the centre is the better one, if any."""

PeriodWord = Literal["day", "week", "month", "quarter", "year"]
"""What one point covers."""


class Signal(Enum):
    """Why a point, or a stretch of points, is unlikely to be the usual ups and downs.

    ``RUNS`` is Anhøj's verdict on a whole stretch (a run too long, or too few crossings) and is
    never put on one point. ``ASTRONOMICAL`` is a person's judgement of an obviously different
    point on a run chart; the software never sets it.
    """

    SHIFT = "shift"
    TREND = "trend"
    RUNS = "runs"
    ASTRONOMICAL = "astronomical"
    OUTSIDE_LIMITS = "outside_limits"
    TWO_IN_THREE = "two_in_three"


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules a chart is read by: a name to print on the chart, and where they come from."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Observed:
    """One recorded value and the first day of its period.

    With ``numerator`` and ``denominator`` both given the value is their ratio (times the
    chart's ``multiply``) and ``value`` is not read. ``value`` None means nothing was recorded,
    which is never the same as 0. ``is_excluded`` takes the point out of centre, limits and runs;
    it is still drawn, and still compared with the limits. ``raw`` holds the several values of a
    period where they were recorded one by one (the days each assessment took): the chart draws
    their median or mean, and ``value`` is not read.
    """

    x: date
    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    is_excluded: bool = False
    raw: tuple[float, ...] = ()


class Part(Enum):
    """Which stretch of the chart a point belongs to."""

    EARLIER = "earlier"  # before the baseline: drawn, compared with the limits only
    BASELINE = "baseline"  # what centre and limits are computed from
    BETWEEN = "between"  # after the first judged cycle began, before this one did
    AFTER = "after"  # since the change
    LATER = "later"  # after the stretch judged was closed


@dataclass(frozen=True, slots=True)
class AnalysedPoint:
    """One point as drawn.

    ``side`` is +1 above the centre, -1 below it, 0 on it (within rounding), with no value or
    with no centre. ``lower`` and ``upper`` are None where no limits are drawn. ``signals`` are
    in the order outside, trend, two in three, shift. ``size`` is how many values the point
    stands for, where they were recorded one by one.
    """

    x: date
    value: float | None
    denominator: float | None
    centre: float | None
    lower: float | None
    upper: float | None
    signals: tuple[Signal, ...] = ()
    side: int = 0
    is_excluded: bool = False
    part: Part = Part.BASELINE
    size: int | None = None

    @property
    def is_usable(self) -> bool:
        """Whether the point counts for centre, runs and verdict."""
        return self.value is not None and not self.is_excluded


@dataclass(frozen=True, slots=True)
class Phase:
    """One stretch of a chart with a middle line of its own, from one drawn line to the next.

    ``ends_on`` is None for the newest. ``lower``, ``upper`` and ``x`` have one entry a point.
    ``n_points`` are those that count. ``chart`` is what is drawn in it (``run`` while it has too
    few points for limits) and ``limits_note`` why it has none.
    """

    starts_on: date
    ends_on: date | None
    centre: float | None
    centre_word: str
    n_points: int
    lower: tuple[float | None, ...]
    upper: tuple[float | None, ...]
    x: tuple[date, ...]
    chart: str = "run"
    limits_note: str = ""


@dataclass(frozen=True, slots=True)
class ChartAnalysis:
    """A chart ready to draw: frozen centre and limits carried through every later point.

    ``chart`` is what is drawn (``run`` while there are too few points for limits, whatever was
    asked), ``asked_chart`` what the measure asked for. ``limits_note`` says in words why no
    limits are drawn, and is empty when they are, or when a run chart was asked for.
    ``starts_on`` and ``ends_on`` are those of the test that is judged, if any. ``phases`` are the
    stretches that new middle lines part the chart into; with a test, those drawn since.
    ``has_runs_signal`` is Anhøj's verdict on the baseline. ``centre_after`` is the same
    statistic as ``centre`` over the points since the change, or None without any.
    ``line_cuts_baseline_on`` is the first baseline point where a new middle line before the test
    leaves out points that would count without it. ``decimals`` is how many the recorded numbers
    have, None where the points are worked out from them (shares and rates).
    """

    chart: str
    asked_chart: str
    rule_set: RuleSet
    points: tuple[AnalysedPoint, ...]
    unit: str = ""
    multiply: float = 1.0
    centre: float | None = None
    centre_word: str = "mean"
    centre_after: float | None = None
    has_limits: bool = False
    limits_note: str = ""
    has_runs_signal: bool = False
    starts_on: date | None = None
    phases: tuple[Phase, ...] = ()
    ends_on: date | None = None
    line_cuts_baseline_on: date | None = None
    decimals: int | None = None

    def part(self, which: Part) -> tuple[AnalysedPoint, ...]:
        """The points of one stretch, in order, missing and excluded ones included."""
        return tuple(point for point in self.points if point.part is which)

    def usable(self, which: Part) -> tuple[AnalysedPoint, ...]:
        """The points of one stretch that count: with a value and not excluded."""
        return tuple(p for p in self.points if p.part is which and p.is_usable)

    @property
    def baseline_from(self) -> date | None:
        """Date of the first baseline point that counts, or None without a baseline."""
        used = self.usable(Part.BASELINE)
        return used[0].x if used else None

    @property
    def baseline_to(self) -> date | None:
        """Date of the last baseline point that counts, or None without a baseline."""
        used = self.usable(Part.BASELINE)
        return used[-1].x if used else None

    @property
    def level_places(self) -> int | None:
        """How many decimals a level is said with at most: one more than the numbers have."""
        return None if self.decimals is None else self.decimals + 1

    def in_words(self, value: float | None) -> str:
        """A value or level with its unit, with no more decimals than the numbers bear."""
        return value_words(value, self.unit, most=self.level_places)

    @property
    def n_baseline(self) -> int:
        """How many points centre and limits are computed from."""
        return len(self.usable(Part.BASELINE))


ANHOEJ = RuleSet(
    name="Anhøj rules on a run chart",
    source="Anhøj & Olesen 2014, doi 10.1371/journal.pone.0113825",
)
MAKING_DATA_COUNT = RuleSet(
    name="Making Data Count rules",
    source="NHS England Making Data Count, as NHSRplotthedots 0.2.2 computes them",
)

CHART_NAMES = {
    "run": "run chart",
    "i": "XmR chart",
    "mr": "moving range chart",
    "p": "p chart",
    "pp": "p′ chart",
    "u": "u chart",
    "up": "u′ chart",
    "c": "c chart",
    "g": "g chart",
    "t": "t chart",
    "xbar": "x-bar chart",
}


def rule_set_for(chart: str) -> RuleSet:
    """The product's rule set for one kind of chart, named as it is printed on it.

    Run charts are read by Anhøj's two rules, every chart with limits by the four NHS rules. The
    NHS rules were written for XmR charts, so on any other chart the name says which.
    """
    if chart == "run":
        return ANHOEJ
    if chart == "i":
        return MAKING_DATA_COUNT
    return RuleSet(
        name=f"{MAKING_DATA_COUNT.name} on {one_chart(chart)}",
        source=MAKING_DATA_COUNT.source,
    )


def one_chart(chart: str) -> str:
    """“a run chart”, “an XmR chart”."""
    name = CHART_NAMES[chart]
    return f"{'an' if name[0] in 'Xx' else 'a'} {name}"
