"""The facts of notices, read and written again where words must not stay in them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select, update

from improve.accounts.actor import Actor
from improve.notifications.kinds import NoticeKind, Subject, subject_of
from improve.notifications.models import Notice
from improve.shared.db import db


def facts_about(
    actor: Actor, subject: Subject, subject_ids: Iterable[int]
) -> list[tuple[int, int, dict[str, Any]]]:
    """Return the notices about these things: id, of which thing, facts."""
    ids = sorted(set(subject_ids))
    if not ids:
        return []
    kinds = [kind.value for kind in NoticeKind if subject_of(kind) is subject]
    rows = db.session.execute(
        select(Notice.id, Notice.subject_id, Notice.facts)
        .where(
            Notice.organisation_id == actor.organisation_id,
            Notice.kind.in_(kinds),
            Notice.subject_id.in_(ids),
        )
        .order_by(Notice.id)
    )
    return [(row.id, row.subject_id, row.facts) for row in rows]


def write_facts(notice_id: int, facts: dict[str, Any]) -> None:
    """Write the facts of one notice anew."""
    db.session.execute(
        update(Notice)
        .where(Notice.id == notice_id)
        .values(facts=facts)
        .execution_options(synchronize_session="evaluate")
    )


def facts_of(notice_id: int) -> dict[str, Any]:
    """Return the facts of one notice."""
    return dict(db.session.execute(select(Notice.facts).where(Notice.id == notice_id)).scalar_one())
