"""The forms about people and what they may act as."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import (
    PasswordField,
    SelectField,
    TextAreaField,
)

from improve.accounts.forms.fields import NO_TEAM, UNKNOWN_CHOICE, Ticks
from improve.accounts.roles import PERSON_ROLES, ROLE_WORDS, TEAM_ROLES, Role
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options

#: Roles that reach over the whole council, in the order of the table of rights.
ACROSS = tuple(role for role in PERSON_ROLES if role not in TEAM_ROLES)


class InviteForm(Form):
    """Many addresses, one team, what they may act as."""

    addresses = TextAreaField(
        "E-mail addresses",
        [Needed("Paste at least one e-mail address."), at_most("many_addresses")],
    )
    team = SelectField("Team", invalid_choice_message=UNKNOWN_CHOICE)
    roles = Ticks(
        "They may act as",
        choices=options((role.value, ROLE_WORDS[role]) for role in PERSON_ROLES),
        invalid_choice_message=UNKNOWN_CHOICE,
    )
    password = PasswordField("Your own password")

    def offer_teams(self, teams: Iterable[Any]) -> None:
        """Offer these teams (with id and name), and none."""
        offered = [(str(team.id), team.name) for team in teams]
        self.team.choices = options([(NO_TEAM, "No team"), *offered])

    @property
    def team_id(self) -> int | None:
        """Return the chosen team."""
        return whole_number(self.team.data)

    @property
    def chosen_roles(self) -> frozenset[Role]:
        """Return the ticked roles."""
        return frozenset(Role(value) for value in self.roles.data or [])


class RolesForm(Form):
    """What a person may act as: one choice for each team, boxes for the rest.

    The fields of teams are named ``team-<id>``, so that two teams never share one; made for each
    request by ``roles_form``.
    """

    across = Ticks(
        "Across the council",
        choices=options((role.value, ROLE_WORDS[role]) for role in ACROSS),
        invalid_choice_message=UNKNOWN_CHOICE,
    )
    home = SelectField("Home team", invalid_choice_message=UNKNOWN_CHOICE)
    password = PasswordField("Your own password")
    version = Version()

    @property
    def in_teams(self) -> dict[int, Role]:
        """Return the role chosen in each team, where there is one."""
        return {
            int(name.removeprefix("team-")): Role(field.data)
            for name, field in self._fields.items()
            if name.startswith("team-") and field.data
        }

    @property
    def team_fields(self) -> list[Any]:
        """Return the fields of the teams, in their order."""
        return [field for name, field in self._fields.items() if name.startswith("team-")]

    @property
    def chosen_across(self) -> frozenset[Role]:
        """Return the ticked roles that reach over the council; what is no such role is left out."""
        return frozenset(role for role in ACROSS if role.value in (self.across.data or []))

    @property
    def home_team_id(self) -> int | None:
        """Return the team called home."""
        return whole_number(self.home.data)


IN_A_TEAM = (
    ("", "Not in this team"),
    (Role.PRACTITIONER.value, "Practitioner"),
    (Role.MANAGER.value, "Manager"),
)


def roles_form(teams: Iterable[Any], **shown: Any) -> RolesForm:
    """Return the form with a choice for each of these teams (with id and name).

    ``shown``: ``in_teams`` {team id: role}, ``across``, ``home_team_id``, ``version``.
    """
    teams = list(teams)
    fields = {
        f"team-{t.id}": SelectField(
            t.name, choices=options(IN_A_TEAM), invalid_choice_message=UNKNOWN_CHOICE
        )
        for t in teams
    }
    made: type[RolesForm] = type("RolesOfTeams", (RolesForm,), dict(fields))
    data: dict[str, Any] = {
        f"team-{team_id}": role.value for team_id, role in shown.get("in_teams", {}).items()
    }
    home = shown.get("home_team_id")
    form = made(
        data={
            **data,
            "across": [role.value for role in shown.get("across", ())],
            "home": str(home) if home else NO_TEAM,
            "version": shown.get("version"),
        }
    )
    offered = [(str(team.id), team.name) for team in teams]
    form.home.choices = options([(NO_TEAM, "The first of their teams"), *offered])
    return form
