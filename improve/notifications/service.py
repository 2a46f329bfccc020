"""Telling people what happened, in the same transaction as what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, update

from improve.accounts.actor import Actor
from improve.notifications.kinds import NoticeKind
from improve.notifications.models import Notice
from improve.shared import clock
from improve.shared.db import db


def tell(
    actor: Actor,
    person_ids: Iterable[int | None],
    kind: NoticeKind,
    *,
    subject_id: int,
    facts: Mapping[str, Any],
) -> None:
    """Leave one notice for each person, never for the actor, never the same twice at once.

    ``facts``: ``title`` of the idea, ``by`` (first name), and what the kind reads. Two equal
    notices of one transaction become one, so that a form handled twice tells once.
    """
    at = clock.now()
    waiting = {
        (notice.person_id, notice.kind, notice.subject_id)
        for notice in db.session.new
        if isinstance(notice, Notice)
    }
    for person_id in sorted({i for i in person_ids if i is not None} - {actor.person_id}):
        if (person_id, kind.value, subject_id) in waiting:
            continue
        db.session.add(
            Notice(
                organisation_id=actor.organisation_id,
                person_id=person_id,
                kind=kind.value,
                subject_id=subject_id,
                facts=dict(facts),
                created_at=at,
            )
        )


def take_back(person_ids: Iterable[int], kind: NoticeKind, *, subject_id: int) -> None:
    """Take notices away whose subject is gone. Whose subject it was is the caller's to know."""
    db.session.execute(
        delete(Notice)
        .where(
            Notice.person_id.in_(sorted(set(person_ids))),
            Notice.kind == kind.value,
            Notice.subject_id == subject_id,
        )
        .execution_options(synchronize_session=False)
    )


def mark_read(actor: Actor, *, notice_id: int | None = None) -> None:
    """Mark one of the actor's own notices read, or all of them."""
    mine = [Notice.person_id == actor.person_id, Notice.read_at.is_(None)]
    if notice_id is not None:
        mine.append(Notice.id == notice_id)
    db.session.execute(
        update(Notice)
        .where(*mine)
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )


__all__ = ["NoticeKind", "mark_read", "take_back", "tell"]
