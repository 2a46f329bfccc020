"""Reads for the secret address of a person's calendar."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from improve.accounts.actor import Actor
from improve.accounts.models import CalendarFeed, Person
from improve.accounts.queries.actors import (
    ACTOR_COLUMNS,
    DIRECTORY_ASKED_AT,
    actor_without_session,
    with_places,
)
from improve.shared import clock
from improve.shared.db import db


def calendar_feed_since(actor: Actor) -> datetime | None:
    """Return since when the actor has an address that still works, or None."""
    return db.session.execute(
        select(CalendarFeed.created_at)
        .where(CalendarFeed.person_id == actor.person_id, CalendarFeed.ended_at.is_(None))
        .order_by(CalendarFeed.id.desc())
        .limit(1)
    ).scalar()


def actor_of_calendar_feed(token_hash: str) -> Actor | None:
    """Return whose dates an address gives, in one statement; None when it or the account ended."""
    rows = db.session.execute(
        with_places(
            select(DIRECTORY_ASKED_AT, *ACTOR_COLUMNS)
            .join(CalendarFeed, CalendarFeed.person_id == Person.id)
            .where(
                CalendarFeed.token_hash == token_hash,
                CalendarFeed.ended_at.is_(None),
                Person.is_active,
                or_(Person.ends_on.is_(None), Person.ends_on >= clock.today()),
            )
        )
    ).all()
    return actor_without_session(rows) if rows else None
