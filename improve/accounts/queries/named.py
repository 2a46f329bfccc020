"""People as lists from elsewhere name them: by full name or address."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person
from improve.accounts.roles import Role
from improve.shared.db import db


class NamedPerson(NamedTuple):
    """An active person whom a list may mean."""

    id: int
    name: str
    email: str
    is_of_team: bool


def people_named(actor: Actor, team_id: int) -> list[NamedPerson]:
    """Return the active staff of the organisation, by id, with who is of the team. No guests."""
    staff = select(Membership.person_id).where(
        Membership.organisation_id == actor.organisation_id,
        Membership.role.not_in((Role.GUEST.value, Role.ADMINISTRATOR.value)),
    )
    of_team = (
        select(Membership.id)
        .where(Membership.person_id == Person.id, Membership.team_id == team_id)
        .exists()
    )
    rows = db.session.execute(
        select(Person.id, Person.name, Person.email, of_team)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id.in_(staff),
        )
        .order_by(Person.id)
    )
    return [NamedPerson(row[0], row[1], row[2], bool(row[3])) for row in rows]
