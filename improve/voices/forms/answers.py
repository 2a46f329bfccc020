"""The forms of what is done with a voice, and of answers to it."""

from __future__ import annotations

from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Optional

from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options
from improve.voices.kinds import Ending
from improve.voices.languages import OTHER_LANGUAGES
from improve.voices.queries.answers import AnswerView
from improve.voices.service.answer import AnswerWords

ENDINGS = (
    (Ending.KEPT, "We kept it"),
    (Ending.CHANGED, "We changed it"),
    (Ending.STOPPED, "We stopped, and learned"),
    (Ending.TRYING, "We are still trying it"),
    (Ending.LISTENING, "We are listening"),
)


_OWN = ("own_words", "own_language", "own_by")


class UseThemeForm(Form):
    """A theme of the council, or a new one."""

    version = Version()
    theme_id = SelectField("Theme", coerce=str, validators=[Optional()], validate_choice=False)
    name = StringField("Or a new theme", validators=[at_most("voice_label")])

    @property
    def theme(self) -> int | None:
        """The chosen theme, None for none."""
        return whole_number(self.theme_id.data)


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
        return whole_number(self.team_id.data)


class UsePickForm(Form):
    """One of several: an idea, somebody who works here, or a team."""

    version = Version()
    picked = HiddenField()

    @property
    def number(self) -> int | None:
        """What was picked."""
        return whole_number(self.picked.data)


class _DraftId(HiddenField):
    """The draft that becomes the answer: None for none, and -1 for one that never was."""

    data: int | None

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number of a draft. None was chosen where nothing was sent."""
        typed = valuelist[0].strip() if valuelist else ""
        number = whole_number(typed)
        self.data = -1 if typed and number is None else number


class AnswerForm(Form):
    """An answer, or a draft of one."""

    version = Version()
    draft_id = _DraftId()
    draft_version = Version()
    words = TextAreaField(
        "To the person who told us",
        validators=[Needed("Write the answer in words they would use."), at_most("voice_answer")],
    )
    own_language = SelectField("Their language", coerce=str, validate_choice=False)
    own_words = TextAreaField("The answer in their language", [at_most("voice_answer")])
    own_by = StringField("Who put it into their language?", [at_most("person_name")])
    said = TextAreaField("You said", validators=[at_most("voice_answer")])
    tried = TextAreaField("We tried", validators=[at_most("voice_answer")])
    happened = TextAreaField("What happened", validators=[at_most("voice_answer")])
    ending = RadioField(
        "What came of it?",
        choices=options((ending.value, words) for ending, words in ENDINGS),
        validate_choice=False,
    )
    is_public = BooleanField("Show it to everybody on “What changed because of you”")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own_language.choices = options([("", "Choose"), *OTHER_LANGUAGES.items()])

    @property
    def texts(self) -> tuple[str, ...]:
        """All that was written."""
        return (
            self.words.data or "",
            self.said.data or "",
            self.tried.data or "",
            self.happened.data or "",
            self.own_words.data or "",
        )

    @property
    def answer(self) -> AnswerWords:
        """What the service takes."""
        words, said, tried, happened, own = self.texts
        theirs = (own, self.own_language.data or "", self.own_by.data or "") if own else ()
        is_public = bool(self.is_public.data)
        return AnswerWords(words, said, tried, happened, self.ending.data or "", is_public, *theirs)

    def show(self, kept: AnswerView) -> None:
        """Show an answer or a draft that is kept."""
        for name in (*_OWN, "words", "said", "tried", "happened", "is_public"):
            self[name].data = getattr(kept, name)
        self.ending.data = kept.ending.value
