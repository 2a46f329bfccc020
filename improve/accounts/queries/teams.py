"""Reads about an organisation's teams and services."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, bindparam, func, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar, calendar_from
from improve.accounts.models import Membership, Organisation, Person, Service, Team
from improve.accounts.roles import Role
from improve.shared import clock
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
    #: When the team meets, for ``huddle_days.days_of`` and ``huddle_days.next_of``.
    huddle_days: str = ""
    huddle_at: str = ""
    huddle_minutes: int = 15
    huddle_every: int = 1
    huddle_from_on: date | None = None
    huddle_next_at: datetime | None = None
    #: The huddle that is going on.
    huddle_id: int | None = None
    #: As the team's row keeps them: weekdays worked, busy times, what is usual in a stage here, and
    #: the council's closing days and starting norms. ``calendar`` is how days are counted.
    working_days: str = ""
    pauses: Sequence[Sequence[str | None]] = field(default=(), hash=False)
    usual_days: Mapping[str, int] = field(default_factory=dict, hash=False)
    closing_days: Sequence[str] = field(default=(), hash=False)
    starting_days: Mapping[str, int] = field(default_factory=dict, hash=False)
    #: The newest busy time; ``is_busy`` says whether it goes on.
    busy_since_on: date | None = None
    busy_until_on: date | None = None
    busy_why: str = ""
    joined_to_id: int | None = None

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """The team's working days, its busy times, and the council's closing days."""
        return calendar_from(self.working_days, self.closing_days, self.pauses)

    @property
    def is_busy(self) -> bool:
        """Whether a busy time goes on today; one whose last day is past is over by itself."""
        return is_busy(self.busy_since_on, self.busy_until_on)


def is_busy(since_on: date | None, until_on: date | None) -> bool:
    """Return whether a busy time between these days, both with it, goes on today."""
    if since_on is None or until_on is None:
        return False
    return since_on <= clock.today() <= until_on


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
    Team.huddle_days,
    Team.huddle_at,
    Team.huddle_minutes,
    Team.huddle_every,
    Team.huddle_from_on,
    Team.huddle_next_at,
    Team.huddle_id,
    Team.working_days,
    Team.pauses,
    Team.usual_days,
    Organisation.closing_days,
    Organisation.starting_days,
    Team.busy_since_on,
    Team.busy_until_on,
    Team.busy_why,
    Team.joined_to_id,
)
_TEAMS = select(*_TEAM_COLUMNS).join(Organisation, Organisation.id == Team.organisation_id)
#: Every page of a team begins with one of these: written once, so that only the values change.
_OF_THE_COUNCIL = _TEAMS.where(Team.organisation_id == bindparam("organisation"))
_BY_SLUG = _OF_THE_COUNCIL.where(Team.slug == bindparam("slug"))
_BY_ID = _OF_THE_COUNCIL.where(Team.id == bindparam("team"))


def team_by_slug(actor: Actor, slug: str) -> TeamView:
    """Return a team of the actor's organisation. Raises ``NotFound``."""
    return _team(_BY_SLUG, {"organisation": actor.organisation_id, "slug": slug})


def team_by_id(actor: Actor, team_id: int) -> TeamView:
    """Return a team of the actor's organisation. Raises ``NotFound``."""
    return _team(_BY_ID, {"organisation": actor.organisation_id, "team": team_id})


def _team(statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]) -> TeamView:
    # Straight from the connection: one row of plain columns needs none of the mapper's care.
    row = db.session.connection().execute(statement, values).one_or_none()
    if row is None:
        raise NotFound
    return TeamView(*row)


def team_statement_with(*also: Callable[[Any], ColumnElement[Any]]) -> Any:
    """Return the statement of a team by its slug, with how many people it has beside managers.

    ``also``: each takes the column of the team's id and returns one more column.
    """
    people = (
        select(func.count(Membership.person_id.distinct()))
        .where(Membership.team_id == Team.id, Membership.role != Role.MANAGER.value)
        .correlate(Team)
        .scalar_subquery()
    )
    return _BY_SLUG.add_columns(people, *(column(Team.id) for column in also))


def read_team_with(statement: Any, actor: Actor, slug: str) -> tuple[TeamView, tuple[Any, ...]]:
    """Return a team by a statement of ``team_statement_with``, and the columns beside it.

    Raises ``NotFound``.
    """
    values = {"organisation": actor.organisation_id, "slug": slug}
    row = db.session.connection().execute(statement, values).one_or_none()
    if row is None:
        raise NotFound
    count = len(_TEAM_COLUMNS)
    return TeamView(*row[:count]), tuple(row[count:])


def teams(actor: Actor) -> list[TeamView]:
    """Return the open teams of the actor's organisation, A to Z."""
    rows = db.session.execute(
        _TEAMS.where(
            Team.organisation_id == actor.organisation_id, Team.closed_on.is_(None)
        ).order_by(Team.name, Team.id)
    )
    return [TeamView(*row) for row in rows]


