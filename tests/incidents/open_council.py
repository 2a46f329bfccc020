"""A council that takes reports: two trained reviewers on cover, and a group of 24 to tell from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Flask

from improve.accounts import service
from improve.accounts.models import Person
from improve.accounts.roles import Role
from improve.incidents.models import (
    IncidentCover,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentReviewer,
    IncidentSetup,
)
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, make_person, make_team

#: The day on which the training of its reviewers was entered.
LONG_AGO = date(2020, 1, 6)
#: As many people as the group of such a council has.
PEOPLE = 24


@dataclass(frozen=True)
class Opened:
    """What an open council has: one group with its teams and people, and two reviewers."""

    organisation: int
    group: int
    team: int
    other_team: int
    #: Two who review, neither with a part in the group.
    reviewers: tuple[int, int]
    #: Those of the group, in two teams of half of them each.
    people: tuple[int, ...]


def make_staff(organisation_id: int, *, team_id: int) -> int:
    """Return the id of somebody of a team who was there: they have chosen a password."""
    person_id = make_person(organisation_id, team_id=team_id)
    db.session.get_one(Person, person_id).password_hash = "!"
    db.session.flush()
    return person_id


def make_reviewer(
    organisation_id: int, name: str | None = None, *, team_id: int | None = None
) -> int:
    """Return the id of a trained reviewer on cover from today; ``team_id``: works there, too."""
    person_id = make_person(organisation_id, name=name, role=Role.INCIDENT_REVIEWER)
    if team_id is not None:
        service.grant_role(
            organisation_id=organisation_id,
            person_id=person_id,
            role=Role.PRACTITIONER,
            team_id=team_id,
            is_home=True,
        )
    train(organisation_id, person_id)
    return person_id


def train(organisation_id: int, person_id: int) -> None:
    """Make somebody with the role a trained reviewer on cover from today on.

    Their training was entered long ago, so that they read reports that a test makes of earlier days.
    """
    today = clock.today()
    who = {"person_id": person_id, "organisation_id": organisation_id}
    db.session.add_all(
        [
            IncidentReviewer(
                **who, trained_on=today, trained_by="The academy", entered_on=LONG_AGO
            ),
            IncidentCover(**who, from_on=today, to_on=today + timedelta(days=60)),
        ]
    )
    db.session.flush()


def opened(
    organisation_id: int, reviewer_id: int | None = None, *, people: int = PEOPLE, **setup: Any
) -> Opened:
    """Open the form of a council and return what it has; the caller commits.

    ``reviewer_id``: the first of its two reviewers, made where there is none; ``setup``: columns
    of ``IncidentSetup``.
    """
    first = reviewer_id
    if first is None:
        first = make_reviewer(organisation_id)
    else:
        train(organisation_id, first)
    second = make_reviewer(organisation_id)
    teams = (make_team(organisation_id), make_team(organisation_id))
    group = IncidentGroup(organisation_id=organisation_id, name="Social work teams, north")
    signed = {"dpia_by": "Robin Vale", "legal_by": "Robin Vale", "numbers_tried_by": "Robin Vale"}
    days = dict.fromkeys(("dpia_on", "legal_on", "numbers_tried_on"), clock.today())
    promise = {"promise": "Nobody will try to find out who reported.", "promised_by_id": first}
    facts = {**signed, **days, **promise, "promised_at": clock.now(), "opened_at": clock.now()}
    db.session.add_all(
        [group, IncidentSetup(organisation_id=organisation_id, **{**facts, **setup})]
    )
    db.session.flush()
    db.session.add_all(
        IncidentGroupTeam(team_id=team, group_id=group.id, organisation_id=organisation_id)
        for team in teams
    )
    made = tuple(make_staff(organisation_id, team_id=teams[number % 2]) for number in range(people))
    db.session.flush()
    return Opened(organisation_id, group.id, *teams, (first, second), made)


def open_council(app: Flask, cast: Cast, **setup: Any) -> Opened:
    """Open the form of the first council, with the reviewer of the cast. Commits."""
    with app.app_context():
        found = opened(cast.organisation, cast.incident_reviewer, **setup)
        db.session.commit()
    return found
