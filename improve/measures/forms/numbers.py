"""Numbers of a measure: a new one, another in its place, a note beside it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, SelectField, StringField

from improve.measures.number_words import number_words
from improve.measures.service import NewPoint
from improve.measures.service.number_rules import (
    EARLIEST,
    is_of_events,
    latest_day,
    period_of,
)
from improve.measures.table_import import (
    next_period,
    period_start,
    read_period,
    read_times,
    times_text,
)
from improve.measures.views import MeasureView, ObservationView
from improve.shared import clock
from improve.shared.errors import Reason, RuleBroken
from improve.shared.export import export_cell
from improve.shared.forms import Form, Needed, at_most, options
from improve.shared.parsing import NotReadable, read_number

#: Periods offered for a new number; an earlier one is typed.
PERIODS_OFFERED = 10
_COUNTED = ("proportion", "rate", "count", "cases_between")


class NumbersForm(Form):
    """One number of a measure: a value, a top line and a bottom line, or several times."""

    value = StringField("Number", validators=[at_most("number_or_day")])
    times = StringField("Times", validators=[at_most("raw_values")])
    numerator = StringField("How many", validators=[at_most("number_or_day")])
    denominator = StringField("Out of", validators=[at_most("number_or_day")])
    note = StringField("Note", validators=[at_most("point_note")])

    def prepare(self, measure: MeasureView) -> None:
        """Ask for what the measure records, by the names that it uses."""
        self._measure = measure
        self._read: dict[str, float] = {}
        self._times: tuple[float, ...] = ()
        self.words = number_words(measure)
        names = self.number_names
        for name in ("value", "times", "numerator", "denominator"):
            if name not in names:
                delattr(self, name)
        for name, head in zip(names, self.words.heads, strict=True):
            self[name].label.text = head

    @property
    def number_names(self) -> tuple[str, ...]:
        """Names of the fields that hold numbers."""
        if self._measure.is_pair:
            return ("numerator", "denominator")
        return ("times",) if self._measure.recorded == "times" else ("value",)

    @property
    def suffix(self) -> str:
        """The unit behind the box of a single number, where its name does not say it."""
        if self._measure.is_pair:
            return ""
        is_days = self._measure.recorded in ("times", "days_between")
        unit = self._measure.unit or ("days" if is_days else "")
        return "" if self.words.heads[0].lower().startswith(unit.lower()) else unit

    def keyboard(self, name: str) -> str:
        """Return which keys a phone should offer: several times need commas and spaces."""
        if name == "times":
            return "text"
        is_whole = self._measure.recorded in _COUNTED
        is_broken = self._measure.recorded == "rate" and name == "denominator"
        return "numeric" if is_whole and not is_broken else "decimal"

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the numbers; say beside each what cannot be read."""
        is_good = bool(super().validate(extra_validators))
        for name in self.number_names:
            field = self[name]
            try:
                self._read_one(name, field.data or "")
            except NotReadable as unread:
                field.errors = [*field.errors, _sentence(unread)]
                is_good = False
        return is_good

    def _read_one(self, name: str, text: str) -> None:
        recorded = self._measure.recorded
        if name == "times":
            self._times = read_times(text)
            return
        if recorded == "days_between" and not text:
            return  # worked out from the event before
        read = read_number(text)
        if read.is_percent and recorded == "days_between":
            raise NotReadable(f"{text} is not a number of days", "Type days, such as 12.")
        if read.is_percent and recorded != "value":
            raise NotReadable(f"{text} is a percentage", "Give the count it was made from.")
        self._read[name] = read.value

    def numbers(self) -> dict[str, Any]:
        """Return the numbers as read, by the names that the service takes."""
        read: dict[str, Any] = {
            name: self._read.get(name) for name in ("value", "numerator", "denominator")
        }
        return read | {"raw_values": self._times}

    def refuse(self, error: RuleBroken) -> None:
        """Show each reason beside the field that asked for what it is about."""
        stands_for = {"value": self.number_names[0], "period": "on", "on": "period"}
        super().refuse(
            RuleBroken(
                [
                    r
                    if r.field is None or r.field in self._fields
                    else Reason(r.words, stands_for.get(r.field))
                    for r in error.reasons
                ]
            )
        )


class PointForm(NumbersForm):
    """A new number, for one of the latest periods or for another day that is typed."""

    period = SelectField("Period", validate_choice=False)
    on = StringField("Another date", validators=[at_most("number_or_day")])
    replace = HiddenField("Replace")
    reason = StringField("Why does it change?", validators=[at_most("reason")])

    def prepare(
        self, measure: MeasureView, latest: date | None = None, chosen: date | None = None
    ) -> None:
        """Offer the latest periods; ``chosen``, else the one after the last number, is chosen.

        A number that is entered for each event asks for its day.
        """
        super().prepare(measure)
        self.starts_on: date | None = None
        if is_of_events(measure):
            del self.period
            self.on.label.text = "Date of the event"
            return
        periods = latest_periods(measure)
        wanted = chosen or (next_period(latest, measure.frequency) if latest else periods[0])
        if chosen and chosen not in periods and chosen < periods[0]:
            periods.append(chosen)
        self.period.choices = options((p.isoformat(), short_period(p, measure)) for p in periods)
        if self.period.data is None:
            self.period.data = (wanted if wanted in periods else periods[0]).isoformat()

    @property
    def asks_for_day(self) -> bool:
        """Whether a number is for the day of an event."""
        return "period" not in self._fields

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the period, then the numbers."""
        is_good = super().validate(extra_validators)
        chosen = "" if self.asks_for_day else self.period.data or ""
        field = self.on if self.on.data or self.asks_for_day else self.period
        try:
            self.starts_on, _ = read_period(
                self.on.data or chosen,
                period_of(self._measure),
                earliest=EARLIEST,
                latest=latest_day(),
            )
        except NotReadable as unread:
            field.errors = [*field.errors, _sentence(unread)]
            return False
        return is_good

    def point(self) -> NewPoint:
        """Return the number as read; only after the form held."""
        assert self.starts_on is not None  # noqa: S101 - validate has read it
        return NewPoint(self.starts_on, note=self.note.data or "", **self.numbers())


class ChangePointForm(NumbersForm):
    """Another number in the place of one entered before, or another note.

    ``seen`` is the ``mark`` of the number as the page showed it.
    """

    seen = HiddenField("Seen")
    reason = StringField("Why does it change?", validators=[at_most("reason")])

    def fill(self, observation: ObservationView) -> None:
        """Show the number as it is."""
        for name in self.number_names:
            if name == "times":
                times = observation.raw_values or [observation.value or 0.0]
                self.times.data = times_text(times)
            else:
                self[name].data = export_cell(getattr(observation, name))
        self.note.data = observation.note
        self.seen.data = observation.mark

    def _read_one(self, name: str, text: str) -> None:
        if not text:
            raise NotReadable("There is no number here", "Type a number.")
        super()._read_one(name, text)


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
    period = period_of(measure)
    if period == "year":
        return f"{day.year}-{(day.year + 1) % 100:02}"
    if period == "quarter":
        last = date(day.year, day.month + 2, 1)
        return f"{day:%b} to {last:%b}{year}"
    if period == "month":
        return f"{day:%b}{year}"
    return f"{day.day} {day:%b}{year}"


def _sentence(unread: NotReadable) -> str:
    words = unread.words if unread.words.endswith((".", "?")) else f"{unread.words}."
    return f"{words} {unread.hint}".strip()
