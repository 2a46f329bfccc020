"""Reads about the council's own sign-in: who is known there, and what its groups give."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.models import GroupRole, Identity, Membership, Organisation, Person, Team
from improve.accounts.models import Service as ServiceRow
from improve.accounts.oidc.group_roles import GroupRule, Spot
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db


def has_way_in(person: Any = Person) -> ColumnElement[bool]:
    """Return whether somebody has come at least once: a password, or their council account."""
    return or_(
        person.password_hash.is_not(None),
        exists().where(Identity.person_id == person.id),
    )


def _lets_administer(issuers: Iterable[str]) -> ColumnElement[bool]:
    """Return whether somebody's way in opens it to whoever administers.

    ``issuers``: the councils' own sign-ins that are set. One that no longer is opens nothing, nor
    does a key that another administrator entered.
    """
    joined = exists().where(
        Identity.person_id == Person.id,
        Identity.issuer.in_(set(issuers)),
        Identity.is_entered.is_(False),
    )
    return or_(Person.password_hash.is_not(None), joined)


def administrators_by_council(issuers: Iterable[str]) -> list[tuple[str, int]]:
    """Return each council's name and how many who administer it can come in today, A to Z.

    ``issuers``: the councils' own sign-ins that are set.
    """
    administer = select(Membership.person_id).where(Membership.role == Role.ADMINISTRATOR.value)
    counted = func.count(Person.id)
    rows = db.session.execute(
        select(Organisation.name, counted)
        .outerjoin(
            Person,
            and_(
                Person.organisation_id == Organisation.id,
                Person.is_active,
                or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
                Person.id.in_(administer),
                _lets_administer(issuers),
            ),
        )
        .where(Organisation.example_of_id.is_(None))
        .group_by(Organisation.id, Organisation.name)
        .order_by(Organisation.name, Organisation.id)
    )
    return [(row[0], row[1]) for row in rows]


def has_come(person_id: int) -> bool:
    """Return whether somebody has a way in already: an invitation is not for them any more."""
    come = select(Person.id).where(Person.id == person_id, has_way_in())
    return db.session.execute(come).first() is not None


def comes_by_council_account(person_id: int) -> bool:
    """Return whether the council's own sign-in is somebody's only way in: no password."""
    only = select(Person.id).where(
        Person.id == person_id,
        Person.password_hash.is_(None),
        exists().where(Identity.person_id == Person.id),
    )
    return db.session.execute(only).first() is not None


def is_joined(person_id: int, issuer: str) -> bool:
    """Return whether somebody has joined an account of this provider themselves."""
    joined = select(Identity.id).where(
        Identity.person_id == person_id, Identity.issuer == issuer, Identity.is_entered.is_(False)
    )
    return db.session.execute(joined.limit(1)).first() is not None


def is_parted(person_id: int) -> bool:
    """Return whether an account was parted from the council's sign-in, and not invited since."""
    last = (
        select(AuditEntry.action)
        .where(
            AuditEntry.object_kind == "person",
            AuditEntry.object_id == str(person_id),
            AuditEntry.action.in_(["council_account_forgotten", "invitation_sent"]),
        )
        .order_by(AuditEntry.id.desc())
        .limit(1)
    )
    return db.session.execute(last).scalar() == "council_account_forgotten"


def is_last_administrator(
    organisation_id: int, person_id: int, *, issuers: Iterable[str], here_id: int = 0
) -> bool:
    """Return whether a council would be without one who can come in, if this one ceased to be.

    Whoever was invited and never came, whose account has run out, and who came by a sign-in that
    is not among ``issuers`` any more, helps nobody. ``here_id`` is somebody who is in just now,
    whatever their way.
    """
    mine = (
        Membership.organisation_id == organisation_id,
        Membership.role == Role.ADMINISTRATOR.value,
        Person.is_active,
    )
    held = select(Person.id).join(Membership, Membership.person_id == Person.id).where(*mine)
    another = held.where(
        Person.id != person_id,
        or_(_lets_administer(issuers), Person.id == here_id),
        or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
    )
    is_one = db.session.execute(held.where(Person.id == person_id)).first() is not None
    return is_one and db.session.execute(another).first() is None


@dataclass(frozen=True)
class Council:
    """A council, to whoever signs in."""

    id: int
    name: str
    slug: str


def council_signed_in_to(slug: str) -> Council | None:
    """Return the council with this short name; with “” the only one, where there is only one."""
    query = select(Organisation.id, Organisation.name, Organisation.slug).where(
        Organisation.example_of_id.is_(None)
    )
    if slug:
        query = query.where(Organisation.slug == slug)
    rows = db.session.execute(query.order_by(Organisation.id).limit(2)).all()
    return Council(*rows[0]) if len(rows) == 1 else None


def own_council(actor: Actor) -> Council:
    """Return the actor's council."""
    row = db.session.execute(
        select(Organisation.id, Organisation.name, Organisation.slug).where(
            Organisation.id == actor.organisation_id
        )
    ).one()
    return Council(*row)


@dataclass(frozen=True)
class KnownAs:
    """Whose a key of the council's own sign-in is."""

    id: int
    organisation_id: int
    person_id: int
    subject: str
    created_at: datetime
    last_used_at: datetime | None
    #: An administrator entered the key: its owner has not joined it themselves.
    is_entered: bool


_KNOWN = (
    Identity.id,
    Identity.organisation_id,
    Identity.person_id,
    Identity.subject,
    Identity.created_at,
    Identity.last_used_at,
    Identity.is_entered,
)


