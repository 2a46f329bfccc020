"""How many people a team or an organisation has, for shares of them. Never a list to be shown."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person
from improve.accounts.roles import Role
from improve.shared.db import db

_NOT_STAFF = (Role.ADMINISTRATOR.value, Role.GUEST.value)


class StaffRow(NamedTuple):
    """An active person and since when they have had an account."""

    person_id: int
    since: datetime


class MailAddress(NamedTuple):
    """Where mail reaches a person."""

    person_id: int
    email: str


def addresses_of_team(actor: Actor, team_id: int) -> list[MailAddress]:
    """Return where mail reaches the active people of a team, by id. Never a list to be shown."""
    members = select(Membership.person_id).where(
        Membership.organisation_id == actor.organisation_id, Membership.team_id == team_id
    )
    rows = db.session.execute(
        select(Person.id, Person.email)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id.in_(members),
        )
        .order_by(Person.id)
    )
    return [MailAddress(*row) for row in rows]


def active_staff(actor: Actor, team_id: int | None = None) -> list[StaffRow]:
    """Return the active people of a team, else of the whole organisation, by id.

    Guests, and those who only keep the accounts, are not staff. Of a team: its members now; who
    was in it at another time is not known.
    """
    held = select(Membership.person_id).where(
        Membership.organisation_id == actor.organisation_id, Membership.role.not_in(_NOT_STAFF)
    )
    if team_id is not None:
        held = held.where(Membership.team_id == team_id)
    rows = db.session.execute(
        select(Person.id, Person.created_at)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id.in_(held),
        )
        .order_by(Person.id)
    )
    return [StaffRow(*row) for row in rows]
