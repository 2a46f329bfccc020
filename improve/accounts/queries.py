"""Reads about people, teams and sessions. The actor first; their organisation is always inside."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Subquery, func, or_, select

from improve.accounts.actor import Actor, Place
from improve.accounts.models import (
    AuthSession,
    Membership,
    OneTimeLink,
    Organisation,
    Person,
    Service,
    Team,
)
from improve.accounts.roles import Role
from improve.shared.db import db
from improve.shared.errors import NotFound


@dataclass(frozen=True)
class TeamView:
    """A team as boards and lists show it."""

    id: int
    slug: str
    name: str
    aim: str
    wip_plan: int
    wip_do: int
    wip_study: int
    board_version: int
    service_id: int | None
    version: int = 1
    closed_on: date | None = None


@dataclass(frozen=True)
class PersonName:
    """A person as others see them."""

    id: int
    name: str
    job_title: str

    @property
    def first_name(self) -> str:
        """What colleagues call them."""
        return self.name.split(" ", 1)[0]


@dataclass(frozen=True)
class LiveSession:
    """A session that still stands, and whose it is."""

    id: int
    csrf_token: str
    is_own_device: bool
    created_at: datetime
    last_used_at: datetime
    password_at: datetime
    ended_at: datetime | None
    is_active: bool
    ends_on: date | None
    rights_version: int
    message: dict[str, Any] | None
    actor: Actor


def session_by_token_hash(token_hash: str) -> LiveSession | None:
    """Return the session with its person and all their places, in one statement, or None."""
    rows = db.session.execute(
        select(
            AuthSession.id,
            AuthSession.csrf_token,
            AuthSession.is_own_device,
            AuthSession.created_at,
            AuthSession.last_used_at,
            AuthSession.password_at,
            AuthSession.ended_at,
            AuthSession.rights_version.label("session_rights"),
            AuthSession.message,
            Person.id.label("person_id"),
            Person.organisation_id,
            Person.name,
            Person.job_title,
            Person.is_active,
            Person.ends_on,
            Person.rights_version,
            Person.theme,
            Membership.role,
            Membership.team_id,
            Membership.service_id,
            Membership.is_home,
            Team.slug,
            Team.name.label("team_name"),
        )
        .join(Person, Person.id == AuthSession.person_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(AuthSession.token_hash == token_hash)
        .order_by(Membership.id)
    ).all()
    if not rows:
        return None
    first = rows[0]
    return LiveSession(
        id=first.id,
        csrf_token=first.csrf_token,
        is_own_device=first.is_own_device,
        created_at=first.created_at,
        last_used_at=first.last_used_at,
        password_at=first.password_at,
        ended_at=first.ended_at,
        is_active=first.is_active,
        ends_on=first.ends_on,
        rights_version=first.session_rights,
        message=first.message,
        actor=Actor(
            person_id=first.person_id,
            organisation_id=first.organisation_id,
            name=first.name,
            job_title=first.job_title,
            places=_places(rows),
            rights_version=first.rights_version,
            theme=first.theme,
        ),
    )


def _places(rows: Iterable[Any]) -> tuple[Place, ...]:
    return tuple(
        Place(
            role=Role(row.role),
            team_id=row.team_id,
            team_slug=row.slug,
            team_name=row.team_name,
            service_id=row.service_id,
            is_home=row.is_home,
        )
        for row in rows
        if row.role is not None
    )


def actor_of_person(person_id: int) -> Actor:
    """Return the actor that a person is, for commands and the demo. Raises ``NotFound``."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.organisation_id,
            Person.name,
            Person.job_title,
            Person.rights_version,
            Person.theme,
            Membership.role,
            Membership.team_id,
            Membership.service_id,
            Membership.is_home,
            Team.slug,
            Team.name.label("team_name"),
        )
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Person.id == person_id)
        .order_by(Membership.id)
    ).all()
    if not rows:
        raise NotFound
    first = rows[0]
    return Actor(
        person_id=first.id,
        organisation_id=first.organisation_id,
        name=first.name,
        job_title=first.job_title,
        places=_places(rows),
        rights_version=first.rights_version,
        theme=first.theme,
    )


