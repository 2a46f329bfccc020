"""Forms of the desk where hidden words are read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField, TextAreaField
from wtforms.widgets import CheckboxInput, ListWidget

from improve.shared.forms import Form, Needed, at_most, options

BREACH_CHOICES = options([("no", "No"), ("unsure", "I am not sure"), ("yes", "Yes")])


class TickedField(SelectMultipleField):
    """Phrases to tick; whatever is sent is looked for in the text, so nothing else can come in."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def pre_validate(self, form: Any) -> None:
        """Take what was sent: the service looks for it."""


class SayForm(Form):
    """A button alone, and where to go back to."""

    back = HiddenField("Back to")


class WordsForm(Form):
    """Which words to take out: ticked, typed, or both."""

    ticked = TickedField("What may identify someone", validate_choice=False)
    phrases = TextAreaField("Other words to take out", validators=[at_most("idea_text")])

    def offer(self, found: Iterable[str]) -> None:
        """Give what the hints found in the text."""
        self.ticked.choices = options((words, words) for words in dict.fromkeys(found))

    @property
    def all_words(self) -> str:
        """Every phrase, one on each line."""
        return "\n".join([*(self.ticked.data or []), self.phrases.data or ""])


class TakeOutForm(Form):
    """The last question before words are taken out."""

    phrases = HiddenField("Words")
    breach = RadioField(
        "Is this a data breach?", choices=BREACH_CHOICES, validate_choice=False, default=None
    )


class ShowAgainForm(Form):
    """Why a text identifies nobody."""

    why = TextAreaField(
        "Why does it identify nobody?",
        validators=[Needed("Say why it identifies nobody."), at_most("reason")],
    )
