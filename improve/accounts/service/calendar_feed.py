"""A secret address that calendars ask for one's dates."""

from __future__ import annotations

import secrets

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.models import CalendarFeed
from improve.accounts.service.tokens import token_hash
from improve.shared import audit, clock
from improve.shared.db import db


def make_calendar_feed(actor: Actor) -> str:
    """Return a new secret token of 256 bits, shown once; the actor's former one ends. Audited."""
    end_feed_of(actor.person_id)
    token = secrets.token_urlsafe(32)
    db.session.add(
        CalendarFeed(
            person_id=actor.person_id, token_hash=token_hash(token), created_at=clock.now()
        )
    )
    db.session.flush()
    audit.record(actor, "calendar_feed_made", "person", actor.person_id)
    return token


def end_calendar_feed(actor: Actor) -> None:
    """End the actor's address: calendars get nothing more. Twice is harmless. Audited."""
    if end_feed_of(actor.person_id):
        audit.record(actor, "calendar_feed_ended", "person", actor.person_id)


def end_feed_of(person_id: int) -> bool:
    """End somebody's address, where they have one; return whether they had.

    It was made with a session alone: whoever had theirs for a minute would read on by it.
    """
    ended = db.session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.person_id == person_id, CalendarFeed.ended_at.is_(None))
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    return bool(ended.rowcount)  # type: ignore[attr-defined]
