"""The forms by which a council makes itself ready to listen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import StopValidation

from improve.accounts.days.huddle_days import DAY_NAMES
from improve.accounts.forms.fields import Day
from improve.mail.service import is_address
from improve.shared.forms import Form, Needed, Version, at_most
from improve.shared.parsing import NotReadable, parse_number, parse_time
from improve.voices.queries.readiness import SetupView
from improve.voices.service.setup import ONE_ADDRESS


class TimeOfDay(StringField):
    """A time as typed. ``at`` is “09:30” or “”."""

    at = ""

    def pre_validate(self, form: Any) -> None:
        """Read the time, or say how to write it."""
        del form
        text = (self.data or "").strip()
        self.at = ""
        if not text:
            return
        if text in {"24", "24:00", "24.00"}:
            self.at = "24:00"
            return
        try:
            found: time = parse_time(text)
        except NotReadable as error:
            raise StopValidation(f"{error.words}. {error.hint}".strip()) from error
        self.at = f"{found:%H:%M}"


class FactsForm(Form):
    """What the form says of the council, and where a wish for help goes."""

    complaints = TextAreaField("How to complain", [at_most("voice_setup")])
    advocates = TextAreaField("Who speaks up for a child", [at_most("voice_setup")])
    duty_inbox = StringField("Address of the staffed duty inbox", [at_most("email")])
    leave_url = StringField("Where “Leave this page” goes", [at_most("leave_url")])
    keep_days = StringField("Delete what was written after", [at_most("number_or_day")])
    tried_with = TextAreaField("Whom was the form tried with, and when?", [at_most("voice_setup")])
    version = Version()

    @property
    def hours(self) -> list[tuple[str, Any, Any]]:
        """(name, begin, end) of the fields of each weekday."""
        return [
            (name, self[f"day_{day}"], self[f"day_{day}_to"]) for day, name in enumerate(DAY_NAMES)
        ]

    def validate(self, extra_validators: Any = None) -> bool:
        """Ask for both ends of a day's hours, an address that is one, and a number of days."""
        is_good = bool(super().validate(extra_validators))
        for _, begin, end in self.hours:
            if bool(begin.data) != bool(end.data):
                one = end if begin.data else begin
                one.errors = [*one.errors, "Write both times, or neither."]
                is_good = False
        inbox = self.duty_inbox.data or ""
        if inbox and not is_address(inbox):
            self.duty_inbox.errors = [ONE_ADDRESS]
            is_good = False
        try:
            days = parse_number(self.keep_days.data or "")
            if days != int(days):
                raise NotReadable("Write a whole number of days")
        except NotReadable:
            self.keep_days.errors = ["Write a whole number of days from 1 to 365."]
            is_good = False
        return is_good

    @property
    def facts(self) -> dict[str, Any]:
        """What the service takes; only of a form that holds."""
        return {
            **{
                name: self[name].data or ""
                for name in ("complaints", "advocates", "duty_inbox", "leave_url", "tried_with")
            },
            "keep_days": int(parse_number(self.keep_days.data or "")),
            "duty_hours": {
                str(day): [begin.at, end.at]
                for day, (_, begin, end) in enumerate(self.hours)
                if begin.at and end.at
            },
        }

    def changed_hours(self, setup: SetupView) -> list[tuple[str, list[str]]]:
        """(weekday, hours kept) where other hours were typed, for a page that is stale."""
        kept: Mapping[str, list[str]] = setup.duty_hours or {}
        return [
            (name, list(kept.get(str(day), [])))
            for day, (name, begin, end) in enumerate(self.hours)
            if list(kept.get(str(day), [])) != [at for at in (begin.at, end.at) if at]
        ]

    def show(self, setup: SetupView) -> None:
        """Show what is kept."""
        for name in ("complaints", "advocates", "duty_inbox", "leave_url", "tried_with"):
            self[name].data = getattr(setup, name)
        self.keep_days.data = str(setup.keep_days)
        kept: Mapping[str, list[str]] = setup.duty_hours or {}
        for day, (_, begin, end) in enumerate(self.hours):
            begin.data, end.data = (*kept.get(str(day), ()), "", "")[:2]
        self.version.data = setup.version


for _day, _name in enumerate(DAY_NAMES):
    setattr(FactsForm, f"day_{_day}", TimeOfDay(f"{_name}, from", [at_most("number_or_day")]))
    setattr(FactsForm, f"day_{_day}_to", TimeOfDay(f"{_name}, to", [at_most("number_or_day")]))


class PromiseForm(Form):
    """What a leader promises."""

    words = TextAreaField("We promise", [Needed("Write what you promise."), at_most("voice_setup")])
    version = Version()


class LanguageForm(Form):
    """Who checked a language, and when."""

    checked_by = StringField(
        "Who checked it?", [Needed("Write who checked it."), at_most("person_name")]
    )
    checked_on = Day("When?", [Needed("Write the day."), at_most("number_or_day")])


class WordingForm(Form):
    """A text of the form in a council's own words."""

    words = TextAreaField("Your words", [at_most("voice_wording")])
    version = Version()
