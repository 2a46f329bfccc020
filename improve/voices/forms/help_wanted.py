"""Asking for help, and the duty team's name on what they take."""

from __future__ import annotations

from typing import Any, Final

from wtforms import HiddenField, StringField, TextAreaField

from improve.shared import limits
from improve.shared.forms import Form, Needed, at_most
from improve.voices.forms.public import ShortEnough
from improve.voices.queries.help_wanted import Contact
from improve.voices.wording import Words

_NAME: Final = limits.length("person_name")
_WORDS: Final = limits.length("help_words")


class HelpForm(Form):
    """What to call them, how and when it is safe to reach them, and who must not know."""

    #: Names one sending of the form, so that it is one wish however often it is sent.
    once = HiddenField()
    #: Nobody sees it, so whoever fills it in is a machine.
    website = StringField(validators=[at_most("voice_label")])
    name = StringField(validators=[ShortEnough(_NAME)])
    reach = TextAreaField(validators=[ShortEnough(_WORDS)])
    when = TextAreaField(validators=[ShortEnough(_WORDS)])
    keep_from = TextAreaField(validators=[ShortEnough(_WORDS)])

    def __init__(self, words: Words, **more: Any) -> None:
        self.words = words
        super().__init__(**more)

    @property
    def contact(self) -> Contact:
        """What they wrote."""
        return Contact(
            self.name.data or "",
            self.reach.data or "",
            self.when.data or "",
            self.keep_from.data or "",
        )


class PickUpForm(Form):
    """Who of the duty team opens it, or has it."""

    name = StringField(
        "Your name",
        [Needed("Write your name, so that others see who has it."), at_most("person_name")],
    )
