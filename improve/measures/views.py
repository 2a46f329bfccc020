"""What is read of measures, as plain frozen values. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from improve.measures.spc.phrases import value_words
from improve.measures.spc.words import VerdictWords, verdict_words

Kind = Literal["outcome", "process", "balancing", "context"]
Recorded = Literal["proportion", "rate", "count", "value", "times", "days_between", "cases_between"]
BetterWhen = Literal["higher", "lower", "neither"]
Frequency = Literal["day", "week", "month", "quarter", "year"]
Place = Literal["main", "beside"]
#: What a person may do to a measure that its history keeps.
CHANGE_KINDS = (
    "defined",
    "edited",
    "adopted",
    "chart_chosen",
    "baseline_set",
    "baseline_removed",
    "line_drawn",
    "line_removed",
    "point_excluded",
    "point_included",
    "target_set",
    "closed",
    "reopened",
)

#: What can make a verdict another, as the history of an idea says it after a colon.
VERDICT_CAUSES: Mapping[str, str] = {
    "point_added": "a number was added",
    "points_added": "numbers were added",
    "point_changed": "a number was put right",
    "point_removed": "a number was taken out",
    "note_written": "a note was written",
    "point_excluded": "a point was left out",
    "point_included": "a point counts again",
    "baseline_set": "a baseline was chosen",
    "baseline_removed": "the chosen baseline was taken back",
    "line_drawn": "a new middle line was drawn",
    "line_removed": "a middle line was taken back",
    "chart_chosen": "another chart was chosen",
    "measure_edited": "what the measure says of itself was changed",
    "test_began": "a test began",
    "test_ended": "a test ended",
    "dates_moved": "the dates of a test were moved",
    "test_removed": "a test was taken back",
    "rules_changed": "every verdict was worked out anew",
}

FREQUENCY_WORDS: Mapping[str, str] = {
    "day": "daily",
    "week": "weekly",
    "month": "monthly",
    "quarter": "quarterly",
    "year": "yearly",
}
#: A longer definition of the bottom line does not fit under a name.
UNIT_LINE_MOST = 64
#: A longer unit does not fit in the head of a column.
HEAD_MOST = 32

BETTER_WORDS: Mapping[str, str] = {
    "higher": "higher is better",
    "lower": "lower is better",
    "neither": "neither side is better",
}


@dataclass(frozen=True, slots=True)
class MeasureView:
    """A measure with the names of its team (None: whole council), keeper and partner."""

    id: int
    organisation_id: int
    team_id: int | None
    name: str
    kind: str
    recorded: Recorded
    unit: str
    better_when: str
    frequency: Frequency
    top_name: str
    bottom_name: str
    numerator: str
    denominator: str
    left_out: str
    source: str
    licence: str
    caution: str
    chart: str | None
    partner_id: int | None
    owner_id: int | None
    lookback_days: int | None
    version: int
    closed_on: date | None
    per: float = 1.0
    target: float | None = None
    target_by: str = ""
    standard: float | None = None
    catalogue_key: str | None = None
    context_id: int | None = None
    team_slug: str | None = None
    team_name: str | None = None
    owner_name: str | None = None
    partner_name: str | None = None
    context_name: str | None = None
    #: The team's busy times as its row keeps them: [first day, last day].
    team_pauses: Sequence[Sequence[str | None]] | None = field(default=None, hash=False)
    #: Why nobody types its numbers; “” where people do.
    kept: str = ""

    @property
    def busy_times(self) -> tuple[tuple[date, date | None], ...]:
        """The team's busy times, oldest first: from a day to a day."""
        return tuple(
            (date.fromisoformat(str(first)), date.fromisoformat(last) if last else None)
            for first, last in self.team_pauses or ()
        )

    @property
    def is_proportion(self) -> bool:
        """Whether each point is so many out of so many."""
        return self.recorded == "proportion"

    @property
    def is_pair(self) -> bool:
        """Whether each point has a top line and a bottom line: a share or a rate."""
        return self.recorded in ("proportion", "rate")

    @property
    def is_of_events(self) -> bool:
        """Whether a number is entered each time that something happens, not each period."""
        return self.recorded in ("days_between", "cases_between")

    @property
    def multiply(self) -> float:
        """By what a ratio is multiplied to be read: 100 for a share, ``per`` for a rate."""
        return 100.0 if self.is_proportion else self.per if self.recorded == "rate" else 1.0

    @property
    def has_definition(self) -> bool:
        """Whether it is written down what is counted."""
        return bool(self.numerator and (self.denominator or not self.is_pair))

    @property
    def unit_line(self) -> str:
        """“% of visits due, higher is better”: what the numbers are and which side is good."""
        what = self.chart_unit
        if self.is_proportion:
            of = self.denominator if len(self.denominator) <= UNIT_LINE_MOST else self.bottom_name
            what = f"% of {of[:1].lower()}{of[1:]}".rstrip(".") if of else "%"
        better = BETTER_WORDS[self.better_when]
        return f"{what}, {better}" if what else better[:1].upper() + better[1:]

    @property
    def pace_line(self) -> str:
        """“Weekly, higher is better”."""
        pace = FREQUENCY_WORDS[self.frequency].capitalize()
        if self.is_of_events:
            pace = "Each time it happens"
        return f"{pace}, {BETTER_WORDS[self.better_when]}"

    @property
    def chart_unit(self) -> str:
        """The unit as the chart shows it."""
        if self.is_proportion:
            return "%"
        if self.recorded == "rate" and not self.unit:
            named = f"{self.bottom_name[:1].lower()}{self.bottom_name[1:]}"
            return f"per {self.per:,.0f} {named}".rstrip() if self.per != 1 else f"per {named}"
        if self.recorded in ("times", "days_between"):
            return self.unit or "days"
        return self.unit

    @property
    def value_head(self) -> str:
        """The head of a column of values, with the unit where the cells do not show it."""
        unit = "" if self.chart_unit in ("%", "£") else self.chart_unit
        if self.is_proportion:
            return "Share"
        if self.recorded == "rate":
            short = f"Per {self.per:,.0f}" if self.per != 1 and not self.unit else "Rate"
            if not 0 < len(unit) <= HEAD_MOST:
                return short
            # A unit such as “children” is also the name of the top line beside it.
            return (
                _capital(unit) if {"per", "each"} & set(unit.lower().split()) else f"Rate, {unit}"
            )
        if self.recorded == "times":
            return f"Middle one, {unit}" if unit else "Middle one"
        if self.recorded == "days_between":
            return f"{_capital(unit or 'days')} since the one before"
        if self.recorded == "cases_between":
            return self.top_name or "Cases since the one before"
        if not self.top_name:
            return _capital(unit) or "Number"
        is_said = unit.lower() in self.top_name.lower() or len(unit) > HEAD_MOST
        return self.top_name if is_said else f"{self.top_name}, {unit}"


