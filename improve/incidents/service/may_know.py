"""“I may know this”: a report goes to another reviewer, and whoever said so sees it no more."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.incidents.kinds import State, StepKind
from improve.incidents.models import Incident, IncidentReading
from improve.incidents.reading import Position
from improve.incidents.service.one import Loaded, keep_work, record, report_for_review
from improve.shared.db import db
from improve.shared.errors import RuleBroken

NOBODY_ELSE = (
    "Nobody else may be offered this now. Read no further, and ask an administrator for another "
    "trained reviewer; you need not say why. If a child may be in danger, ring duty now."
)


def say_may_know(actor: Actor, *, key: str) -> None:
    """Pass a report on because one may know who or where it is, opened or not.

    What is read with it as one event goes, too, and what this reviewer coded and agreed to; but not
    while a lawful order keeps it: then that stays, and goes as the order ends. The second reader
    becomes the first. Refused where nobody else may be offered it: it would be read by nobody.
    """
    loaded = report_for_review(actor, key, for_change=True, may_be_unopened=True)
    if loaded.incident.joined_into is not None:
        say_may_know(actor, key=loaded.incident.joined_into)
        return
    if not any(one.person_id != actor.person_id for one in loaded.offered):
        raise RuleBroken(NOBODY_ELSE)
    for incident in (loaded.incident, *loaded.joined):
        _knows(actor, incident)
    if not loaded.is_frozen:
        forget_who_left(loaded)
    if loaded.other is not None:
        loaded.other.position = Position.FIRST.value
    elif loaded.incident.state == State.READING:
        loaded.incident.state = State.WAITING.value
    for incident in (loaded.incident, *loaded.joined):
        record(incident, actor, StepKind.MAY_KNOW)


def forget_who_left(loaded: Loaded) -> None:
    """Take away what they coded and agreed to who said that they may know it. Twice is harmless."""
    db.session.flush()
    keys = [one.key for one in (loaded.incident, *loaded.joined)]
    left = db.session.scalars(
        select(IncidentReading)
        .where(IncidentReading.incident_key.in_(keys), IncidentReading.may_know)
        .order_by(IncidentReading.incident_key, IncidentReading.reviewer_id)
    ).all()
    for one in left:
        one.is_coded, one.sealed_coding = False, None
    gone = {one.reviewer_id for one in left}
    if gone & set(loaded.work.approved_by):
        agreed = [one for one in loaded.work.approved_by if one not in gone]
        keep_work(loaded, replace(loaded.work, approved_by=agreed))
    db.session.flush()


def _knows(actor: Actor, incident: Incident) -> None:
    own = db.session.scalars(
        select(IncidentReading).where(
            IncidentReading.incident_key == incident.key,
            IncidentReading.reviewer_id == actor.person_id,
        )
    ).one_or_none()
    if own is None:
        own = IncidentReading(
            incident_key=incident.key,
            reviewer_id=actor.person_id,
            organisation_id=incident.organisation_id,
        )
        db.session.add(own)
    own.may_know, own.position = True, Position.NONE.value
