"""Fields that answer questions of an idea and its cycles: days and counts as people type them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, Field, RadioField, StringField, TextAreaField
from wtforms.validators import StopValidation

from improve.ideas.questions import Question
from improve.shared import clock
from improve.shared.formatting import day_typed
from improve.shared.forms import at_most, options
from improve.shared.limits import COUNT_MOST
from improve.shared.parsing import NotReadable, parse_date, parse_number

#: Tests and second looks are planned at most this far ahead.
FARTHEST = timedelta(days=3 * 366)


class DayField(StringField):
    """A day as typed, day first. ``day`` is what was read, None for nothing."""

    day: date | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the day, or say how to write it."""
        del form
        self.day = None
        text = (self.data or "").strip()
        if not text:
            return
        today = clock.today()
        try:
            self.day = parse_date(text, earliest=today - FARTHEST, latest=today + FARTHEST)
        except NotReadable as error:
            raise StopValidation(sentences(error)) from error

    def show(self, day: date | None) -> None:
        """Show a day as people type it."""
        self.data = day_typed(day)


class CountField(StringField):
    """A small whole number as typed. ``count`` is what was read, None for nothing."""

    count: int | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the number, or say what is taken."""
        del form
        self.count = None
        text = (self.data or "").strip()
        if not text:
            return
        try:
            value = parse_number(text)
        except NotReadable as error:
            raise StopValidation(sentences(error)) from error
        if not value.is_integer() or not 0 <= value <= COUNT_MOST:
            raise StopValidation(f"Give a whole number from 0 to {COUNT_MOST}.")
        self.count = int(value)


class ChoiceField(RadioField):
    """One of a few answers, or none: an unknown one counts as none."""

    def __init__(self, label: str, choices: tuple[tuple[str, str], ...], **more: Any) -> None:
        super().__init__(label, choices=options(choices), validate_choice=False, **more)

    def process_formdata(self, valuelist: list[str]) -> None:
        """Take what is offered."""
        known = {choice.value for choice in self.choices}
        self.data = valuelist[0] if valuelist and valuelist[0] in known else None


class CountChoiceField(ChoiceField):
    """A few small numbers as tiles."""

    @property
    def count(self) -> int | None:
        """The chosen number."""
        return int(self.data) if self.data else None


def sentences(error: NotReadable) -> str:
    """Return what was not readable and what to do, as sentences."""
    return f"{error.words}. {error.hint}".strip()


def field_for(question: Question) -> Any:
    """Return the unbound field that asks a question."""
    limit = [at_most(question.limit)] if question.limit else []
    if question.kind == "text":
        return TextAreaField(question.label, validators=limit)
    if question.kind == "choice":
        return ChoiceField(question.label, question.choices)
    if question.kind == "date":
        return DayField(question.label, validators=[at_most("number_or_day")])
    if question.kind == "count":
        return CountField(question.label, validators=[at_most("number_or_day")])
    if question.kind == "tick":
        return BooleanField(question.label)
    return StringField(question.label, validators=limit)


def answer_of(field: Field) -> Any:
    """Return what a field says, as the services take it."""
    if isinstance(field, DayField):
        return field.day
    if isinstance(field, CountField | CountChoiceField):
        return field.count
    return field.data


def show_answer(field: Field, value: Any) -> None:
    """Show what was answered before."""
    if isinstance(field, DayField):
        field.show(value)
    elif isinstance(field, CountField | CountChoiceField):
        field.data = None if value is None else str(value)
    elif isinstance(field, ChoiceField | BooleanField):
        field.data = value
    else:
        field.data = value or ""
