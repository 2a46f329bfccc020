"""The forms by which leaders answer a month, write to people, and say what came of it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField

from improve.accounts.forms.fields import Day
from improve.review.month import WAY_WORDS, Way
from improve.shared.forms import Form, Needed, Version, at_most, options

_TOKEN_MOST = 40


class AnswerForm(Form):
    """A leader's answer: words, and for a visit the day."""

    words = TextAreaField("Your answer", [at_most("leader_answer")])
    visit_on = Day("Which day?", [at_most("number_or_day")])
    confirmed = HiddenField()
    version = Version()

    def ask_for(self, way: Way) -> None:
        """Name the words for what they are to the way that was chosen."""
        self.words.label.text = {
            Way.DECIDE: "What do you decide?",
            Way.GIVE: "What money, or whose name?",
            Way.NO: "Because",
            Way.VISIT: "Anything to say with it?",
            Way.WRITE: "Your words",
        }[way]


class ChangeForm(AnswerForm):
    """One's own answer, put another way within a day."""

    way = RadioField("How do you answer?", validate_choice=False)

    def offer(self, ways: Iterable[Way]) -> None:
        """Offer the ways that the line takes."""
        self.way.choices = options((way.value, WAY_WORDS[way]) for way in ways)

    @property
    def chosen(self) -> Way | None:
        """Return the way that was chosen, if it is one."""
        return Way(self.way.data) if self.way.data in set(Way) else None


class WriteForm(Form):
    """Words to the people of a stop and of a finished change."""

    stopped = TextAreaField("To", [at_most("thanks")])
    kept = TextAreaField("To", [at_most("thanks")])
    form_token = HiddenField()
    confirmed = HiddenField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sent = (self.form_token.data or "")[:_TOKEN_MOST]
        self.form_token.data = sent or secrets.token_urlsafe(24)


class OutcomeForm(Form):
    """What came of an answer."""

    words = TextAreaField(
        "What came of it?", [Needed("Say what came of it."), at_most("leader_outcome")]
    )
    confirmed = HiddenField()
    version = Version()
