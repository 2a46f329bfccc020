"""What a reader sends while reading a voice."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from improve.shared.forms import Form, Version, at_most, options


class StepForm(Form):
    """An answer of one button: “no”, “yes”, or which of several it is about."""

    version = Version()
    answer = HiddenField()


class AgreedForm(Form):
    """Who was rung or told, when, and what was agreed."""

    agreed = TextAreaField(
        "Who did you ring, when, and what was agreed?", validators=[at_most("voice_step")]
    )


class EnglishForm(Form):
    """What somebody wrote, in English."""

    version = Version()
    english = TextAreaField("In English", validators=[at_most("voice_words")])


class WordsForm(Form):
    """What others may read."""

    version = Version()
    words = TextAreaField("What others may read", validators=[at_most("voice_words")])


class SettleForm(Form):
    """The last question before others read it. The rules come beside it, one a change, in order."""

    version = Version()
    could_tell = RadioField(
        "Could their own worker tell who this is?",
        choices=options([("no", "No"), ("maybe", "Maybe, blur more"), ("yes", "Yes, theme only")]),
        validate_choice=False,
    )


class ThemeForm(Form):
    """A theme in a few words."""

    name = StringField("Theme", validators=[at_most("voice_label")])
