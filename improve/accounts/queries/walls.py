"""Reads about walls: screens that show one team's board and huddle without a sign-in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from improve.accounts.actor import Actor, Place
from improve.accounts.models import Person, Team, WallDevice
from improve.accounts.roles import Role
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True)
class HeldWall:
    """The wall that a screen is. ``actor`` has a wall's rights, in its own team only."""

    id: int
    csrf_token: str
    is_dark: bool
    ended_at: datetime | None
    team_slug: str
    is_team_open: bool
    actor: Actor


def wall_by_token_hash(token_hash: str) -> HeldWall | None:
    """Return the wall, standing or not, with its team, in one statement."""
    row = db.session.execute(
        select(
            WallDevice.id,
            WallDevice.csrf_token,
            WallDevice.is_dark,
            WallDevice.ended_at,
            WallDevice.organisation_id,
            WallDevice.name,
            WallDevice.team_id,
            Team.slug,
            Team.name.label("team_name"),
            Team.closed_on,
        )
        .join(Team, Team.id == WallDevice.team_id)
        .where(WallDevice.token_hash == token_hash)
    ).one_or_none()
    if row is None:
        return None
    return HeldWall(
        id=row.id,
        csrf_token=row.csrf_token,
        is_dark=row.is_dark,
        ended_at=row.ended_at,
        team_slug=row.slug,
        is_team_open=row.closed_on is None,
        actor=wall_actor(
            row.organisation_id,
            Place(Role.WALL, team_id=row.team_id, team_slug=row.slug, team_name=row.team_name),
        ),
    )


def wall_actor(organisation_id: int, place: Place) -> Actor:
    """Return who looks at a wall: nobody, in one team."""
    return Actor(
        person_id=0,
        organisation_id=organisation_id,
        name="Wall screen",
        job_title="",
        places=(place,),
        rights_version=0,
    )


@dataclass(frozen=True)
class WallView:
    """One wall of a team, as those see it who make and end them.

    ``started_at`` is None until its code is typed in on the screen.
    """

    id: int
    name: str
    made_by: str
    created_at: datetime
    code_expires_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None = None


_VIEW = (
    WallDevice.id,
    WallDevice.name,
    Person.name.label("made_by"),
    WallDevice.created_at,
    WallDevice.code_expires_at,
    WallDevice.started_at,
    WallDevice.ended_at,
)


def walls_of_team(actor: Actor, team_id: int, at: datetime) -> list[WallView]:
    """Return the walls of a team that stand, or whose code may still be typed in, by name."""
    rows = db.session.execute(
        select(*_VIEW)
        .join(Person, Person.id == WallDevice.made_by_id)
        .where(
            WallDevice.organisation_id == actor.organisation_id,
            WallDevice.team_id == team_id,
            WallDevice.ended_at.is_(None),
            or_(WallDevice.started_at.is_not(None), WallDevice.code_expires_at > at),
        )
        .order_by(WallDevice.name, WallDevice.id)
        .limit(100)
    )
    return [WallView(*row) for row in rows]


def wall(actor: Actor, team_id: int, wall_id: int) -> WallView:
    """Return one wall of a team, ended or not. Raises ``NotFound``."""
    row = db.session.execute(
        select(*_VIEW)
        .join(Person, Person.id == WallDevice.made_by_id)
        .where(
            WallDevice.organisation_id == actor.organisation_id,
            WallDevice.team_id == team_id,
            WallDevice.id == wall_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return WallView(*row)
