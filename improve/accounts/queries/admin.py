"""Reads for those who run the place: people, invitations, teams. Never what anyone wrote."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select

from improve.accounts.actor import Actor, Place
from improve.accounts.models import (
    AuthSession,
    Membership,
    OneTimeLink,
    Person,
    SecondFactor,
    Service,
    Team,
)
from improve.accounts.queries.directory import has_way_in
from improve.accounts.roles import Role, acts_as
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

PEOPLE_A_PAGE = 50
#: More words than this in a search are not looked at.
_MOST_WORDS = 6


@dataclass(frozen=True)
class PersonRow:
    """A person in the list of people."""

    id: int
    name: str
    email: str
    job_title: str
    is_active: bool
    ends_on: date | None
    is_invited: bool
    last_here_at: datetime | None
    roles: tuple[Role, ...] = ()
    teams: tuple[str, ...] = ()


@dataclass(frozen=True)
class PeoplePage:
    """One page of the list, and what its head says."""

    rows: list[PersonRow]
    page: int
    pages: int
    found: int
    people: int
    closed: int
    invited: int


_last_here = (
    select(func.max(AuthSession.last_used_at))
    .where(AuthSession.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
)


def people_page(
    actor: Actor,
    *,
    search: str = "",
    team_id: int | None = None,
    are_closed: bool = False,
    page: int = 1,
) -> PeoplePage:
    """Return a page of the organisation's people, A to Z, fifty a page.

    ``search``: every word must be in the name, the address, the job or a team's name.
    """
    mine = Person.organisation_id == actor.organisation_id
    conditions: list[ColumnElement[bool]] = [mine, Person.is_active.is_(not are_closed)]
    conditions += [_holds(word) for word in search.split()[:_MOST_WORDS]]
    if team_id is not None:
        conditions.append(
            Person.id.in_(select(Membership.person_id).where(Membership.team_id == team_id))
        )
    counts = db.session.execute(
        select(
            func.count(Person.id).filter(Person.is_active),
            func.count(Person.id).filter(Person.is_active.is_(False)),
            func.count(Person.id).filter(Person.is_active, not_(has_way_in())),
            func.count(Person.id).filter(and_(*conditions)),
        ).where(mine)
    ).one()
    found = counts[3]
    pages = max(1, -(-found // PEOPLE_A_PAGE))
    page = min(max(page, 1), pages)
    rows: Any = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.job_title,
            Person.is_active,
            Person.ends_on,
            not_(has_way_in()),
            _last_here,
        )
        .where(*conditions)
        .order_by(Person.name, Person.id)
        .limit(PEOPLE_A_PAGE)
        .offset((page - 1) * PEOPLE_A_PAGE)
    ).all()
    places = places_of_people(row[0] for row in rows)
    return PeoplePage(
        rows=[
            replace(
                PersonRow(*row),
                roles=_all_roles(places[row[0]]),
                teams=tuple(sorted({p.team_name for p in places[row[0]] if p.team_name})),
            )
            for row in rows
        ],
        page=page,
        pages=pages,
        found=found,
        people=counts[0],
        closed=counts[1],
        invited=counts[2],
    )


def _all_roles(places: Iterable[Place]) -> tuple[Role, ...]:
    """Return the roles that people have, those that other roles carry included."""
    held = {role for place in places for role in acts_as(place.role)}
    return tuple(sorted(held, key=list(Role).index))


def _holds(word: str) -> ColumnElement[bool]:
    in_team = (
        select(Membership.person_id)
        .join(Team, Team.id == Membership.team_id)
        .where(Team.name.icontains(word, autoescape=True))
    )
    return or_(
        Person.name.icontains(word, autoescape=True),
        Person.email.icontains(word, autoescape=True),
        Person.job_title.icontains(word, autoescape=True),
        Person.id.in_(in_team),
    )


def places_of_people(ids: Iterable[int]) -> dict[int, list[Place]]:
    """Return where each of these people may act as what. The caller has scoped the ids."""
    found: dict[int, list[Place]] = defaultdict(list)
    wanted = list(ids)
    if not wanted:
        return found
    rows = db.session.execute(
        select(
            Membership.person_id,
            Membership.role,
            Membership.team_id,
            Team.slug,
            Team.name,
            Membership.service_id,
            Membership.is_home,
        )
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Membership.person_id.in_(wanted))
        .order_by(Membership.id)
    )
    for row in rows:
        found[row.person_id].append(
            Place(Role(row.role), row.team_id, row.slug, row.name, row.service_id, row.is_home)
        )
    return found


@dataclass(frozen=True)
class PersonView:
    """A person on their page in administration."""

    id: int
    name: str
    email: str
    job_title: str
    is_active: bool
    ends_on: date | None
    has_way_in: bool
    version: int
    rights_version: int
    last_here_at: datetime | None
    #: Since when their phone gives codes.
    factor_since: datetime | None
    places: tuple[Place, ...]

    @property
    def roles(self) -> tuple[Role, ...]:
        """What they may act as, in the order of the table of rights."""
        return _all_roles(self.places)


def person_view(actor: Actor, person_id: int) -> PersonView:
    """Return a person of the actor's organisation. Raises ``NotFound``."""
    factor_since = (
        select(SecondFactor.confirmed_at)
        .where(SecondFactor.person_id == Person.id)
        .correlate(Person)
        .scalar_subquery()
    )
    row = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.job_title,
            Person.is_active,
            Person.ends_on,
            has_way_in(),
            Person.version,
            Person.rights_version,
            _last_here,
            factor_since,
        ).where(Person.organisation_id == actor.organisation_id, Person.id == person_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return PersonView(*row, places=tuple(places_of_people([person_id])[person_id]))


@dataclass(frozen=True)
class InvitationView:
    """Somebody who was invited and has not come yet."""

    person_id: int
    name: str
    email: str
    made_at: datetime | None
    expires_at: datetime | None
    made_by: str | None
    is_usable: bool


def invitations(actor: Actor) -> list[InvitationView]:
    """Return those invited and not here yet, A to Z, each with the newest link."""
    newest = (
        select(OneTimeLink.person_id, func.max(OneTimeLink.id).label("id"))
        .where(
            OneTimeLink.organisation_id == actor.organisation_id, OneTimeLink.kind == "invitation"
        )
        .group_by(OneTimeLink.person_id)
        .subquery()
    )
    maker = select(Person.id, Person.name).subquery("maker")
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            OneTimeLink.created_at,
            OneTimeLink.expires_at,
            maker.c.name,
            OneTimeLink.revoked_at,
            OneTimeLink.used_at,
        )
        .outerjoin(newest, newest.c.person_id == Person.id)
        .outerjoin(OneTimeLink, OneTimeLink.id == newest.c.id)
        .outerjoin(maker, maker.c.id == OneTimeLink.made_by_id)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            not_(has_way_in()),
        )
        .order_by(Person.name, Person.id)
    )
    at = clock.now()
    return [
        InvitationView(
            person_id=row[0],
            name=row[1],
            email=row[2],
            made_at=row[3],
            expires_at=row[4],
            made_by=row[5],
            is_usable=bool(row[4] and row[4] > at and row[6] is None and row[7] is None),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class TeamRow:
    """A team in the list of teams."""

    id: int
    slug: str
    name: str
    aim: str
    service_name: str | None
    people: int
    managers: tuple[str, ...]


def team_rows(actor: Actor, team_ids: frozenset[int] | None = None) -> list[TeamRow]:
    """Return the organisation's open teams, A to Z; with ``team_ids``, only those."""
    people = (
        select(func.count(func.distinct(Membership.person_id)))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.team_id == Team.id, Person.is_active)
        .correlate(Team)
        .scalar_subquery()
    )
    query = (
        select(Team.id, Team.slug, Team.name, Team.aim, Service.name, people)
        .outerjoin(Service, Service.id == Team.service_id)
        .where(Team.organisation_id == actor.organisation_id, Team.closed_on.is_(None))
        .order_by(Team.name, Team.id)
    )
    if team_ids is not None:
        query = query.where(Team.id.in_(team_ids))
    rows = db.session.execute(query).all()
    managers: dict[int, list[str]] = defaultdict(list)
    for row in db.session.execute(
        select(Membership.team_id, Person.name)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.role == Role.MANAGER.value,
            Person.is_active,
        )
        .order_by(Person.name, Person.id)
    ):
        managers[row.team_id].append(row.name)
    return [
        TeamRow(
            id=row[0],
            slug=row[1],
            name=row[2],
            aim=row[3],
            service_name=row[4],
            people=row[5],
            managers=tuple(managers[row[0]]),
        )
        for row in rows
    ]


@dataclass(frozen=True)
class AddressHolder:
    """Whose an address is, in any organisation. Never shown: it only decides what is refused."""

    id: int
    organisation_id: int
    name: str
    is_active: bool
    has_way_in: bool


def address_holders(addresses: Iterable[str]) -> dict[str, AddressHolder]:
    """Return who holds these addresses. Of other organisations nothing of this may be shown."""
    wanted = list(addresses)
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Person.email,
            Person.id,
            Person.organisation_id,
            Person.name,
            Person.is_active,
            has_way_in(),
        ).where(Person.email.in_(wanted))
    )
    return {row[0]: AddressHolder(*row[1:]) for row in rows}


def administrators(organisation_id: int) -> set[int]:
    """Return the ids of the open accounts that administer an organisation."""
    rows: Iterable[Any] = db.session.execute(
        select(Membership.person_id)
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == Role.ADMINISTRATOR.value,
            Person.is_active,
        )
    ).scalars()
    return set(rows)
