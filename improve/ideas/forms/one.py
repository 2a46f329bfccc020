"""Forms about one idea: a field, a comment, what blocks it, who leads it, its measures."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from improve.ideas.forms.coach import LevelField
from improve.ideas.forms.fields import answer_of, field_for, show_answer
from improve.ideas.questions import Question
from improve.shared.errors import RuleBroken
from improve.shared.forms import Form, Needed, Version, at_most, options


class EditForm(Form):
    """One field of an idea. ``value`` is replaced by the field that its question asks for."""

    version = Version("Version")
    confirmed = HiddenField("Read again")

    value: Any

    def answer(self) -> Any:
        """Return the new value, as the service takes it."""
        return answer_of(self.value)

    def show(self, value: Any) -> None:
        """Show the present value."""
        show_answer(self.value, value)

    def refuse_at_field(self, error: RuleBroken) -> None:
        """Show every reason beside the one field."""
        self.value.errors = [*self.value.errors, *(r.words for r in error.reasons)]


def edit_form_for(question: Question, *, is_empty: bool = False) -> EditForm:
    """Return the form that edits this one field; ``is_empty`` reads nothing that was sent."""
    kind = type("EditOneForm", (EditForm,), {"value": field_for(question)})
    form: EditForm = kind(formdata=None) if is_empty else kind()
    return form


class CommentForm(Form):
    """A comment. The token makes a comment that is sent twice one comment."""

    words = TextAreaField(
        "Add a comment", validators=[Needed("Write your comment."), at_most("comment")]
    )
    form_token = HiddenField("Form")
    confirmed = HiddenField("Read again")

    def begin(self) -> CommentForm:
        """Give a fresh form its token."""
        self.form_token.data = secrets.token_urlsafe(24)
        return self


class SupportForm(Form):
    """That one would like an idea too; words are welcome and not asked for."""

    words = TextAreaField("Your words", validators=[at_most("comment")])
    form_token = HiddenField("Form")
    confirmed = HiddenField("Read again")

    def begin(self) -> SupportForm:
        """Give a fresh form its token."""
        self.form_token.data = secrets.token_urlsafe(24)
        return self


class JoinForm(Form):
    """The sentence to the author of an idea that is joined to another."""

    words = TextAreaField(
        "To its author", validators=[Needed("Write a sentence to the author."), at_most("reply")]
    )
    version = Version("Version")
    confirmed = HiddenField("Read again")


class EditCommentForm(Form):
    """One's own comment, changed."""

    words = TextAreaField(
        "Your comment", validators=[Needed("Write your comment."), at_most("comment")]
    )
    confirmed = HiddenField("Read again")


class BlockedForm(Form):
    """Why an idea cannot go on, and who can help."""

    reason = StringField(
        "What is in the way?", validators=[Needed("Say what is in the way."), at_most("reason")]
    )
    who = StringField(
        "Who can help?",
        validators=[Needed("Say who can help. A role is enough."), at_most("reason")],
    )
    level = LevelField("At which level?")
    confirmed = HiddenField("Read again")


class LeadForm(Form):
    """Who leads the idea."""

    lead_id = SelectField("Who leads it?", coerce=int, validate_choice=False)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people of the team."""
        self.lead_id.choices = options([(0, "Nobody yet"), *people])


class TeamForm(Form):
    """Which team an idea goes to, and why."""

    team_id = SelectField("Which team?", coerce=str, validate_choice=False)
    why = TextAreaField(
        "Why?", validators=[Needed("Say why, for the team that gets it."), at_most("reason")]
    )
    version = Version("Version")
    confirmed = HiddenField("Read again")

    def offer(self, teams: Iterable[tuple[int, str]]) -> None:
        """Give the other teams; none is chosen beforehand."""
        self.team_id.choices = options([("", "Choose a team"), *teams])

    def chosen(self) -> int:
        """Return which team, -1 for none or something unknown."""
        sent = self.team_id.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


class MeasuresForm(Form):
    """The measure an idea should move, and one beside it that might get worse."""

    main_id = SelectField("The measure", coerce=int, validate_choice=False)
    beside_id = SelectField("Beside it, might get worse", coerce=int, validate_choice=False)

    def offer(self, measures: Iterable[tuple[int, str]]) -> None:
        """Give the measures of the team."""
        choices = [(0, "No measure yet"), *measures]
        self.main_id.choices = options(choices)
        self.beside_id.choices = options(choices)


class ThanksForm(Form):
    """Whom to thank, and the sentence. The token makes one that is sent twice one."""

    to_id = SelectField("Who do you want to thank?", coerce=str, validate_choice=False)
    words = TextAreaField("Your words", validators=[Needed("Write a sentence."), at_most("thanks")])
    form_token = HiddenField("Form")
    confirmed = HiddenField("Read again")

    def begin(self) -> ThanksForm:
        """Give a fresh form its token."""
        self.form_token.data = secrets.token_urlsafe(24)
        return self

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people who can be thanked here; nobody is chosen beforehand."""
        self.to_id.choices = options([("", "Choose a colleague"), *people])

    def chosen(self) -> int:
        """Return whom, -1 for nobody or something unknown."""
        sent = self.to_id.data or ""
        return int(sent) if sent.isdecimal() and len(sent) < 10 else -1


class PlainForm(Form):
    """A button alone."""

    back = HiddenField("Back to")
