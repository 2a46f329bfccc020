"""The forms that set a team or a service up."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms import (
    SelectField,
    StringField,
)

from improve.accounts.forms.fields import NO_TEAM, UNKNOWN_CHOICE, Count
from improve.shared.formatting import whole_number
from improve.shared.forms import Form, Needed, Version, at_most, options


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
    service = SelectField("Service", invalid_choice_message=UNKNOWN_CHOICE)

    def offer_services(self, services: Iterable[tuple[int, str]]) -> None:
        """Offer these services, and none."""
        offered = [(str(service_id), name) for service_id, name in services]
        self.service.choices = options([(NO_TEAM, "No service"), *offered])

    @property
    def service_id(self) -> int | None:
        """Return the chosen service."""
        return whole_number(self.service.data)


class ServiceForm(Form):
    """The name of a service."""

    name = StringField("Name", [Needed("Write the service’s name."), at_most("team_name")])
