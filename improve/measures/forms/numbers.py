"""Numbers of a measure: a new one, another in its place, a note beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, SelectField, StringField

from improve.measures.service import NewPoint
from improve.measures.service.number_rules import EARLIEST, latest_day
from improve.measures.table_import import next_period, period_start, read_period
from improve.measures.views import MeasureView, ObservationView
from improve.shared import clock
from improve.shared.export import export_cell
from improve.shared.forms import Form, Needed, at_most, options
from improve.shared.parsing import NotReadable, read_number

#: Periods offered for a new number; an earlier one is typed.
PERIODS_OFFERED = 10


class NumbersForm(Form):
    """One number of a measure: a value, or a top line and a bottom line."""

    value = StringField("Number", validators=[at_most("number_or_day")])
    numerator = StringField("How many", validators=[at_most("number_or_day")])
    denominator = StringField("Out of", validators=[at_most("number_or_day")])
    note = StringField("Note", validators=[at_most("point_note")])

    def prepare(self, measure: MeasureView) -> None:
        """Ask for what the measure records, by the names that it uses."""
        self._measure = measure
        self._read: dict[str, float] = {}
        self.numerator.label.text = measure.top_name or "How many"
        self.denominator.label.text = measure.bottom_name or "Out of"
        self.value.label.text = measure.top_name or "Number"
        if measure.is_pair:
            del self.value
        else:
            del self.numerator
            del self.denominator

    @property
    def number_names(self) -> tuple[str, ...]:
        """Names of the fields that hold numbers."""
        return ("numerator", "denominator") if self._measure.is_pair else ("value",)

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the numbers; say beside each what cannot be read."""
        is_good = bool(super().validate(extra_validators))
        for name in self.number_names:
            field = self[name]
            try:
                read = read_number(field.data or "")
            except NotReadable as unread:
                field.errors = [*field.errors, _sentence(unread)]
                is_good = False
                continue
            if read.is_percent and self._measure.recorded != "value":
                words = f"{field.data} is a percentage. Give the count it was made from."
                field.errors = [*field.errors, words]
                is_good = False
                continue
            self._read[name] = read.value
        return is_good

    def numbers(self) -> dict[str, float | None]:
        """Return the numbers as read, by field."""
        return {name: self._read.get(name) for name in ("value", "numerator", "denominator")}


class PointForm(NumbersForm):
    """A new number, for one of the latest periods or for another that is typed."""

    period = SelectField("Period", validate_choice=False)
    on = StringField("Another date", validators=[at_most("number_or_day")])
    replace = HiddenField("Replace")
    reason = StringField("Why does it change?", validators=[at_most("reason")])

    def prepare(self, measure: MeasureView, latest: date | None = None) -> None:
        """Offer the latest periods; the one after the last number is chosen."""
        super().prepare(measure)
        self.starts_on: date | None = None
        periods = latest_periods(measure)
        self.period.choices = options((p.isoformat(), short_period(p, measure)) for p in periods)
        if self.period.data is None:
            wanted = next_period(latest, measure.frequency) if latest else periods[0]
            chosen = wanted if wanted in periods else periods[0]
            self.period.data = chosen.isoformat()

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the period, then the numbers."""
        is_good = super().validate(extra_validators)
        typed = self.on.data or self.period.data or ""
        field = self.on if self.on.data else self.period
        try:
            self.starts_on, _ = read_period(
                typed, self._measure.frequency, earliest=EARLIEST, latest=latest_day()
            )
        except NotReadable as unread:
            field.errors = [*field.errors, _sentence(unread)]
            return False
        return is_good

    def point(self) -> NewPoint:
        """Return the number as read; only after the form held."""
        assert self.starts_on is not None  # noqa: S101 - validate has read it
        read = self.numbers()
        return NewPoint(
            self.starts_on,
            read["value"],
            read["numerator"],
            read["denominator"],
            self.note.data or "",
        )


class ChangePointForm(NumbersForm):
    """Another number in the place of one entered before, or another note."""

    reason = StringField("Why does it change?", validators=[at_most("reason")])

    def fill(self, observation: ObservationView) -> None:
        """Show the number as it is."""
        for name in self.number_names:
            self[name].data = export_cell(getattr(observation, name))
        self.note.data = observation.note


class RemovePointForm(Form):
    """Take a number out."""

    reason = StringField(
        "Why is it taken out?",
        validators=[Needed("Say in a few words why the number goes."), at_most("reason")],
    )


class NoteForm(Form):
    """A note on the chart, at a point that is there."""

    period = SelectField("Period", validate_choice=False)
    note = StringField("Note", validators=[at_most("point_note")])

    def offer(self, observations: Sequence[ObservationView], measure: MeasureView) -> None:
        """Offer the newest points."""
        newest = list(reversed(observations))[:60]
        self.period.choices = options(
            (o.period_start.isoformat(), short_period(o.period_start, measure)) for o in newest
        )

    def day(self) -> date | None:
        """Return the first day chosen, or None for one that was not offered."""
        offered = {choice.value for choice in self.period.choices or ()}
        return date.fromisoformat(self.period.data) if self.period.data in offered else None


class SinceForm(Form):
    """A day to compare before and after, by the reader."""

    class Meta(Form.Meta):
        """It is sent with GET and changes nothing."""

        csrf = False

    since = StringField("Since", validators=[at_most("number_or_day")])


def latest_periods(measure: MeasureView) -> list[date]:
    """Return the first days of the present period and those before it, newest first."""
    found = [period_start(clock.today(), measure.frequency)]
    while len(found) < PERIODS_OFFERED:
        found.append(period_start(found[-1] - timedelta(days=1), measure.frequency))
    return found


def short_period(day: date, measure: MeasureView) -> str:
    """Return a period as a choice reads: “23 Nov”, “Oct”, “Jul to Sep”, “2025-26”.

    The year is named where it is not the present one.
    """
    year = "" if day.year == clock.today().year else f" {day.year}"
    if measure.frequency == "year":
        return f"{day.year}-{(day.year + 1) % 100:02}"
    if measure.frequency == "quarter":
        last = date(day.year, day.month + 2, 1)
        return f"{day:%b} to {last:%b}{year}"
    if measure.frequency == "month":
        return f"{day:%b}{year}"
    return f"{day.day} {day:%b}{year}"


def _sentence(unread: NotReadable) -> str:
    words = unread.words if unread.words.endswith((".", "?")) else f"{unread.words}."
    return f"{words} {unread.hint}".strip()
