"""What the reviewers' desk lists: what is offered to one reviewer now, and what they destroyed.

Never a word of a report, a number in order, a clock time or an order by harm.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import defer

from improve.accounts.actor import Actor
from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.in_confidence.reading_days import days_read
from improve.incidents.confidentiality import (
    CALLED_BACK_WITHIN,
    CODED_WITHIN,
    SAFETY_READ_WITHIN,
    SETTLED_WITHIN,
    Reviewer,
)
from improve.incidents.contents import Head, Work, work_of
from improve.incidents.kinds import ENDED, KIND_WORDS, StepKind
from improve.incidents.models import (
    Incident,
    IncidentGroup,
    IncidentMessage,
    IncidentReading,
    IncidentStep,
)
from improve.incidents.queries.keeping import keeping_of
from improve.incidents.queries.one import opened_head
from improve.incidents.queries.reviewers import (
    offered_as_one,
    readings_by_report,
    reviewers,
    teams_by_group,
    who_may_know,
)
from improve.incidents.queries.setup import cover_spans
from improve.incidents.queries.thread import is_in_thread_of
from improve.incidents.reading import READERS, READERS_OF_ONE, STEP_NAMES, Read, Step, waited_words
from improve.incidents.sealing import ReportKey
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.shared.sealing import CannotOpen

ON_A_PAGE: Final = 50
#: Working days that the desk shows of the cover calendar.
COVER_SHOWN: Final = 5
#: Working days from its day within which a step is done.
WITHIN: Final[Mapping[Step, int]] = {
    Step.DANGER: SAFETY_READ_WITHIN,
    Step.CODING: CODED_WITHIN,
    Step.CALL_BACK: CALLED_BACK_WITHIN,
    Step.WORDS: SETTLED_WITHIN,
    Step.SIGN_OFF: SETTLED_WITHIN,
}


class Show(StrEnum):
    """Which list: what is to be read and settled, or what was destroyed and is to be answered."""

    OPEN = "open"
    ENDED = "ended"


class Part(StrEnum):
    """The parts of the first list, in order."""

    RISK = "risk"
    FIRST = "first"
    WORK = "work"
    ENDED = "ended"


PART_WORDS: Final[Mapping[Part, str]] = {
    Part.RISK: "A child may be at risk: read first",
    Part.FIRST: "Safety read, same working day",
    Part.WORK: "Being worked on",
    Part.ENDED: "Destroyed",
}


@dataclass(frozen=True)
class DeskRow:
    """A report as the desk lists it. ``days``: working days here; None: destroyed.

    ``says``: what stands out, in words. ``next_words`` and ``by``: the step that comes next, and
    the day it is planned for. ``path``: what follows its address, to go on with that.
    """

    key: str
    part: Part
    title: str
    #: Of ``incidents.kinds.Kind``; “” where it is not known any more.
    kind: str
    group: str
    week: date
    days: int | None
    is_mine: bool
    with_whom: tuple[str, ...]
    says: tuple[str, ...]
    next_words: str
    by: date | None
    path: str = ""
    ended_week: date | None = None

    @property
    def waited(self) -> str:
        """How long it is here, in words; “” for what was destroyed."""
        return "" if self.days is None else waited_words(self.days)


@dataclass(frozen=True)
class Desk:
    """A page of reports, how many there are, and who is on cover on the next working days."""

    show: Show
    rows: tuple[DeskRow, ...]
    count: int
    page: int
    pages: int
    cover: tuple[tuple[date, tuple[str, ...]], ...]
    is_trained: bool
    shut: int = 0

    @property
    def parts(self) -> tuple[tuple[str, tuple[DeskRow, ...]], ...]:
        """The rows under the words of their part, in order."""
        return tuple(
            (PART_WORDS[part], rows)
            for part in Part
            if (rows := tuple(row for row in self.rows if row.part is part))
        )


def desk(actor: Actor, page: int) -> Desk:
    """Return a page of what is offered to a reviewer now.

    Where a child may not be safe first, then by working days waited. Six statements.
    """
    offer = Offer.to(actor)
    if offer is None:
        return Desk(Show.OPEN, (), 0, 1, 1, cover_of(actor), is_trained=False)
    found, shut = _offered(actor, offer)
    pages = max(1, -(-len(found) // ON_A_PAGE))
    page = min(max(page, 1), pages)
    rows = tuple(_row(actor, one) for one in found[(page - 1) * ON_A_PAGE : page * ON_A_PAGE])
    cover = cover_of(actor, offer.everybody)
    return Desk(Show.OPEN, rows, len(found), page, pages, cover, is_trained=True, shut=shut)


@dataclass(frozen=True)
class Offer:
    """What a reviewer may be offered: themselves, all reviewers by id, and the teams by group."""

    own: Reviewer
    everybody: Mapping[int, Reviewer]
    teams: Mapping[int, frozenset[int]]

    @classmethod
    def to(cls, actor: Actor) -> Offer | None:
        """Return what this reviewer may be offered; None until they are trained. 3 statements."""
        everybody = {one.person_id: one for one in reviewers(actor.organisation_id)}
        own = everybody.get(actor.person_id)
        if own is None or not own.is_trained:
            return None
        return cls(own, everybody, teams_by_group(actor.organisation_id))

    @property
    def groups(self) -> frozenset[int]:
        """The groups whose reports they may be offered; of one without teams nobody is."""
        return frozenset(group for group, teams in self.teams.items() if not self.own.teams & teams)


def cover_of(
    actor: Actor, everybody: Mapping[int, Reviewer] | None = None
) -> tuple[tuple[date, tuple[str, ...]], ...]:
    """Return who is on cover on the next working days. One statement, where reviewers are given."""
    if everybody is None:
        everybody = {one.person_id: one for one in reviewers(actor.organisation_id)}
    today = clock.today()
    trained = {one.person_id for one in everybody.values() if one.is_trained}
    calendar = WorkingCalendar(closing_days=actor.closing_days)
    spans = cover_spans(actor.organisation_id, today)
    return tuple(days_read(spans, trained, calendar, today, COVER_SHOWN))


@dataclass(frozen=True)
class _Found:
    """A report that is offered, its head opened. ``readers``: who reads it, by id and name."""

    incident: Incident
    group: str
    is_safe: bool
    is_agreed: bool
    has_message: bool
    key: ReportKey
    head: Head
    own: IncidentReading | None
    readers: tuple[Reviewer, ...]
    days: int
    #: Whether a reporter of this event left a way to be called back.
    may_call: bool

    @property
    def part(self) -> Part:
        """The part of the list in which it stands."""
        if self.incident.route or (self.head.may_be_unsafe and not self.is_safe):
            return Part.RISK
        return Part.WORK if self.readers else Part.FIRST


def _offered(actor: Actor, offer: Offer) -> tuple[list[_Found], int]:
    """Return all that is offered, in the order of the desk, and how many no key here opens.

    Day, danger and who should not read stand in the sealed heads, so each of them is opened.
    """
    readings = readings_by_report(actor.organisation_id)
    knowing = who_may_know(readings)
    calendar, today = WorkingCalendar(closing_days=actor.closing_days), clock.today()
    found, shut = [], 0
    rows = _open_incidents(actor)
    joined: dict[str, list[Incident]] = {}
    for row in rows:
        if row[0].joined_into is not None:
            joined.setdefault(row[0].joined_into, []).append(row[0])
    for incident, group, is_safe, is_agreed, has_message in rows:
        if incident.joined_into is not None:
            continue
        event = [incident, *joined.get(incident.key, ())]
        if any(
            actor.person_id in knowing.get(one.key, ()) or one.group_id not in offer.groups
            for one in event
        ):
            continue
        held = readings.get(incident.key, {})
        own = held.get(actor.person_id)
        try:
            key, head = opened_head(incident)
            heads = [head, *(opened_head(one)[1] for one in event[1:])]
        except RuleBroken:
            shut += 1
            continue
        offered = offered_as_one(
            offer.everybody.values(),
            zip(event, heads, strict=True),
            teams=offer.teams,
            may_know=knowing,
        )
        readers = tuple(
            one
            for one in offered
            if one.person_id in held and held[one.person_id].position in READERS
        )
        is_mine = offer.own in readers
        if offer.own not in offered or (not is_mine and len(readers) >= READERS_OF_ONE):
            continue
        days = calendar.working_days_between(head.came_on, today)
        found.append(
            _Found(
                incident,
                group,
                is_safe,
                is_agreed,
                has_message,
                key,
                head,
                own,
                readers,
                days,
                may_call=any(one.contact for one in heads),
            )
        )
    order = list(Part)
    # By the day its first reading is planned for: what came on a Friday stands before a Saturday's,
    # though neither has waited a working day by Sunday.
    found.sort(
        key=lambda one: (
            order.index(one.part),
            _due(calendar, one.head.came_on, SAFETY_READ_WITHIN),
            one.incident.key,
        )
    )
    return found, shut


def _open_incidents(actor: Actor) -> Sequence[Any]:
    waits = exists(IncidentMessage.key).where(
        is_in_thread_of(Incident.key),
        IncidentMessage.by == "reporter",
        IncidentMessage.is_read.is_(False),
    )
    return db.session.execute(
        select(
            Incident,
            IncidentGroup.name,
            _was_done(StepKind.NO_DANGER),
            _was_done(StepKind.AGREED),
            waits,
        )
        .join(IncidentGroup, IncidentGroup.id == Incident.group_id)
        .where(
            Incident.organisation_id == actor.organisation_id,
            Incident.state.not_in([state.value for state in ENDED]),
        )
        .order_by(Incident.week, Incident.key)
        # What was told stays shut in a list.
        .options(defer(Incident.sealed_words, raiseload=True))
    ).all()


def _was_done(kind: StepKind) -> ColumnElement[bool]:
    return exists(IncidentStep.id).where(
        IncidentStep.incident_key == Incident.key, IncidentStep.kind == kind.value
    )


def _row(actor: Actor, found: _Found) -> DeskRow:
    incident, head = found.incident, found.head
    is_mine = actor.person_id in {one.person_id for one in found.readers}
    calendar = WorkingCalendar(closing_days=actor.closing_days)
    step = _next(found) if is_mine else Step.DANGER
    is_second = not is_mine and bool(found.readers)
    within = CODED_WITHIN if is_second else WITHIN[step]
    return DeskRow(
        key=incident.key,
        part=found.part,
        title=KIND_WORDS[head.reported_kind],
        kind=head.kind,
        group=found.group,
        week=incident.week,
        days=found.days,
        is_mine=is_mine,
        with_whom=tuple(
            "you" if one.person_id == actor.person_id else one.name for one in found.readers
        ),
        says=_says(found, is_mine=is_mine),
        next_words="Second read" if is_second else STEP_NAMES[step] if is_mine else "Safety read",
        by=_due(calendar, head.came_on, within),
    )


def _due(calendar: WorkingCalendar, came_on: date, within: int) -> date:
    """Return the working day by which a step is planned; what comes on a Sunday is for Monday."""
    if within == 0 and calendar.is_working_day(came_on):
        return came_on
    return calendar.add_working_days(came_on, max(within, 1))


def _says(found: _Found, *, is_mine: bool) -> tuple[str, ...]:
    incident = found.incident
    waits = is_mine and len(found.readers) < READERS_OF_ONE
    said = (
        ("Being sent to another route", bool(incident.route)),
        ("Not sure every child is safe now", found.head.may_be_unsafe and not found.is_safe),
        ("A message came", found.has_message),
        ("Kept by a lawful order", keeping_of(incident).is_kept),
        ("Held until joined with another", incident.is_held),
        ("Told strictly: theme only", incident.is_strict),
        ("Waits for a second reader", waits),
    )
    return tuple(words for words, is_so in said if is_so)


def _next(found: _Found) -> Step:
    """Return what comes next; sealed work is opened for its own reader alone."""
    work = Work()
    if found.incident.sealed_work is not None:
        place = work_of(found.incident.key)
        try:
            work = Work.of(found.key.open(found.incident.sealed_work, about=place))
        except CannotOpen:
            return Step.DANGER
    readers = {one.person_id for one in found.readers}
    read = Read(
        is_safe=found.is_safe and not found.incident.route,
        is_agreed=found.is_agreed,
        may_call=found.may_call,
        is_called=bool(work.call_back),
        is_approved=len(readers) >= READERS_OF_ONE and readers <= set(work.approved_by),
    )
    return read.next or Step.SIGN_OFF
