"""Opening a report: recorded for all of its reviewers, before a word of it is shown."""

from __future__ import annotations

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.incidents.kinds import State, StepKind
from improve.incidents.models import IncidentReading
from improve.incidents.queries.one import TwoReadIt
from improve.incidents.reading import Position, free_position
from improve.incidents.service.one import Loaded, record, report_for_review
from improve.shared.db import db
from improve.shared.errors import Stale


def open_report(actor: Actor, *, key: str) -> None:
    """Open a report to read it: the first to do so is its first reader, then its second.

    Twice is harmless. ``Stale`` where two others opened it meanwhile, ``NotFound`` where it is not
    offered to them.
    """
    try:
        loaded = report_for_review(actor, key, for_change=True, may_be_unopened=True)
    except TwoReadIt:
        raise Stale from None
    if loaded.is_reader:
        return
    own = _own_reading(loaded, actor)
    own.position = free_position(one.position for one in loaded.others).value
    for left in _left_at(loaded, own):
        left.position = Position.NONE.value
    if loaded.incident.state == State.WAITING:
        loaded.incident.state = State.READING.value
    record(loaded, actor, StepKind.OPENED)
    for one in loaded.joined:
        # It is read with this one, on the same page.
        if one.wrapped_key is not None:
            record(one, actor, StepKind.OPENED)


def _left_at(loaded: Loaded, own: IncidentReading) -> list[IncidentReading]:
    """Return what others held of this place who may not read it now: three never read one."""
    found = (
        select(IncidentReading)
        .where(
            IncidentReading.incident_key == loaded.incident.key,
            IncidentReading.organisation_id == loaded.incident.organisation_id,
            IncidentReading.reviewer_id != own.reviewer_id,
            IncidentReading.position == own.position,
        )
        .order_by(IncidentReading.reviewer_id)
    )
    return list(db.session.scalars(found))


def _own_reading(loaded: Loaded, actor: Actor) -> IncidentReading:
    if loaded.reading is not None:
        return loaded.reading
    own = IncidentReading(
        incident_key=loaded.incident.key,
        reviewer_id=actor.person_id,
        organisation_id=actor.organisation_id,
    )
    db.session.add(own)
    return own
