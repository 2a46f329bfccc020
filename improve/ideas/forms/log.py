"""The forms that an idea begins with: logging it, and the first reply to it."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, StopValidation

from improve.ideas.forms.aims import DriverField
from improve.ideas.kinds import (
    FIRST_SOURCES,
    REPLY_WORDS,
    SOURCE_WORDS,
    Answerer,
    ReplyKind,
    Source,
)
from improve.shared import clock
from improve.shared.forms import Form, Needed, Version, at_most, chosen_number, options
from improve.shared.parsing import NotReadable, parse_date

#: The first choices first; the rest stand under “More”.
SOURCES = (*FIRST_SOURCES, *(source for source in Source if source not in FIRST_SOURCES))
#: How far ahead "look again" may be. Longer is a no, and should be said as one.
LOOK_AGAIN_DAYS = 2 * 366
LONGEST_TOKEN = 64


def new_token() -> str:
    """Return a fresh mark for a form, by which a form sent twice is known."""
    return secrets.token_urlsafe(24)


def fields_kept(form: Form, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
    """Return what was posted into this form as (name, value), to be carried through a page."""
    return [
        (field.name, str(value))
        for field in form
        if field.name not in {"csrf_token", *without}
        for value in field.raw_data or ()
    ]


class IdeaWordsForm(Form):
    """An idea in three fields, as a phone with a capture pass sends it.

    ``confirmed`` is set once the hint about identifying words was shown. It is not trusted for
    anything but not asking again.
    """

    text = TextAreaField(
        "What is your idea?",
        validators=[Needed("Write your idea in a sentence or two"), at_most("idea_text")],
    )
    benefit = StringField("What would be better?", validators=[at_most("benefit")])
    source = RadioField(
        "Where did it come from?",
        choices=options((source.value, SOURCE_WORDS[source]) for source in SOURCES),
        default=Source.OWN.value,
        validate_choice=False,
        validators=[AnyOf(list(Source), "Choose where it came from")],
    )
    hides_name = BooleanField("Do not show my name on boards")
    form_token = HiddenField()
    confirmed = HiddenField("Read again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_token.data = (self.form_token.data or new_token())[:LONGEST_TOKEN]

    @property
    def is_from_elsewhere(self) -> bool:
        """Whether the chosen source is one of those under “More”."""
        return self.source.data in {source.value for source in SOURCES[len(FIRST_SOURCES) :]}


class LogIdeaForm(IdeaWordsForm):
    """The same with its team, and who should know of it.

    ``similar_seen`` is set once ideas like it were shown; trusted no more than ``confirmed``.
    """

    team_id = SelectField("Team", coerce=chosen_number, validate_choice=False)
    answerer = RadioField(
        "Who should answer?",
        choices=options(
            [(Answerer.MANAGER.value, "My manager"), (Answerer.COACH.value, "A coach")]
        ),
        default=Answerer.MANAGER.value,
        validate_choice=False,
        validators=[AnyOf(list(Answerer), "Choose who should answer")],
    )
    driver_id = DriverField("What is it meant to move?")
    similar_seen = HiddenField()

    def __init__(
        self, *args: Any, teams: Sequence[tuple[int, str]], home_id: int | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.team_names = dict(teams)
        self.asks_team = home_id not in self.team_names
        none: list[tuple[int, str]] = [(0, "Choose a team")] if self.asks_team else []
        self.team_id.choices = options([*none, *teams])
        if not self.team_id.raw_data:
            self.team_id.data = 0 if self.asks_team else home_id

    def validate_team_id(self, field: Field) -> None:
        """Refuse a team that was not offered."""
        if field.data not in self.team_names:
            raise StopValidation("Choose a team")

    @property
    def support_words(self) -> str:
        """What is kept as a comment when the person supports another idea instead."""
        if not self.benefit.data:
            return self.text.data or ""
        return f"{self.text.data}\n\nWhat would be better: {self.benefit.data}"


class ReplyForm(Form):
    """A person's own words and one of three answers; “not now” names a day to look again."""

    words = TextAreaField(
        "Your reply", validators=[Needed("Write a sentence in your own words"), at_most("reply")]
    )
    kind = RadioField(
        "What happens to the idea?",
        choices=options((kind.value, words) for kind, words in REPLY_WORDS.items()),
        validate_choice=False,
        validators=[Needed("Choose one of the three"), AnyOf(list(ReplyKind), "Choose one")],
    )
    look_again_on = StringField("Day to look again", validators=[at_most("number_or_day")])
    version = Version()
    form_token = HiddenField()
    confirmed = HiddenField("Read again")
    look_again: date | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_token.data = (self.form_token.data or new_token())[:LONGEST_TOKEN]

    def validate_look_again_on(self, field: Field) -> None:
        """Read the day, which only “not now” needs."""
        if self.kind.data != ReplyKind.NOT_NOW.value:
            return
        if not field.data:
            raise StopValidation("Say on which day to look at it again")
        today = clock.today()
        try:
            self.look_again = parse_date(
                field.data,
                earliest=today + timedelta(days=1),
                latest=today + timedelta(days=LOOK_AGAIN_DAYS),
            )
        except NotReadable as error:
            raise StopValidation(f"{error.words}. {error.hint}".rstrip()) from error
