"""Forms of one action: done, another day, dropped."""

from __future__ import annotations

from wtforms import HiddenField, StringField

from improve.huddles.forms.fields import NumberField
from improve.ideas.forms.fields import DayField
from improve.shared.forms import Form, Needed, Version, at_most


class ActionDoneForm(Form):
    """A button: it is done."""

    version = Version("Version")
    #: The huddle's item, where the button stands in a huddle.
    item = NumberField("Item")
    back = HiddenField("Back to")


class ActionDayForm(Form):
    """Another day for an action."""

    due_on = DayField(
        "By which day?", validators=[Needed("Say by which day."), at_most("number_or_day")]
    )
    version = Version("Version")
    back = HiddenField("Back to")


class ActionDropForm(Form):
    """An action that will not be done, and why."""

    why = StringField(
        "Why will it not be done?",
        validators=[Needed("Say why, in a few words."), at_most("reason")],
    )
    version = Version("Version")
    back = HiddenField("Back to")
    confirmed = HiddenField("Read again")
