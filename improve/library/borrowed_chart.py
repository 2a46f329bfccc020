"""A borrowed page's numbers, drawn and judged by our own rules from the points that came. Pure.

What the other council's chart said is theirs; this is beside it, by the same points. Counts behind
a share did not come along, so a share is read as a plain number, and a point that was kept back is
a gap.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from improve.measures.chart.table import period_words
from improve.measures.reading import Reading, read
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.views import MeasureView, ObservationView, WindowView

#: Charts that need no more than a value for each point; others are read as plain numbers.
_BY_VALUE: Final = frozenset({"run", "i"})
_ONLY_COUNTS: Final = "c"
#: Gaps named one by one; more are counted.
_GAPS_NAMED: Final = 12


@dataclass(frozen=True, slots=True)
class BorrowedChart:
    """The chart of a borrowed page. ``reading`` is None where no value came.

    ``kept_back`` are the first days of periods whose number was too small to be told,
    ``not_recorded`` of those for which nothing was recorded. ``they_said`` is their verdict and
    ``their_doubt`` what it leaves open, “” and () without one.
    """

    name: str
    frequency: str
    rule_set: str
    reading: Reading | None
    kept_back: tuple[date, ...]
    not_recorded: tuple[date, ...]
    they_said: str
    their_doubt: tuple[str, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """The gaps in words: which points did not come, and why."""
        found = []
        if self.kept_back:
            said = _points(len(self.kept_back))
            found.append(
                f"{said} not told, being of fewer than 5 people or cases: "
                f"{self._named(self.kept_back)}."
            )
        if self.not_recorded:
            said = _points(len(self.not_recorded))
            found.append(f"{said} missing, with no reason given: {self._named(self.not_recorded)}.")
        return tuple(found)

    def _named(self, days: tuple[date, ...]) -> str:
        named = [period_words(on, self.frequency, has_years=True) for on in days[:_GAPS_NAMED]]
        more = len(days) - len(named)
        return f"{', '.join(named)}{f' and {more} more' if more else ''}"

    @property
    def is_same(self) -> bool:
        """Whether our own reading has the very words of theirs."""
        ours = self.reading.words if self.reading else None
        return ours is not None and ours.in_full == self.they_said


def borrowed_chart(page: Mapping[str, Any]) -> BorrowedChart | None:
    """Return the chart of a page in the open format; None for one without a measure."""
    measure = page["measure"]
    if not measure:
        return None
    points = [(date.fromisoformat(p["x"]), p) for p in measure["points"]]
    verdict = measure["verdict"]
    return BorrowedChart(
        name=measure["name"],
        frequency=measure["frequency"],
        rule_set=measure["rule_set"],
        reading=_reading(measure, points)
        if any(p["value"] is not None for _, p in points)
        else None,
        kept_back=tuple(on for on, p in points if p.get("suppressed")),
        not_recorded=tuple(
            on for on, p in points if p["value"] is None and not p.get("suppressed")
        ),
        they_said=verdict["words"] if verdict else "",
        their_doubt=tuple(verdict["doubt"]) if verdict else (),
    )


def _reading(measure: Mapping[str, Any], points: list[tuple[date, Mapping[str, Any]]]) -> Reading:
    view = _view(measure)
    values = [ObservationView(0, on, point["value"], None, None) for on, point in points]
    windows = [
        WindowView(
            id=number,
            idea_id=1,
            cycle_number=number,
            measure_id=0,
            measure_name=measure["name"],
            better_when=measure["better"],
            place="main",
            label=f"Cycle {number}",
            starts_on=date.fromisoformat(test["starts"]),
            ends_on=date.fromisoformat(test["ends"]) if test["ends"] else None,
            is_judged=test["judged"],
            is_current=number == len(measure["tests"]),
            verdict_code=None,
        )
        for number, test in enumerate(measure["tests"], start=1)
    ]
    try:
        return read(view, values, windows)
    except CannotChart:
        # A run chart takes any number; the chart that was named takes no such ones.
        return read(_view({**measure, "chart": "run"}), values, windows)


def _view(measure: Mapping[str, Any]) -> MeasureView:
    chart = measure["chart"]
    return MeasureView(
        id=0,
        organisation_id=0,
        team_id=None,
        name=measure["name"],
        kind="outcome",
        recorded="count" if chart == _ONLY_COUNTS else "value",
        unit=measure["unit"],
        better_when=measure["better"],
        frequency=measure["frequency"],
        top_name="",
        bottom_name="",
        numerator="",
        denominator="",
        left_out="",
        source="",
        licence="",
        caution="",
        chart=chart if chart in {*_BY_VALUE, _ONLY_COUNTS} else "i",
        partner_id=None,
        owner_id=None,
        lookback_days=None,
        version=1,
        closed_on=None,
    )


def _points(count: int) -> str:
    return "1 point is" if count == 1 else f"{count} points are"
