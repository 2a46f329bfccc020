"""Who may be written to, and on which days they work. For the mail run, which has no actor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, exists, select

from improve.accounts.days.working_calendar import WorkingCalendar, calendar_from, days_in
from improve.accounts.models import Membership, Organisation, Person, Team
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class MailPerson:
    """A person as the mail run sees them."""

    id: int
    name: str
    email: str
    #: Whether the account stands and is no guest's.
    gets_mail: bool
    calendar: WorkingCalendar


def mail_people(person_ids: Sequence[int]) -> dict[int, MailPerson]:
    """Return these people by id, of any organisation, in one statement."""
    home = and_(Membership.person_id == Person.id, Membership.is_home)
    is_guest = exists().where(
        Membership.person_id == Person.id, Membership.role == Role.GUEST.value
    )
    rows = db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.is_active,
            Person.ends_on,
            Person.working_days,
            Organisation.closing_days,
            Team.working_days.label("team_working_days"),
            is_guest.correlate(Person).label("is_guest"),
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(Membership, home)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Person.id.in_(person_ids))
        .order_by(Person.id, Membership.id)
    ).all()
    today = clock.today()
    return {
        row.id: MailPerson(
            id=row.id,
            name=row.name,
            email=row.email,
            gets_mail=row.is_active and not row.is_guest and not _has_ended(row.ends_on, today),
            calendar=calendar_from(
                row.working_days or row.team_working_days or "", row.closing_days, ()
            ),
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class OrganisationOfNight:
    """A council as the nightly run sees it."""

    id: int
    closing_days: frozenset[date]


def organisations_of_night() -> list[OrganisationOfNight]:
    """Return every council, by id: for commands, never for a page."""
    rows = db.session.execute(
        select(Organisation.id, Organisation.closing_days).order_by(Organisation.id)
    )
    return [OrganisationOfNight(row.id, days_in(row.closing_days or ())) for row in rows]


def _has_ended(ends_on: date | None, today: date) -> bool:
    return ends_on is not None and ends_on < today
