"""The forms of what is done with a voice, and of answers to it."""

from __future__ import annotations

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.voices.kinds import Ending
from improve.voices.queries.answers import AnswerView
from improve.voices.service.answer import AnswerWords

ENDINGS = (
    (Ending.KEPT, "We kept it"),
    (Ending.CHANGED, "We changed it"),
    (Ending.STOPPED, "We stopped, and learned"),
    (Ending.TRYING, "We are still trying it"),
    (Ending.LISTENING, "We are listening"),
)


class UseThemeForm(Form):
    """A theme of the council, or a new one."""

    version = Version()
    theme_id = SelectField("Theme", coerce=str, validators=[Optional()], validate_choice=False)
    name = StringField("Or a new theme", validators=[at_most("voice_label")])

    @property
    def theme(self) -> int | None:
        """The chosen theme, None for none."""
        return _number(self.theme_id.data)


class UseIdeaForm(Form):
    """An idea in words of the reader's own."""

    version = Version()
    form_token = HiddenField()
    text = TextAreaField(
        "What could be tried?",
        validators=[Needed("Write what could be tried."), at_most("idea_text")],
    )
    team_id = SelectField("Team", coerce=str, validate_choice=False)

    @property
    def team(self) -> int | None:
        """The chosen team."""
        return _number(self.team_id.data)


class UsePickForm(Form):
    """One of several: an idea, somebody who works here, or a team."""

    version = Version()
    picked = HiddenField()

    @property
    def number(self) -> int | None:
        """What was picked."""
        return _number(self.picked.data)


class AnswerForm(Form):
    """An answer, or a draft of one."""

    version = Version()
    draft_id = IntegerField(validators=[Optional()])
    draft_version = Version()
    words = TextAreaField(
        "To the person who told us",
        validators=[Needed("Write the answer in words they would use."), at_most("voice_answer")],
    )
    said = TextAreaField("You said", validators=[at_most("voice_answer")])
    tried = TextAreaField("We tried", validators=[at_most("voice_answer")])
    happened = TextAreaField("What happened", validators=[at_most("voice_answer")])
    ending = RadioField(
        "What came of it?",
        choices=options((ending.value, words) for ending, words in ENDINGS),
        validate_choice=False,
    )
    is_public = BooleanField("Show it to everybody on “What changed because of you”")

    @property
    def texts(self) -> tuple[str, str, str, str]:
        """All that was written."""
        return (
            self.words.data or "",
            self.said.data or "",
            self.tried.data or "",
            self.happened.data or "",
        )

    @property
    def answer(self) -> AnswerWords:
        """What the service takes."""
        return AnswerWords(*self.texts, self.ending.data or "", bool(self.is_public.data))

    def show(self, kept: AnswerView) -> None:
        """Show an answer or a draft that is kept."""
        for name in ("words", "said", "tried", "happened", "is_public"):
            self[name].data = getattr(kept, name)
        self.ending.data = kept.ending.value


def _number(text: str | None) -> int | None:
    typed = (text or "").strip()
    return int(typed) if typed.isdecimal() and len(typed) < 10 else None
