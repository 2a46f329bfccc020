"""Clearing what has had its time: counted tries, old sessions, links that no longer work."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import and_, delete, func, or_, select

from improve.accounts.models import (
    AttemptCounter,
    AuthSession,
    CapturePass,
    OneTimeLink,
    SecondFactor,
    WallDevice,
)
from improve.accounts.service.attempts import FORGOTTEN_AFTER
from improve.shared import clock
from improve.shared.db import db

#: How long a session that is over, or a link that no longer works, can still be asked about.
KEPT_FOR = timedelta(days=90)


def purge_access() -> int:
    """Delete what nobody can use any more; return how many rows. For the nightly run.

    Each person's newest session stays, since it says when they were last here.
    """
    at = clock.now()
    newest = select(func.max(AuthSession.id)).group_by(AuthSession.person_id)
    statements = (
        delete(AttemptCounter).where(AttemptCounter.last_failed_at < at - FORGOTTEN_AFTER),
        delete(OneTimeLink).where(OneTimeLink.expires_at < at - KEPT_FOR),
        delete(CapturePass).where(
            or_(CapturePass.ended_at < at - KEPT_FOR, CapturePass.expires_at < at - KEPT_FOR)
        ),
        delete(WallDevice).where(
            or_(
                WallDevice.ended_at < at - KEPT_FOR,
                # A code that was never typed in.
                and_(WallDevice.started_at.is_(None), WallDevice.code_expires_at < at - KEPT_FOR),
            )
        ),
        # Set-ups that nobody finished. One of another phone stays beside the app that counts.
        delete(SecondFactor).where(
            SecondFactor.confirmed_at.is_(None), SecondFactor.created_at < at - FORGOTTEN_AFTER
        ),
        delete(AuthSession).where(
            or_(
                AuthSession.ended_at < at - KEPT_FOR,
                AuthSession.last_used_at < at - KEPT_FOR,
            ),
            AuthSession.id.not_in(newest),
        ),
    )
    return sum(
        db.session.execute(one.execution_options(synchronize_session=False)).rowcount  # type: ignore[attr-defined]
        for one in statements
    )
