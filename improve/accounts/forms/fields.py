"""Fields and words that several forms of accounts share."""

from __future__ import annotations

from datetime import date
from typing import Any, Final

from wtforms import (
    HiddenField,
    IntegerField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from improve.accounts.days.huddle_days import DAY_NAMES
from improve.accounts.days.working_calendar import MONDAY_TO_FRIDAY, weekdays_of
from improve.shared import clock, limits
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, options
from improve.shared.parsing import NotReadable, parse_date

NO_TEAM: Final = ""
UNKNOWN_CHOICE: Final = "Choose one of the list."


class Count(IntegerField):
    """A whole number from 1 to the largest count; what was typed stays in the box."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else is refused in words."""
        text = valuelist[0].strip() if valuelist else ""
        number = whole_number(text)
        if number is None or not 1 <= number <= limits.COUNT_MOST:
            self.data = None
            raise ValueError(f"Use a whole number from 1 to {limits.COUNT_MOST}.")
        self.data = number


class Ticks(SelectMultipleField):
    """Several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


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


_YEARS: Final = 3


class KeptWords(Form):
    """A form that carries on what was typed before the session ended, and where to go next."""

    next = HiddenField()
    kept = HiddenField()


class ButtonForm(Form):
    """A form of one button: only its token counts."""
