"""Which reviewers on cover something waits for, in each council. For a job at fixed hours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import defer

from improve.accounts.days.working_calendar import WorkingCalendar, days_in
from improve.accounts.queries import councils
from improve.incidents.confidentiality import Reviewer
from improve.incidents.contents import Head
from improve.incidents.kinds import State
from improve.incidents.models import (
    Incident,
    IncidentCover,
    IncidentMessage,
    IncidentReading,
    IncidentSetup,
)
from improve.incidents.queries.one import opened_head
from improve.incidents.queries.reviewers import (
    offered_as_one,
    readings_by_report,
    reviewers,
    teams_by_group,
    who_may_know,
)
from improve.incidents.queries.thread import is_in_thread_of
from improve.incidents.reading import READERS, READERS_OF_ONE
from improve.shared.db import db
from improve.shared.errors import RuleBroken


def set_up_councils() -> list[tuple[IncidentSetup, WorkingCalendar]]:
    """Return each council that set up reports, with its working days, by id. One statement."""
    facts = councils()
    rows = db.session.execute(
        select(IncidentSetup, facts.c.closing_days)
        .join(facts, facts.c.id == IncidentSetup.organisation_id)
        .order_by(IncidentSetup.organisation_id)
    )
    return [(row[0], WorkingCalendar(closing_days=days_in(row[1]))) for row in rows]


def reviewers_to_tell(organisation_id: int, today: date) -> list[int]:
    """Return the ids of reviewers who should know that something waits for them, lowest first.

    Of those on cover today: each to whom a report is offered that has no reader or only one, and
    each who reads one to which its reporter answered. Where none of those is on cover, it is all of
    them if its reporter answered, or if a child may not be safe and nobody has looked yet.
    """
    waiting = _waiting(organisation_id)
    if not waiting:
        return []
    everybody, teams = reviewers(organisation_id), teams_by_group(organisation_id)
    readings = readings_by_report(organisation_id)
    on_cover = _on_cover(organisation_id, today)
    told: set[int] = set()
    event: dict[str, list[Incident]] = {}
    for incident, _ in waiting:
        event.setdefault(incident.joined_into or incident.key, []).append(incident)
    for incident, has_message in waiting:
        if incident.joined_into is not None:
            continue
        one = _Waiting.of(incident, event[incident.key], readings, everybody, teams)
        if one is None:
            continue
        people = one.to_read | (one.readers if has_message else frozenset())
        now = people & on_cover
        cannot_wait = has_message or (one.may_be_unsafe and not one.readers)
        told |= now or (people if cannot_wait else frozenset())
    return sorted(told)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """One report: who reads it by now, and to whom it is offered to be read."""

    readers: frozenset[int]
    to_read: frozenset[int]
    may_be_unsafe: bool

    @classmethod
    def of(
        cls,
        incident: Incident,
        event: Iterable[Incident],
        readings: Mapping[str, Mapping[int, IncidentReading]],
        everybody: Iterable[Reviewer],
        teams: Mapping[int, frozenset[int]],
    ) -> _Waiting | None:
        """Return it; None where no key here opens it, or one of its event."""
        heads: dict[str, Head] = {}
        try:
            parts = [(one, heads.setdefault(one.key, opened_head(one)[1])) for one in event]
        except RuleBroken:
            return None
        head, held = heads[incident.key], readings.get(incident.key, {})
        knowing = who_may_know(readings)
        offered = frozenset(
            one.person_id for one in offered_as_one(everybody, parts, teams=teams, may_know=knowing)
        )
        readers = frozenset(
            person for person, one in held.items() if one.position in READERS and person in offered
        )
        is_open = len(readers) < READERS_OF_ONE
        return cls(readers, offered - readers if is_open else frozenset(), head.may_be_unsafe)


def _waiting(organisation_id: int) -> list[tuple[Incident, bool]]:
    """Return what was not destroyed, and whether its reporter wrote since it was last read."""
    wrote: Any = exists(IncidentMessage.key).where(
        is_in_thread_of(Incident.key),
        IncidentMessage.by == "reporter",
        IncidentMessage.is_read.is_(False),
    )
    rows = db.session.execute(
        select(Incident, wrote)
        .where(
            Incident.organisation_id == organisation_id,
            Incident.state.in_([State.WAITING.value, State.READING.value]),
        )
        .order_by(Incident.week, Incident.key)
        # What was told stays shut: the job needs to know for whom, never what.
        .options(
            defer(Incident.sealed_words, raiseload=True),
            defer(Incident.sealed_work, raiseload=True),
        )
    )
    return [(row[0], bool(row[1])) for row in rows]


def _on_cover(organisation_id: int, today: date) -> frozenset[int]:
    rows = db.session.scalars(
        select(IncidentCover.person_id).where(
            IncidentCover.organisation_id == organisation_id,
            IncidentCover.from_on <= today,
            IncidentCover.to_on >= today,
        )
    )
    return frozenset(rows)
