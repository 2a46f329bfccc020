"""Reports of one event, read as one: all that was written of it, and what may be joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ScalarSelect, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from improve.accounts.actor import Actor
from improve.accounts.queries.lines import members_now
from improve.incidents.confidentiality import SMALLEST_GROUP, are_enough
from improve.incidents.contents import Head, Words, words_of
from improve.incidents.factors import BY_CODE
from improve.incidents.kinds import ENDED, KIND_WORDS
from improve.incidents.models import (
    Incident,
    IncidentGroup,
    IncidentGroupTeam,
    IncidentMessage,
    IncidentReading,
    IncidentSetup,
)
from improve.incidents.queries.one import NO_KEY, Loaded, opened_head
from improve.incidents.queries.reviewers import offered_as_one
from improve.incidents.reading import READERS
from improve.incidents.sealing import ReportKey
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.shared.sealing import CannotOpen

#: Reports of one event come within so many weeks of each other; the others are listed after them.
NEAR: Final = timedelta(weeks=6)
#: Reports that can be read as one: more is a theme, not an event.
MOST_JOINED: Final = 3
#: Reports to choose from, at most.
OFFERED_MOST: Final = 30


@dataclass
class Part:
    """One of the reports that are read as one, opened."""

    incident: Incident
    key: ReportKey
    head: Head
    words: Words


def parts_of(loaded: Loaded) -> tuple[Part, ...]:
    """Return a report and those joined to it, but not what was destroyed. No statement."""
    parts = [Part(loaded.incident, loaded.key, loaded.head, loaded.words)]
    for incident in loaded.joined:
        if incident.state in ENDED or incident.wrapped_key is None:
            continue
        parts.append(opened(incident))
    return tuple(parts)


def opened(incident: Incident) -> Part:
    """Return a report opened with its own key. Raises ``RuleBroken`` where no key here opens it."""
    key, head = opened_head(incident)
    try:
        words = Words.of(key.open(incident.sealed_words, about=words_of(incident.key)))
    except CannotOpen:
        raise RuleBroken(NO_KEY) from None
    return Part(incident, key, head, words)


def may_call(loaded: Loaded) -> bool:
    """Return whether a reporter left a way to be called back, of this or of one joined to it."""
    joined = (opened_head(one)[1] for one in loaded.joined if one.wrapped_key is not None)
    return any(head.contact for head in (loaded.head, *joined))


def original_of(parts: tuple[Part, ...]) -> str:
    """Return what was written, as one text, to be compared with what others may read."""
    texts = (
        text.strip()
        for part in parts
        for text in (part.words.happened, part.words.helped, part.words.would_try)
    )
    return "\n\n".join(text for text in texts if text)


def stands_in_the_way(loaded: Loaded) -> tuple[bool, bool]:
    """Return whether too few could send a report of this group now, and whether a message waits.

    Too few: fewer than the council asks for; the number itself is never shown. The message is a
    reporter's, of this report or one joined to it, that no reviewer has read. One statement.
    """
    people, smallest = _people_of(loaded.incident.group_id)
    wrote = exists().where(
        IncidentMessage.organisation_id == loaded.incident.organisation_id,
        IncidentMessage.incident_key.in_([part.incident.key for part in parts_of(loaded)]),
        IncidentMessage.by == "reporter",
        IncidentMessage.is_read.is_(False),
    )
    found, least, is_new = db.session.execute(select(people, smallest, wrote)).one()
    return not are_enough(found, smallest=least or SMALLEST_GROUP), is_new


def _people_of(group_id: int) -> tuple[ScalarSelect[Any], ScalarSelect[Any]]:
    """Return how many people a group has now, and how many its council asks for, to be selected."""
    members = members_now()
    people = (
        select(func.count(members.c.person_id.distinct()))
        .select_from(IncidentGroupTeam)
        .join(members, members.c.team_id == IncidentGroupTeam.team_id)
        .where(
            IncidentGroupTeam.group_id == group_id,
            members.c.organisation_id == IncidentGroupTeam.organisation_id,
        )
        .scalar_subquery()
    )
    smallest = (
        select(IncidentSetup.smallest_group)
        .join(IncidentGroup, IncidentGroup.organisation_id == IncidentSetup.organisation_id)
        .where(IncidentGroup.id == group_id)
        .scalar_subquery()
    )
    return people, smallest


@dataclass(frozen=True)
class Candidate:
    """Another report that may be of the same event. ``shared``: factors that both name."""

    key: str
    title: str
    group: str
    week: date
    is_near: bool
    is_alike: bool
    shared: tuple[str, ...]


@dataclass(frozen=True)
class JoinedView:
    """A report that is read with this one."""

    key: str
    title: str
    week: date


@dataclass(frozen=True)
class Together:
    """Whether too few could have sent a report, what is read with it, and what may be."""

    is_small: bool
    joined: tuple[JoinedView, ...]
    candidates: tuple[Candidate, ...]


def together_of(actor: Actor, loaded: Loaded) -> Together:
    """Return with what a report is read, or may be: near in time first, then of its kind.

    Nobody is shown another that they have not opened themselves, that is not offered to them any
    more, or that no key here opens. One statement.
    """
    people, smallest = _people_of(loaded.incident.group_id)
    read = select(IncidentReading.incident_key).where(
        IncidentReading.organisation_id == actor.organisation_id,
        IncidentReading.reviewer_id == actor.person_id,
        IncidentReading.position.in_([one.value for one in READERS]),
        IncidentReading.may_know.is_(False),
    )
    own, other, reading = aliased(IncidentGroup), aliased(IncidentGroup), aliased(IncidentReading)
    rows = db.session.execute(
        select(people, smallest, Incident, other.name, reading.may_know)
        .select_from(own)
        .outerjoin(
            Incident,
            and_(
                Incident.organisation_id == own.organisation_id,
                Incident.key != loaded.incident.key,
                Incident.wrapped_key.is_not(None),
                Incident.state.not_in([state.value for state in ENDED]),
                or_(
                    and_(Incident.joined_into.is_(None), Incident.key.in_(read)),
                    # What is read with it says, too, to whom it may be offered.
                    and_(
                        Incident.joined_into != loaded.incident.key, Incident.joined_into.in_(read)
                    ),
                ),
            ),
        )
        .outerjoin(other, other.id == Incident.group_id)
        .outerjoin(
            reading,
            and_(reading.incident_key == Incident.key, reading.reviewer_id == actor.person_id),
        )
        .where(own.id == loaded.incident.group_id, own.organisation_id == actor.organisation_id)
        .order_by(Incident.week.desc(), Incident.key)
    ).all()
    found = _candidates(actor, loaded, [row[2:] for row in rows if row[2] is not None])
    found.sort(key=lambda one: (not one.is_near, not one.is_alike, -len(one.shared), one.key))
    return Together(
        is_small=any(
            not are_enough(count, smallest=least or SMALLEST_GROUP) for count, least, *_ in rows
        ),
        joined=tuple(
            JoinedView(part.incident.key, KIND_WORDS[part.head.reported_kind], part.incident.week)
            for part in parts_of(loaded)[1:]
        ),
        candidates=tuple(found),
    )


def _candidates(
    actor: Actor, loaded: Loaded, rows: Sequence[tuple[Incident, str, bool | None]]
) -> list[Candidate]:
    """Return those that this reviewer may read now, with all that is read with them."""
    own = [one for one in loaded.offered if one.person_id == actor.person_id]
    found: list[Candidate] = []
    for incident, group, _ in rows:
        if incident.joined_into is not None or len(found) == OFFERED_MOST:
            continue
        event = [one for one in rows if incident.key in (one[0].key, one[0].joined_into)]
        if any(may_know for *_, may_know in event):
            continue
        try:
            heads = [(one, opened_head(one)[1]) for one, *_ in event]
            if offered_as_one(own, heads, teams=loaded.teams, may_know={}):
                found.append(_candidate(loaded, opened(incident), group))
        except RuleBroken:
            continue
    return found


def _candidate(loaded: Loaded, part: Part, group: str) -> Candidate:
    incident = part.incident
    shared = frozenset(loaded.words.factors) & frozenset(part.words.factors)
    return Candidate(
        incident.key,
        KIND_WORDS[part.head.reported_kind],
        group,
        incident.week,
        abs(incident.week - loaded.incident.week) <= NEAR,
        part.head.kind == loaded.head.kind,
        tuple(one.name for code, one in BY_CODE.items() if code in shared),
    )
