"""Signing in and out, sessions that can be ended, and the growing delay after wrong tries."""

from __future__ import annotations

import math
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, delete, select, update
from sqlalchemy.exc import DBAPIError

from improve.accounts import passwords, queries
from improve.accounts.actor import Actor
from improve.accounts.models import AttemptCounter, AuthSession, Person
from improve.accounts.queries import SignInRow
from improve.accounts.service.attempts import (
    CLIENT_ALLOWANCE,
    FREE_TRIES,
    LONGEST_CLIENT_WAIT,
    claim_try,
    count_failure,
    counter_key,
    pause_of_account,
    take_back,
    wait_of,
)
from improve.accounts.service.calendar_feed import end_feed_of
from improve.accounts.service.capture import end_capture_passes
from improve.accounts.service.tokens import token_hash
from improve.shared import audit, clock
from improve.shared.db import db, writing_apart
from improve.shared.errors import NotFound, Reason, RuleBroken

WRONG = "The e-mail or the password is not right. Check both and try again."


@dataclass(frozen=True)
class SignedIn:
    """A fresh session: the id for the cookie, shown once, and whose it is."""

    token: str
    csrf_token: str
    person_id: int
    organisation_id: int
    #: The second proof is still to come: nobody is signed in yet.
    is_half: bool = False
    #: Nobody came in by this account before.
    is_first: bool = False


def claim_attempt(*, secret: str, email: str, client: str) -> int:
    """Count a try for account and client before it is looked at, and commit; 0, or the wait.

    Returns how many seconds to wait, and counts nothing, where one has to. Passwords that are sent
    side by side wait for each other here, so no more of them are looked at than one after the
    other. The right one forgets the count. The one commit outside the route: the count must stand
    although the request is refused. What the request did before is rolled back first.
    """
    db.session.rollback()
    at = clock.now()
    account_key = counter_key(secret, "account", email.strip().lower())
    claimed = claim_try(account_key, at, pause_of_account)
    if not claimed.wait:
        claimed = claim_try(counter_key(secret, "client", client), at, _pause_of_client)
    if claimed.wait:
        db.session.rollback()
    else:
        db.session.commit()
    return math.ceil(claimed.wait)


def _pause_of_client(failures: int, last: datetime, at: datetime) -> float:
    return wait_of(failures - CLIENT_ALLOWANCE, last, at, LONGEST_CLIENT_WAIT)


def claim_own_password(actor: Actor) -> int:
    """Count a try of one's own password before it is looked at, and commit; 0, or the wait.

    Returns how many seconds to wait, and counts nothing, where one has to. It is a count of its
    own: whoever tries the account at the door keeps nobody waiting who is in. A commit outside
    the route, as in ``claim_attempt``.
    """
    db.session.rollback()
    claimed = claim_try(own_password_counter(actor.person_id), clock.now(), pause_of_account)
    db.session.commit()
    return math.ceil(claimed.wait)


def unclaim_own_password(actor: Actor) -> None:
    """Take back, with the act, a try that was claimed and did not turn out wrong."""
    take_back(own_password_counter(actor.person_id))


def give_own_password_back(actor: Actor) -> None:
    """Take back a try where the act was refused for another reason, and commit, as in claiming."""
    db.session.rollback()
    unclaim_own_password(actor)
    db.session.commit()


def own_password_counter(person_id: int) -> str:
    """Return under which key tries of one's own password are counted.

    A number of ours tells nothing of anybody: it needs no secret.
    """
    return counter_key("", "own password", str(person_id))


def note_refused(email: str) -> None:
    """Write to the log that a try was wrong that is counted already, and commit.

    A commit outside the route, as in ``claim_attempt`` and for its reason.
    """
    db.session.rollback()
    account = queries.person_for_sign_in(email)
    audit.record(
        None,
        "sign_in_refused",
        "person",
        account.id if account else None,
        organisation_id=account.organisation_id if account else None,
    )
    db.session.commit()


