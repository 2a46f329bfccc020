"""Who acts: a person with every place they act in, read in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, and_, bindparam, func, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor, BusyNow, Place
from improve.accounts.days.working_calendar import days_in
from improve.accounts.models import Cover, Identity, Membership, Organisation, Person, Team
from improve.accounts.roles import NOT_REVIEWERS, Role
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

_covered = aliased(Team)
#: Asked for when the statement runs, since statements are made once.
_today = bindparam("cover_today", callable_=clock.today, type_=Date)
#: A deputy acts from the first to the last day of the cover, and on no other.
COVER_STANDS = and_(Cover.ended_at.is_(None), Cover.from_on <= _today, Cover.to_on >= _today)

#: What an actor is made of: a person, and a row for each place they act in.
ACTOR_COLUMNS = (
    Person.id.label("person_id"),
    Person.organisation_id,
    Person.name,
    Person.job_title,
    Person.rights_version,
    Person.theme,
    Person.board_view,
    Person.text_size,
    Person.spacing,
    Person.working_days,
    Organisation.closing_days,
    Organisation.starting_days,
    Membership.id.label("place_id"),
    Membership.role,
    Membership.team_id,
    Membership.service_id,
    Membership.is_home,
    Membership.came_by,
    Team.slug,
    Team.name.label("team_name"),
    Team.working_days.label("team_working_days"),
    Team.closed_on.label("team_closed_on"),
    Team.busy_since_on,
    Team.busy_until_on,
    Team.busy_why,
    Cover.id.label("cover_id"),
    _covered.id.label("covered_id"),
    _covered.slug.label("covered_slug"),
    _covered.name.label("covered_name"),
)


def with_places(statement: Any) -> Any:
    """Return a statement on people with a row for each of their places, in a fixed order.

    Whoever is a deputy today has a row for each place and each cover: seldom more than one.
    """
    return (
        statement.join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .outerjoin(Cover, and_(Cover.deputy_id == Person.id, COVER_STANDS))
        .outerjoin(_covered, and_(_covered.id == Cover.team_id, _covered.closed_on.is_(None)))
        .order_by(Membership.id, Cover.id)
    )


def actor_in(rows: Sequence[Any], *, of_groups: bool = True) -> Actor:
    """Return the actor in the rows of one person that hold ``ACTOR_COLUMNS``; at least one row.

    Without ``of_groups`` the roles that a group of the directory gave are left out.
    """
    first = rows[0]
    given = [row for row in rows if row.role is not None]
    present = [row for row in given if of_groups or row.came_by != "group"]
    held = {row.place_id: _place_in(row) for row in present}
    covers = {
        row.covered_id: Place(
            role=Role.MANAGER,
            team_id=row.covered_id,
            team_slug=row.covered_slug,
            team_name=row.covered_name,
            is_cover=True,
        )
        for row in rows
        if row.covered_id is not None
    }
    return Actor(
        person_id=first.person_id,
        organisation_id=first.organisation_id,
        name=first.name,
        job_title=first.job_title,
        places=_without_clash((*held.values(), *covers.values())),
        rights_version=first.rights_version,
        theme=first.theme,
        board_view=first.board_view,
        text_size=first.text_size,
        spacing=first.spacing,
        working_days=first.working_days,
        closing_days=days_in(first.closing_days),
        starting_days=first.starting_days,
        has_roles_elsewhere=len(present) < len(given),
    )


def _without_clash(places: tuple[Place, ...]) -> tuple[Place, ...]:
    """Return the places without that of a reviewer of reports who holds a role that clashes.

    None is given any more, but a row may be there from before: it opens no report.
    """
    if not {place.role for place in places} & NOT_REVIEWERS:
        return places
    return tuple(place for place in places if place.role is not Role.INCIDENT_REVIEWER)


def _place_in(row: Any) -> Place:
    """Return one place of a person; of a closed team its past is left, and nobody manages it."""
    is_closed = row.team_closed_on is not None
    return Place(
        role=Role.PRACTITIONER if is_closed else Role(row.role),
        team_id=row.team_id,
        team_slug=row.slug,
        team_name=row.team_name,
        service_id=row.service_id,
        is_home=row.is_home,
        is_closed=is_closed,
        team_working_days=row.team_working_days or "",
        team_busy=_busy_now(row.busy_since_on, row.busy_until_on, row.busy_why),
    )


def _busy_now(since_on: date | None, until_on: date | None, why: str | None) -> BusyNow | None:
    """Return the busy time that goes on today; one whose last day is past is over by itself."""
    if since_on is None or until_on is None or not since_on <= clock.today() <= until_on:
        return None
    return BusyNow(since_on, until_on, why or "")


#: How long what a group gave counts where the directory is not asked: for a phone's pass and a
#: calendar, from the last sign-in by it.
GROUPS_COUNT_FOR = timedelta(days=7)
#: When the directory was last asked about a person; None: never.
DIRECTORY_ASKED_AT = (
    select(func.max(Identity.last_used_at))
    .where(Identity.person_id == Person.id)
    .correlate(Person)
    .scalar_subquery()
    .label("directory_asked_at")
)


def actor_without_session(rows: Sequence[Any]) -> Actor:
    """Return the actor in rows that hold ``DIRECTORY_ASKED_AT``, too, where nobody signs in.

    Somebody who has left a group, and does not come any more, keeps what it gave for a week.
    """
    asked_at = rows[0].directory_asked_at
    is_recent = asked_at is not None and clock.now() - asked_at <= GROUPS_COUNT_FOR
    return actor_in(rows, of_groups=is_recent)


def actor_of_person(person_id: int) -> Actor:
    """Return the actor that a person is, for commands and the demo. Raises ``NotFound``."""
    rows = db.session.execute(
        with_places(select(*ACTOR_COLUMNS).where(Person.id == person_id))
    ).all()
    if not rows:
        raise NotFound
    return actor_in(rows)
