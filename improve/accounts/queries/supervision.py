"""Whom somebody may share a page with: their managers, and their colleagues."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person
from improve.accounts.queries.people import PersonName
from improve.accounts.roles import Role
from improve.shared.db import db


def my_managers(actor: Actor) -> list[PersonName]:
    """Return the active managers of the actor's teams, A to Z, without the actor."""
    return _people(
        actor,
        (Membership.role == Role.MANAGER.value) & Membership.team_id.in_(sorted(actor.team_ids)),
    )


def colleagues(actor: Actor) -> list[PersonName]:
    """Return the active staff of the organisation, A to Z: no guests, not the actor.

    Nor who only keeps the accounts.
    """
    return _people(actor, Membership.role.not_in((Role.GUEST.value, Role.ADMINISTRATOR.value)))


def _people(actor: Actor, held: ColumnElement[bool]) -> list[PersonName]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id != actor.person_id,
            Person.id.in_(select(Membership.person_id).where(held)),
        )
        .order_by(Person.name, Person.id)
    )
    return [PersonName(*row) for row in rows]