def note_wrong_code(*, secret: str, client: str) -> None:
    """Count a wrong code for its client, write it to the log, and commit.

    A commit outside the route, as in ``claim_attempt`` and for its reason.
    """
    db.session.rollback()
    count_failure(counter_key(secret, "wall code", client), clock.now())
    audit.record(None, "wall_code_refused", "wall", None)
    db.session.commit()


def sign_in(
    *,
    secret: str,
    email: str,
    password: str,
    client: str,
    device: str,
    is_own_device: bool,
    is_demo: bool = False,
) -> SignedIn:
    """Open a session for the right password; half of one for those who need a second proof.

    In the demo none is needed of whoever has not set one up there.

    Refuses with the same words and in the same time whether the account is unknown, without
    password, closed, or the password wrong. The caller counts the try with ``claim_attempt``.
    """
    account = queries.person_for_sign_in(email)
    right = passwords.is_right(account.password_hash if account else None, password)
    if not right or account is None or not is_open(account):
        raise RuleBroken([Reason(WRONG, "password")])
    if passwords.needs_renewal(account.password_hash or ""):
        db.session.execute(
            update(Person)
            .where(Person.id == account.id)
            .values(password_hash=passwords.hash_password(password))
            .execution_options(synchronize_session=False)
        )
    _forgive(secret, account.email, client)
    factor = "demo" if is_demo and not queries.has_factor(account.id) else ""
    return _open_session(account, device=device, is_own_device=is_own_device, factor=factor)


def forget_wrong_tries(secret: str, email: str) -> None:
    """Let an account wait no longer: its owner has proved themselves.

    Otherwise a stranger who goes on guessing would keep somebody out who has a fresh password.
    """
    db.session.execute(
        delete(AttemptCounter)
        .where(AttemptCounter.key == counter_key(secret, "account", email))
        .execution_options(synchronize_session=False)
    )


def _forgive(secret: str, email: str, client: str) -> None:
    forget_wrong_tries(secret, email)
    left = AttemptCounter.failures - FREE_TRIES
    db.session.execute(
        update(AttemptCounter)
        .where(AttemptCounter.key == counter_key(secret, "client", client))
        .values(failures=case((left > 0, left), else_=0))
        .execution_options(synchronize_session=False)
    )


def open_session_for(
    person_id: int,
    *,
    device: str,
    factor: str = "",
    is_own_device: bool = False,
    proved_at: datetime | None = None,
) -> SignedIn:
    """Open a session for somebody who has just proved who they are by other means than a password.

    ``factor``: the second proof that was given, “code”, “recovery” or “provider”. Without one the
    session is half open for those who need it: a one-time link is no second proof. ``proved_at``:
    when the council's own sign-in says that they proved themselves.
    """
    account = queries.person_for_password(person_id)
    if account is None or not is_open(account):
        raise NotFound
    return _open_session(
        account, device=device, factor=factor, is_own_device=is_own_device, proved_at=proved_at
    )


def sign_in_demo_person(*, person_id: int, device: str) -> SignedIn:
    """Open a session for a person of the demo, by name alone. The route allows it in demo only."""
    return open_session_for(person_id, device=device, factor="demo")


def is_open(account: SignInRow) -> bool:
    """Return whether an account may be used today."""
    return account.is_active and (account.ends_on is None or account.ends_on >= clock.today())


def _open_session(
    account: SignInRow,
    *,
    device: str,
    is_own_device: bool,
    factor: str = "",
    proved_at: datetime | None = None,
) -> SignedIn:
    token, csrf_token = secrets.token_urlsafe(32), secrets.token_hex(20)
    at = clock.now()
    db.session.add(
        AuthSession(
            token_hash=token_hash(token),
            person_id=account.id,
            csrf_token=csrf_token,
            device=device,
            is_own_device=is_own_device,
            created_at=at,
            last_used_at=at,
            password_at=at,
            rights_version=account.rights_version,
            factor=factor,
            proved_at=proved_at,
        )
    )
    db.session.flush()
    is_half = not factor and queries.needs_factor(account.id)
    audit.record(
        None,
        "password_given" if is_half else "signed_in",
        "person",
        account.id,
        organisation_id=account.organisation_id,
        **({"factor": factor} if factor else {}),
    )
    return SignedIn(
        token=token,
        csrf_token=csrf_token,
        person_id=account.id,
        organisation_id=account.organisation_id,
        is_half=is_half,
    )


