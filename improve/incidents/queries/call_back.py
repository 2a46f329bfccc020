"""How a reporter may be called back: sealed apart, and read by whoever opened it alone."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.incidents.contents import Contact, contact_of
from improve.incidents.kinds import StepKind
from improve.incidents.models import IncidentContact, IncidentStep
from improve.incidents.queries.one import Loaded
from improve.incidents.queries.together import Part, parts_of
from improve.shared.db import db


@dataclass(frozen=True)
class CallBack:
    """Whether there is a way, and, for this reviewer who opened it, which."""

    has_way: bool
    is_open: bool
    ways: tuple[str, ...]


def has_way(part: Part) -> bool:
    """Return whether a reporter left a way to be called back."""
    return bool(part.head.contact)


def has_opened(actor: Actor, key: str) -> bool:
    """Return whether this reviewer opened how to call back. One statement."""
    found = select(IncidentStep.id).where(
        IncidentStep.organisation_id == actor.organisation_id,
        IncidentStep.incident_key == key,
        IncidentStep.person_id == actor.person_id,
        IncidentStep.kind == StepKind.CONTACT_OPENED.value,
    )
    return db.session.execute(found.limit(1)).first() is not None


def call_back_of(loaded: Loaded, *, is_open: bool) -> CallBack:
    """Return how the reporters of a report may be called back; no words unless it was opened.

    One statement where it was.
    """
    parts = [part for part in parts_of(loaded) if has_way(part)]
    if not parts or not is_open:
        return CallBack(bool(parts), is_open, ())
    by_token = {part.head.contact: part for part in parts}
    rows = db.session.scalars(
        select(IncidentContact)
        .where(
            IncidentContact.token.in_(by_token),
            IncidentContact.organisation_id == loaded.incident.organisation_id,
        )
        .order_by(IncidentContact.token)
    )
    return CallBack(True, is_open, tuple(_opened(by_token[row.token], row) for row in rows))


def _opened(part: Part, row: IncidentContact) -> str:
    about = contact_of(part.incident.key, row.token)
    return Contact.of(part.key.open(row.sealed, about=about)).how
