"""The forms by which a team is joined to another, and what people lead is handed over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from wtforms import (
    SelectField,
)
from wtforms.validators import StopValidation

from improve.accounts.forms.fields import UNKNOWN_CHOICE
from improve.accounts.held import HeldThing
from improve.shared.forms import Form, Version, options

NOBODY: Final = ""


class JoinForm(Form):
    """The team that another one is joined to."""

    into = SelectField("Join it to", invalid_choice_message=UNKNOWN_CHOICE)
    version = Version()

    def offer(self, teams: Iterable[Any]) -> None:
        """Offer these teams."""
        self.into.choices = options([("", "Choose a team"), *((t.id, t.name) for t in teams)])

    def validate_into(self, field: SelectField) -> None:
        """One has to be chosen."""
        if not field.data:
            raise StopValidation("Choose a team.")

    @property
    def into_id(self) -> int:
        """Return the team chosen."""
        return int(self.into.data or 0)


class SeenForm(Form):
    """A button that counts only for what was seen."""

    version = Version()


class HandOverForm(Form):
    """Who takes on what somebody leads: one choice for each thing.

    Fields are named by the thing's key; made for each request by ``hand_over_form``.
    """

    @property
    def to(self) -> dict[str, int | None]:
        """Return who takes on what; None for nobody yet."""
        return {
            name: int(field.data) if field.data else None
            for name, field in self._fields.items()
            if isinstance(field, SelectField)
        }


def hand_over_form(
    held: Iterable[HeldThing], people: Mapping[int, Iterable[Any]], managers: Mapping[int, int]
) -> HandOverForm:
    """Return the form with a choice for each thing, of the people of its team.

    ``people`` and ``managers`` by team id; what somebody has to take on goes to the manager unless
    another is chosen.
    """
    fields: dict[str, Any] = {}
    shown: dict[str, str] = {}
    for thing in held:
        offered = [(p.id, p.name) for p in people.get(thing.team_id, ())]
        first = [(NOBODY, "Needs a lead")]
        if not thing.may_be_nobodys:
            first = [] if thing.team_id in managers else [(NOBODY, "Choose")]
            shown[thing.key] = str(managers.get(thing.team_id, NOBODY))
        fields[thing.key] = SelectField(
            thing.title,
            choices=options([*first, *offered]),
            invalid_choice_message=UNKNOWN_CHOICE,
        )
    made: type[HandOverForm] = type("HandOverOfThings", (HandOverForm,), fields)
    return made(data=shown)
