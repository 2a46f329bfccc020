"""What a huddle shows of numbers: a chart with its newest point, a week's taps, news. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from improve.measures.chart.huddle import HuddleDrawing, draw_huddle, shows_limits
from improve.measures.chart.sizes import HUDDLE_SIZES, WALL, WALL_LOW, ChartSize
from improve.measures.chart.sparkline import SparkDrawing, draw_spark
from improve.measures.judging import BETTER
from improve.measures.reading import Reading, newest, read
from improve.measures.spc.doubt import CHANGED
from improve.measures.spc.series import CHART_NAMES, Signal
from improve.measures.spc.spark import spark_facts
from improve.measures.spc.words import VerdictWords
from improve.measures.table_import.periods import period_start
from improve.measures.tally_counts import TallyCounts
from improve.measures.trials import Series
from improve.measures.views import WindowView
from improve.shared.formatting import NBSP, day_short

#: Verdicts that say something; the others only that it cannot be said yet.
TELLING: Final = CHANGED | {"mixed", "unusual_point", "no_signal"}
#: More pips than this are told in figures.
PIPS_MOST: Final = 12
_PERIOD_NOW: Final = {
    "day": "today",
    "week": "this week",
    "month": "this month",
    "quarter": "this quarter",
    "year": "this year",
}


@dataclass(frozen=True, slots=True)
class HuddlePips:
    """The points a verdict needs and those it has, “5 of 7”.

    ``before`` is what it had when the huddle began, None where it has no more since then.
    """

    had: int
    needed: int
    before: int | None = None

    @property
    def before_words(self) -> str:
        """“It was 4 of 7 until just now”, “” where nothing came."""
        if self.before is None:
            return ""
        return f"It was {self.before}{NBSP}of{NBSP}{self.needed} until just now"

    @property
    def words(self) -> str:
        """What a screen reader is told."""
        return f"{self.had} of {self.needed} points"


@dataclass(frozen=True, slots=True)
class HuddleChart:
    """One measure as a huddle looks at it: read by the test of its idea, and what is beside it.

    ``fresh_on`` is the day of the newest point where it came after the huddle began, else None.
    ``today`` says whether that point is this week's.
    """

    reading: Reading
    beside: Reading | None = None
    fresh_on: date | None = None
    today: date | None = None

    @property
    def name(self) -> str:
        """The measure's."""
        return self.reading.measure.name

    @property
    def kind_words(self) -> str:
        """“Run chart, by week”; “p chart with limits, by week” where these are drawn."""
        name = CHART_NAMES[self.reading.analysis.chart]
        if name[1].isalpha():
            name = f"{name[:1].upper()}{name[1:]}"
        if shows_limits(self.reading.analysis, WALL):
            name += " with limits"
        period = self.reading.measure.frequency
        each = "each time it happens" if self.reading.measure.is_of_events else f"by {period}"
        return f"{name}, {each}"

    @property
    def words(self) -> VerdictWords | None:
        """The verdict's words, None without a judged test."""
        return self.reading.words

    @property
    def code(self) -> str:
        """The verdict's code, “” without one."""
        return self.reading.verdict.code if self.reading.verdict else ""

    @property
    def finding(self) -> str:
        """One sentence: the verdict, else what the points show by themselves."""
        return self.reading.finding

    def pips(self, before: int | None = None) -> HuddlePips | None:
        """The points a verdict needs, while it waits or where the last of them has just come."""
        verdict = self.reading.verdict
        if verdict is None or verdict.facts["is_over"]:
            return None
        had, needed = int(verdict.facts["n_after"]), int(verdict.facts["needed_after"])
        came = before if before is not None and before < had else None
        is_waiting = verdict.code == "too_early"
        if not (is_waiting or (came is not None and came < needed)) or needed > PIPS_MOST:
            return None
        return HuddlePips(min(had, needed), needed, came)

    @property
    def fresh_words(self) -> str:
        """“72% this week”; the value alone where the point is of another time. “” without one."""
        if self.fresh_on is None or not self.reading.last_words:
            return ""
        measure = self.reading.measure
        value = self.reading.last_words
        if measure.is_of_events or (
            self.today is None or self.fresh_on != period_start(self.today, measure.frequency)
        ):
            return f"{value}, {day_short(self.fresh_on)}"
        return f"{value} {_PERIOD_NOW[measure.frequency]}"

    def drawing(self, size: ChartSize) -> HuddleDrawing:
        """The chart at one size."""
        reading = self.reading
        return draw_huddle(
            newest(reading.analysis),
            size=size,
            title=reading.measure.name,
            finding=self.finding,
            tone=reading.tone,
            better=BETTER[reading.measure.better_when],
            windows=reading.test_spans(start_words),
            period=reading.measure.frequency,
            fresh_on=self.fresh_on,
            fresh_words=self.fresh_words,
        )

    @property
    def on_wall(self) -> tuple[tuple[str, HuddleDrawing], ...]:
        """The chart of a wall for each height that it may have, by name."""
        return (("tall", self.drawing(WALL)), ("low", self.drawing(WALL_LOW)))

    @property
    def drawings(self) -> tuple[HuddleDrawing, ...]:
        """The chart at every width that the page of a huddle may give it, widest first."""
        return tuple(self.drawing(size) for size in HUDDLE_SIZES)

    @property
    def beside_name(self) -> str:
        """The other measure's name as it goes on in a sentence."""
        name = self.beside.measure.name if self.beside else ""
        first = name.split(" ")[0]
        return name if first == first.upper() else f"{name[:1].lower()}{name[1:]}"

    @property
    def beside_drawing(self) -> SparkDrawing | None:
        """The other measure's small line."""
        if self.beside is None:
            return None
        code = self.beside.verdict.code if self.beside.verdict else ""
        return draw_spark(spark_facts(self.beside.analysis, code) | {"missing": 0})


