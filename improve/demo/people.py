"""The people of the demo: councils, services, teams, and what everybody may act as."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from improve.accounts import queries, service
from improve.accounts.actor import Actor
from improve.accounts.learning_team import LEARNING_TEAM, LEARNING_TEAM_TITLE
from improve.accounts.roles import TEAM_ROLES, Role
from improve.accounts.service.found import add_service

#: The learning team in ``content.json``. Its account is closed once its ideas are logged.
LEARNING = "learning"


@dataclass
class Council:
    """The ids of one loaded council, by the keys of ``content.json``."""

    organisation_id: int
    name: str
    services: dict[str, int] = field(default_factory=dict)
    teams: dict[str, int] = field(default_factory=dict)
    people: dict[str, int] = field(default_factory=dict)
    measures: dict[str, int] = field(default_factory=dict)
    ideas: dict[str, int] = field(default_factory=dict)
    tallies: dict[str, int] = field(default_factory=dict)
    samples: dict[str, int] = field(default_factory=dict)
    drivers: dict[str, int] = field(default_factory=dict)
    managers: dict[str, str] = field(default_factory=dict)

    def actor(self, key: str) -> Actor:
        """Return the actor that a person is."""
        if key not in self._actors:
            self._actors[key] = queries.actor_of_person(self.people[key])
        return self._actors[key]

    @cached_property
    def _actors(self) -> dict[str, Actor]:
        return {}


def found_council(content: Mapping[str, Any], *, password: str | None) -> Council:
    """Found a council with its services, teams and people; all get the same password."""
    name = content["name"]
    return settle_council(Council(service.found_organisation(name=name), name), content, password)


def settle_council(
    council: Council, content: Mapping[str, Any], password: str | None = None
) -> Council:
    """Give a council its services, teams and people.

    Whoever works in a team is made first, since the sign-in page offers them in this order.
    """
    name = content["name"]
    for each in content["services"]:
        council.services[each["key"]] = add_service(
            organisation_id=council.organisation_id, name=each["name"]
        )
    for team in content["teams"]:
        council.teams[team["key"]] = service.add_team(
            organisation_id=council.organisation_id,
            name=team["name"],
            aim=team["aim"],
            service_id=council.services.get(team["service"]),
            wip=tuple(team["work_limits"]),
        )
    for person in sorted(content["people"], key=lambda p: p["team"] is None):
        _add_person(council, person, password)
    if any(idea["author"] == LEARNING for idea in content["ideas"]):
        _add_person(
            council,
            {
                "key": LEARNING,
                "name": LEARNING_TEAM,
                "job_title": LEARNING_TEAM_TITLE,
                "email": f"learning@{name.split()[0].lower()}.example",
                "team": None,
                "roles": [Role.COACH.value],
            },
            None,
        )
    return council


def _add_person(council: Council, person: Mapping[str, Any], password: str | None) -> None:
    person_id = service.register_person(
        organisation_id=council.organisation_id,
        name=person["name"],
        email=person["email"],
        job_title=person["job_title"],
        password=password,
    )
    council.people[person["key"]] = person_id
    for name in person["roles"]:
        role = Role(name)
        service.grant_role(
            organisation_id=council.organisation_id,
            person_id=person_id,
            role=role,
            team_id=council.teams[person["team"]] if role in TEAM_ROLES else None,
            is_home=role in TEAM_ROLES,
        )
        if role is Role.MANAGER:
            council.managers[person["team"]] = person["key"]
