"""Answers so far, by the token of the form, and the report that a token sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, literal, select

from improve.incidents.contents import Head, head_of
from improve.incidents.journey import Answers
from improve.incidents.models import Incident, IncidentDraft
from improve.incidents.sealing import DRAFTS, RECEIPTS, ReportKey, sealer
from improve.shared import clock
from improve.shared.db import db
from improve.shared.receipt_words import long_from
from improve.shared.sealing import CannotOpen, Sealer

#: How long answers that were not sent are kept.
KEPT: Final = timedelta(hours=24)
#: What a receipt is made under, from the token of the form that sent it.
_WORDS: Final = "incidents receipt words"


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers so far of one form. ``readers``: to how many it may be offered; None: not known.

    ``door``: where it is written, see ``incidents.routes.flow``.
    """

    door: str
    answers: Answers
    began_at: datetime
    readers: int | None = None

    @property
    def has_nobody(self) -> bool:
        """Whether nobody is left to read it."""
        return self.readers == 0

    def as_json(self) -> str:
        """Return the text that is sealed."""
        return json.dumps(
            {
                "door": self.door,
                "answers": self.answers.facts(),
                "began_at": self.began_at.isoformat(),
                "readers": self.readers,
            }
        )


def found_with(token: str, door: str, organisation_id: int) -> tuple[Draft | None, bool]:
    """Return the answers so far at a door, and whether there is a receipt to show instead.

    See ``sent_with`` for that. None where there are no answers any more. One statement for both:
    every page of the form asks.
    """
    if not token:
        return None, False
    nothing = select(literal(1).label("one")).subquery()
    named = IncidentDraft.token_hash.in_(sealer(DRAFTS).hashes(token))
    found = db.session.execute(
        select(IncidentDraft, Incident)
        .select_from(nothing)
        .outerjoin(IncidentDraft, named)
        .outerjoin(Incident, _is_sent_with(_receipts(token), organisation_id))
        .order_by(IncidentDraft.token_hash, Incident.key)
    ).first()
    row, incident = found if found is not None else (None, None)
    return opened(row, token, door), incident is not None and _is_new(incident)


def row_of(token: str, *, for_change: bool = False) -> IncidentDraft | None:
    """Return the row of a form's token; for a change it is locked."""
    if not token:
        return None
    found = (
        select(IncidentDraft)
        .where(IncidentDraft.token_hash.in_(sealer(DRAFTS).hashes(token)))
        .order_by(IncidentDraft.token_hash)
    )
    return db.session.scalars(found.with_for_update() if for_change else found).first()


def seal_of(token: str) -> Sealer:
    """Return what seals the answers so far: no one without the form's own token can open them.

    The token is in the cookie alone. Where that went, the row is of no use to anybody.
    """
    return sealer(f"{DRAFTS} {token}")


def opened(row: IncidentDraft | None, token: str, door: str) -> Draft | None:
    """Return what a row holds. None for another door's, one a day old, or under a lost key."""
    if row is None:
        return None
    try:
        held: dict[str, Any] = json.loads(seal_of(token).open(row.sealed, about=row.token_hash))
    except CannotOpen:
        return None
    began_at = datetime.fromisoformat(held["began_at"])
    if held["door"] != door or clock.now() >= began_at + KEPT:
        return None
    return Draft(held["door"], Answers.of(held["answers"]), began_at, held["readers"])


def receipts_of(token: str) -> list[str]:
    """Return the receipt that a form's token sends with, first; then under earlier keys.

    It follows from the token and the key, so it stands nowhere before it is shown, and the same
    form sent twice has the same.
    """
    made = sealer(_WORDS).hashes(token)
    return [long_from(hashlib.sha256(one.encode()).digest()) for one in made]


def sent_with(token: str, organisation_id: int) -> str | None:
    """Return the receipt of the report that this form sent today, or yesterday before midnight.

    None: it sent none, or longer ago, or what it sent was destroyed. Whoever uses the browser next
    is given the words of nobody else. One statement.
    """
    found = _sent_with(token, organisation_id)
    if found is None:
        return None
    incident, receipt = found
    return receipt if _is_new(incident) else None


def is_spent(token: str, organisation_id: int) -> bool:
    """Return whether this form ever sent a report. One statement."""
    return _sent_with(token, organisation_id) is not None


def _sent_with(token: str, organisation_id: int) -> tuple[Incident, str] | None:
    """Return the report that this form sent, and its receipt."""
    if not token:
        return None
    receipts = _receipts(token)
    found = db.session.scalars(
        select(Incident).where(_is_sent_with(receipts, organisation_id)).order_by(Incident.key)
    ).first()
    return (found, receipts[found.receipt_hash]) if found else None


def _receipts(token: str) -> dict[str, str]:
    """Return the receipts that a form's token may have sent with, by their hashes."""
    return {
        hashed: receipt
        for receipt in receipts_of(token)
        for hashed in sealer(RECEIPTS).hashes(receipt)
    }


def _is_sent_with(receipts: Iterable[str], organisation_id: int) -> ColumnElement[bool]:
    return and_(
        Incident.organisation_id == organisation_id, Incident.receipt_hash.in_(list(receipts))
    )


def _is_new(incident: Incident) -> bool:
    """Return whether a report came today or yesterday, and was not destroyed."""
    try:
        own = ReportKey.unwrap(incident.wrapped_key, about=incident.key)
        head = Head.of(own.open(incident.sealed_head, about=head_of(incident.key)))
    except CannotOpen:
        return False
    return head.came_on >= clock.today() - timedelta(days=1)


def drafts_begun_on(organisation_id: int, day: date) -> int:
    """Return how many forms of a council were begun on a day, and were not deleted since."""
    return _count(
        select(func.count())
        .select_from(IncidentDraft)
        .where(IncidentDraft.began_on == day, IncidentDraft.organisation_id == organisation_id)
    )


def reports_of_week(organisation_id: int, week: date) -> int:
    """Return how many reports came to a council in the week of that Monday."""
    return _count(
        select(func.count())
        .select_from(Incident)
        .where(Incident.organisation_id == organisation_id, Incident.week == week)
    )


def _count(counted: Any) -> int:
    return int(db.session.execute(counted).scalar_one())
