"""How listening goes, as charts: what each shows, the gaps by name, and how it is counted. Pure.

Drawn and read by the same code as any measure of a team.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from improve.measures.chart import ChartViews, draw_views
from improve.measures.chart.table import period_words
from improve.measures.reading import BETTER, Reading, newest, read
from improve.measures.spc.phrases import value_words
from improve.measures.views import MeasureView, ObservationView
from improve.shared.formatting import number
from improve.voices.counting import Median, Share

#: Said in a table where a month is a gap.
FEW = "fewer than 5"


@dataclass(frozen=True, slots=True)
class Going:
    """One chart with its words. ``rows`` of the table are in words, the newest month first."""

    key: str
    name: str
    short: str
    reading: Reading
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    counted: str
    care: str

    @property
    def finding(self) -> str:
        """One sentence: what the points show, or why there are none."""
        if not self.has_points:
            return "Nothing to show yet: no month that is over has enough in it."
        return self.reading.finding

    @property
    def has_points(self) -> bool:
        """Whether there is a point to draw."""
        return any(
            one.value is not None or one.denominator is not None
            for one in self.reading.observations
        )

    @property
    def gaps(self) -> str:
        """The months that are gaps, by name: “No point for Sep 2026: fewer than 5.”; or “”."""
        missing = [row[0] for row in self.rows if row[-1] == FEW]
        if not missing or not self.has_points:
            return ""
        return f"No point for {', '.join(reversed(missing))}: {FEW}, or one could be worked out."

    def views(self) -> ChartViews:
        """Drawings for a grid of charts."""
        measure = self.reading.measure
        return draw_views(
            newest(self.reading.analysis),
            "grid",
            title=self.name,
            finding=self.finding,
            tone="nochange",
            better=BETTER[measure.better_when],
            period=measure.frequency,
        )


def days_chart(
    key: str, name: str, medians: Sequence[Median], *, unit: str, counted: str, care: str
) -> Going:
    """Return the run chart of a clock: the median days of what came in each month."""
    points = [ObservationView(0, one.month, one.days, None, None) for one in medians]
    rows = [(_month(m.month), FEW if m.days is None else number(m.days)) for m in medians]
    return Going(
        key,
        name,
        f"{unit}, median by month it came",
        read(_measure(name, recorded="value", unit=unit, better="lower"), points),
        ("Month", unit.capitalize()),
        tuple(reversed(rows)),
        counted,
        care,
    )


def share_chart(
    key: str,
    name: str,
    months: Iterable[tuple[date, Share | None]],
    *,
    one: str,
    counted: str,
    care: str,
) -> Going:
    """Return the run chart of a share, with how many it rests on in its table."""
    points, rows, answers = [], [], []
    for month, share in months:
        top = float(share.good) if share else None
        bottom = float(share.answers) if share else None
        points.append(ObservationView(0, month, None, top, bottom))
        if share is None:
            rows.append((_month(month), "", FEW))
        else:
            answers.append(share.answers)
            percent = value_words(100 * share.good / share.answers, "%")
            rows.append((_month(month), percent, f"{share.good} of {share.answers}"))
    return Going(
        key,
        name,
        f"% by month, {_spread(answers)} answers in each" if answers else "% by month",
        read(_measure(name, recorded="proportion", unit="", better="higher"), points),
        ("Month", "Share", one),
        tuple(reversed(rows)),
        counted,
        care,
    )


def answers_chart(reading: Reading, months: Sequence[date]) -> Going:
    """Return the council's chart of “How was it?”: its points, and a gap where a month has none."""
    there = {o.period_start: o for o in reading.observations}
    shares = []
    for month in months:
        held = there.get(month)
        is_there = held is not None and held.numerator is not None and held.denominator is not None
        shares.append(
            (month, Share(int(held.numerator or 0), int(held.denominator or 0)))
            if held is not None and is_there
            else (month, None)
        )
    measure = reading.measure
    return share_chart(
        f"answers-{measure.id}",
        measure.name,
        shares,
        one="Good or better, of all answers",
        counted=f"{measure.numerator}, over: {measure.denominator[:1].lower()}"
        f"{measure.denominator[1:]}. Left out: {measure.left_out[:1].lower()}"
        f"{measure.left_out[1:]}.",
        care="Who answers is not everybody. A month is counted once, when it is over. What is "
        "locked away after that stays in its number: a number that changed would tell of it.",
    )


def _spread(answers: Sequence[int]) -> str:
    fewest, most = min(answers), max(answers)
    return f"{fewest}" if fewest == most else f"{fewest} to {most}"


def _month(day: date) -> str:
    return period_words(day, "month", has_years=True)


def _measure(
    name: str, *, recorded: Literal["proportion", "value"], unit: str, better: str
) -> MeasureView:
    """The definition in the shape that charts are read by."""
    return MeasureView(
        id=0,
        organisation_id=0,
        team_id=None,
        name=name,
        kind="process",
        recorded=recorded,
        unit=unit,
        better_when=better,
        frequency="month",
        top_name="",
        bottom_name="",
        numerator="",
        denominator="",
        left_out="",
        source="",
        licence="",
        caution="",
        chart="run",
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
    )
