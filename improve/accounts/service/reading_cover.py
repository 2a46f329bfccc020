"""The calendar of those who read what is told in confidence: days put in and taken out.

Each form keeps its own calendar, in a table of its own with the same columns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete, select

from improve.accounts.actor import Actor
from improve.accounts.in_confidence.reading_days import ReadersDays, cover_reasons
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken


def put_days_in(
    calendar: type[Any],
    actor: Actor,
    *,
    days: ReadersDays,
    not_a_reader: str,
    lock: Callable[[Actor], object],
    act: str,
) -> None:
    """Put somebody's days, both with them, into a calendar, and audit it as ``act``.

    ``not_a_reader``: why this person cannot read, “” where they can. ``lock`` holds what two who
    put the same in would both miss. Refuses days that are over, and an end before the beginning or
    more than a year after. The same again is harmless.
    """
    reasons = [Reason(not_a_reader, "person_id")] if not_a_reader else []
    reasons += cover_reasons(days.from_on, days.to_on, today=clock.today())
    if reasons:
        raise RuleBroken(reasons)
    lock(actor)
    row = {
        "organisation_id": actor.organisation_id,
        "person_id": days.person_id,
        "from_on": days.from_on,
        "to_on": days.to_on,
    }
    if db.session.scalars(select(calendar.id).filter_by(**row)).first() is not None:
        return
    db.session.add(calendar(**row))
    db.session.flush()
    _record(actor, act, days)


def take_days_out(calendar: type[Any], actor: Actor, *, cover_id: int, act: str) -> ReadersDays:
    """Take somebody's days out of a calendar, audit it as ``act``, and return them.

    Raises ``NotFound`` where this council has no such days: gone already, or another council's.
    """
    gone = db.session.execute(
        delete(calendar)
        .where(calendar.organisation_id == actor.organisation_id, calendar.id == cover_id)
        .returning(calendar.person_id, calendar.from_on, calendar.to_on)
    ).one_or_none()
    if gone is None:
        raise NotFound
    taken = ReadersDays(*gone)
    _record(actor, act, taken)
    return taken


def _record(actor: Actor, act: str, days: ReadersDays) -> None:
    span = [str(days.from_on), str(days.to_on)]
    audit.record(actor, act, "person", days.person_id, days=span)
