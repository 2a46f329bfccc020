"""One person, those who can be found, and how much there is of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, or_, select, union_all

from improve.accounts.actor import Actor
from improve.privacy.person_rows import LINKS, NO_ADDRESS
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.whole_tables import all_tables

#: People shown at once; whoever has more writes more of the name.
FOUND_MOST = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody about whom something is asked. ``address``: empty where it is gone."""

    id: int
    organisation_id: int
    name: str
    address: str
    job_title: str
    is_active: bool
    ends_on: date | None
    created_at: datetime
    has_password: bool


def subject(actor: Actor, person_id: int) -> Subject:
    """Return somebody of the actor's council, closed accounts too. Raises ``NotFound``."""
    row = db.session.execute(
        _people(actor.organisation_id).where(_table().c.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return _shape(row)


def subject_by_id(organisation_id: int, person_id: int) -> Subject | None:
    """Return somebody of a council, for what is done by itself."""
    row = db.session.execute(
        _people(organisation_id).where(_table().c.id == person_id)
    ).one_or_none()
    return _shape(row) if row else None


def people_called(actor: Actor, words: str) -> tuple[list[Subject], bool]:
    """Return people whose name or address holds the words, A to Z, and whether there are more."""
    people = _table()
    asked = " ".join(words.split())
    rows = db.session.execute(
        _people(actor.organisation_id)
        .where(
            or_(
                people.c.name.icontains(asked, autoescape=True),
                people.c.email.icontains(asked, autoescape=True),
            )
        )
        .order_by(people.c.name, people.c.id)
        .limit(FOUND_MOST + 1)
    ).all()
    return [_shape(row) for row in rows[:FOUND_MOST]], len(rows) > FOUND_MOST


def is_name_of_another(person: Subject, name: str) -> bool:
    """Return whether somebody else of the council has, or had, an account of this name."""
    people = _table()
    found = db.session.execute(
        select(people.c.id)
        .where(
            people.c.organisation_id == person.organisation_id,
            people.c.id != person.id,
            or_(people.c.name == name, func.lower(people.c.name) == func.lower(name)),
        )
        .limit(1)
    ).first()
    return found is not None


def links_of(person_id: int) -> dict[tuple[str, str], int]:
    """Return how many rows point to a person by each column, those that none does left out."""
    parts = [
        select(
            literal(table).label("in_table"), literal(column).label("by"), func.count().label("n")
        )
        .select_from(all_tables()[table])
        .where(all_tables()[table].c[column] == person_id)
        for table, column in LINKS
    ]
    rows = db.session.execute(union_all(*parts)).all()
    return {(row.in_table, row.by): int(row.n) for row in rows if row.n}


def _table() -> Any:
    return all_tables()["people"]


def _people(organisation_id: int) -> Any:
    people = _table()
    return select(
        people.c.id,
        people.c.organisation_id,
        people.c.name,
        people.c.email,
        people.c.job_title,
        people.c.is_active,
        people.c.ends_on,
        people.c.created_at,
        people.c.password_hash.is_not(None).label("has_password"),
    ).where(people.c.organisation_id == organisation_id)


def _shape(row: Any) -> Subject:
    return Subject(
        id=row.id,
        organisation_id=row.organisation_id,
        name=row.name,
        address="" if row.email.endswith(NO_ADDRESS) else row.email,
        job_title=row.job_title,
        is_active=row.is_active,
        ends_on=row.ends_on,
        created_at=row.created_at,
        has_password=bool(row.has_password),
    )
