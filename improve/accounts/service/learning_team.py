"""The learning team: an account that is nobody's, in whose name what was learned is proposed."""

from __future__ import annotations

import secrets

from sqlalchemy import select

from improve.accounts.learning_team import LEARNING_TEAM, LEARNING_TEAM_TITLE
from improve.accounts.models import Organisation, Person
from improve.accounts.roles import Role
from improve.accounts.service.found import grant_role, register_person
from improve.shared.db import db


def learning_team(organisation_id: int) -> int:
    """Return the account of a council's learning team, made where there is none yet.

    It logs ideas like a coach. It has no password and an address that no mail reaches, and is
    closed: nobody signs in as it. An account of the name that somebody signs in to is another's.
    """
    found = db.session.execute(
        select(Person.id)
        .where(
            Person.organisation_id == organisation_id,
            Person.name == LEARNING_TEAM,
            Person.password_hash.is_(None),
        )
        .order_by(Person.id)
        .limit(1)
    ).scalar_one_or_none()
    if found is not None:
        return found
    slug = db.session.execute(
        select(Organisation.slug).where(Organisation.id == organisation_id)
    ).scalar_one()
    person_id = register_person(
        organisation_id=organisation_id,
        name=LEARNING_TEAM,
        email=f"learning-team-{secrets.token_hex(4)}@{slug}.invalid",
        job_title=LEARNING_TEAM_TITLE,
    )
    grant_role(organisation_id=organisation_id, person_id=person_id, role=Role.COACH)
    db.session.get_one(Person, person_id).is_active = False
    db.session.flush()
    return person_id
