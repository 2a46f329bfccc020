"""A measure of the system as it is shown: sentence, charts and tables, by the product's own rules.

Charted and read by the same code as any measure of a team. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from improve.measures.chart import ChartViews, draw_views
from improve.measures.chart.table import period_words
from improve.measures.reading import BETTER, Reading, newest, read
from improve.measures.spc.phrases import value_words
from improve.measures.views import MeasureView, ObservationView
from improve.review.counting import Point
from improve.review.history import Cell, Counted, History, SystemMeasure
from improve.shared.formatting import NBSP, number, plural

_ONE_DAY = re.compile(rf"(?<![0-9.,])1{NBSP}((?:working )?day|huddle|decision|minute)s\b")


@dataclass(frozen=True, slots=True)
class Shown:
    """A measure with what was counted and how it reads."""

    definition: SystemMeasure
    counted: Counted
    reading: Reading

    @property
    def finding(self) -> str:
        """One sentence: what the points show, or why nothing is shown."""
        if self.counted.refusal:
            return self.counted.refusal
        if not self.counted.points:
            return f"Nothing to count yet: no whole {self.definition.frequency} has anything in it."
        return _ONE_DAY.sub(rf"1{NBSP}\1", self.reading.finding)

    @property
    def behind(self) -> str:
        """“Counted from 58 ideas in 14 months.”: what the points rest on."""
        count = sum(1 for point in self.counted.points if not point.is_gap)
        if not count:
            return ""
        one = self.definition
        period = plural(count, one.frequency)
        if one.key == "participation":
            return f"{plural(self.counted.behind, one.one, one.many)} now, {period}."
        return f"Counted from {plural(self.counted.behind, one.one, one.many)} in {period}."

    @property
    def newest_words(self) -> str:
        """The newest point in figures, “” when there is none."""
        point = self.counted.newest
        return value_words(point.shown, "%" if self.definition.is_share else "") if point else ""

    @property
    def newest_period(self) -> str:
        """The newest point's month or quarter, “” when there is none."""
        point = self.counted.newest
        return self.period(point.starts_on) if point else ""

    def period(self, day: date) -> str:
        """A month or a quarter as people say it."""
        return period_words(day, self.definition.frequency, has_years=True)

    def views(self, kind: str) -> ChartViews:
        """Drawings for a place on a page: ``measure`` or ``grid``."""
        return draw_views(
            newest(self.reading.analysis),
            kind,
            title=self.definition.name,
            finding=self.finding,
            tone="nochange",
            better=BETTER[self.definition.better_when],
            period=self.definition.frequency,
        )

    def rows(self) -> list[list[str]]:
        """The table of the months in words, the newest first."""
        return [self._in_words(row) for row in reversed(self.counted.table.rows)]

    def rows_apart(self) -> list[list[str]]:
        """The second table in words, in its own order; empty without one."""
        rows = self.counted.apart[1].rows if self.counted.apart else ()
        return [self._in_words(row) for row in rows]

    def _in_words(self, row: Iterable[Cell]) -> list[str]:
        return [self._cell(cell) for cell in row]

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, date):
            return self.period(cell)
        return cell if isinstance(cell, str) else number(cell)


def show(definition: SystemMeasure, history: History) -> Shown:
    """Count a measure and read it as the product reads any other."""
    counted = definition.count(history)
    observations = [_observation(point) for point in counted.points]
    return Shown(definition, counted, read(_measure(definition), observations))


def all_points(shown: Sequence[Shown]) -> list[tuple[Cell, ...]]:
    """Rows of one file with every measure: name, period, value, top line, bottom line."""
    return [
        (one.definition.name, point.starts_on, point.shown, point.numerator, point.denominator)
        for one in shown
        for point in one.counted.points
    ]


def _observation(point: Point) -> ObservationView:
    top, bottom = point.numerator, point.denominator
    return ObservationView(
        0,
        point.starts_on,
        point.value,
        None if top is None else float(top),
        None if bottom is None else float(bottom),
    )


def _measure(definition: SystemMeasure) -> MeasureView:
    """The definition in the shape that charts are read by."""
    return MeasureView(
        id=0,
        organisation_id=0,
        team_id=None,
        name=definition.name,
        kind="process",
        recorded="proportion" if definition.is_share else "value",
        unit="" if definition.is_share else definition.unit,
        better_when=definition.better_when,
        frequency=definition.frequency,
        top_name="",
        bottom_name="",
        numerator=definition.formula,
        denominator="",
        left_out="",
        source="",
        licence="",
        caution=definition.care,
        chart=definition.chart,
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
    )