def _capital(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}"


@dataclass(frozen=True, slots=True)
class ObservationView:
    """One recorded value, its note, and whether it counts."""

    measure_id: int
    period_start: date
    value: float | None
    numerator: float | None
    denominator: float | None
    note: str = ""
    id: int | None = None
    raw_values: Sequence[float] | None = None
    excluded_reason: str = ""

    @property
    def is_excluded(self) -> bool:
        """Whether the point is drawn but does not count."""
        return bool(self.excluded_reason)

    @property
    def mark(self) -> str:
        """A short text that changes when the number does, or whether it counts."""
        counts = "out" if self.is_excluded else "in"
        times = " ".join(str(float(t)) for t in self.raw_values or ())
        return f"{self.value}/{self.numerator}/{self.denominator}/{times}/{counts}"

    def shown(self, multiply: float) -> float:
        """The value people read: a share as a percentage, a rate per so many."""
        if self.numerator is not None and self.denominator:
            return multiply * self.numerator / self.denominator
        return self.value or 0.0

    def words(self, measure: MeasureView, unit: str | None = None) -> str:
        """The value in words with its unit: “94%”, “62”, “12.4 days”."""
        return value_words(
            self.shown(measure.multiply), measure.chart_unit if unit is None else unit
        )


@dataclass(frozen=True, slots=True)
class WindowView:
    """One cycle of an idea on one measure, with its verdict now and when it was decided.

    ``verdict_code`` is None while the test is small, or was never judged.
    """

    id: int
    idea_id: int
    cycle_number: int
    measure_id: int
    measure_name: str
    better_when: str
    place: str
    label: str
    starts_on: date
    ends_on: date | None
    is_judged: bool
    is_current: bool
    verdict_code: str | None
    verdict_facts: dict[str, Any] = field(default_factory=dict)
    spark: dict[str, Any] = field(default_factory=dict)
    analysis_version: int = 0
    decided_code: str | None = None
    decided_facts: dict[str, Any] | None = None
    decided_on: date | None = None

    @property
    def words(self) -> VerdictWords | None:
        """The verdict now, in words."""
        return verdict_words(self.verdict_code, self.facts) if self.verdict_code else None

    @property
    def decided_words(self) -> VerdictWords | None:
        """The verdict when it was decided, in words."""
        if not self.decided_code:
            return None
        return verdict_words(self.decided_code, self.facts_when_decided)

    @property
    def facts(self) -> dict[str, Any]:
        """The facts for the words of the verdict now."""
        return self._known(self.verdict_facts)

    @property
    def facts_when_decided(self) -> dict[str, Any]:
        """The facts for the words of the verdict when it was decided."""
        return self._known(self.decided_facts or {})

    def _known(self, facts: dict[str, Any]) -> dict[str, Any]:
        """A decision keeps its facts just before the test ends: nothing more was waited for."""
        return {**facts, "is_over": True} if self.ends_on is not None else facts

    @property
    def has_changed_since_decision(self) -> bool:
        """Whether now differs from when it was decided, so that both must be shown."""
        return self.decided_code is not None and self.decided_code != self.verdict_code


@dataclass(frozen=True, slots=True)
class MeasureChoice:
    """A measure as a list of choices offers it."""

    id: int
    name: str
    kind: str = ""
