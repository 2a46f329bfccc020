"""Reads about people: as actors, and as others see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, not_, or_, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.learning_team import LEARNING_TEAM
from improve.accounts.models import Cover, Membership, Organisation, Person, Team
from improve.accounts.queries.actors import COVER_STANDS
from improve.accounts.queries.directory import has_way_in
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db


@dataclass(frozen=True)
class PersonName:
    """A person as others see them."""

    id: int
    name: str
    job_title: str
    #: Of a deputy: the first name of whom they stand in for, and the last day of it.
    for_name: str = ""
    until_on: date | None = None

    @property
    def first_name(self) -> str:
        """What colleagues call them."""
        return first_word(self.name)


def first_word(name: str | None) -> str:
    """Return what colleagues call somebody of this name; “” for nobody."""
    return name.split(" ", 1)[0] if name else ""


_deputy = aliased(Person)


def people_of_team(
    actor: Actor, team_id: int, *, besides: Select[Any] | None = None
) -> list[PersonName]:
    """Return the active people of a team, A to Z, and those whose ids ``besides`` selects."""
    if besides is None:
        return _people_with(actor, Membership.team_id == team_id)
    members = select(Membership.person_id).where(Membership.team_id == team_id)
    return _people_who(actor, or_(Person.id.in_(members), Person.id.in_(besides)))


def _has_account(person: Any) -> ColumnElement[bool]:
    """Return whether somebody can sign in today: open, and not ended by its last day."""
    return and_(person.is_active, or_(person.ends_on.is_(None), person.ends_on >= clock.today()))


def managers_of_team(actor: Actor, team_id: int) -> list[PersonName]:
    """Return who answers for a team today, A to Z: its active managers and their deputies.

    Whoever has a deputy today is left out: clocks and reminders go to the deputy, who is named
    with ``for_name`` and ``until_on``.
    """
    managing = select(Membership.person_id).where(
        Membership.team_id == team_id, Membership.role == Role.MANAGER.value
    )
    stands = and_(Cover.team_id == team_id, COVER_STANDS)
    away = aliased(Person)
    covered = select(Cover.person_id).join(_deputy, _deputy.id == Cover.deputy_id)
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title, away.name, Cover.to_on)
        .outerjoin(Cover, and_(Cover.deputy_id == Person.id, stands))
        .outerjoin(away, away.id == Cover.person_id)
        .where(
            Person.organisation_id == actor.organisation_id,
            _has_account(Person),
            or_(
                Cover.id.is_not(None),
                and_(
                    Person.id.in_(managing),
                    Person.id.not_in(covered.where(stands, _has_account(_deputy))),
                ),
            ),
        )
        .order_by(Person.name, Person.id, Cover.id)
    )
    found: dict[int, PersonName] = {}
    for row in rows:
        found.setdefault(row[0], PersonName(row[0], row[1], row[2], first_word(row[3]), row[4]))
    return list(found.values())


def people_of_teams(
    actor: Actor, team_ids: Iterable[int]
) -> tuple[dict[int, list[PersonName]], dict[int, int]]:
    """Return the active people of several teams, A to Z, and a manager of each, by team id."""
    wanted = sorted(set(team_ids))
    people: dict[int, list[PersonName]] = {team_id: [] for team_id in wanted}
    managers: dict[int, int] = {}
    if not wanted:
        return people, managers
    rows = db.session.execute(
        select(
            Membership.team_id,
            Person.id,
            Person.name,
            Person.job_title,
            func.max(case((Membership.role == Role.MANAGER.value, 1), else_=0)),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(
            Membership.organisation_id == actor.organisation_id,
            Membership.team_id.in_(wanted),
            Person.is_active,
        )
        .group_by(Membership.team_id, Person.id, Person.name, Person.job_title)
        .order_by(Person.name, Person.id)
    )
    for team_id, person_id, name, job_title, manages in rows:
        people[team_id].append(PersonName(person_id, name, job_title))
        if manages:
            managers.setdefault(team_id, person_id)
    return people, managers


def standing_managers(actor: Actor, team_id: int) -> list[PersonName]:
    """Return the managers of a team, A to Z, also those who have a deputy today."""
    return _people_with(
        actor, (Membership.team_id == team_id) & (Membership.role == Role.MANAGER.value)
    )


def possible_deputies(actor: Actor, team_id: int) -> list[PersonName]:
    """Return who could stand in for a manager of a team, the team's own people first.

    Its people, then managers of other teams, coaches and leaders: whoever a team would ask. Never
    its managers, guests, or reviewers of reports, who may be nobody's manager.
    """
    asked = select(Membership.person_id).where(
        or_(
            Membership.team_id == team_id,
            Membership.role.in_((Role.MANAGER.value, Role.COACH.value, Role.LEADER.value)),
        )
    )
    never = select(Membership.person_id).where(
        or_(
            (Membership.team_id == team_id) & (Membership.role == Role.MANAGER.value),
            Membership.role.in_((Role.INCIDENT_REVIEWER.value, Role.GUEST.value)),
        )
    )
    of_team = select(Membership.person_id).where(Membership.team_id == team_id)
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id.in_(asked),
            Person.id.not_in(never),
        )
        .order_by(Person.id.not_in(of_team), Person.name, Person.id)
    )
    return [PersonName(*row) for row in rows]


def coaches(actor: Actor) -> list[PersonName]:
    """Return the active coaches of the organisation, A to Z."""
    return _people_with(actor, Membership.role == Role.COACH.value)


def managers(actor: Actor) -> list[PersonName]:
    """Return the active managers of the organisation, of whatever team, A to Z."""
    return _people_with(actor, Membership.role == Role.MANAGER.value)


def data_protection_leads(actor: Actor) -> list[PersonName]:
    """Return the active data protection leads of the organisation, A to Z."""
    return _people_with(actor, Membership.role == Role.DATA_PROTECTION_LEAD.value)


def leaders(actor: Actor) -> list[PersonName]:
    """Return the active leaders of the organisation, A to Z."""
    return _people_with(actor, Membership.role == Role.LEADER.value)


def leader_ids(actor: Actor) -> Select[Any]:
    """Return a select of the ids of the organisation's leaders."""
    return select(Membership.person_id).where(
        Membership.organisation_id == actor.organisation_id,
        Membership.role == Role.LEADER.value,
    )


