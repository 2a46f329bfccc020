"""Ending every way in at once, after a backup was restored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import update

from improve.accounts.models import (
    AuthSession,
    CalendarFeed,
    CapturePass,
    OneTimeLink,
    WallDevice,
)
from improve.shared import clock
from improve.shared.db import db


def close_every_door() -> int:
    """End all sign-ins, links, phones that may log, screens and calendar addresses; say how many.

    A backup holds ways in that were ended after it was made, by somebody who had lost a phone:
    which ones, nobody can tell, so all are ended, and people sign in again.
    """
    at = clock.now()
    doors: tuple[tuple[Any, Any, dict[str, Any]], ...] = (
        (AuthSession, AuthSession.ended_at, {"ended_at": at}),
        (CapturePass, CapturePass.ended_at, {"ended_at": at}),
        (CalendarFeed, CalendarFeed.ended_at, {"ended_at": at}),
        (WallDevice, WallDevice.ended_at, {"ended_at": at, "code_hash": None}),
        (OneTimeLink, OneTimeLink.revoked_at, {"revoked_at": at}),
    )
    closed = 0
    for table, ended, values in doors:
        statement = update(table).where(ended.is_(None)).values(**values)
        if table is OneTimeLink:
            statement = statement.where(OneTimeLink.used_at.is_(None))
        done = db.session.execute(statement.execution_options(synchronize_session=False))
        closed += int(done.rowcount)  # type: ignore[attr-defined]
    return closed