def identity(issuer: str, subject: str) -> KnownAs | None:
    """Return whose this key is, in whatever council. For signing in only."""
    row = db.session.execute(
        select(*_KNOWN).where(Identity.issuer == issuer, Identity.subject == subject)
    ).one_or_none()
    return KnownAs(*row) if row else None


def identity_of_person(actor: Actor, person_id: int) -> KnownAs | None:
    """Return what somebody of the actor's council is known by there, the newest; or None."""
    row = db.session.execute(
        select(*_KNOWN)
        .where(Identity.organisation_id == actor.organisation_id, Identity.person_id == person_id)
        .order_by(Identity.id.desc())
        .limit(1)
    ).one_or_none()
    return KnownAs(*row) if row else None


@dataclass(frozen=True)
class AccountAt:
    """The account with an address: for signing in only, never shown."""

    id: int
    organisation_id: int
    has_way_in: bool


def account_at(email: str) -> AccountAt | None:
    """Return whose this address is, in whatever council."""
    row = db.session.execute(
        select(Person.id, Person.organisation_id, has_way_in()).where(
            Person.email == email.strip().lower()
        )
    ).one_or_none()
    return AccountAt(*row) if row else None


@dataclass(frozen=True)
class GroupRoleRow:
    """One line of what groups give."""

    id: int
    group_name: str
    label: str
    role: Role
    team_id: int | None
    service_id: int | None
    place: str
    is_of_closed_team: bool

    @property
    def name(self) -> str:
        """What people call the group."""
        return self.label or self.group_name

    @property
    def rule(self) -> GroupRule:
        """The line as a rule."""
        return GroupRule(self.group_name, Spot(self.role, self.team_id, self.service_id))


def group_roles(organisation_id: int) -> list[GroupRoleRow]:
    """Return what groups of a council's directory give, by the name people call them."""
    rows = db.session.execute(
        select(
            GroupRole.id,
            GroupRole.group_name,
            GroupRole.label,
            GroupRole.role,
            GroupRole.team_id,
            GroupRole.service_id,
            Team.name.label("team"),
            ServiceRow.name.label("service"),
            Team.closed_on,
        )
        .outerjoin(Team, Team.id == GroupRole.team_id)
        .outerjoin(ServiceRow, ServiceRow.id == GroupRole.service_id)
        .where(GroupRole.organisation_id == organisation_id)
        .order_by(GroupRole.label, GroupRole.group_name, GroupRole.id)
    )
    return [
        GroupRoleRow(
            row.id,
            row.group_name,
            row.label,
            Role(row.role),
            row.team_id,
            row.service_id,
            row.team or row.service or "",
            row.closed_on is not None,
        )
        for row in rows
    ]


@dataclass(frozen=True)
class HeldSpot:
    """A spot that somebody holds, and whether a group gave it."""

    spot: Spot
    is_by_group: bool
    is_home: bool


def held_spots(person_ids: Iterable[int]) -> dict[int, list[HeldSpot]]:
    """Return what each of these people holds. The caller has scoped the ids."""
    wanted = sorted(set(person_ids))
    held: dict[int, list[HeldSpot]] = {person_id: [] for person_id in wanted}
    rows = db.session.execute(
        select(
            Membership.person_id,
            Membership.role,
            Membership.team_id,
            Membership.service_id,
            Membership.came_by,
            Membership.is_home,
        )
        .where(Membership.person_id.in_(wanted))
        .order_by(Membership.id)
    )
    for row in rows:
        spot = Spot(Role(row.role), row.team_id, row.service_id)
        held[row.person_id].append(HeldSpot(spot, row.came_by == "group", row.is_home))
    return held


def groups_of_person(actor: Actor, person_id: int) -> frozenset[str]:
    """Return the groups that somebody of the actor's council was in at their last sign-in."""
    rows = db.session.scalars(
        select(Identity.groups)
        .where(Identity.organisation_id == actor.organisation_id, Identity.person_id == person_id)
        .order_by(Identity.id)
    )
    return frozenset(group for groups in rows for group in groups or ())


def spots_by_group(actor: Actor, person_id: int) -> list[tuple[Role, str]]:
    """Return what groups gave to somebody of the actor's council: the role, and where (“”: all)."""
    rows = db.session.execute(
        select(Membership.role, Team.name, ServiceRow.name.label("service"))
        .outerjoin(Team, Team.id == Membership.team_id)
        .outerjoin(ServiceRow, ServiceRow.id == Membership.service_id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.person_id == person_id,
            Membership.came_by == "group",
        )
        .order_by(Membership.id)
    )
    return [(Role(row.role), row.name or row.service or "") for row in rows]


@dataclass(frozen=True)
class DirectoryPerson:
    """Somebody who signed in with their council account, and what it said of groups."""

    id: int
    name: str
    #: None: in too many for the provider to name.
    groups: tuple[str, ...] | None
    #: Codes of what groups would give them and cannot: see ``group_roles.Spot.code``.
    refused: tuple[str, ...]


def directory_people(actor: Actor) -> list[DirectoryPerson]:
    """Return the people of the council with an open account who signed in that way, A to Z."""
    rows = db.session.execute(
        select(Person.id, Person.name, Identity.groups, Identity.refused)
        .join(Identity, Identity.person_id == Person.id)
        .where(
            Identity.organisation_id == actor.organisation_id,
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Identity.last_used_at.is_not(None),
        )
        .order_by(Person.name, Person.id, Identity.id)
    )
    return [
        DirectoryPerson(
            row.id,
            row.name,
            None if row.groups is None else tuple(row.groups),
            tuple(row.refused or ()),
        )
        for row in rows
    ]
