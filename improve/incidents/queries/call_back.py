"""How a reporter may be called back: sealed apart, and read by whoever opened it alone."""

from __future__ import annotations

from collections.abc import Iterable
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
    """Whether there is a way, and, for this reviewer, which of them they opened.

    ``is_open``: they opened each; one of a report that was joined later is opened by itself.
    """

    has_way: bool
    is_open: bool
    ways: tuple[str, ...]


def has_way(part: Part) -> bool:
    """Return whether a reporter left a way to be called back."""
    return bool(part.head.contact)


def opened_by(actor: Actor, parts: Iterable[Part]) -> frozenset[str]:
    """Return the keys of those of which this reviewer opened how to call back. One statement."""
    found = select(IncidentStep.incident_key).where(
        IncidentStep.organisation_id == actor.organisation_id,
        IncidentStep.incident_key.in_([part.incident.key for part in parts]),
        IncidentStep.person_id == actor.person_id,
        IncidentStep.kind == StepKind.CONTACT_OPENED.value,
    )
    return frozenset(db.session.scalars(found))


def call_back_of(actor: Actor, loaded: Loaded) -> CallBack:
    """Return how the reporters of a report may be called back; only what this reviewer opened.

    Two statements, where there is a way.
    """
    parts = [part for part in parts_of(loaded) if has_way(part)]
    known = opened_by(actor, parts) if parts else frozenset()
    by_token = {part.head.contact: part for part in parts if part.incident.key in known}
    is_open = bool(parts) and len(by_token) == len(parts)
    if not by_token:
        return CallBack(bool(parts), is_open, ())
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
