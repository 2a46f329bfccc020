"""The forms of whoever comes back with a receipt."""

from __future__ import annotations

from typing import Final

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from improve.shared.forms import Form, Needed, Version, at_most, options

RIGHT: Final = [("yes", "Yes"), ("partly", "Partly"), ("no", "No")]


class LookUpForm(Form):
    """The words of a receipt: in the body, never in an address."""

    words = StringField(
        "Your three words and four numbers", [Needed("Type your words."), at_most("receipt")]
    )
    #: What somebody wrote on a page of an answer that was open for too long: it goes on with them.
    said = HiddenField()
    more = TextAreaField("What you wrote is still here", [at_most("voice_words")])


class PutRightForm(Form):
    """Whether the answer is right, and anything more. ``held`` says of which voice."""

    held = HiddenField()
    answer_id = Version()
    said = RadioField("Did we get it right?", choices=options(RIGHT), validate_choice=False)
    more = TextAreaField("Anything you want to add", [at_most("voice_words")])
