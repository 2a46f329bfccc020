"""Define a measure, edit it, stop counting it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField

from improve.measures.recorded import KINDS as RECORDED_KINDS
from improve.measures.service import MeasureDetails, WithoutPartner
from improve.measures.views import MeasureView
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.parsing import NotReadable, read_number

KINDS = (
    ("outcome", "Does life get better?"),
    ("process", "Are we doing what we said?"),
    ("balancing", "What might get worse?"),
    ("context", "What explains the others?"),
)
FREQUENCIES = (
    ("day", "Every day"),
    ("week", "Every week"),
    ("month", "Every month"),
    ("quarter", "Every quarter"),
    ("year", "Every year"),
)
BETTER = (("higher", "Higher"), ("lower", "Lower"), ("neither", "Neither"))
WITHOUT_PARTNER = (
    ("later", "Something that we do not count yet"),
    ("none", "Nothing that we can think of"),
)


class DefineForm(Form):
    """A measure with its operational definition."""

    name = StringField(
        "What do you count?",
        validators=[Needed("Give the measure a name."), at_most("measure_name")],
    )
    kind = RadioField("What is it for?", choices=options(KINDS), default="process")
    recorded = RadioField(
        "What is recorded each time?",
        choices=options((kind.code, kind.name) for kind in RECORDED_KINDS.values()),
        default="proportion",
    )
    numerator = TextAreaField(
        "Top line, or what is counted",
        validators=[Needed("Say what is counted."), at_most("definition")],
    )
    top_name = StringField("Short name of it", validators=[at_most("unit")])
    denominator = TextAreaField("Bottom line: out of what", validators=[at_most("definition")])
    bottom_name = StringField("Short name of the bottom line", validators=[at_most("unit")])
    per = StringField("Shown for every", validators=[at_most("number_or_day")], default="1,000")
    left_out = TextAreaField("Left out", validators=[at_most("definition")])
    unit = StringField("Unit", validators=[at_most("unit")])
    standard = StringField("The longest it should take", validators=[at_most("number_or_day")])
    better_when = RadioField("Which side is better?", choices=options(BETTER), default="higher")
    frequency = RadioField("How often?", choices=options(FREQUENCIES), default="week")
    partner_id = SelectField("Shown beside", coerce=int)
    without_partner = RadioField(
        "Nothing to choose? What might get worse if this gets better?",
        choices=options(WITHOUT_PARTNER),
        validate_choice=False,
    )
    partner_words = StringField("In a few words", validators=[at_most("reason")])
    was_asked = HiddenField("Asked")
    context_id = SelectField("Drawn under it", coerce=int, default=0)
    owner_id = SelectField("Who keeps it", coerce=int)
    source = StringField("Where the numbers come from", validators=[at_most("source")])
    licence = StringField("Licence of the numbers", validators=[at_most("source")])
    caution = TextAreaField("Read with care because", validators=[at_most("definition")])
    lookback_days = StringField(
        "Days that one point looks back on", validators=[at_most("number_or_day")]
    )
    is_whole_council = BooleanField("It is counted for the whole council, not for this team alone")
    version = Version("Version")

    #: The measure as it is, when it is edited.
    _base: MeasureView | None = None

    def offer(
        self,
        *,
        partners: Sequence[tuple[int, str]],
        contexts: Sequence[tuple[int, str]],
        people: Sequence[tuple[int, str]],
        measure: MeasureView | None = None,
    ) -> None:
        """Give the lists to choose from, and the measure that is edited."""
        self._base = measure
        self.partner_id.choices = options([(0, "No other measure"), *partners])
        self.context_id.choices = options([(0, "Nothing"), *contexts])
        self.owner_id.choices = options(people)

    def fill(self, measure: MeasureView, said: tuple[str, str] | None = None) -> None:
        """Show a measure as it is; ``said`` is what was said of a partner not there."""
        for name in _TEXTS:
            self[name].data = getattr(measure, name)
        self.per.data = f"{measure.per:,g}" if measure.recorded == "rate" else "1,000"
        self.standard.data = f"{measure.standard:g}" if measure.standard else ""
        self.partner_id.data = measure.partner_id or 0
        self.context_id.data = measure.context_id or 0
        self.owner_id.data = measure.owner_id
        self.lookback_days.data = str(measure.lookback_days or "")
        if said:
            self.was_asked.data = "1"
            self.without_partner.data, self.partner_words.data = said
        self.version.data = measure.version

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what depends on another field, and ask once what might get worse."""
        is_good = bool(super().validate(extra_validators))
        recorded = RECORDED_KINDS.get(self.recorded.data or "")
        if recorded and recorded.has_bottom_line and not self.denominator.data:
            what = "a share" if recorded.code == "proportion" else "a rate"
            is_good = self._refuse(self.denominator, f"Say out of what: {what} has a bottom line.")
        if recorded and "per" in recorded.asks and self._number(self.per) is None:
            is_good = self._refuse(self.per, "Give a number, such as 1,000.")
        has_standard = recorded and "standard" in recorded.asks and self.standard.data
        if has_standard and self._number(self.standard) is None:
            is_good = self._refuse(self.standard, "Give a number, such as 45.")
        if self.lookback_days.data and self._days() is None:
            words = "Give a whole number of days, such as 90."
            is_good = self._refuse(self.lookback_days, words)
        if is_good and self._must_ask():
            self.was_asked.data = "1"
            words = (
                "Choose a measure to watch beside it, or say why nothing could get worse. To leave "
                "that open, press the button again."
            )
            is_good = self._refuse(self.without_partner, words)
        return is_good

    def _must_ask(self) -> bool:
        """Whether a process measure would be saved alone, and nobody has been asked yet."""
        is_alone = self.kind.data == "process" and not self.partner_id.data
        return is_alone and not (self.without_partner.data or self.was_asked.data)

    @staticmethod
    def _refuse(field: Any, words: str) -> bool:
        field.errors = [*field.errors, words]
        return False

    def _days(self) -> int | None:
        text = (self.lookback_days.data or "").strip()
        return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 6 else None

    @staticmethod
    def _number(field: Any) -> float | None:
        try:
            return read_number(field.data or "").value
        except NotReadable:
            return None

    def details(self) -> MeasureDetails:
        """Return the measure with what was typed; what is not asked here stays as it is."""
        recorded = RECORDED_KINDS[self.recorded.data or "proportion"]
        values: dict[str, Any] = {name: self[name].data or "" for name in _TEXTS}
        values |= {
            "per": self._number(self.per) or 0.0 if "per" in recorded.asks else 1.0,
            "standard": self._number(self.standard) if "standard" in recorded.asks else None,
            "partner_id": self.partner_id.data or None,
            "context_id": self.context_id.data or None,
            "owner_id": self.owner_id.data or None,
            "lookback_days": self._days(),
        }
        if recorded.is_of_events and not (self._base and self._base.recorded == recorded.code):
            values["frequency"] = "day"
        if self._base is None:
            return MeasureDetails(**values)
        kept = {f.name: getattr(self._base, f.name) for f in fields(MeasureDetails)}
        return replace(MeasureDetails(**kept), **values)

    def said_of_partner(self) -> WithoutPartner | None:
        """Return what was said of a partner that is not there; None where it was not asked."""
        if self.kind.data != "process" or self.partner_id.data:
            return None
        answers = dict(WITHOUT_PARTNER)
        answer = self.without_partner.data if self.without_partner.data in answers else "open"
        return WithoutPartner(answer or "open", self.partner_words.data or "")


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
