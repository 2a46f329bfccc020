"""Forms of running a huddle: starting it, walking through its parts, who is here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from wtforms import BooleanField, HiddenField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from improve.huddles.forms.fields import NumberField, TokenForm
from improve.huddles.kinds import Part
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, chosen_number, options

#: People who were there without being ticked by name; more is a crowd.
OTHERS_MOST: Final = 20


class PeopleField(SelectMultipleField):
    """People of the team, each with a tick. Who is not offered is left out."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()

    def __init__(self, label: str, **more: Any) -> None:
        super().__init__(label, choices=[], coerce=str, validate_choice=False, **more)

    @property
    def people(self) -> tuple[int, ...]:
        """Those ticked, of those offered."""
        offered = {str(choice.value) for choice in self.choices}
        ticked = [whole_number(text) for text in self.data or () if text in offered]
        return tuple(person for person in ticked if person is not None)


class HereForm(Form):
    """Who is here. Ticking it is left to the team."""

    here = PeopleField("Who is here?")
    others_here = SelectField("Others here", coerce=chosen_number, validate_choice=False)

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people of the team."""
        self.here.choices = options(people)
        self.others_here.choices = options((n, str(n)) for n in range(OTHERS_MOST + 1))

    @property
    def others(self) -> int:
        """How many more were there."""
        return min(self.others_here.data or 0, OTHERS_MOST)


class StartForm(HereForm, TokenForm):
    """A huddle begins: who is here, who drives, how long, and whether it is the short one."""

    driver_id = SelectField("Who drives?", coerce=chosen_number, validate_choice=False)
    is_short = BooleanField("Short huddle: two questions")

    def offer(self, people: Iterable[tuple[int, str]]) -> None:
        """Give the people of the team, to tick and to drive."""
        people = list(people)
        super().offer(people)
        self.driver_id.choices = options(people)


class GoForm(Form):
    """Where the driver goes: a part, and maybe one thing in it."""

    part = HiddenField("Part")
    item = NumberField("Item")

    @property
    def to_part(self) -> Part | None:
        """The part, if there is one of that name."""
        return next((part for part in Part if part.value == self.part.data), None)


class ItemForm(Form):
    """A button about one thing of the list."""

    item = NumberField("Item")
    part = HiddenField("Part")
