"""One's own password, given again for an act that matters: one check for all such acts."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from sqlalchemy import select, update

from improve.accounts import passwords, queries
from improve.accounts.actor import Actor
from improve.accounts.models import AuthSession
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken

#: Somebody without a password proves themselves by a sign-in that is no older.
PROVED_WITHIN: Final = timedelta(minutes=10)
WRONG_ONE: Final = "That is not your password."
COME_IN_AGAIN: Final = (
    "Sign out, sign in again with your council account, and do this within 10 minutes."
)


def check_own_password(
    actor: Actor, *, session_id: int, password: str, field: str = "password"
) -> None:
    """Refuse unless this is the actor's own password, given again for an act that matters.

    Somebody who has none, since the council's own sign-in proves them, must have come in by it
    within ten minutes. ``field`` is where the words about a wrong one stand; the caller counts a
    refusal that names it.
    """
    account = queries.person_for_password(actor.person_id)
    if account is not None and account.password_hash is None:
        _check_came_just_now(actor, session_id)
        return
    if not passwords.is_right(account.password_hash if account else None, password):
        raise RuleBroken([Reason(WRONG_ONE, field)])


def _check_came_just_now(actor: Actor, session_id: int) -> None:
    came = select(AuthSession.password_at).where(
        AuthSession.id == session_id,
        AuthSession.person_id == actor.person_id,
        # A name chosen in the demo, where nobody has a password, stands for one.
        AuthSession.factor.in_(("provider", "demo")),
    )
    at = db.session.execute(came).scalar_one_or_none()
    if at is None or clock.now() - at > PROVED_WITHIN:
        raise RuleBroken(COME_IN_AGAIN)


def confirm_password(actor: Actor, *, session_id: int, password: str) -> None:
    """Note that the password was given again on this device. Refuses a wrong one."""
    check_own_password(actor, session_id=session_id, password=password)
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.person_id == actor.person_id)
        .values(password_at=clock.now())
        .execution_options(synchronize_session=False)
    )
