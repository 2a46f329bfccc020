"""How a council takes reports: what the form says of it, and who reads from when to when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import String, cast, func, select

from improve.accounts.days.working_calendar import WorkingCalendar, days_in
from improve.accounts.in_confidence.reading_days import DAYS_AHEAD, CoverSpan, days_read
from improve.accounts.queries import councils, person_names
from improve.accounts.queries.lines import members_now
from improve.incidents.confidentiality import SMALLEST_GROUP, are_enough, groups_without_cover
from improve.incidents.models import IncidentCover, IncidentGroup, IncidentGroupTeam, IncidentSetup
from improve.incidents.queries.reviewers import reviewer_views
from improve.incidents.schedule import keep_days_of, monday_of
from improve.shared.clock import local
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.leaving_page import LEAVE_URL

#: Days after its week until a report is destroyed, unless a council chose fewer or more.
KEEP_DAYS: Final = 60


@dataclass(frozen=True, slots=True)
class PublicSetup:
    """What the form says of a council.

    ``next_read_on``: the first working day from today on which each group has a reviewer on cover
    without a part in it; ``read_by``: the first after today, so that words of this evening are no
    broken promise. None: nobody reads.
    """

    organisation_id: int
    is_open: bool
    council_name: str
    slug: str
    #: (id, name) of the groups that are open and wide enough today, A to Z.
    groups: tuple[tuple[int, str], ...]
    #: People that a group has at least here: 20 or more.
    smallest_group: int
    #: (id, name) of the trained reviewers, for “who should not read this”, A to Z.
    reviewers: tuple[tuple[int, str], ...]
    #: “day” and “night”, in words with the number.
    duty_numbers: Mapping[str, str]
    next_read_on: date | None
    read_by: date | None
    keep_days: int
    promise: str
    #: Who signed the promise; “”: nobody yet.
    promised_by: str
    #: What they are by profession; “”: nothing is entered.
    promised_as: str
    promised_on: date | None
    leave_url: str

    @property
    def takes_reports(self) -> bool:
        """Whether a report may be sent: open, from some group, and somebody reads soon."""
        return (
            self.is_open and bool(self.groups) and bool(self.reviewers) and self.read_by is not None
        )


@dataclass(frozen=True, slots=True)
class OpenGroup:
    """A group that was not closed. ``people``: active ones, each once, never to be shown."""

    id: int
    name: str
    people: int
    teams: frozenset[int]


def public_setup(organisation_id: int, today: date) -> PublicSetup:
    """Return what the form says of a council. Raises ``NotFound``. Four statements."""
    facts, signed = councils(), person_names()
    row = db.session.execute(
        select(facts, IncidentSetup, signed.c.name.label("promised_by"), signed.c.job_title)
        .outerjoin(IncidentSetup, IncidentSetup.organisation_id == facts.c.id)
        .outerjoin(signed, signed.c.id == IncidentSetup.promised_by_id)
        .where(facts.c.id == organisation_id)
    ).one_or_none()
    if row is None:
        raise NotFound
    setup: IncidentSetup | None = row.IncidentSetup
    smallest = setup.smallest_group if setup else SMALLEST_GROUP
    calendar = WorkingCalendar(closing_days=days_in(row.closing_days))
    trained = [view for view in reviewer_views(organisation_id) if view.trained_on]
    groups = [
        group
        for group in open_groups(organisation_id)
        if are_enough(group.people, smallest=smallest)
    ]
    spans = cover_spans(organisation_id, today)
    who = [view.reviewer for view in trained]
    teams = {group.id: group.teams for group in groups}
    covered = [
        day
        for day, names in days_read(
            spans, {one.person_id for one in who}, calendar, today, DAYS_AHEAD
        )
        if names and not groups_without_cover(day, spans, who, teams)
    ]
    return PublicSetup(
        organisation_id=organisation_id,
        is_open=setup is not None and setup.opened_at is not None,
        council_name=row.name,
        slug=row.slug,
        groups=tuple((group.id, group.name) for group in groups),
        smallest_group=smallest,
        reviewers=tuple((view.person_id, view.name) for view in trained),
        duty_numbers=dict(row.duty_numbers),
        next_read_on=next(iter(covered), None),
        read_by=next((day for day in covered if day > today), None),
        keep_days=keep_days_of(
            monday_of(today), keep_days=setup.keep_days, kept_before=setup.kept_before
        )
        if setup
        else KEEP_DAYS,
        promise=setup.promise if setup else "",
        promised_by=(row.promised_by or "") if setup and setup.promised_at else "",
        promised_as=(row.job_title or "").strip(),
        promised_on=local(setup.promised_at).date() if setup and setup.promised_at else None,
        leave_url=(setup.leave_url if setup else "") or LEAVE_URL,
    )


def organisation_of(slug: str) -> int:
    """Return the council whose form has this address. Raises ``NotFound``. One statement."""
    facts = councils()
    found: int | None = db.session.scalar(select(facts.c.id).where(facts.c.slug == slug))
    if found is None:
        raise NotFound
    return found


def open_groups(organisation_id: int) -> list[OpenGroup]:
    """Return the open groups, A to Z. One statement."""
    members = members_now()
    teams = (
        select(func.aggregate_strings(cast(IncidentGroupTeam.team_id, String), " "))
        .where(IncidentGroupTeam.group_id == IncidentGroup.id)
        .correlate(IncidentGroup)
        .scalar_subquery()
    )
    of_group = (
        select(func.count(members.c.person_id.distinct()))
        .join(IncidentGroupTeam, IncidentGroupTeam.team_id == members.c.team_id)
        .where(
            IncidentGroupTeam.group_id == IncidentGroup.id,
            members.c.organisation_id == organisation_id,
        )
        .correlate(IncidentGroup)
        .scalar_subquery()
    )
    rows: Any = db.session.execute(
        select(IncidentGroup.id, IncidentGroup.name, of_group, teams)
        .where(IncidentGroup.organisation_id == organisation_id, IncidentGroup.closed_on.is_(None))
        .order_by(IncidentGroup.name, IncidentGroup.id)
    )
    return [
        OpenGroup(row[0], row[1], row[2], frozenset(int(team) for team in (row[3] or "").split()))
        for row in rows
    ]


def cover_spans(organisation_id: int, today: date) -> list[CoverSpan]:
    """Return who reads from when to when, of what is not over, the first first. One statement."""
    people = person_names()
    rows = db.session.execute(
        select(
            IncidentCover.id,
            IncidentCover.person_id,
            people.c.name,
            IncidentCover.from_on,
            IncidentCover.to_on,
        )
        .join(people, people.c.id == IncidentCover.person_id)
        .where(IncidentCover.organisation_id == organisation_id, IncidentCover.to_on >= today)
        .order_by(IncidentCover.from_on, IncidentCover.to_on, IncidentCover.id)
    )
    return [CoverSpan(*row) for row in rows]
