"""One's own password, given again for an act that matters: one check for all such acts."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from improve.accounts import passwords, queries
from improve.accounts.actor import Actor
from improve.accounts.models import AttemptCounter, AuthSession
from improve.accounts.service.sign_in import own_password_counter, renew_session
from improve.accounts.sessions.session_times import proof_ends_at
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken

WRONG_ONE: Final = "That is not your password."
PROVE_FIRST: Final = (
    "Prove first that it is you, with your council account. What you typed stays here."
)


def check_own_password(
    actor: Actor, *, session_id: int, password: str, field: str = "password"
) -> None:
    """Refuse unless this is the actor's own password, given again for an act that matters.

    Somebody who has none, since the council's own sign-in proves them, must have proved themselves
    there within ten minutes. ``field`` is where the words about a wrong one stand. The caller
    counts the try with ``claim_own_password``; the right one forgets the count.
    """
    account = queries.person_for_password(actor.person_id)
    if account is not None and account.password_hash is None:
        _check_proved_just_now(actor, session_id)
        return
    if not passwords.is_right(account.password_hash if account else None, password):
        raise RuleBroken([Reason(WRONG_ONE, field)])
    db.session.execute(
        delete(AttemptCounter)
        .where(AttemptCounter.key == own_password_counter(actor.person_id))
        .execution_options(synchronize_session=False)
    )


def _check_proved_just_now(actor: Actor, session_id: int) -> None:
    row = db.session.execute(
        select(AuthSession.factor, AuthSession.proved_at).where(
            AuthSession.id == session_id, AuthSession.person_id == actor.person_id
        )
    ).one_or_none()
    if row is None or _is_over(row.factor, row.proved_at):
        raise RuleBroken(PROVE_FIRST)


def _is_over(factor: str, proved_at: datetime | None) -> bool:
    # A name chosen in the demo, where nobody has a password, stands for one.
    return factor != "demo" and proof_ends_at(proved_at) <= clock.now()


def confirm_password(actor: Actor, *, session_id: int, password: str) -> str:
    """Note that the password was given again on this device; return the session's new id.

    Refuses a wrong one.
    """
    check_own_password(actor, session_id=session_id, password=password)
    return renew_session(actor.person_id, session_id, password_at=clock.now())
