"""Forms around a coach, a guest, and at which level somebody is needed."""

from __future__ import annotations

from wtforms import HiddenField, SelectField, StringField, TextAreaField

from improve.ideas.forms.fields import DayField
from improve.ideas.kinds import UNBLOCKER_WORDS, Unblocker
from improve.shared.forms import Form, Needed, at_most, options


class LevelField(SelectField):
    """At which level somebody is needed; the own manager unless another is chosen."""

    def __init__(self, label: str, **more: object) -> None:
        choices = options((level.value, words) for level, words in UNBLOCKER_WORDS.items())
        super().__init__(
            label, choices=choices, default=Unblocker.TEAM.value, validate_choice=False, **more
        )

    @property
    def level(self) -> Unblocker:
        """What was chosen; what is not offered counts as the own manager."""
        known = {level.value for level in Unblocker}
        return Unblocker(self.data) if self.data in known else Unblocker.TEAM


class AskCoachForm(Form):
    """A line to a coach, or none: to be asked to look is enough."""

    words = TextAreaField("What would you like help with?", validators=[at_most("reason")])
    confirmed = HiddenField("Read again")


class AnswerCoachForm(Form):
    """A coach's answer."""

    words = TextAreaField(
        "Your answer", validators=[Needed("Write your answer."), at_most("comment")]
    )
    confirmed = HiddenField("Read again")


class PromptForm(Form):
    """“Not now”, to one of a coach's prompts."""

    key = HiddenField("Prompt")
    back = HiddenField("Back to")


class GuestForm(Form):
    """Who is invited to an idea, from where, and until when."""

    name = StringField(
        "Their name", validators=[Needed("Write their name."), at_most("person_name")]
    )
    email = StringField(
        "Their e-mail address",
        validators=[Needed("Write their e-mail address."), at_most("email")],
    )
    place = StringField(
        "Where do they come from?",
        validators=[
            Needed("Say where they come from, such as the name of a school."),
            at_most("job_title"),
        ],
    )
    ends_on = DayField(
        "Until when?", validators=[Needed("Say until when."), at_most("number_or_day")]
    )
