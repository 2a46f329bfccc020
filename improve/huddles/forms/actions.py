"""Forms of one action: done, another day, dropped."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import HiddenField, SelectField, StringField

from improve.huddles.forms.fields import NumberField
from improve.ideas.forms.fields import DayField
from improve.shared.errors import Reason, RuleBroken
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options


class ActionDoneForm(Form):
    """A button: it is done."""

    version = Version("Version")
    #: The huddle's item, where the button stands in a huddle.
    item = NumberField("Item")
    back = HiddenField("Back to")


class ActionDayForm(Form):
    """Another day for an action, or somebody else who does it."""

    owner = SelectField("Who does it?", coerce=str, validate_choice=False)
    due_on = DayField(
        "By which day?", validators=[Needed("Say by which day."), at_most("number_or_day")]
    )
    version = Version("Version")
    back = HiddenField("Back to")

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people to choose from."""
        self.owner.choices = options(people)

    def refuse(self, error: RuleBroken) -> None:
        """Show each reason beside its field, by the field's name here."""
        names = {"owner_id": "owner"}
        super().refuse(
            RuleBroken([Reason(r.words, names.get(r.field or "", r.field)) for r in error.reasons])
        )

    @property
    def owner_id(self) -> int | None:
        """Whoever is to do it; None where nobody was chosen, and it stays with whom it is."""
        return whole_number(self.owner.data) if self.owner.data else None


class ActionDropForm(Form):
    """An action that will not be done, and why."""

    why = StringField(
        "Why will it not be done?",
        validators=[Needed("Say why, in a few words."), at_most("reason")],
    )
    version = Version("Version")
    back = HiddenField("Back to")
    confirmed = HiddenField("Read again")
