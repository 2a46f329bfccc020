"""Forms about when a team works, who stands in, and what becomes of it: shape and wording."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, Final

from wtforms import HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from improve.accounts.days.huddle_days import DAY_NAMES
from improve.accounts.days.working_calendar import MONDAY_TO_FRIDAY, weekdays_of
from improve.accounts.held import HeldThing
from improve.shared import clock
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.shared.parsing import NotReadable, parse_date

_UNKNOWN: Final = "Choose one of the list."
_YEARS: Final = 3
NOBODY: Final = ""
LONGEST_TOKEN: Final = 64


class Day(StringField):
    """A day as typed, day first. ``on`` is what was read, None for nothing."""

    on: date | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the day, or say how to write it."""
        del form
        text = (self.data or "").strip()
        self.on = None
        if not text:
            return
        today = clock.today()
        try:
            self.on = parse_date(
                text,
                earliest=today.replace(year=today.year - _YEARS, day=1),
                latest=today.replace(year=today.year + _YEARS, day=1),
            )
        except NotReadable as error:
            raise StopValidation(f"{error.words}. {error.hint}".strip()) from error


class Weekdays(SelectMultipleField):
    """Days of the week, each a box to tick. What is no weekday is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        days = options(enumerate(DAY_NAMES))
        super().__init__(label, choices=days, coerce=str, validate_choice=False, **more)

    @property
    def chosen(self) -> frozenset[int]:
        """The days that are ticked; Monday is 0."""
        return weekdays_of(",".join(self.data or ()))

    def show(self, kept: str) -> None:
        """Show the days that a row keeps; none kept are Monday to Friday."""
        self.data = [str(day) for day in sorted(weekdays_of(kept) or MONDAY_TO_FRIDAY)]


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

    person = SelectField("For", invalid_choice_message=_UNKNOWN)
    deputy = SelectField("Deputy", invalid_choice_message=_UNKNOWN)
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


class DutyNumbersForm(Form):
    """Whom to ring about a child: a line for the day and one for the night."""

    day = StringField("In the day", [at_most("duty_number")])
    night = StringField("Evenings, nights and weekends", [at_most("duty_number")])
    #: The lines as they stood when the form was opened.
    seen_day = HiddenField()
    seen_night = HiddenField()

    def show(self, now: Mapping[str, str], *, typed: bool) -> None:
        """Show what holds now; ``typed``: keep what somebody typed and only note what holds."""
        for time in ("day", "night"):
            getattr(self, f"seen_{time}").data = now.get(time, "")
            if not typed:
                getattr(self, time).data = now.get(time, "")

    @property
    def words(self) -> dict[str, str]:
        """Return the lines typed."""
        return {"day": self.day.data or "", "night": self.night.data or ""}

    @property
    def seen(self) -> dict[str, str]:
        """Return the lines that were shown."""
        return {"day": self.seen_day.data or "", "night": self.seen_night.data or ""}


def _number(text: str | None) -> int:
    text = (text or "").strip()
    return int(text) if text.isdecimal() and len(text) < 5 else 0


class JoinForm(Form):
    """The team that another one is joined to."""

    into = SelectField("Join it to", invalid_choice_message=_UNKNOWN)
    version = Version()

    def offer(self, teams: Iterable[Any]) -> None:
        """Offer these teams."""
        self.into.choices = options([("", "Choose a team"), *((t.id, t.name) for t in teams)])

    def validate_into(self, field: SelectField) -> None:
        """One has to be chosen."""
        if not field.data:
            raise StopValidation("Choose a team.")

    @property
    def into_id(self) -> int:
        """Return the team chosen."""
        return int(self.into.data or 0)


class SeenForm(Form):
    """A button that counts only for what was seen."""

    version = Version()


class HandOverForm(Form):
    """Who takes on what somebody leads: one choice for each thing.

    Fields are named by the thing's key; made for each request by ``hand_over_form``.
    """

    @property
    def to(self) -> dict[str, int | None]:
        """Return who takes on what; None for nobody yet."""
        return {
            name: int(field.data) if field.data else None
            for name, field in self._fields.items()
            if isinstance(field, SelectField)
        }


def hand_over_form(
    held: Iterable[HeldThing], people: Mapping[int, Iterable[Any]], managers: Mapping[int, int]
) -> HandOverForm:
    """Return the form with a choice for each thing, of the people of its team.

    ``people`` and ``managers`` by team id; what somebody has to take on goes to the manager unless
    another is chosen.
    """
    fields: dict[str, Any] = {}
    shown: dict[str, str] = {}
    for thing in held:
        offered = [(p.id, p.name) for p in people.get(thing.team_id, ())]
        first = [(NOBODY, "Needs a lead: ask in the next huddle")]
        if not thing.may_be_nobodys:
            first = [] if thing.team_id in managers else [(NOBODY, "Choose")]
            shown[thing.key] = str(managers.get(thing.team_id, NOBODY))
        fields[thing.key] = SelectField(
            thing.title,
            choices=options([*first, *offered]),
            invalid_choice_message=_UNKNOWN,
        )
    made: type[HandOverForm] = type("HandOverOfThings", (HandOverForm,), fields)
    return made(data=shown)
