"""The forms of the council's own sign-in and of what its groups give."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from wtforms import HiddenField, PasswordField, SelectField, StringField

from improve.accounts.forms.fields import NO_TEAM, UNKNOWN_CHOICE
from improve.accounts.oidc.group_roles import GROUP_ROLES
from improve.accounts.roles import ROLE_WORDS, Role
from improve.shared.forms import Form, Needed, at_most, options


class WhichCouncilForm(Form):
    """One's address, or the council's short name."""

    council = StringField(
        "Your work e-mail, or your council’s short name",
        [Needed("Write your work e-mail or your council’s short name."), at_most("email")],
    )
    next = HiddenField()


class BackForm(Form):
    """What the provider sent back with somebody; pressed on by a script where there is one."""

    code = HiddenField()
    state = HiddenField()


class KeptForm(Form):
    """Words that wait in another window while somebody signs in."""

    kept = HiddenField()


class SubjectForm(Form):
    """The key by which the provider knows somebody."""

    subject = StringField("Key", [Needed("Paste the key."), at_most("group_name")])
    password = PasswordField("Your own password")


class GroupRoleForm(Form):
    """A group, and the role that it gives."""

    group = StringField("Group", [Needed("Write or paste the group."), at_most("group_name")])
    label = StringField("What people call it", [at_most("group_label")])
    role = SelectField(
        "Gives",
        choices=options((role.value, ROLE_WORDS[role]) for role in GROUP_ROLES),
        invalid_choice_message=UNKNOWN_CHOICE,
    )
    team = SelectField("In the team", invalid_choice_message=UNKNOWN_CHOICE)
    service = SelectField("Over the service", invalid_choice_message=UNKNOWN_CHOICE)
    password = PasswordField("Your own password")

    #: Names of the teams on offer, by id.
    team_names: Mapping[int, str] = {}

    def offer(self, teams: Iterable[Any], services: Iterable[tuple[int, str]]) -> None:
        """Offer these teams (with id and name) and services, and none."""
        teams = list(teams)
        self.team_names = {team.id: team.name for team in teams}
        self.team.choices = options([(NO_TEAM, "No team"), *((t.id, t.name) for t in teams)])
        self.service.choices = options([(NO_TEAM, "No service"), *services])

    @property
    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as the service takes it."""
        return {
            "group": self.group.data or "",
            "role": Role(self.role.data),
            "team_id": int(self.team.data) if self.team.data else None,
            "service_id": int(self.service.data) if self.service.data else None,
        }