_TEAM_COLUMNS = (
    Team.id,
    Team.slug,
    Team.name,
    Team.aim,
    Team.wip_plan,
    Team.wip_do,
    Team.wip_study,
    Team.board_version,
    Team.service_id,
    Team.version,
    Team.closed_on,
)


def team_by_slug(actor: Actor, slug: str) -> TeamView:
    """Return a team of the actor's organisation. Raises ``NotFound``."""
    row = db.session.execute(
        select(*_TEAM_COLUMNS).where(
            Team.organisation_id == actor.organisation_id, Team.slug == slug
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return TeamView(*row)


def team_by_id(actor: Actor, team_id: int) -> TeamView:
    """Return a team of the actor's organisation. Raises ``NotFound``."""
    row = db.session.execute(
        select(*_TEAM_COLUMNS).where(
            Team.organisation_id == actor.organisation_id, Team.id == team_id
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return TeamView(*row)


def teams(actor: Actor) -> list[TeamView]:
    """Return the open teams of the actor's organisation, A to Z."""
    rows = db.session.execute(
        select(*_TEAM_COLUMNS)
        .where(Team.organisation_id == actor.organisation_id, Team.closed_on.is_(None))
        .order_by(Team.name, Team.id)
    )
    return [TeamView(*row) for row in rows]


def services(actor: Actor) -> list[tuple[int, str]]:
    """Return (id, name) of the organisation's services, A to Z."""
    rows = db.session.execute(
        select(Service.id, Service.name)
        .where(Service.organisation_id == actor.organisation_id)
        .order_by(Service.name, Service.id)
    )
    return [(row.id, row.name) for row in rows]


def people_of_team(actor: Actor, team_id: int) -> list[PersonName]:
    """Return the active people of a team, A to Z."""
    return _people_with(actor, Membership.team_id == team_id)


def managers_of_team(actor: Actor, team_id: int) -> list[PersonName]:
    """Return the active managers of a team, A to Z."""
    return _people_with(
        actor, (Membership.team_id == team_id) & (Membership.role == Role.MANAGER.value)
    )


def coaches(actor: Actor) -> list[PersonName]:
    """Return the active coaches of the organisation, A to Z."""
    return _people_with(actor, Membership.role == Role.COACH.value)


def leaders(actor: Actor) -> list[PersonName]:
    """Return the active leaders of the organisation, A to Z."""
    return _people_with(actor, Membership.role == Role.LEADER.value)


def _people_with(actor: Actor, condition: Any) -> list[PersonName]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id.in_(select(Membership.person_id).where(condition)),
        )
        .order_by(Person.name, Person.id)
    )
    return [PersonName(*row) for row in rows]


def people_by_id(actor: Actor, ids: Iterable[int | None]) -> dict[int, PersonName]:
    """Return people of the organisation by id, those who left included."""
    wanted = {i for i in ids if i is not None}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(Person.organisation_id == actor.organisation_id, Person.id.in_(wanted))
        .order_by(Person.id)
    )
    return {row.id: PersonName(*row) for row in rows}


def person_names() -> Subquery:
    """Return people as a selectable for joins: id, name, job_title, organisation_id.

    The caller's own organisation filter must stand on the table it joins to.
    """
    return select(
        Person.id, Person.name, Person.job_title, Person.organisation_id
    ).subquery("person_names")


def team_names() -> Subquery:
    """Return teams as a selectable for joins: id, slug, name, organisation_id, service_id."""
    return select(
        Team.id, Team.slug, Team.name, Team.organisation_id, Team.service_id
    ).subquery("team_names")


@dataclass(frozen=True)
class SignInRow:
    """What signing in needs to know of an account."""

    id: int
    organisation_id: int
    name: str
    email: str
    password_hash: str | None
    is_active: bool
    ends_on: date | None
    rights_version: int
    organisation_name: str


def person_for_sign_in(email: str) -> SignInRow | None:
    """Return the account with this address, whatever its state. For signing in only."""
    return _sign_in_row(Person.email == email.strip().lower())


def person_for_password(person_id: int) -> SignInRow | None:
    """Return the account by id. For checking and changing its own password only."""
    return _sign_in_row(Person.id == person_id)


def _sign_in_row(condition: Any) -> SignInRow | None:
    row = db.session.execute(
        select(
            Person.id,
            Person.organisation_id,
            Person.name,
            Person.email,
            Person.password_hash,
            Person.is_active,
            Person.ends_on,
            Person.rights_version,
            Organisation.name,
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .where(condition)
    ).one_or_none()
    return SignInRow(*row) if row else None


def organisation_name(actor: Actor) -> str:
    """Return the name of the actor's organisation."""
    return db.session.execute(
        select(Organisation.name).where(Organisation.id == actor.organisation_id)
    ).scalar_one()


@dataclass(frozen=True)
class DeviceView:
    """One signed-in device of a person."""

    id: int
    device: str
    is_own_device: bool
    created_at: datetime
    last_used_at: datetime


def devices(actor: Actor) -> list[DeviceView]:
    """Return the actor's own sessions that still stand, last used first."""
    rows = db.session.execute(
        select(
            AuthSession.id,
            AuthSession.device,
            AuthSession.is_own_device,
            AuthSession.created_at,
            AuthSession.last_used_at,
        )
        .where(AuthSession.person_id == actor.person_id, AuthSession.ended_at.is_(None))
        .order_by(AuthSession.last_used_at.desc(), AuthSession.id.desc())
        .limit(50)
    )
    return [DeviceView(*row) for row in rows]


@dataclass(frozen=True)
class LinkView:
    """A one-time link that may still be used, and the account it is for."""

    id: int
    kind: str
    person_id: int
    organisation_id: int
    name: str
    email: str
    organisation_name: str
    expires_at: datetime


def usable_link(token_hash: str, kind: str, at: datetime) -> LinkView | None:
    """Return the link if it was neither used, revoked nor outlived, or None."""
    row = db.session.execute(
        select(
            OneTimeLink.id,
            OneTimeLink.kind,
            OneTimeLink.person_id,
            OneTimeLink.organisation_id,
            Person.name,
            Person.email,
            Organisation.name,
            OneTimeLink.expires_at,
        )
        .join(Person, Person.id == OneTimeLink.person_id)
        .join(Organisation, Organisation.id == OneTimeLink.organisation_id)
        .where(
            OneTimeLink.token_hash == token_hash,
            OneTimeLink.kind == kind,
            OneTimeLink.used_at.is_(None),
            OneTimeLink.revoked_at.is_(None),
            OneTimeLink.expires_at > at,
            Person.is_active,
        )
    ).one_or_none()
    return LinkView(*row) if row else None


@dataclass(frozen=True)
class DemoPerson:
    """A person whom the demo's sign-in page offers."""

    id: int
    name: str
    job_title: str
    team_name: str | None
    is_in_a_team: bool


def demo_people(slug: str) -> list[DemoPerson]:
    """Return the people of the demo organisation who can be chosen, in the order they were made."""
    team = (
        select(Membership.person_id, func.min(Team.name).label("team_name"))
        .join(Team, Team.id == Membership.team_id)
        .where(or_(Membership.is_home, Membership.team_id.is_not(None)))
        .group_by(Membership.person_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title, team.c.team_name)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(team, team.c.person_id == Person.id)
        .where(Organisation.slug == slug, Person.is_active)
        .order_by(Person.id)
    )
    return [DemoPerson(r.id, r.name, r.job_title, r.team_name, bool(r.team_name)) for r in rows]

