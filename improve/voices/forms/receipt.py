"""The forms of whoever comes back with the code of a receipt, in the words of their language."""

from __future__ import annotations

from typing import Any, Final

from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import StopValidation

from improve.shared import limits
from improve.shared.errors import Reason, RuleBroken
from improve.shared.forms import Form, Version, options
from improve.voices.forms.public import ShortEnough, not_too_long
from improve.voices.wording import Words

RIGHT: Final = ("yes", "partly", "no")


def _needed(form: Any, field: Field) -> None:
    """Refuse an empty code, in the words of the form."""
    if not (field.data or "").strip():
        raise StopValidation(form.words("all.answer.error_empty"))


class _InTheirLanguage(Form):
    """A form that says why it refuses in one language, and hands that language on."""

    language = HiddenField()

    def __init__(self, words: Words, **more: Any) -> None:
        self.words = words
        super().__init__(**more)
        self.language.data = words.language.code

    def refuse_in_words(self, error: RuleBroken) -> None:
        """Show each reason beside its field; a reason names its text."""
        self.refuse(RuleBroken([Reason(self.words(why.words), why.field) for why in error.reasons]))


class LookUpForm(_InTheirLanguage):
    """The code of a receipt: in the body, never in an address."""

    code = StringField(validators=[_needed, ShortEnough(limits.length("receipt"))])
    #: What somebody wrote on a page of an answer that was open for too long: it goes on with them.
    said = HiddenField()
    more = TextAreaField(validators=[not_too_long])


class PutRightForm(_InTheirLanguage):
    """Whether the answer is right, and anything more. ``held`` says of which voice.

    ``council``: its slug, for when ``held`` says nothing any more.
    """

    held = HiddenField()
    council = HiddenField()
    answer_id = Version()
    said = RadioField(choices=options((value, value) for value in RIGHT), validate_choice=False)
    more = TextAreaField(validators=[not_too_long])
