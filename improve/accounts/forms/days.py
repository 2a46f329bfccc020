"""The forms about days: when a team works, busy times, deputies, closing days, usual days."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any, Final

from wtforms import (
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import StopValidation

from improve.accounts.forms.fields import UNKNOWN_CHOICE, Day, Weekdays
from improve.shared.forms import Form, Needed, Version, at_most, options

LONGEST_TOKEN: Final = 64


class TeamDaysForm(Form):
    """On which days a team works."""

    working_days = Weekdays("Working days")
    version = Version()


class BusyForm(Form):
    """Why it is a busy time, and what would help."""

    why = TextAreaField("Why?", [Needed("Say why, in a few words."), at_most("busy_why")])
    asks = TextAreaField("What do you ask of leaders?", [at_most("busy_asks")])
    form_token = HiddenField()
    confirmed = HiddenField()
    version = Version()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = (self.form_token.data or "")[:LONGEST_TOKEN]
        self.form_token.data = kept or secrets.token_urlsafe(24)


class AnswerForm(Form):
    """A leader's answer to what a busy team asks for."""

    answer = TextAreaField("Your answer", [Needed("Write what you can do."), at_most("busy_asks")])
    confirmed = HiddenField()
    version = Version()


class DeputyForm(Form):
    """Who stands in for whom, from a day to a day."""

    person = SelectField("For", invalid_choice_message=UNKNOWN_CHOICE)
    deputy = SelectField("Deputy", invalid_choice_message=UNKNOWN_CHOICE)
    from_on = Day("First day", [Needed("Type the first day."), at_most("number_or_day")])
    to_on = Day("Last day", [Needed("Type the last day."), at_most("number_or_day")])

    def offer(self, managers: Iterable[Any], people: Iterable[Any]) -> None:
        """Offer these managers and these deputies, with id and name."""
        self.person.choices = options([(p.id, p.name) for p in managers])
        self.deputy.choices = options([("", "Choose"), *((p.id, p.name) for p in people)])

    def validate_deputy(self, field: SelectField) -> None:
        """Somebody has to be chosen."""
        if not field.data:
            raise StopValidation("Choose who stands in.")

    @property
    def person_id(self) -> int:
        """Return the manager."""
        return int(self.person.data or 0)

    @property
    def deputy_id(self) -> int:
        """Return the deputy."""
        return int(self.deputy.data or 0)


class ClosingDaysForm(Form):
    """A day, or the days from one to another, on which the council is closed."""

    first = Day("First day", [Needed("Type the day."), at_most("number_or_day")])
    last = Day("Last day", [at_most("number_or_day")])


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 5 else 0


class StartingDaysForm(Form):
    """How many days are usual in a stage until a team knows its own."""

    plan = StringField("Plan", [Needed("Type a number of days."), at_most("number_or_day")])
    do = StringField("Do", [Needed("Type a number of days."), at_most("number_or_day")])
    study = StringField("Study", [Needed("Type a number of days."), at_most("number_or_day")])
    act = StringField("Act", [Needed("Type a number of days."), at_most("number_or_day")])
    #: The numbers as they stood when the form was opened: “28,45,21,14”, or nothing.
    seen = HiddenField()

    @property
    def usual(self) -> dict[str, int]:
        """Return the numbers typed; what is none counts as 0, which is refused."""
        return {name: _number(getattr(self, name).data) for name in ("plan", "do", "study", "act")}

    @property
    def seen_days(self) -> dict[str, int]:
        """Return the numbers that were shown."""
        parts = (self.seen.data or "").split(",")
        if len(parts) != len(self.usual):
            return {}
        return dict(zip(self.usual, map(_number, parts), strict=True))
