"""What a reader sends while reading a voice."""

from __future__ import annotations

from wtforms import HiddenField, RadioField, StringField, TextAreaField

from improve.shared.forms import Form, Needed, Version, at_most, options


class StepForm(Form):
    """An answer of one button: “no”, “yes”, or which of several it is about."""

    version = Version()
    answer = HiddenField()


class AgreedForm(Form):
    """Who was rung or told, when, and what was agreed."""

    agreed = TextAreaField(
        "Who did you ring, when, and what was agreed?", validators=[at_most("voice_step")]
    )


class ComplaintForm(Form):
    """What was done with what may be a complaint."""

    version = Version()
    can_reach = RadioField(
        "Is there a way to reach them, and do they agree?",
        choices=options(
            [
                ("no", "No, nobody can be reached"),
                ("yes", "Yes: I told the complaints manager today"),
            ]
        ),
        validators=[Needed("Choose one.")],
        validate_choice=False,
    )
    agreed = TextAreaField(
        "Who did you tell, when, and was an advocate offered?", validators=[at_most("voice_step")]
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
    #: Another reader is asked the question instead.
    ask = HiddenField()
    could_tell = RadioField(
        "Could their own worker tell who this is?",
        choices=options([("no", "No"), ("maybe", "Maybe, blur more"), ("yes", "Yes, theme only")]),
        validate_choice=False,
    )


class ThemeForm(Form):
    """A theme in a few words."""

    name = StringField("Theme", validators=[at_most("voice_label")])
