"""People looked up by what somebody types of their names."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, or_, select, true

from improve.accounts.actor import Actor
from improve.accounts.models import Membership, Person
from improve.accounts.roles import Role
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class ReaderName:
    """An active person; ``is_near`` belongs to the team asked about or is one of those named."""

    id: int
    name: str
    job_title: str
    is_near: bool


def readers_named(
    actor: Actor,
    starts: Sequence[str],
    *,
    roles: Iterable[Role],
    also: Iterable[int] = (),
    near_team_id: int | None = None,
    near: Iterable[int] = (),
    most: int = 200,
) -> list[ReaderName]:
    """Return active people of whose names a word begins so, those near first, then A to Z.

    Only people who hold one of ``roles``, and ``also`` these. Case does not matter.
    """
    near = sorted(set(near))
    in_team = exists().where(
        Membership.person_id == Person.id, Membership.team_id == (near_team_id or 0)
    )
    is_near = or_(in_team, Person.id.in_(near)) if near else in_team
    holds = Person.id.in_(
        select(Membership.person_id).where(
            Membership.organisation_id == actor.organisation_id,
            Membership.role.in_(sorted(role.value for role in roles)),
        )
    )
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title, is_near.label("is_near"))
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            or_(holds, Person.id.in_(sorted(set(also)))),
            or_(*(_begins(start) for start in starts)) if starts else true(),
        )
        .order_by(is_near.desc(), Person.name, Person.id)
        .limit(most)
    )
    return [ReaderName(row.id, row.name, row.job_title, bool(row.is_near)) for row in rows]


def _begins(start: str) -> ColumnElement[bool]:
    """Return whether a word of the name begins so, as a column.

    SQLite knows small letters of English only, so that the other cases are asked for by name.
    """
    typed = {start.lower(), start, start.title()}
    name = func.lower(Person.name)
    return or_(
        name.startswith(start.lower(), autoescape=True),
        name.contains(f" {start.lower()}", autoescape=True),
        *(Person.name.startswith(one, autoescape=True) for one in sorted(typed)),
    )
