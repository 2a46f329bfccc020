"""A council: its facts for pages that nobody signs in to, who holds a role there, and its row."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Subquery, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Organisation, Person
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db


def councils() -> Subquery:
    """Return councils as a selectable for joins, as everybody may know them. Examples are none.

    id, name, slug, ``duty_numbers`` (“day” and “night”, in words) and ``closing_days`` as kept.
    """
    return (
        select(
            Organisation.id,
            Organisation.name,
            Organisation.slug,
            Organisation.duty_numbers,
            Organisation.closing_days,
        )
        .where(Organisation.example_of_id.is_(None))
        .subquery("council_facts")
    )


def organisation_for_change(actor: Actor) -> Organisation:
    """Return the row of the actor's council, locked until the end of the transaction."""
    return db.session.execute(
        select(Organisation)
        .where(Organisation.id == actor.organisation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one()


def holders_of(roles: Iterable[Role]) -> Subquery:
    """Return who can sign in today and holds one of ``roles`` as a selectable for joins.

    id, name, job_title and organisation_id, by which the caller must filter.
    """
    held = select(Membership.person_id).where(
        Membership.role.in_(sorted(role.value for role in roles))
    )
    return (
        select(Person.id, Person.name, Person.job_title, Person.organisation_id)
        .where(
            Person.is_active,
            or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
            Person.id.in_(held),
        )
        .subquery("holders")
    )


def in_use_since() -> datetime | None:
    """Return when the first council was made here; None before there is one."""
    return db.session.execute(select(func.min(Organisation.created_at))).scalar()
