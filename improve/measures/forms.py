"""Forms about measures: shape and wording. Numbers and dates are read by ``shared.parsing``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)

from improve.measures.reading import CHART_CHOICES
from improve.measures.service import MeasureDetails, NewPoint
from improve.measures.service.number_rules import EARLIEST, latest_day
from improve.measures.spc.series import CHART_NAMES
from improve.measures.table_import import next_period, period_start, read_period
from improve.measures.views import MeasureView, ObservationView
from improve.shared import clock
from improve.shared.export import export_cell
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.limits import IMPORT_BYTES_MOST
from improve.shared.parsing import NotReadable, read_number

KINDS = (
    ("outcome", "Does life get better?"),
    ("process", "Are we doing what we said?"),
    ("balancing", "What might get worse?"),
    ("context", "What explains the others?"),
)
RECORDED = (
    ("proportion", "So many out of so many"),
    ("count", "A count"),
    ("value", "A measurement"),
)
FREQUENCIES = (
    ("day", "Every day"),
    ("week", "Every week"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("year", "Every year"),
)
BETTER = (("higher", "Higher"), ("lower", "Lower"), ("neither", "Neither"))


#: Periods offered for a new number; an earlier one is typed.
PERIODS_OFFERED = 10


class DefineForm(Form):
    """A measure with its operational definition."""

    name = StringField(
        "What do you count?",
        validators=[Needed("Give the measure a name."), at_most("measure_name")],
    )
    kind = RadioField("What is it for?", choices=options(KINDS), default="process")
    recorded = RadioField(
        "What is recorded each time?", choices=options(RECORDED), default="proportion"
    )
    numerator = TextAreaField(
        "Top line, or what is counted",
        validators=[Needed("Say what is counted."), at_most("definition")],
    )
    top_name = StringField("Short name of it", validators=[at_most("unit")])
    denominator = TextAreaField("Bottom line: out of what", validators=[at_most("definition")])
    bottom_name = StringField("Short name of the bottom line", validators=[at_most("unit")])
    left_out = TextAreaField("Left out", validators=[at_most("definition")])
    unit = StringField("Unit", validators=[at_most("unit")])
    better_when = RadioField("Which side is better?", choices=options(BETTER), default="higher")
    frequency = RadioField("How often?", choices=options(FREQUENCIES), default="week")
    partner_id = SelectField("Shown beside", coerce=int)
    owner_id = SelectField("Who keeps it", coerce=int)
    source = StringField("Where the numbers come from", validators=[at_most("source")])
    licence = StringField("Licence of the numbers", validators=[at_most("source")])
    caution = TextAreaField("Read with care because", validators=[at_most("definition")])
    lookback_days = StringField(
        "Days that one point looks back on", validators=[at_most("number_or_day")]
    )
    chart = SelectField("Chart", validate_choice=False)
    is_whole_council = BooleanField("It is counted for the whole council, not for this team alone")
    version = Version("Version")

    def offer(
        self, *, partners: Sequence[tuple[int, str]], people: Sequence[tuple[int, str]]
    ) -> None:
        """Give the lists to choose from."""
        self.partner_id.choices = options([(0, "No other measure"), *partners])
        self.owner_id.choices = options(people)
        named = [
            (code, CHART_NAMES[code][:1].upper() + CHART_NAMES[code][1:])
            for code in ("run", "i", "p", "c")
        ]
        self.chart.choices = options([("", "Chosen by what is recorded"), *named])

    def fill(self, measure: MeasureView) -> None:
        """Show a measure as it is."""
        for name in _TEXTS:
            self[name].data = getattr(measure, name)
        self.chart.data = measure.chart or ""
        self.partner_id.data = measure.partner_id or 0
        self.owner_id.data = measure.owner_id
        self.lookback_days.data = str(measure.lookback_days or "")
        self.version.data = measure.version

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what depends on another field."""
        is_good = bool(super().validate(extra_validators))
        if self.recorded.data == "proportion" and not self.denominator.data:
            words = "Say out of what: a share needs a bottom line."
            self.denominator.errors = [*self.denominator.errors, words]
            is_good = False
        allowed = CHART_CHOICES.get(self.recorded.data or "", ())
        if self.chart.data and self.chart.data not in allowed:
            self.chart.errors = [*self.chart.errors, "That chart does not fit what is recorded."]
            is_good = False
        if self.lookback_days.data and self._days() is None:
            words = "Give a whole number of days, such as 90."
            self.lookback_days.errors = [*self.lookback_days.errors, words]
            is_good = False
        return is_good

    def _days(self) -> int | None:
        text = (self.lookback_days.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else None

    def details(self) -> MeasureDetails:
        """Return what was typed."""
        return MeasureDetails(
            **{name: self[name].data or "" for name in _TEXTS},
            chart=self.chart.data or None,
            partner_id=self.partner_id.data or None,
            owner_id=self.owner_id.data or None,
            lookback_days=self._days(),
        )


_TEXTS = (
    "name",
    "kind",
    "recorded",
    "unit",
    "better_when",
    "frequency",
    "top_name",
    "bottom_name",
    "numerator",
    "denominator",
    "left_out",
    "source",
    "licence",
    "caution",
)


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
        if measure.is_proportion:
            del self.value
        else:
            del self.numerator
            del self.denominator

    @property
    def number_names(self) -> tuple[str, ...]:
        """Names of the fields that hold numbers."""
        return ("numerator", "denominator") if self._measure.is_proportion else ("value",)

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
        return NewPoint(self.starts_on, note=self.note.data or "", **self.numbers())


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


class VersionForm(Form):
    """A button that needs only to know what the person saw."""

    version = Version("Version")


class ImportForm(Form):
    """Pasted rows, or a file."""

    pasted = TextAreaField("Paste the rows", validators=[at_most("pasted_rows")])
    file = FileField("Or choose a file")

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for one of the two, of a size that is read."""
        is_good = bool(super().validate(extra_validators))
        has_file = bool(self.file.data and self.file.data.filename)
        if has_file and not self.file.data.filename.lower().endswith((".csv", ".txt", ".xlsx")):
            self.file.errors = [*self.file.errors, "Choose a file that ends in .csv or .xlsx."]
            return False
        if not has_file and not self.pasted.data:
            words = "Paste rows with a date and a number, or choose a file."
            self.pasted.errors = [*self.pasted.errors, words]
            return False
        return is_good

    def source(self) -> tuple[str | bytes, str]:
        """Return what was sent and, for a file, its name."""
        if self.file.data and self.file.data.filename:
            return self.file.data.read(IMPORT_BYTES_MOST + 1), self.file.data.filename
        return self.pasted.data or "", ""


class PickForm(Form):
    """Which series to take from a wide official file."""

    pick_column = SelectField("Column with the names of places", validate_choice=False)
    pick_value = StringField(
        "Place", validators=[Needed("Type a name as the file has it."), at_most("place_name")]
    )
    column = SelectField("Numbers from", validate_choice=False)
    column_of = SelectField("Out of", validate_choice=False)

    def columns(self) -> list[str]:
        """Return the columns chosen; none means the months."""
        chosen = [self.column.data or "", self.column_of.data or ""]
        return [name for name in chosen if name]


class ConfirmForm(Form):
    """The last step of an import."""

    seen = HiddenField("Seen")
    replace = RadioField(
        "For numbers that are there already",
        choices=options(
            (("replace", "Put the new ones in their place"), ("keep", "Keep what is there"))
        ),
        default="replace",
    )
    reason = StringField("Why do they change?", validators=[at_most("reason")])
    leave_bad_out = BooleanField("Leave rows out")


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
