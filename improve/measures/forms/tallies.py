"""Ask a question that is answered by tapping; one tap; a week to make a point of."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from wtforms import HiddenField, RadioField, SelectField, StringField

from improve.measures.service import TallyDetails
from improve.measures.views import MeasureChoice
from improve.shared import clock
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, at_most, options
from improve.shared.parsing import NotReadable, parse_date

ANSWERS = (("yes_no", "Yes or no"), ("how_many", "How many"))
#: The same questions that a measure is asked, for the three that a tally can answer.
KINDS = (
    ("process", "Are we doing what we said?"),
    ("outcome", "Does life get better?"),
    ("balancing", "What might get worse?"),
)
BETTER = (("higher", "Yes, or more"), ("lower", "No, or fewer"), ("neither", "Neither"))
LONGEST = timedelta(days=366)


class NewTallyForm(Form):
    """A question, and the measure that its weeks become points of."""

    question = StringField(
        "What do you ask after each visit?",
        validators=[Needed("Write the question."), at_most("question")],
    )
    answers = RadioField("How is it answered?", choices=options(ANSWERS), default="yes_no")
    measure_id = SelectField("The week’s taps become a point of", coerce=int)
    name = StringField("Name of the new measure", validators=[at_most("measure_name")])
    kind = RadioField("What is it for?", choices=options(KINDS), default="process")
    better_when = RadioField("Which is better?", choices=options(BETTER), default="higher")
    ends_on = StringField("Last day", validators=[at_most("number_or_day")])
    idea = HiddenField("Idea")

    def offer(self, measures: Iterable[MeasureChoice]) -> None:
        """Give the measures to choose from."""
        new = (0, "A new measure, made for this question")
        self.measure_id.choices = options([new, *((m.id, m.name) for m in measures)])
        if self.measure_id.data is None:
            self.measure_id.data = 0

    def validate(self, extra_validators: Any = None) -> bool:
        """Read the last day, if one is given."""
        is_good = bool(super().validate(extra_validators))
        self._ends_on: date | None = None
        if self.ends_on.data:
            try:
                self._ends_on = parse_date(
                    self.ends_on.data, earliest=clock.today(), latest=clock.today() + LONGEST
                )
            except NotReadable as unread:
                words = f"{unread.words.rstrip('.?')}. {unread.hint}".strip()
                self.ends_on.errors = [*self.ends_on.errors, words]
                is_good = False
        return is_good

    def details(self) -> TallyDetails:
        """Return what was typed; only after the form held."""
        return TallyDetails(
            question=self.question.data or "",
            answers=self.answers.data,
            measure_id=self.measure_id.data or None,
            measure_name=self.name.data or "",
            kind=self.kind.data,
            better_when=self.better_when.data,
            ends_on=self._ends_on,
            idea_id=whole_number(self.idea.data),
        )


class TapForm(Form):
    """One tap: its random key, the answer, the week it was made in, whether it had to wait."""

    key = HiddenField("Key")
    answer = HiddenField("Answer")
    week = HiddenField("Week")
    kept = HiddenField("Kept")

    @property
    def answered(self) -> int:
        """The answer as a number; -1 for what is none."""
        found = whole_number(self.answer.data)
        return -1 if found is None else found

    @property
    def week_on(self) -> date | None:
        """The week that the phone says; None where it says none."""
        return _day(self.week.data)


class WeekForm(Form):
    """Which week to make a point of."""

    week = HiddenField("Week")

    @property
    def week_on(self) -> date | None:
        """The week, or None for what is no day."""
        return _day(self.week.data)


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None
