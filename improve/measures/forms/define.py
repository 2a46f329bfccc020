"""Define a measure, edit it, stop counting it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField, TextAreaField

from improve.measures.reading import CHART_CHOICES
from improve.measures.service import MeasureDetails
from improve.measures.spc.series import CHART_NAMES
from improve.measures.views import MeasureView
from improve.shared.forms import Form, Needed, Version, at_most, options

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
        texts: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        return MeasureDetails(
            **texts,
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


class VersionForm(Form):
    """A button that needs only to know what the person saw."""

    version = Version("Version")
