"""Which reviewer reads on which days."""

from __future__ import annotations

from datetime import date

from sqlalchemy import delete, select

from improve.accounts.actor import Actor
from improve.accounts.reading_days import TakenOut, cover_reasons
from improve.incidents.models import IncidentCover
from improve.incidents.queries.reviewers import reviewer_views
from improve.incidents.service.setup import check_may, locked_setup
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken


def add_cover(actor: Actor, *, person_id: int, from_on: date, to_on: date) -> None:
    """Say that a trained reviewer reads from one day to another, both with it.

    Refuses who is not trained, days that are over, and an end before the beginning or more than a
    year after. The same again is harmless.
    """
    check_may(actor)
    trained = {one.person_id for one in reviewer_views(actor.organisation_id) if one.trained_on}
    reasons = []
    if person_id not in trained:
        reasons.append(Reason("Choose a trained reviewer.", "person_id"))
    reasons += cover_reasons(from_on, to_on, today=clock.today())
    if reasons:
        raise RuleBroken(reasons)
    locked_setup(actor)
    same = select(IncidentCover.id).where(
        IncidentCover.organisation_id == actor.organisation_id,
        IncidentCover.person_id == person_id,
        IncidentCover.from_on == from_on,
        IncidentCover.to_on == to_on,
    )
    if db.session.scalars(same).first() is not None:
        return
    db.session.add(
        IncidentCover(
            organisation_id=actor.organisation_id,
            person_id=person_id,
            from_on=from_on,
            to_on=to_on,
        )
    )
    db.session.flush()
    audit.record(actor, "reports_cover_added", "person", person_id, days=[str(from_on), str(to_on)])


def remove_cover(actor: Actor, *, cover_id: int) -> TakenOut:
    """Take a reviewer's days out of the calendar and return them.

    Raises ``NotFound`` where this council has no such days: gone already, or another council's.
    """
    check_may(actor)
    gone = db.session.execute(
        delete(IncidentCover)
        .where(IncidentCover.organisation_id == actor.organisation_id, IncidentCover.id == cover_id)
        .returning(IncidentCover.person_id, IncidentCover.from_on, IncidentCover.to_on)
    ).one_or_none()
    if gone is None:
        raise NotFound
    days = [str(gone.from_on), str(gone.to_on)]
    audit.record(actor, "reports_cover_removed", "person", gone.person_id, days=days)
    return TakenOut(*gone)
