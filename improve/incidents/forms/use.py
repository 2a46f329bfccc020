"""What a reviewer writes when a report is gone: what staff may read, an idea, an answer."""

from __future__ import annotations

from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most


class LearningForm(Form):
    """A theme, a learning note, and whether staff may read what was learned."""

    version = Version()
    theme = StringField("Theme, in one line", validators=[at_most("report_theme")])
    note = TextAreaField("Learning note", validators=[at_most("report_note")])
    is_shown = BooleanField("All staff may read it")


class GivenIdeaForm(Form):
    """An idea in fresh words, for a team."""

    form_token = HiddenField()
    text = TextAreaField(
        "What could be tried?",
        validators=[Needed("Write what could be tried."), at_most("idea_text")],
    )
    benefit = TextAreaField("Who would it help, and how?", validators=[at_most("benefit")])
    team_id = SelectField("Team", coerce=str, validate_choice=False)

    @property
    def team(self) -> int | None:
        """The chosen team."""
        return whole_number(self.team_id.data)


class IdeaForm(GivenIdeaForm):
    """The same for a report, on the state that was seen."""

    version = Version()


class LinkForm(Form):
    """The number of an idea that stands on a board."""

    version = Version()
    number = StringField(
        "Number of the idea", validators=[Needed("Write its number."), at_most("number_or_day")]
    )

    @property
    def idea(self) -> int:
        """The number, 0 for what is none."""
        return whole_number((self.number.data or "").lstrip("#").strip()) or 0


class AnswerForm(Form):
    """An answer to whoever reported; ``draft``: the draft that becomes it."""

    version = Version()
    draft = HiddenField()
    words = TextAreaField(
        "To whoever reported it",
        validators=[Needed("Write the answer."), at_most("report_answer")],
    )
