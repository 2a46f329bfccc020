"""How many people a team or an organisation has, for shares of them. Never a list to be shown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, Subquery, func, select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person
from improve.accounts.queries.teams import teams_of_service
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
    found = staff_select(actor, team_id)
    return [StaffRow(*row) for row in db.session.execute(found.order_by(Person.id))]


def staff_of_service(actor: Actor, service_id: int, *, fewest: int) -> tuple[list[StaffRow], int]:
    """Return the active people of a service by id, and ``few_in_small_teams``: one statement."""
    few = few_in_small_teams(actor, service_id, fewest=fewest).scalar_subquery()
    found = staff_select(actor, service_id=service_id).add_columns(few).order_by(Person.id)
    rows = db.session.execute(found).all()
    return [StaffRow(*row[:2]) for row in rows], rows[0][2] if rows else 0


def staff_select(
    actor: Actor, team_id: int | None = None, *, service_id: int | None = None
) -> Select[Any]:
    """Return ``active_staff`` as a select of two columns: id and created_at."""
    held = _held(actor, team_id, service_id)
    columns: list[Any] = [Person.id, Person.created_at]
    return select(*columns).where(
        Person.organisation_id == actor.organisation_id,
        Person.is_active,
        Person.id.in_(select(held.c.person_id)),
    )


def few_in_small_teams(actor: Actor, service_id: int, *, fewest: int) -> Select[Any]:
    """Return a select of one count: people of a service whom no team of ``fewest`` people holds.

    What a service says of all its people, less what its larger teams say of theirs, would say of
    these few what is never said of a team so small.
    """
    held = _held(actor, None, service_id)
    there = select(held.c.person_id, held.c.team_id).join(
        Person, (Person.id == held.c.person_id) & Person.is_active
    )
    member = there.distinct().subquery("member")
    large = (
        select(member.c.team_id)
        .where(member.c.team_id.is_not(None))
        .group_by(member.c.team_id)
        .having(func.count() >= fewest)
    )
    in_large = select(member.c.person_id).where(member.c.team_id.in_(large))
    return select(func.count(member.c.person_id.distinct())).where(
        member.c.person_id.not_in(in_large)
    )


def _held(actor: Actor, team_id: int | None, service_id: int | None) -> Subquery:
    held = select(Membership.person_id, Membership.team_id).where(
        Membership.organisation_id == actor.organisation_id, Membership.role.not_in(_NOT_STAFF)
    )
    if team_id is not None:
        held = held.where(Membership.team_id == team_id)
    elif service_id is not None:
        held = held.where(Membership.team_id.in_(teams_of_service(actor, service_id)))
    return held.subquery("held")
