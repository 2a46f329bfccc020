"""Notices, left in the same transaction as what they tell of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, select, update

from improve.accounts.actor import Actor
from improve.accounts.told import PeopleTold
from improve.notifications.kinds import NoticeKind, usual_why
from improve.notifications.models import Notice
from improve.shared import clock, events
from improve.shared.db import db
from improve.shared.errors import NotFound


def tell(
    actor: Actor,
    people: Iterable[int | None] | Mapping[int, str],
    kind: NoticeKind,
    *,
    subject_id: int,
    facts: Mapping[str, Any],
) -> None:
    """Leave one notice for each person, never for the actor, never the same twice at once.

    ``people`` are ids, or ids with the ``Why`` of each. ``facts``: ``title`` of the idea, ``by``
    (first name), and what the kind reads. Two equal notices of one transaction become one, so
    that a form handled twice tells once.
    """
    whys = _with_reasons(people, kind)
    whys.pop(actor.person_id, None)
    _leave(actor.organisation_id, whys, kind, subject_id=subject_id, facts=facts)


def tell_by_itself(
    organisation_id: int,
    people: Iterable[int | None] | Mapping[int, str],
    kind: NoticeKind,
    *,
    subject_id: int,
    facts: Mapping[str, Any],
) -> None:
    """Leave a notice of something that nobody did, such as a reminder of the night."""
    _leave(organisation_id, _with_reasons(people, kind), kind, subject_id=subject_id, facts=facts)


def _with_reasons(
    people: Iterable[int | None] | Mapping[int, str], kind: NoticeKind
) -> dict[int, str]:
    if isinstance(people, Mapping):
        return {person_id: str(why) for person_id, why in people.items()}
    return {person_id: usual_why(kind) for person_id in people if person_id is not None}


def _leave(
    organisation_id: int,
    whys: Mapping[int, str],
    kind: NoticeKind,
    *,
    subject_id: int,
    facts: Mapping[str, Any],
) -> None:
    at = clock.now()
    waiting = {
        (notice.person_id, notice.kind, notice.subject_id)
        for notice in db.session.new
        if isinstance(notice, Notice)
    }
    for person_id in sorted(whys):
        if (person_id, kind.value, subject_id) in waiting:
            continue
        db.session.add(
            Notice(
                organisation_id=organisation_id,
                person_id=person_id,
                kind=kind.value,
                subject_id=subject_id,
                facts=dict(facts),
                created_at=at,
                why=whys[person_id],
            )
        )


def follow_accounts() -> None:
    """Leave notices for what accounts have people told of."""
    events.subscribe(PeopleTold, _tell_for_accounts)


def _tell_for_accounts(event: PeopleTold) -> None:
    tell(
        event.actor,
        event.people,
        NoticeKind(event.kind),
        subject_id=event.subject_id,
        facts=event.facts,
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
    """Mark one of the actor's own notices read, or all of them. Twice is harmless.

    Raises ``NotFound`` for a notice of somebody else.
    """
    mine = [Notice.person_id == actor.person_id]
    if notice_id is not None:
        mine.append(Notice.id == notice_id)
        if db.session.execute(select(Notice.id).where(*mine)).first() is None:
            raise NotFound
    db.session.execute(
        update(Notice)
        .where(*mine, Notice.read_at.is_(None))
        .values(read_at=clock.now())
        .execution_options(synchronize_session=False)
    )
