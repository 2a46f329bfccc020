"""The answer to “Is it still done?”."""

from __future__ import annotations

from datetime import date

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import AnyOf

from improve.ideas.forms.fields import DayField
from improve.library.sustaining import HELD_WORDS, Held
from improve.shared.forms import Form, Needed, at_most, options


class SustainForm(Form):
    """Still done, partly, or not any more; a sentence; a day to look again."""

    answer = RadioField(
        "Is it still done?",
        choices=options((held.value, words) for held, words in HELD_WORDS.items()),
        validate_choice=False,
        validators=[
            Needed("Choose one of the three answers."),
            AnyOf(list(Held), "Choose one of the three answers."),
        ],
    )
    words = TextAreaField("What is it like now?", validators=[at_most("sustained")])
    again_on = DayField("Look again on", validators=[at_most("number_or_day")])
    #: Which look it is, as the page asked for it.
    due_on = HiddenField("Day")
    confirmed = HiddenField("Read again")

    @property
    def due(self) -> date | None:
        """The day of the look that the page asked for; None for anything else."""
        try:
            return date.fromisoformat(self.due_on.data or "")
        except ValueError:
            return None