def teams_and_services(actor: Actor) -> tuple[list[TeamView], list[tuple[int, str]]]:
    """Return the open teams and (id, name) of the services they belong to, each A to Z: one read.

    A service without an open team is left out: there is nothing of it to choose.
    """
    rows: Any = db.session.execute(
        select(*_TEAM_COLUMNS, Service.name.label("service_name"))
        .join(Organisation, Organisation.id == Team.organisation_id)
        .outerjoin(Service, Service.id == Team.service_id)
        .where(Team.organisation_id == actor.organisation_id, Team.closed_on.is_(None))
        .order_by(Team.name, Team.id)
    ).all()
    found = [TeamView(*row[:-1]) for row in rows]
    named = {t.service_id: row[-1] for t, row in zip(found, rows, strict=True) if t.service_id}
    return found, sorted(named.items(), key=lambda one: (one[1].casefold(), one[0]))


def teams_of_service(actor: Actor, service_id: int) -> Select[Any]:
    """Return a select of the ids of a service's teams, closed ones too, for a condition."""
    return select(Team.id).where(
        Team.organisation_id == actor.organisation_id, Team.service_id == service_id
    )


def every_team() -> list[TeamView]:
    """Return every team of every organisation, closed ones too: for commands, never for a page."""
    return [TeamView(*row) for row in db.session.execute(_TEAMS.order_by(Team.id))]


def ended_teams(organisation_id: int) -> dict[int, int | None]:
    """Return the closed teams of an organisation, each with the team it was joined to, or None."""
    query = (
        select(Team.id, Team.joined_to_id)
        .where(Team.organisation_id == organisation_id, Team.closed_on.is_not(None))
        .order_by(Team.id)
    )
    return {row.id: row.joined_to_id for row in db.session.execute(query)}


def services(actor: Actor) -> list[tuple[int, str]]:
    """Return (id, name) of the organisation's services, A to Z."""
    rows = db.session.execute(
        select(Service.id, Service.name)
        .where(Service.organisation_id == actor.organisation_id)
        .order_by(Service.name, Service.id)
    )
    return [(row.id, row.name) for row in rows]


def service_name(actor: Actor, service_id: int) -> str:
    """Return the name of a service of the actor's organisation. Raises ``NotFound``."""
    name = db.session.execute(
        select(Service.name).where(
            Service.organisation_id == actor.organisation_id, Service.id == service_id
        )
    ).scalar_one_or_none()
    if name is None:
        raise NotFound
    return name


def team_names() -> Subquery:
    """Return teams as a selectable for joins: id, slug, name, organisation_id, service_id.

    With ``working_days``, ``pauses`` and ``usual_days``, of which its clocks are made, and its
    busy time.
    """
    return select(
        Team.id,
        Team.slug,
        Team.name,
        Team.organisation_id,
        Team.service_id,
        Team.working_days,
        Team.pauses,
        Team.usual_days,
        Team.busy_since_on,
        Team.busy_until_on,
        Team.busy_why,
    ).subquery("team_names")


def duty_numbers(actor: Actor) -> dict[str, str]:
    """Return whom to ring about a child, as the actor's organisation says it: “day” and “night”."""
    kept = db.session.execute(
        select(Organisation.duty_numbers).where(Organisation.id == actor.organisation_id)
    ).scalar_one()
    return dict(kept)


def organisation_name(actor: Actor) -> str:
    """Return the name of the actor's organisation."""
    return db.session.execute(
        select(Organisation.name).where(Organisation.id == actor.organisation_id)
    ).scalar_one()


def organisation_slugs() -> Subquery:
    """Return councils as a selectable for joins: id, name, slug. Examples are none."""
    return (
        select(Organisation.id, Organisation.name, Organisation.slug)
        .where(Organisation.example_of_id.is_(None))
        .subquery("councils")
    )


def teams_and_their_people(actor: Actor, team_id: int) -> list[tuple[str, int]]:
    """Return name and number of active people of a team, then of its service: one statement.

    For asking whether a name stands for enough people to be said outside; never to be shown.
    """
    of_service = aliased(Team)

    def people(*which: ColumnElement[bool]) -> Any:
        return (
            select(func.count(Membership.person_id.distinct()))
            .join(Person, Person.id == Membership.person_id)
            .join(of_service, of_service.id == Membership.team_id)
            .where(Person.is_active, *which)
            .correlate(Team)
            .scalar_subquery()
        )

    row = db.session.execute(
        select(
            Team.name,
            Service.name,
            people(of_service.id == Team.id),
            people(of_service.service_id == Team.service_id),
        )
        .outerjoin(Service, Service.id == Team.service_id)
        .where(Team.organisation_id == actor.organisation_id, Team.id == team_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    return [(row[0], row[2]), *([(row[1], row[3])] if row[1] else [])]
