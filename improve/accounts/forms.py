"""The forms of accounts: shape and wording. Choices and limits come in from outside."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    PasswordField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.widgets import CheckboxInput, ListWidget

from improve.accounts.roles import PERSON_ROLES, ROLE_WORDS, TEAM_ROLES, Role
from improve.shared import limits
from improve.shared.forms import Form, Needed, Version, at_most, options

#: Roles that reach over the whole council, in the order of the table of rights.
ACROSS = tuple(role for role in PERSON_ROLES if role not in TEAM_ROLES)
NO_TEAM = ""
_UNKNOWN = "Choose one of the list."


def _whole_number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 10 else None


class Count(IntegerField):
    """A whole number from 1 to the largest count; what was typed stays in the box."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; anything else is refused in words."""
        text = valuelist[0].strip() if valuelist else ""
        number = _whole_number(text)
        if number is None or not 1 <= number <= limits.COUNT_MOST:
            self.data = None
            raise ValueError(f"Use a whole number from 1 to {limits.COUNT_MOST}.")
        self.data = number


class Ticks(SelectMultipleField):
    """Several choices, each a box to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class KeptWords(Form):
    """A form that carries on what was typed before the session ended, and where to go next."""

    next = HiddenField()
    kept = HiddenField()


class SignInForm(KeptWords):
    """E-mail and password."""

    email = StringField("E-mail", [Needed("Write your e-mail address."), at_most("email")])
    password = PasswordField("Password", [Needed("Write your password.")])
    is_own_device = BooleanField("This is my own phone")


class DemoSignInForm(KeptWords):
    """A person of the demo, chosen by name."""

    person_id = HiddenField()

    @property
    def chosen_id(self) -> int:
        """Return the id that was sent, or 0 for none that could be."""
        return _whole_number(self.person_id.data) or 0


class ConfirmPasswordForm(KeptWords):
    """The password, asked again on a phone that was signed in long ago."""

    password = PasswordField("Password", [Needed("Write your password.")])


class ForgotPasswordForm(Form):
    """The address to which a link may go."""

    email = StringField("E-mail", [Needed("Write your e-mail address."), at_most("email")])


class NewPasswordForm(Form):
    """A new password, shown or hidden as the browser likes; once is enough to type it."""

    password = PasswordField("New password", [Needed("Choose a password.")])


class InvitationForm(NewPasswordForm):
    """The name people know you by, and a password."""

    name = StringField("Your name", [Needed("Write your name."), at_most("person_name")])


class ChangePasswordForm(NewPasswordForm):
    """The present password and a new one."""

    # Any field with “password” in its name is left out of the words kept through a sign-in.
    current_password = PasswordField(
        "Your present password", [Needed("Write your present password.")]
    )


class DetailsForm(Form):
    """One's own name, job and address; a new address asks for the password."""

    name = StringField("Name", [Needed("Write your name."), at_most("person_name")])
    job_title = StringField("Job", [at_most("job_title")])
    email = StringField("E-mail", [Needed("Write your e-mail address."), at_most("email")])
    password = PasswordField("Your password")


class InviteForm(Form):
    """Many addresses, one team, what they may act as."""

    addresses = TextAreaField(
        "E-mail addresses",
        [Needed("Paste at least one e-mail address."), at_most("many_addresses")],
    )
    team = SelectField("Team", invalid_choice_message=_UNKNOWN)
    roles = Ticks(
        "They may act as",
        choices=options((role.value, ROLE_WORDS[role]) for role in PERSON_ROLES),
    )

    def offer_teams(self, teams: Iterable[Any]) -> None:
        """Offer these teams (with id and name), and none."""
        offered = [(str(team.id), team.name) for team in teams]
        self.team.choices = options([(NO_TEAM, "No team"), *offered])

    @property
    def team_id(self) -> int | None:
        """Return the chosen team."""
        return _whole_number(self.team.data)

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
        "Across the council", choices=options((role.value, ROLE_WORDS[role]) for role in ACROSS)
    )
    home = SelectField("Home team", invalid_choice_message=_UNKNOWN)
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
        """Return the ticked roles that reach over the council."""
        return frozenset(Role(value) for value in self.across.data or [])

    @property
    def home_team_id(self) -> int | None:
        """Return the team called home."""
        return _whole_number(self.home.data)


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
            t.name, choices=options(IN_A_TEAM), invalid_choice_message=_UNKNOWN
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


class TeamForm(Form):
    """A team as its manager tends it: aim and advice on how many ideas at once."""

    aim = StringField("Aim", [at_most("aim")])
    wip_plan = Count("Plan")
    wip_do = Count("Do")
    wip_study = Count("Study")
    version = Version()

    @property
    def wip(self) -> tuple[int, int, int]:
        """Return the three numbers."""
        return (self.wip_plan.data or 0, self.wip_do.data or 0, self.wip_study.data or 0)


class WholeTeamForm(TeamForm):
    """A team as an administrator sets it up: the name and the service as well."""

    name = StringField("Name", [Needed("Write the team’s name."), at_most("team_name")])
    service = SelectField("Service", invalid_choice_message=_UNKNOWN)

    def offer_services(self, services: Iterable[tuple[int, str]]) -> None:
        """Offer these services, and none."""
        offered = [(str(service_id), name) for service_id, name in services]
        self.service.choices = options([(NO_TEAM, "No service"), *offered])

    @property
    def service_id(self) -> int | None:
        """Return the chosen service."""
        return _whole_number(self.service.data)


class ServiceForm(Form):
    """The name of a service."""

    name = StringField("Name", [Needed("Write the service’s name."), at_most("team_name")])


class ButtonForm(Form):
    """A form of one button: only its token counts."""


class CodeForm(Form):
    """The code that makes a screen a team's wall."""

    code = StringField("Code", [Needed("Type the code."), at_most("wall_code")])


class WallForm(Form):
    """What a wall screen is called, so that its team knows which one to end."""

    name = StringField(
        "Name of the screen", [Needed("Give the screen a name."), at_most("device_name")]
    )


class WallThemeForm(Form):
    """The one form of a wall: dark or light."""

    dark = HiddenField()

    @property
    def is_dark(self) -> bool:
        """Return whether dark was asked for."""
        return self.dark.data == "1"
