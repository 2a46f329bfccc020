"""Forms of how an idea travels: trying it, where it came from, what was changed, what was told."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, Field, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import StopValidation

from improve.ideas.forms.fields import ChoiceField, DayField
from improve.library.spread import TOLD_WORDS
from improve.shared.forms import Form, Needed, Version, at_most, chosen_number, options


class _Once(Form):
    """A form that makes one thing, however often it is sent."""

    form_token = HiddenField()
    confirmed = HiddenField("Read again")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.form_token.data = self.form_token.data or secrets.token_urlsafe(24)


class TryForm(_Once):
    """What a team tries of another's work: the words to begin with, and what it will change."""

    team_id = SelectField("Which team?", coerce=chosen_number, validate_choice=False)
    text = TextAreaField(
        "What will you try?",
        validators=[Needed("Say what you will try, in a sentence or two."), at_most("idea_text")],
    )
    adaptation = TextAreaField(
        "What would you change for your team?", validators=[at_most("adaptation")]
    )
    hides_name = BooleanField("Do not show my name on boards")

    def offer(self, teams: Sequence[tuple[int, str]], home_id: int | None) -> None:
        """Give the teams, one's own first; it is chosen unless another was sent."""
        ordered = sorted(teams, key=lambda team: team[0] != home_id)
        is_known = any(team_id == home_id for team_id, _ in teams)
        none: list[tuple[int, str]] = [] if is_known else [(0, "Choose a team")]
        self.team_id.choices = options([*none, *ordered])
        if not self.team_id.raw_data:
            self.team_id.data = home_id if is_known else 0

    def validate_team_id(self, field: Field) -> None:
        """Ask for a team. A closed one is refused by the rule itself, in words."""
        if not field.data:
            raise StopValidation("Choose a team.")


class AdaptationForm(Form):
    """What the team changed for itself."""

    words = TextAreaField("What did you change for your team?", validators=[at_most("adaptation")])
    version = Version("Version")
    confirmed = HiddenField("Read again")


class LinkForm(_Once):
    """That an idea came from another one, and what was changed."""

    origin_id = HiddenField("The other idea")
    adaptation = TextAreaField(
        "What did you change for your team?", validators=[at_most("adaptation")]
    )


class ToldForm(_Once):
    """What a place that is not here told of it."""

    place = StringField(
        "Where was it tried?",
        validators=[Needed("Say where it was tried."), at_most("organisation_name")],
    )
    adaptation = TextAreaField("What did they change?", validators=[at_most("adaptation")])
    ending = ChoiceField(
        "How did it go?", choices=tuple((end.value, words) for end, words in TOLD_WORDS.items())
    )
    words = TextAreaField("In their words, or yours", validators=[at_most("told_words")])
    told_on = DayField("When did they tell you?", validators=[at_most("number_or_day")])
    under = SelectField("Where did they take it from?", validate_choice=False)
    version = Version("Version")

    def offer(self, places: Sequence[tuple[str, str]], key: str) -> None:
        """Give the places that it may hang under, by key; ``key`` is chosen to begin with."""
        self.under.choices = options(places)
        if self.under.data not in {known for known, _ in places}:
            self.under.data = key

    def parent(self) -> dict[str, Any]:
        """Return what it hangs under, as the service takes it."""
        kind, _, number = (self.under.data or "").partition("-")
        name = {"idea": "parent_idea_id", "page": "borrowed_page_id"}.get(kind, "parent_spread_id")
        return {name: int(number)}

    def show(self, told: Any) -> None:
        """Show what was told."""
        self.place.data, self.adaptation.data = told.place, told.adaptation
        self.ending.data, self.words.data = told.ending or None, told.words
        self.told_on.show(told.told_on)
        self.version.data = told.version

    def told(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "place": self.place.data or "",
            "adaptation": self.adaptation.data or "",
            "ending": self.ending.data or "",
            "words": self.words.data or "",
            "told_on": self.told_on.day,
        }


class OneButton(Form):
    """A button alone."""
