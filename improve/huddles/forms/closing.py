"""Forms at the end of a huddle and after it: finishing, opening again, finding an old one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from flask import request
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation

from improve.accounts.days.huddle_days import has_time
from improve.huddles.forms.fields import TokenForm
from improve.huddles.service import Closing
from improve.ideas.forms.fields import DayField, sentences
from improve.shared import clock
from improve.shared.forms import Form, at_most, chosen_number, options
from improve.shared.parsing import NotReadable, parse_time


class TimeField(StringField):
    """A time of day as typed. ``time`` is what was read, None for nothing."""

    time: time | None = None

    def pre_validate(self, form: Any) -> None:
        """Read the time, or say how to write it."""
        del form
        self.time = None
        text = (self.data or "").strip()
        if not text:
            return
        try:
            self.time = parse_time(text)
        except NotReadable as error:
            raise StopValidation(sentences(error)) from error


class FinishForm(TokenForm):
    """The end of a huddle. Nothing has to be filled in."""

    good_news = TextAreaField("Good news", validators=[at_most("good_news")])
    help_needed = TextAreaField("Help needed", validators=[at_most("help_needed")])
    thanks_to = SelectField("To whom?", coerce=chosen_number, validate_choice=False)
    thanks_words = TextAreaField("What for?", validators=[at_most("thanks")])
    next_on = DayField("Day", validators=[at_most("number_or_day")])
    next_time = TimeField("Time", validators=[at_most("number_or_day")])
    next_driver = SelectField("Who drives?", coerce=chosen_number, validate_choice=False)

    def offer(self, people: Iterable[tuple[int, str]], *, me: int) -> None:
        """Give the people of the team: to thank all but oneself, to drive all of them."""
        people = list(people)
        self.thanks_to.choices = options([(0, "Nobody today"), *(p for p in people if p[0] != me)])
        self.next_driver.choices = options([(0, "We say on the day"), *people])

    def propose(self, begins: datetime | None, driver_id: int | None) -> None:
        """Fill in when the team meets next and who may drive, unless the form was sent."""
        if self.is_submitted():
            return
        self.next_on.show(begins and begins.date())
        self.next_time.data = f"{begins:%H:%M}" if begins and has_time(begins) else ""
        self.next_driver.data = driver_id or 0

    def closing(self) -> Closing:
        """Return what was said, as the service takes it."""
        next_at = None
        if self.next_on.day is not None:
            at = self.next_time.time or time()
            next_at = clock.at_local(self.next_on.day, at.hour, at.minute)
        return Closing(
            good_news=self.good_news.data or "",
            help_needed=self.help_needed.data or "",
            thanks_to_id=self.thanks_to.data or None,
            thanks_words=self.thanks_words.data or "",
            next_at=next_at,
            next_driver_id=(self.next_driver.data or None) if next_at else None,
        )

    def texts(self) -> tuple[str | None, ...]:
        """The free words, for the hint about words that may identify someone."""
        return self.good_news.data, self.help_needed.data, self.thanks_words.data

    def validate_next_on(self, _field: DayField) -> None:
        """A time without a day says nothing."""
        if self.next_time.data and not self.next_on.data:
            raise StopValidation("Give the day as well, or leave both empty.")


class FindForm(Form):
    """What to look for in the huddles that are over. Sent by its address."""

    class Meta(Form.Meta):
        """An address changes nothing, so it needs no token."""

        csrf = False

    text = StringField("Find in decisions, actions and news", validators=[at_most("title")])

    @classmethod
    def asked(cls) -> FindForm:
        """Return the form as the address fills it."""
        return cls(request.args)
