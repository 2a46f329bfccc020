"""Reads of a person's own notices, and of how soon mail tells them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.notifications.kinds import USUAL_PACE, Group, NoticeKind, Pace
from improve.notifications.models import MailChoice, Notice
from improve.notifications.sentences import notice_words
from improve.shared.db import db

PAGE_SIZE: Final = 50


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
    facts: Mapping[str, Any]
    created_at: datetime
    is_read: bool


@dataclass(frozen=True, slots=True)
class NewsPage:
    """Fifty notices, the number of the page and of all pages, and whether any waits unread."""

    notices: tuple[NoticeView, ...]
    page: int
    pages: int
    has_unread: bool


def notices(actor: Actor, *, limit: int = 20) -> list[NoticeView]:
    """Return the actor's own newest notices, the newest first."""
    return _shape(db.session.execute(_mine(actor).limit(limit)))


def news_page(actor: Actor, *, page: int = 1) -> NewsPage:
    """Return a page of all the actor's notices, the newest first; one beyond the last is empty."""
    page = max(1, page)
    total, unread = db.session.execute(
        select(func.count(), func.count().filter(Notice.read_at.is_(None)))
        .select_from(Notice)
        .where(Notice.person_id == actor.person_id)
    ).one()
    found = db.session.execute(_mine(actor).limit(PAGE_SIZE).offset((page - 1) * PAGE_SIZE))
    return NewsPage(
        notices=tuple(_shape(found)),
        page=page,
        pages=-(-total // PAGE_SIZE),
        has_unread=unread > 0,
    )


def who_wants_none(group: Group, person_ids: Iterable[int]) -> frozenset[int]:
    """Return which of these people chose to get no mail of a group."""
    rows = db.session.execute(
        select(MailChoice.person_id).where(
            MailChoice.person_id.in_(sorted(set(person_ids))),
            MailChoice.group == group.value,
            MailChoice.pace == Pace.NEVER.value,
        )
    )
    return frozenset(rows.scalars())


def was_told(person_id: int, kind: NoticeKind, subject_ids: Iterable[int]) -> bool:
    """Return whether somebody was told of one of these. Whose they are is the caller's to know."""
    found = select(Notice.id).where(
        Notice.person_id == person_id,
        Notice.kind == kind.value,
        Notice.subject_id.in_(sorted(set(subject_ids))),
    )
    return db.session.execute(found.limit(1)).first() is not None


def facts_told(kind: NoticeKind, since: datetime) -> list[tuple[int, Mapping[str, Any]]]:
    """Return who was told of one kind since a moment, with what; for jobs that tell once a day."""
    found = (
        select(Notice.person_id, Notice.facts)
        .where(Notice.kind == kind.value, Notice.created_at >= since)
        .order_by(Notice.id)
    )
    return [(person_id, facts) for person_id, facts in db.session.execute(found)]


def paces(actor: Actor) -> dict[Group, Pace]:
    """Return how soon mail tells the actor of each group, chosen or usual."""
    chosen = db.session.execute(
        select(MailChoice.group, MailChoice.pace)
        .where(MailChoice.person_id == actor.person_id)
        .order_by(MailChoice.group)
    )
    return {**USUAL_PACE, **{Group(row.group): Pace(row.pace) for row in chosen}}


def _mine(actor: Actor) -> Any:
    return (
        select(
            Notice.id,
            Notice.kind,
            Notice.subject_id,
            Notice.facts,
            Notice.why,
            Notice.created_at,
            Notice.read_at,
        )
        .where(Notice.person_id == actor.person_id)
        .order_by(Notice.id.desc())
    )


def _shape(rows: Iterable[Any]) -> list[NoticeView]:
    return [
        NoticeView(
            id=row.id,
            kind=NoticeKind(row.kind),
            subject_id=row.subject_id,
            title=row.facts.get("title", ""),
            words=notice_words(NoticeKind(row.kind), row.facts, row.why),
            facts=row.facts,
            created_at=row.created_at,
            is_read=row.read_at is not None,
        )
        for row in rows
    ]
