"""The thread between reviewers and a reporter, opened with the report's own key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import aliased

from improve.incidents.contents import Message, message_of
from improve.incidents.models import Incident, IncidentMessage
from improve.incidents.queries.one import NO_KEY, Loaded
from improve.incidents.queries.together import Part, parts_of
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.shared.sealing import CannotOpen

REPORTER = "reporter"
REVIEWER = "reviewer"


@dataclass(frozen=True)
class SaidView:
    """One message. ``is_new``: the reporter's, and no reviewer said that they read it.

    ``n``: its place in the thread, from 1.
    """

    n: int
    words: str
    day: date
    is_reporters: bool
    is_new: bool


@dataclass(frozen=True)
class ThreadView:
    """All that was said about one report. ``key``: which of those that are read as one."""

    key: str
    said: tuple[SaidView, ...]

    @property
    def has_new(self) -> bool:
        """Whether a reporter's message waits for a reviewer."""
        return any(one.is_new for one in self.said)

    @property
    def last(self) -> int:
        """The place of the last message; 0 where there is none."""
        return max((one.n for one in self.said), default=0)


def threads_of(loaded: Loaded) -> tuple[ThreadView, ...]:
    """Return the thread of a report, and of each joined to it, in that order. One statement."""
    parts = parts_of(loaded)
    rows = db.session.scalars(
        select(IncidentMessage)
        .where(
            IncidentMessage.incident_key.in_([part.incident.key for part in parts]),
            IncidentMessage.organisation_id == loaded.incident.organisation_id,
        )
        .order_by(IncidentMessage.key)
    ).all()
    return tuple(
        ThreadView(part.incident.key, _said([row for row in rows if _is_of(row, part)], part))
        for part in parts
    )


def is_in_thread_of(key: Any) -> ColumnElement[bool]:
    """Return what holds for a message about this report, or about one that is read with it."""
    joined = aliased(Incident)
    return or_(
        IncidentMessage.incident_key == key,
        # Of the report asked for, however deep this stands: left alone, it would mean any report.
        IncidentMessage.incident_key.in_(
            select(joined.key).where(joined.joined_into == key).correlate(Incident)
        ),
    )


def messages_of(part: Part) -> list[IncidentMessage]:
    """Return the messages of one report, held. One statement."""
    query = (
        select(IncidentMessage)
        .where(
            IncidentMessage.incident_key == part.incident.key,
            IncidentMessage.organisation_id == part.incident.organisation_id,
        )
        .order_by(IncidentMessage.key)
        .with_for_update()
    )
    return list(db.session.scalars(query))


def opened_message(part: Part, row: IncidentMessage) -> Message:
    """Return what one message says. Raises ``RuleBroken`` where the report’s key opens it not."""
    try:
        return Message.of(part.key.open(row.sealed, about=message_of(part.incident.key, row.key)))
    except CannotOpen:
        raise RuleBroken(NO_KEY) from None


def _is_of(row: IncidentMessage, part: Part) -> bool:
    return row.incident_key == part.incident.key


def _said(rows: list[IncidentMessage], part: Part) -> tuple[SaidView, ...]:
    found = [(opened_message(part, row), row) for row in rows]
    found.sort(key=lambda one: one[0].n)
    return tuple(
        SaidView(
            message.n,
            message.words,
            date.fromisoformat(message.day),
            row.by == REPORTER,
            row.by == REPORTER and not row.is_read,
        )
        for message, row in found
    )
