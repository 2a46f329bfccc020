"""Who reads on which days."""

from __future__ import annotations

from datetime import date
from typing import Final

from sqlalchemy import delete, select

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.reading_days import TakenOut, cover_reasons
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from improve.voices.models import VoiceCover
from improve.voices.queries.setup import readers
from improve.voices.service.setup import locked_setup

_MAY_NOT: Final = "Only an administrator can change who reads."


def add_cover(actor: Actor, *, person_id: int, from_on: date, to_on: date) -> None:
    """Say that a trained reader reads from one day to another, both with it.

    Refuses who is not trained, days that are over, and an end before the beginning or more than a
    year after. The same again is harmless.
    """
    if not roles.may(actor, Permission.SET_UP_VOICES):
        raise Forbidden(_MAY_NOT)
    trained = {reader.person_id for reader in readers(actor.organisation_id) if reader.trained_on}
    reasons = []
    if person_id not in trained:
        reasons.append(Reason("Choose a trained reader.", "person_id"))
    reasons += cover_reasons(from_on, to_on, today=clock.today())
    if reasons:
        raise RuleBroken(reasons)
    locked_setup(actor)
    same = select(VoiceCover.id).where(
        VoiceCover.organisation_id == actor.organisation_id,
        VoiceCover.person_id == person_id,
        VoiceCover.from_on == from_on,
        VoiceCover.to_on == to_on,
    )
    if db.session.scalars(same).first() is not None:
        return
    db.session.add(
        VoiceCover(
            organisation_id=actor.organisation_id,
            person_id=person_id,
            from_on=from_on,
            to_on=to_on,
        )
    )
    db.session.flush()
    audit.record(actor, "voices_cover_added", "person", person_id, days=[str(from_on), str(to_on)])


def remove_cover(actor: Actor, *, cover_id: int) -> TakenOut:
    """Take somebody's days out of the calendar and return them.

    Raises ``NotFound`` where this council has no such days: gone already, or another council's.
    """
    if not roles.may(actor, Permission.SET_UP_VOICES):
        raise Forbidden(_MAY_NOT)
    gone = db.session.execute(
        delete(VoiceCover)
        .where(VoiceCover.organisation_id == actor.organisation_id, VoiceCover.id == cover_id)
        .returning(VoiceCover.person_id, VoiceCover.from_on, VoiceCover.to_on)
    ).one_or_none()
    if gone is None:
        raise NotFound
    days = [str(gone.from_on), str(gone.to_on)]
    audit.record(actor, "voices_cover_removed", "person", gone.person_id, days=days)
    return TakenOut(*gone)
