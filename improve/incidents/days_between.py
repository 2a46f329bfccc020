"""Days between reports of one kind, as a t chart of which no point is a single report. Pure.

A t chart usually has a point for each event. Here that would draw, report by report, when each
came. So a point stands for whole months, as many as it takes until five reports of the kind came,
and is the mean of the days between two of them: the days of those months over the reports in them.
That is the time to several events, shared out; its root of 3.6, which a t chart is read on, is
about normal as well (Wilson and Hilferty 1931, for any gamma distribution; for charts of the time
to several events see Xie, Goh and Ranjan, Reliability Engineering and System Safety 77, 2002).

A month is ready ``WAIT_DAYS`` after it ended, and what is signed off later is in no chart: so no
point is ever drawn anew, and two days side by side never show one report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from improve.incidents.kinds import KIND_WORDS, Kind
from improve.incidents.patterns import next_month
from improve.measures.chart import ChartViews, draw_views
from improve.measures.chart.table import period_words
from improve.measures.reading import BETTER, Reading, newest, read
from improve.measures.spc.analysis import FEWEST_FOR_LIMITS
from improve.measures.views import MeasureView, ObservationView
from improve.shared.formatting import number, plural
from improve.shared.suppression import FEWEST

#: A report may take so many days from the end of its month until it is signed off: more than twice
#: the twelve working days in which that is to be done.
WAIT_DAYS: Final = 42


@dataclass(frozen=True, slots=True)
class Came:
    """A report of a kind: the Mondays of the weeks in which it came and was signed off."""

    week: date
    settled_week: date
    kind: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole months with ``reports`` of a kind, five or more: first days of the first and last."""

    first: date
    last: date
    reports: int

    @property
    def days(self) -> float:
        """The mean days between two of them."""
        return (next_month(self.last) - self.first).days / self.reports


@dataclass(frozen=True, slots=True)
class Between:
    """The chart of one kind. ``rows`` of its table are in words, the newest first."""

    kind: Kind
    reading: Reading
    rows: tuple[tuple[str, ...], ...]

    @property
    def name(self) -> str:
        """What the chart is of."""
        return KIND_WORDS[self.kind]

    @property
    def has_chart(self) -> bool:
        """Whether there are points enough for a chart with limits."""
        return len(self.rows) >= FEWEST_FOR_LIMITS

    @property
    def finding(self) -> str:
        """One sentence: what the points show, or what is still missing."""
        if not self.has_chart:
            there = plural(len(self.rows), "point")
            return f"A chart begins with {FEWEST_FOR_LIMITS} points. So far: {there}."
        return self.reading.finding

    def views(self) -> ChartViews:
        """Drawings for a grid of charts."""
        measure = self.reading.measure
        return draw_views(
            newest(self.reading.analysis),
            "grid",
            title=f"Days between two reports: {self.name}",
            finding=self.finding,
            tone="nochange",
            better=BETTER[measure.better_when],
            period=measure.frequency,
        )


#: The head of the table behind a chart.
HEAD: Final = ("Months", "Days between two, mean", "Reports")


def stretches(came: Sequence[Came], kind: Kind, today: date) -> tuple[Stretch, ...]:
    """Return the stretches of a kind, oldest first; they begin a month after the first report."""
    ready = [one for one in came if _is_in_time(one)]
    if not ready:
        return ()
    month = next_month(min(one.week for one in ready).replace(day=1))
    in_month = Counter(one.week.replace(day=1) for one in ready if one.kind == kind.value)
    found: list[Stretch] = []
    first, reports = month, 0
    while _closes_on(month) <= today:
        reports += in_month[month]
        if reports >= FEWEST:
            found.append(Stretch(first, month, reports))
            first, reports = next_month(month), 0
        month = next_month(month)
    return tuple(found)


def charts_of(came: Iterable[Came], today: date) -> tuple[Between, ...]:
    """Return the chart of each kind, in the order of the form."""
    rows = list(came)
    return tuple(_chart(kind, stretches(rows, kind, today)) for kind in Kind)


def _chart(kind: Kind, found: Sequence[Stretch]) -> Between:
    points = [ObservationView(0, one.last, one.days, None, None) for one in found]
    rows = [(_months(one), number(round(one.days, 1)), str(one.reports)) for one in found]
    return Between(kind, read(_measure(kind), points), tuple(reversed(rows)))


def _closes_on(month: date) -> date:
    return next_month(month) + timedelta(days=WAIT_DAYS)


def _is_in_time(one: Came) -> bool:
    """Whether it was signed off in a week that was over before its month was counted."""
    return one.settled_week + timedelta(days=7) <= _closes_on(one.week.replace(day=1))


def _months(one: Stretch) -> str:
    last = period_words(one.last, "month", has_years=True)
    if one.first == one.last:
        return last
    return f"{period_words(one.first, 'month', has_years=True)} to {last}"


def _measure(kind: Kind) -> MeasureView:
    """The definition in the shape that charts are read by. Neither side is better.

    Fewer days may mean that more goes wrong, or that more people dare to say so.
    """
    return MeasureView(
        id=0,
        organisation_id=0,
        team_id=None,
        name=KIND_WORDS[kind],
        kind="context",
        recorded="days_between",
        unit="days",
        better_when="neither",
        frequency="month",
        top_name="",
        bottom_name="",
        numerator="",
        denominator="",
        left_out="",
        source="",
        licence="",
        caution="",
        chart="t",
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
    )
