"""What a reviewer sends while making a report ready for others, and before it is destroyed."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, RadioField, StringField, TextAreaField

from improve.accounts.forms.fields import Ticks
from improve.incidents.checklist import CHECKS, lines_for
from improve.shared.forms import Form, Version, at_most, options


class WordsForm(Form):
    """What others may read."""

    version = Version()
    words = TextAreaField("What others may read", validators=[at_most("report_shareable")])


class CheckForm(Form):
    """The checklist, the last question and the theme. Rules come beside it, one a change."""

    version = Version()
    #: This reviewer agrees to exactly these words.
    agree = HiddenField()
    #: The rule of each change for which none was chosen.
    rest = HiddenField()
    ticks = Ticks("Go through each line", choices=options((line.value, "") for line in CHECKS))
    guess = RadioField(
        "Could someone guess who it was, or whom it is about?",
        choices=options([("no", "No"), ("yes", "Yes, or maybe: change the words")]),
        validate_choice=False,
    )
    theme = StringField("The theme, in one line", validators=[at_most("report_theme")])

    def offer(self, *, is_strict: bool) -> None:
        """Give the lines of the checklist that are to be gone through."""
        self.ticks.choices = options(
            [(line.value, CHECKS[line].looks_for) for line in lines_for(is_strict=is_strict)]
        )


class CallBackForm(Form):
    """What came of calling back."""

    version = Version()
    outcome = RadioField(
        "What came of it?",
        choices=options(
            [
                ("done", "I read the words out to them"),
                ("not_reached", "I could not reach them"),
                ("not_asked", "I did not call: nothing was to be asked"),
            ]
        ),
        validate_choice=False,
    )
    guess = RadioField(
        "Could someone guess? What they said",
        choices=options([("no", "No"), ("yes", "Yes, or maybe")]),
        validate_choice=False,
    )


class AskForm(Form):
    """A question to whoever reported it. ``of``: which report, where several are read as one."""

    of = HiddenField()
    words = TextAreaField("Your question", validators=[at_most("report_message")])


class MessagesReadForm(Form):
    """That messages were read. ``read_to``: the place of the last that was shown."""

    of = HiddenField()
    read_to = Version()


class OtherForm(Form):
    """Which other report is of the same event."""

    version = Version()
    other = HiddenField()


class SwitchForm(Form):
    """A button that turns something on (“1”) or off."""

    version = Version()
    on = HiddenField()


class SignOffForm(Form):
    """That all of it may be destroyed now."""

    version = Version()
    sure = BooleanField("I have read what will be destroyed, and that nobody can bring it back")
