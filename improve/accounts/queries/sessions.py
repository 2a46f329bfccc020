"""Reads for signing in: sessions, passwords, devices, one-time links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import bindparam, case, exists, false, func, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.models import (
    AuthSession,
    Membership,
    OneTimeLink,
    Organisation,
    Person,
    SecondFactor,
)
from improve.accounts.queries.actors import ACTOR_COLUMNS, actor_in, with_places
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.shared.db import db

#: Proofs with which roles count that a group gave. The demo has no directory to ask.
_ASKED_THE_DIRECTORY: Final = frozenset({"provider", "demo"})


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
    #: The proof beside the password: “code”, “recovery”, “provider”, “demo”; “”: none.
    factor: str
    #: When the council's own sign-in says that they proved themselves; None: it said nothing.
    proved_at: datetime | None
    #: Whether the person has an authenticator app that gives codes.
    has_factor: bool
    #: Whether the person has a password of this site.
    has_password: bool
    message: dict[str, Any] | None
    #: Whose it is. ``actor`` is somebody else only while they look at their council's example.
    owner_id: int
    owner_rights: int
    is_visiting: bool
    #: Whether its owner holds a role that is closely held, whoever acts just now.
    is_closely_held: bool
    actor: Actor


def session_by_token_hash(token_hash: str) -> LiveSession | None:
    """Return the session with its person and all their places, in one statement, or None."""
    # Straight from the connection: plain columns need none of the mapper's care.
    rows = db.session.connection().execute(_live_sessions(), {"token_hash": token_hash}).all()
    if not rows:
        return None
    first = rows[0]
    # A password says nothing of the groups that somebody is still in.
    actor = actor_in(rows, of_groups=first.factor in _ASKED_THE_DIRECTORY)
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
        factor=first.factor,
        proved_at=first.proved_at,
        has_factor=first.factor_since is not None,
        has_password=first.has_password,
        message=first.message,
        owner_id=first.owner_id,
        owner_rights=first.owner_rights,
        is_visiting=first.visits_as_id is not None,
        is_closely_held=first.visits_for_few or bool(actor.roles & CLOSELY_HELD_ROLES),
        actor=actor,
    )


@cache
def _live_sessions() -> Any:
    # Built once: every request asks, and making it takes longer than running it.
    owner, held = aliased(Person), aliased(Membership)
    holds_closely = exists().where(
        held.person_id == owner.id, held.role.in_(sorted(CLOSELY_HELD_ROLES))
    )
    return with_places(
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
            AuthSession.factor,
            AuthSession.proved_at,
            SecondFactor.confirmed_at.label("factor_since"),
            AuthSession.visits_as_id,
            owner.id.label("owner_id"),
            owner.rights_version.label("owner_rights"),
            owner.is_active,
            owner.ends_on,
            owner.password_hash.is_not(None).label("has_password"),
            case((AuthSession.visits_as_id.is_not(None), holds_closely), else_=false()).label(
                "visits_for_few"
            ),
            *ACTOR_COLUMNS,
        )
        .join(owner, owner.id == AuthSession.person_id)
        # Whoever looks at an example is somebody invented there, and has no right beside theirs.
        .join(Person, Person.id == func.coalesce(AuthSession.visits_as_id, AuthSession.person_id))
        .outerjoin(SecondFactor, SecondFactor.person_id == owner.id)
        .where(AuthSession.token_hash == bindparam("token_hash"))
    )


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


@dataclass(frozen=True)
class DeviceView:
    """One signed-in device of a person."""

    id: int
    device: str
    is_own_device: bool
    created_at: datetime
    last_used_at: datetime
    #: As in ``LiveSession``.
    factor: str


def devices(actor: Actor) -> list[DeviceView]:
    """Return the actor's own sessions that still stand, last used first."""
    return devices_of_person(actor, actor.person_id)


def devices_of_person(actor: Actor, person_id: int) -> list[DeviceView]:
    """Return the sessions of one of the organisation's people, last used first, at most fifty."""
    rows = db.session.execute(
        select(
            AuthSession.id,
            AuthSession.device,
            AuthSession.is_own_device,
            AuthSession.created_at,
            AuthSession.last_used_at,
            AuthSession.factor,
        )
        .join(Person, Person.id == AuthSession.person_id)
        .where(
            Person.id == person_id,
            Person.organisation_id == actor.organisation_id,
            AuthSession.ended_at.is_(None),
            AuthSession.rights_version == Person.rights_version,
        )
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
    council_slug: str
    facts: Mapping[str, Any]


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
            Organisation.slug,
            OneTimeLink.facts,
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
