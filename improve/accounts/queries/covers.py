"""Reads about deputies: who stands in for which manager, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.models import Cover, Person, Team
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True)
class CoverView:
    """A deputy of a manager in one team, from a day to a day, both with it."""

    id: int
    team_id: int
    team_slug: str
    team_name: str
    person_id: int
    person_name: str
    deputy_id: int
    deputy_name: str
    from_on: date
    to_on: date

    @property
    def stands(self) -> bool:
        """Whether the deputy acts today."""
        return self.from_on <= clock.today() <= self.to_on


_away, _deputy = aliased(Person), aliased(Person)


def _views() -> Any:
    return (
        select(
            Cover.id,
            Cover.team_id,
            Team.slug,
            Team.name,
            Cover.person_id,
            _away.name.label("person_name"),
            Cover.deputy_id,
            _deputy.name.label("deputy_name"),
            Cover.from_on,
            Cover.to_on,
        )
        .join(Team, Team.id == Cover.team_id)
        .join(_away, _away.id == Cover.person_id)
        .join(_deputy, _deputy.id == Cover.deputy_id)
    )


def covers_of_team(actor: Actor, team_id: int) -> list[CoverView]:
    """Return the covers of a team that stand or are to come, the first to begin first."""
    rows = db.session.execute(
        _views()
        .where(
            Cover.organisation_id == actor.organisation_id,
            Cover.team_id == team_id,
            Cover.ended_at.is_(None),
            Cover.to_on >= clock.today(),
        )
        .order_by(Cover.from_on, Cover.id)
    )
    return [CoverView(*row) for row in rows]


def covers_of_person(actor: Actor, person_id: int) -> list[CoverView]:
    """Return the covers, by or for a person, that stand or are to come."""
    rows = db.session.execute(
        _views()
        .where(
            Cover.organisation_id == actor.organisation_id,
            (Cover.person_id == person_id) | (Cover.deputy_id == person_id),
            Cover.ended_at.is_(None),
            Cover.to_on >= clock.today(),
        )
        .order_by(Cover.from_on, Cover.id)
    )
    return [CoverView(*row) for row in rows]


def cover(actor: Actor, cover_id: int) -> CoverView:
    """Return one cover of the actor's organisation, ended or not. Raises ``NotFound``."""
    row = db.session.execute(
        _views().where(Cover.organisation_id == actor.organisation_id, Cover.id == cover_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return CoverView(*row)
