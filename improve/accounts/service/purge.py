"""Clearing what has had its time: counted tries, old sessions, links that no longer work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Delete, and_, delete, func, or_, select

from improve.accounts.models import (
    AttemptCounter,
    AuthSession,
    CalendarFeed,
    CapturePass,
    OneTimeLink,
    Person,
    SecondFactor,
    WallDevice,
)
from improve.accounts.queries.retention import kept_since
from improve.accounts.service.attempts import FORGOTTEN_AFTER
from improve.shared import clock
from improve.shared.db import db
from improve.shared.keeping_times import ACCESS


def purge_access() -> int:
    """Delete what nobody can use any more; return how many rows. For the nightly run.

    Each council keeps it for the time that it chose. Each person's newest session stays, since it
    says when they were last here.
    """
    count = _run(
        delete(AttemptCounter).where(AttemptCounter.last_failed_at < clock.now() - FORGOTTEN_AFTER)
    )
    # Set-ups that nobody finished. One of another phone stays beside the app that counts.
    count += _run(
        delete(SecondFactor).where(
            SecondFactor.confirmed_at.is_(None),
            SecondFactor.created_at < clock.now() - FORGOTTEN_AFTER,
        )
    )
    for since, councils in kept_since(ACCESS):
        people = select(Person.id).where(Person.organisation_id.in_(councils))
        count += sum(_run(statement) for statement in _over(since, councils, people))
    return count


def _over(since: datetime, councils: list[int], people: Any) -> Iterator[Delete]:
    newest = select(func.max(AuthSession.id)).group_by(AuthSession.person_id)
    yield delete(OneTimeLink).where(
        OneTimeLink.organisation_id.in_(councils), OneTimeLink.expires_at < since
    )
    yield delete(CapturePass).where(
        CapturePass.person_id.in_(people),
        or_(CapturePass.ended_at < since, CapturePass.expires_at < since),
    )
    yield delete(CalendarFeed).where(
        CalendarFeed.person_id.in_(people), CalendarFeed.ended_at < since
    )
    yield delete(WallDevice).where(
        WallDevice.organisation_id.in_(councils),
        or_(
            WallDevice.ended_at < since,
            # A code that was never typed in.
            and_(WallDevice.started_at.is_(None), WallDevice.code_expires_at < since),
        ),
    )
    yield delete(AuthSession).where(
        AuthSession.person_id.in_(people),
        or_(AuthSession.ended_at < since, AuthSession.last_used_at < since),
        AuthSession.id.not_in(newest),
    )


def _run(statement: Delete) -> int:
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    return int(done.rowcount)  # type: ignore[attr-defined]
