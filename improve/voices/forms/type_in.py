"""The form on which staff type in what came on paper, or was said to them."""

from __future__ import annotations

from typing import Any, Final

from wtforms import HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from improve.shared.forms import Form, Needed, at_most, options
from improve.voices.kinds import (
    AGE_WORDS,
    SPEAKER_WORDS,
    TOPIC_WORDS,
    AgeBand,
    MayShow,
    Speaker,
    Topic,
)
from improve.voices.languages import OTHER_LANGUAGES
from improve.voices.questions import NOT_SAID, Answers, Step
from improve.voices.service.type_in import RATINGS, answers_of

#: How the words came: as the person wrote them, or as somebody heard them.
COPIED: Final = "copied"
HEARD: Final = "heard"


class TypeInForm(Form):
    """The same questions as the form for families, on one page, and how the words came."""

    #: Names one sheet, so that it is kept once however often it is sent.
    sheet = HiddenField()
    came = RadioField(
        "How did the words come to you?",
        choices=options(
            [
                (COPIED, "They wrote or drew it, and I copy it word for word"),
                (HEARD, "They said it, and I write what I heard"),
            ]
        ),
        validate_choice=False,
    )
    speaker = SelectField("Whose words are they?", coerce=str)
    age = SelectField("How old?", coerce=str, validators=[Optional()])
    code_id = SelectField("Where does it belong?", coerce=str, validators=[Optional()])
    topic = SelectField("What is it about?", coerce=str, validators=[Optional()])
    rating = SelectField("How was it?", coerce=str, validators=[Optional()])
    happened = TextAreaField("What happened?", validators=[at_most("voice_words")])
    better = TextAreaField("What would make it better?", validators=[at_most("voice_words")])
    language = SelectField("In which language is it?", coerce=str)
    may_show = RadioField(
        "Can we show their words to other people, with names taken out?",
        choices=options(
            [
                (MayShow.YES.value, "They said yes"),
                (MayShow.NO.value, "They said no"),
                (MayShow.UNKNOWN.value, "Not asked, or they do not know: read as no"),
            ]
        ),
        validate_choice=False,
    )

    def __init__(self, places: list[tuple[int, str]], **more: Any) -> None:
        super().__init__(**more)
        self.speaker.choices = options(
            [
                ("", "Choose"),
                *((s.value, SPEAKER_WORDS[s]) for s in Speaker if s is not Speaker.HELPER),
            ]
        )
        self.age.choices = options(
            [("", "Not said"), *((age.value, AGE_WORDS[age]) for age in AgeBand)]
        )
        self.code_id.choices = options([("", "Nowhere in particular"), *places])
        self.topic.choices = options(
            [("", "Not said"), *((t.value, _capital(TOPIC_WORDS[t])) for t in Topic)]
        )
        self.rating.choices = options([(NOT_SAID, "Not said"), *RATINGS.items()])
        self.language.choices = options([("en", "English"), *OTHER_LANGUAGES.items()])

    def validate_came(self, field: RadioField) -> None:
        """Ask how the words came: it decides whose answers they count as."""
        if field.data not in {COPIED, HEARD}:
            Needed("Say how the words came to you.")(self, _emptied(field))

    def validate_speaker(self, field: SelectField) -> None:
        """Ask whose words they are."""
        Needed("Choose whose words they are.")(self, field)

    @property
    def is_heard(self) -> bool:
        """Whether somebody else put the words down."""
        return bool(self.came.data == HEARD)

    @property
    def code(self) -> int | None:
        """The chosen address, None for the general form."""
        return int(self.code_id.data) if (self.code_id.data or "").isdecimal() else None

    @property
    def answers(self) -> Answers:
        """The answers as the form for families keeps them."""
        return answers_of(
            speaker=self.speaker.data or "",
            is_heard=self.is_heard,
            said={
                Step.AGE: self.age.data or "",
                Step.ABOUT: self.topic.data or "",
                Step.HAPPENED: self.happened.data or "",
                Step.BETTER: self.better.data or "",
                Step.SHOW: self.may_show.data or "",
            },
        )


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _emptied(field: RadioField) -> RadioField:
    field.data = None
    return field
