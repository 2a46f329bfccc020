"""What is looked for in the log of acts: from an address, but for a name."""

from __future__ import annotations

from datetime import UTC, date, datetime

from wtforms import HiddenField, SelectField, StringField
from wtforms.validators import ValidationError

from improve.shared import clock
from improve.shared.act_words import GROUP_WORDS, ActGroup
from improve.shared.erased_file import number_in
from improve.shared.forms import Form, at_most, options
from improve.shared.parsing import NotReadable, parse_date

EARLIEST = date(2000, 1, 1)


class LogForm(Form):
    """Days, kind and person, from an address; the form that takes the file sends the same."""

    class Meta(Form.Meta):
        """No token of its own: the address can be kept, and a POST is held to one anyway."""

        csrf = False

    from_on = StringField("From", [at_most("number_or_day")])
    to_on = StringField("To", [at_most("number_or_day")])
    kind = SelectField(
        "Kind",
        choices=options(
            [("", "Everything but nightly counts"), *((g.value, w) for g, w in GROUP_WORDS.items())]
        ),
        default="",
    )
    #: By number: an address is kept by browsers and servers, and a name is for neither.
    person = HiddenField("Person")

    from_day: date | None = None
    to_day: date | None = None

    def validate_from_on(self, field: StringField) -> None:
        """Read the first day."""
        self.from_day = _day(field)

    def validate_to_on(self, field: StringField) -> None:
        """Read the last day, not before the first."""
        self.to_day = _day(field)
        if self.from_day and self.to_day and self.to_day < self.from_day:
            raise ValidationError("Choose a day on or after the first one.")

    @property
    def person_id(self) -> int | None:
        """Who is looked for; 0 for what is nobody's number, None for everybody."""
        typed = (self.person.data or "").strip()
        return (number_in(typed) or 0) if typed else None

    @property
    def group(self) -> ActGroup | None:
        """The kind that is looked for; None is every one that is shown."""
        return ActGroup(self.kind.data) if self.kind.data else None


class LookForm(LogForm):
    """The same with a name, which is sent and never stands in an address."""

    who = StringField("Person", [at_most("person_name")])


def _day(field: StringField) -> date | None:
    if not (field.data or "").strip():
        return None
    try:
        return parse_date(field.data or "", earliest=EARLIEST, latest=clock.today())
    except NotReadable as error:
        words = f"{error.words.rstrip('.?')}. {error.hint}".strip()
        raise ValidationError(words) from error


def read_mark(text: str | None) -> tuple[datetime, int] | None:
    """Return the time and number of the entry after which a page goes on, or None for no such."""
    at, _, sequence = (text or "").partition("~")
    if not (at.isdecimal() and sequence.isdecimal() and len(at) <= 17 and len(sequence) < 10):
        return None
    seconds, micro = divmod(int(at), 1_000_000)
    try:
        return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micro), int(sequence)
    except (ValueError, OverflowError, OSError):
        return None


def mark(older: tuple[datetime, int]) -> str:
    """Return how an address names an entry to go on after."""
    at, sequence = older
    return f"{int(at.replace(microsecond=0).timestamp()) * 1_000_000 + at.microsecond}~{sequence}"