def sign_out(actor: Actor, *, session_id: int) -> None:
    """End this session."""
    _end_sessions(actor.person_id, AuthSession.id == session_id)
    audit.record(actor, "signed_out", "person", actor.person_id)


def end_device(actor: Actor, *, session_id: int) -> None:
    """End one of the actor's own sessions; nothing happens if it has ended.

    Raises ``NotFound`` for one that is nobody's or somebody else's.
    """
    is_mine = select(AuthSession.id).where(
        AuthSession.id == session_id, AuthSession.person_id == actor.person_id
    )
    if db.session.execute(is_mine).first() is None:
        raise NotFound
    _end_sessions(actor.person_id, AuthSession.id == session_id)
    audit.record(actor, "device_ended", "person", actor.person_id)


def end_other_devices(
    actor: Actor, *, keep_session_id: int, keep_pass_id: int | None = None
) -> None:
    """End all of the actor's sessions and capture passes but those of this device.

    The address of their calendar ends, too.
    """
    _end_sessions(actor.person_id, AuthSession.id != keep_session_id)
    end_capture_passes(actor.person_id, but_id=keep_pass_id)
    end_feed_of(actor.person_id)
    audit.record(actor, "devices_ended", "person", actor.person_id)


def end_all_sessions(person_id: int) -> None:
    """End every session and capture pass of a person, and the address of their calendar.

    For a new password, a lost phone, or when they have left.
    """
    _end_sessions(person_id)
    end_capture_passes(person_id)
    end_feed_of(person_id)


def end_session(person_id: int, session_id: int) -> None:
    """End one session of a person, which goes on under another id or not at all."""
    _end_sessions(person_id, AuthSession.id == session_id)


def renew_session(person_id: int, session_id: int, **values: datetime) -> str:
    """Have a session go on under a new id, which is returned: its person proved themselves anew.

    Its forms stay good, so that what stands typed in another window can still be sent. ``values``:
    when that was, as ``password_at`` or ``proved_at``.
    """
    token = secrets.token_urlsafe(32)
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.person_id == person_id)
        .values(token_hash=token_hash(token), **values)
        .execution_options(synchronize_session=False)
    )
    return token


def _end_sessions(person_id: int, *conditions: object) -> None:
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.person_id == person_id, AuthSession.ended_at.is_(None), *conditions)  # type: ignore[arg-type]
        .values(ended_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def stay_signed_in(actor: Actor, *, session_id: int) -> None:
    """Count this moment as a use of the session, so that it ends later."""
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.person_id == actor.person_id)
        .values(last_used_at=clock.now())
        .execution_options(synchronize_session=False)
    )


def touch_session(session_id: int, *, at: datetime) -> None:
    """Note the session's last use, in a transaction of its own. At most every five minutes.

    Where nothing can be written just now, reading must still go on: the next use is noted.
    """
    with suppress(DBAPIError), writing_apart() as connection:
        connection.execute(
            update(AuthSession).where(AuthSession.id == session_id).values(last_used_at=at)
        )


def leave_message(session_id: int, message: dict[str, Any]) -> None:
    """Keep what an act said for the page that it leads to, in the act's own transaction."""
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id)
        .values(message=message)
        .execution_options(synchronize_session=False)
    )


def forget_messages(actor: Actor, holds: Callable[[str], bool]) -> None:
    """Forget what acts said last to people of the organisation, where ``holds`` says so of it."""
    rows = db.session.execute(
        select(AuthSession.id, AuthSession.message)
        .join(Person, Person.id == AuthSession.person_id)
        .where(Person.organisation_id == actor.organisation_id, AuthSession.message.is_not(None))
        .order_by(AuthSession.id)
    ).all()
    ids = [row.id for row in rows if row.message and holds(str(row.message.get("words", "")))]
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id.in_(ids))
        .values(message=None)
        .execution_options(synchronize_session=False)
    )
