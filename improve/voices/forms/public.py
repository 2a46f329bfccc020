"""The form for children and families: one question each, and a trap that people do not see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import ValidationError

from improve.shared import limits
from improve.shared.forms import Form, at_most, options
from improve.voices.wording import Words

MOST: Final = limits.length("voice_words")


class ShortEnough:
    """Refuse what is longer than is kept, in the words of the form."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def __call__(self, form: Any, field: Field) -> None:
        """Say how long it may be."""
        if len(field.data or "") > self.limit:
            raise ValidationError(form.words("all.error.long", most=f"{self.limit:,}"))


not_too_long: Final = ShortEnough(MOST)


class StartForm(Form):
    """The language in which it goes on."""

    language = HiddenField()


class QuestionForm(Form):
    """One question. ``words`` are those of the form, in its language."""

    #: Nobody sees it, so whoever fills it in is a machine.
    website = StringField(validators=[at_most("voice_label")])

    def __init__(self, words: Words, **more: Any) -> None:
        self.words = words
        super().__init__(**more)

    @property
    def is_trapped(self) -> bool:
        """Whether what nobody sees was filled in."""
        return bool(self.website.data)


class ChoiceForm(QuestionForm):
    """A question with choices. One must be picked unless ``missing`` names no text."""

    said = RadioField(validate_choice=False)

    def __init__(self, words: Words, choices: Sequence[str], missing: str, **more: Any) -> None:
        super().__init__(words, **more)
        self.said.choices = options((value, value) for value in choices)
        self._missing = missing

    def validate_said(self, field: Field) -> None:
        """Refuse what is no choice of this question; nothing chosen, where one must be."""
        if field.data is None and not self._missing:
            return
        if field.data not in {choice.value for choice in self.said.choices}:
            raise ValidationError(self.words(self._missing or "all.error.pick"))


class WrittenForm(QuestionForm):
    """A question that is answered in one's own words."""

    said = TextAreaField(validators=[not_too_long])
