"""The monthly notes to all staff: what was heard, and what is being tried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.queries import people_by_id
from improve.incidents.models import IncidentNote
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

ON_A_PAGE: Final = 12
#: Months back from this one that a note may be written for.
MONTHS_TO_WRITE: Final = 12


@dataclass(frozen=True, slots=True)
class Note:
    """The note of a month. ``version`` 0: nobody has written it yet."""

    month: date
    heard: str = ""
    trying: str = ""
    published_at: datetime | None = None
    version: int = 0
    written_by: str = ""

    @property
    def is_published(self) -> bool:
        """Whether all staff may read it."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True)
class NotesPage:
    """A page of notes, the newest month first."""

    notes: tuple[Note, ...]
    page: int
    has_more: bool


def published_notes(actor: Actor, *, page: int = 1) -> NotesPage:
    """Return twelve notes that all staff may read. One statement."""
    page = max(1, page)
    rows = db.session.execute(
        _notes(actor)
        .where(IncidentNote.published_at.is_not(None))
        .order_by(IncidentNote.month.desc(), IncidentNote.id.desc())
        .limit(ON_A_PAGE + 1)
        .offset((page - 1) * ON_A_PAGE)
    ).all()
    found = tuple(Note(*row) for row in rows[:ON_A_PAGE])
    return NotesPage(found, page, len(rows) > ON_A_PAGE)


def newest_note(actor: Actor) -> Note | None:
    """Return the note of the newest month that all staff may read."""
    row = db.session.execute(
        _notes(actor)
        .where(IncidentNote.published_at.is_not(None))
        .order_by(IncidentNote.month.desc(), IncidentNote.id.desc())
        .limit(1)
    ).first()
    return Note(*row) if row else None


def months_to_write(today: date) -> tuple[date, ...]:
    """Return first days of the months a note may be written for, the newest first."""
    month = today.replace(day=1)
    found = []
    for _ in range(MONTHS_TO_WRITE):
        found.append(month)
        month = date(month.year - (month.month == 1), (month.month - 2) % 12 + 1, 1)
    return tuple(found)


def notes_to_write(actor: Actor) -> tuple[Note, ...]:
    """Return the months a reviewer may write for, each with what stands there so far."""
    months = months_to_write(clock.today())
    rows = db.session.execute(
        _notes(actor)
        .where(IncidentNote.month >= months[-1], IncidentNote.month <= months[0])
        .order_by(IncidentNote.month.desc(), IncidentNote.id.desc())
    )
    kept = {row.month: Note(*row) for row in rows}
    return tuple(kept.get(month, Note(month)) for month in months)


def note_of(actor: Actor, month: date) -> Note:
    """Return what stands for a month, for a reviewer, with who wrote it last.

    Raises ``NotFound`` for a month that is to come, or too long ago.
    """
    if month not in months_to_write(clock.today()):
        raise NotFound
    found = _notes(actor).add_columns(IncidentNote.written_by_id)
    row = db.session.execute(found.where(IncidentNote.month == month)).one_or_none()
    if row is None:
        return Note(month)
    by = people_by_id(actor, [row.written_by_id]).get(row.written_by_id)
    return replace(Note(*row[:5]), written_by=by.name if by else "")


def _notes(actor: Actor) -> Any:
    return select(
        IncidentNote.month,
        IncidentNote.heard,
        IncidentNote.trying,
        IncidentNote.published_at,
        IncidentNote.version,
    ).where(IncidentNote.organisation_id == actor.organisation_id)