def _people_with(actor: Actor, condition: Any) -> list[PersonName]:
    return _people_who(actor, Person.id.in_(select(Membership.person_id).where(condition)))


def _people_who(actor: Actor, condition: Any) -> list[PersonName]:
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            condition,
        )
        .order_by(Person.name, Person.id)
    )
    return [PersonName(*row) for row in rows]


def active_people(actor: Actor, ids: Iterable[int]) -> dict[int, PersonName]:
    """Return those of these people who are active in the organisation, by id."""
    rows = db.session.execute(
        select(Person.id, Person.name, Person.job_title)
        .where(
            Person.organisation_id == actor.organisation_id,
            Person.is_active,
            Person.id.in_(sorted(set(ids))),
        )
        .order_by(Person.id)
    )
    return {row.id: PersonName(*row) for row in rows}


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
    return select(Person.id, Person.name, Person.job_title, Person.organisation_id).subquery(
        "person_names"
    )


def names_of_staff(organisation_id: int) -> list[str]:
    """Return the full names of everybody who works, or worked, at a council: of people only."""
    people = person_names()
    return list(
        db.session.scalars(
            select(people.c.name)
            .where(people.c.organisation_id == organisation_id, people.c.name != LEARNING_TEAM)
            .order_by(people.c.name, people.c.id)
        )
    )


def guest_ids() -> Select[Any]:
    """Return a select of the ids of guests, of whatever organisation."""
    return select(Membership.person_id).where(Membership.role == Role.GUEST.value)


def people_without_password() -> Subquery:
    """Return active people who have not come yet, by password or otherwise, for joins: id."""
    return (
        select(Person.id)
        .where(Person.is_active, not_(has_way_in()))
        .subquery("people_without_password")
    )


@dataclass(frozen=True)
class DemoPerson:
    """A person whom the demo's sign-in page offers."""

    id: int
    name: str
    job_title: str
    team_name: str | None
    is_in_a_team: bool
    council_slug: str


def demo_people() -> list[DemoPerson]:
    """Return the people of the first organisation whom the demo's sign-in page offers.

    In the order they were made, but one practitioner and the manager of each team come first.
    """
    first = select(func.min(Organisation.id)).scalar_subquery()
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.job_title,
            Membership.role,
            Team.name.label("team_name"),
            Organisation.slug,
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Person.organisation_id == first, Person.is_active)
        .order_by(Person.id, Membership.is_home.desc(), Membership.id)
    ).all()
    people: dict[int, DemoPerson] = {}
    managers: set[int] = set()
    for row in rows:
        if row.role == Role.MANAGER:
            managers.add(row.id)
        known = people.get(row.id)
        # Whoever holds any role beyond the team's own works across the service.
        is_in_a_team = row.role in {Role.PRACTITIONER, Role.MANAGER} and row.team_name is not None
        people[row.id] = DemoPerson(
            id=row.id,
            name=row.name,
            job_title=row.job_title,
            team_name=(known and known.team_name) or row.team_name,
            is_in_a_team=is_in_a_team and (known is None or known.is_in_a_team),
            council_slug=row.slug,
        )
    first_of: dict[tuple[str | None, bool], int] = {}
    for person in people.values():
        first_of.setdefault((person.team_name, person.id in managers), person.id)
    leading = set(first_of.values())
    return sorted(people.values(), key=lambda person: person.id not in leading)


def council_and_names(actor: Actor) -> tuple[str, set[str]]:
    """Return the council's name, and those of everybody with an account here, closed ones too.

    One statement. To find the names in words that are about to leave the council; never to be shown
    as a list.
    """
    rows = db.session.execute(
        select(Organisation.name, Person.name.label("person"))
        .outerjoin(Person, Person.organisation_id == Organisation.id)
        .where(Organisation.id == actor.organisation_id)
        .order_by(Person.id)
    ).all()
    return rows[0].name, {row.person for row in rows if row.person}


def names_and_addresses(actor: Actor) -> list[tuple[str, str]]:
    """Return name and e-mail address of everybody with an account here, closed ones too, A to Z.

    To find them in words that are about to leave the council; never to be shown as a list.
    """
    rows = db.session.execute(
        select(Person.name, Person.email)
        .where(Person.organisation_id == actor.organisation_id)
        .order_by(Person.name, Person.id)
    )
    return [(row.name, row.email or "") for row in rows]