def start_words(window: WindowView) -> str:
    """What stands at the start line of a judged test: “Cycle 2 starts, 19 Oct”.

    How many take part is free text, so the line does not say it.
    """
    if not window.is_judged:
        return window.label
    return f"Cycle {window.cycle_number} starts, {day_short(window.starts_on)}"


@dataclass(frozen=True, slots=True)
class HuddleTally:
    """This week's taps of one question. ``is_on_chart``: the chart says what the taps say.

    ``has_come``: they became that point after the huddle began. ``may_settle``: whoever looks may
    bring them in.
    """

    id: int
    measure_id: int
    idea_id: int | None
    question: str
    counts: TallyCounts
    is_on_chart: bool = False
    has_come: bool = False
    may_settle: bool = False
    measure_name: str = ""

    @property
    def is_yes_no(self) -> bool:
        """Whether it is answered by yes or no."""
        return self.counts.answers == "yes_no"

    @property
    def head_words(self) -> str:
        """What stands over the squares."""
        return "This week’s taps have just come in" if self.has_come else "This week’s taps"

    @property
    def figures(self) -> str:
        """“13 of 18”, “14 in all”, “” while there is nothing to make a point of."""
        if self.counts.is_gap:
            return ""
        top = f"{self.counts.top:,}"
        if self.counts.bottom is None:
            return f"{top} in all"
        return f"{top}{NBSP}of{NBSP}{self.counts.bottom:,}"


@dataclass(frozen=True, slots=True)
class HuddleMeasure:
    """A measure that has something new to say since the last huddle, or taps of this week.

    ``note`` says what in a few words. ``n_after`` and ``needed`` are the points of its verdict,
    None where none is judged.
    """

    measure_id: int
    name: str
    note: str
    is_news: bool
    n_after: int | None = None
    needed: int | None = None


def news_of(series: Series, entered: Sequence[datetime], since: datetime) -> str:
    """What a measure says that it did not say before ``since``, in a few words; “” for nothing.

    ``entered`` is when each of its numbers came. What the numbers before would say is worked out
    anew: another verdict that tells something, or a newest point that stands out for a reason
    that the newest point of then did not have.
    """
    old = [o for o, at in zip(series.observations, entered, strict=True) if at < since]
    if len(old) == len(series.observations):
        return ""
    now = read(series.measure, series.observations, series.windows, drawn=series.lines)
    then = read(series.measure, old, series.windows, drawn=series.lines)
    code = now.verdict.code if now.verdict else ""
    if now.words and code in TELLING and code != (then.verdict.code if then.verdict else ""):
        return f"{now.words.label}: {now.words.short}"
    is_last_new = bool(entered) and entered[-1] >= since
    if is_last_new and _newest_signals(now) - (_newest_signals(then) - {Signal.OUTSIDE_LIMITS}):
        return "the newest point stands out"
    return ""


def _newest_signals(reading: Reading) -> set[Signal]:
    last = next((p for p in reversed(reading.analysis.points) if p.is_usable), None)
    return set(last.signals) if last else set()
