"""Reads of a person's own notices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.notifications.kinds import NoticeKind, notice_words
from improve.notifications.models import Notice
from improve.shared.db import db


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice: ``words`` say what happened, ``title`` to which idea (``subject_id``).

    The subject of thanks is the thank-you itself; its title is that of the idea, or “Thank you”.
    That of an action is the action; its title is that of the idea, or “Something to do”.
    """

    id: int
    kind: NoticeKind
    subject_id: int
    title: str
    words: str
    created_at: datetime
    is_read: bool


def notices(actor: Actor, *, limit: int = 20) -> list[NoticeView]:
    """Return the actor's own newest notices, the newest first."""
    rows = db.session.execute(
        select(
            Notice.id,
            Notice.kind,
            Notice.subject_id,
            Notice.facts,
            Notice.created_at,
            Notice.read_at,
        )
        .where(Notice.person_id == actor.person_id)
        .order_by(Notice.id.desc())
        .limit(limit)
    )
    return [
        NoticeView(
            id=row.id,
            kind=NoticeKind(row.kind),
            subject_id=row.subject_id,
            title=row.facts.get("title", ""),
            words=notice_words(NoticeKind(row.kind), row.facts),
            created_at=row.created_at,
            is_read=row.read_at is not None,
        )
        for row in rows
    ]
