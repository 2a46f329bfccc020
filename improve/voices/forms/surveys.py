"""The form of a survey."""

from __future__ import annotations

from wtforms import SelectField, StringField
from wtforms.validators import Optional

from improve.accounts.forms.fields import Day
from improve.shared.forms import Form, Needed, Version, at_most


class LostCodesForm(Form):
    """The codes of a sheet were lost. ``version`` is the number of that sheet."""

    version = Version()


class SurveyForm(Form):
    """Whom to ask, from when to when, and how many codes to print."""

    name = StringField(
        "Whom do you ask?",
        [
            Needed("Write whom you ask, such as “Everybody reviewed in May”."),
            at_most("voice_label"),
        ],
    )
    team_id = SelectField("Team", coerce=str, validators=[Optional()])
    opens_on = Day("First day", [Needed("Write the first day."), at_most("number_or_day")])
    closes_on = Day("Last day", [Needed("Write the last day."), at_most("number_or_day")])
    count = StringField(
        "How many codes?",
        [Needed("Write how many people you ask."), at_most("number_or_day")],
    )

    @property
    def team(self) -> int | None:
        """The chosen team, None for all."""
        return int(self.team_id.data) if (self.team_id.data or "").isdecimal() else None

    @property
    def number(self) -> int:
        """How many codes; 0 for what is no number, which the service refuses."""
        text = (self.count.data or "").strip()
        return int(text) if text.isdecimal() and len(text) < 6 else 0
