"""Mails that have not left yet, read and written again where words must not leave with them."""

from __future__ import annotations

from sqlalchemy import or_, select, update

from improve.mail.models import OutboxMessage
from improve.shared.db import db


def waiting_with(*, links: list[str]) -> list[tuple[int, str, str]]:
    """Return the mails not sent that hold one of these links: id, subject, body."""
    if not links:
        return []
    rows = db.session.execute(
        select(OutboxMessage.id, OutboxMessage.subject, OutboxMessage.body)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.body.is_not(None),
            or_(*(OutboxMessage.body.contains(link, autoescape=True) for link in links)),
        )
        .order_by(OutboxMessage.id)
    )
    return [(row.id, row.subject, row.body or "") for row in rows]


def rewrite_waiting(message_id: int, *, field: str, words: str) -> None:
    """Write subject or body of a mail anew, if it has not left meanwhile."""
    if field not in {"subject", "body"}:
        raise ValueError(field)
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.id == message_id, OutboxMessage.sent_at.is_(None))
        .values({field: words})
        .execution_options(synchronize_session="evaluate")
    )
