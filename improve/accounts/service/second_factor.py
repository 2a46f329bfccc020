"""The second proof beside a password: six digits from a phone, or a code on paper once.

An app counts once a code of it was typed. Until another phone's is, the one before it stays.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, or_, select, update

from improve.accounts import queries
from improve.accounts.actor import Actor
from improve.accounts.models import AttemptCounter, RecoveryCode, SecondFactor
from improve.accounts.queries import FactorRow
from improve.accounts.roles import CLOSELY_HELD_ROLES
from improve.accounts.second_factor import authenticator
from improve.accounts.second_factor.sealed import factor_sealer
from improve.accounts.service.factor_mails import mail_person
from improve.accounts.service.factor_tries import factor_counter
from improve.accounts.service.own_password import check_own_password
from improve.accounts.service.sign_in import (
    SignedIn,
    end_all_sessions,
    end_session,
    open_session_for,
)
from improve.accounts.sessions.session_times import HALF_OPEN
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Reason, RuleBroken
from improve.shared.sealing import CannotOpen

WRONG_CODE: Final = (
    "That code is not right, or was used before. Wait for the next one in your app and type that."
)
WRONG_RECOVERY: Final = "That is none of your recovery codes, or it was used before."
MADE_MEANWHILE: Final = (
    "Codes were made a moment ago, by another press or in another tab. If you have those, keep "
    "them: they work. If you do not, press the button again."
)
BEGIN_AGAIN: Final = "This picture has had its time. Begin again to get a new one."


class CannotCheck(RuleBroken):
    """No code can be checked, since the key that its secret is sealed with is lost: no wrong try.

    A recovery code still works.
    """


@dataclass(frozen=True)
class FreshCodes:
    """Recovery codes, known here and nowhere else, and the session that goes on with them."""

    codes: tuple[str, ...]
    signed_in: SignedIn


@dataclass(frozen=True)
class Waiting:
    """An app that is being set up: what its picture holds, and the same for typing."""

    address: str
    groups: tuple[str, ...]


def begin_second_factor(
    actor: Actor, *, session_id: int, password: str | None, issuer: str = ""
) -> None:
    """Make a secret for an app; it waits until a code of it is typed in the same session.

    ``password`` is None on the way in, where it was given just before: then somebody who has an app
    is refused, since whoever knows a password must not put another phone in its place. So is
    somebody who comes with an account of ``issuer``, the council's own sign-in.
    """
    kept = queries.factor_of(actor.person_id)
    if password is not None:
        check_own_password(actor, session_id=session_id, password=password)
    elif kept is not None and kept.confirmed_at is not None:
        raise Forbidden("Your account has an app already. Type a code of it.")
    elif issuer and queries.is_joined(actor.person_id, issuer):
        raise Forbidden("Sign in with your council account, and set up your phone then.")
    key = kept.key if kept else secrets.token_urlsafe(16)
    begun = f"{session_id}:{int(clock.now().timestamp())}:{authenticator.new_secret()}"
    waiting = factor_sealer().seal(begun, about=key)
    if kept is None:
        db.session.add(
            SecondFactor(
                key=key, person_id=actor.person_id, waiting=waiting, created_at=clock.now()
            )
        )
        db.session.flush()
        return
    _change(key, waiting=waiting)


def waiting_factor(actor: Actor, *, session_id: int, site_name: str) -> Waiting | None:
    """Return the app that is being set up in this session, or None. Reads only."""
    kept, account = queries.factor_of(actor.person_id), queries.person_for_password(actor.person_id)
    secret = _waiting_secret(kept, session_id)
    if secret is None or account is None:
        return None
    return Waiting(
        authenticator.address_of(secret, account=account.email, site_name=site_name),
        authenticator.in_fours(secret),
    )


def _waiting_secret(kept: FactorRow | None, session_id: int) -> str | None:
    """Return what this session began within the last half hour.

    What another did is not for its eyes, nor what was left there for whoever comes by.
    """
    if kept is None or kept.waiting is None:
        return None
    try:
        begun_in, at, secret = factor_sealer().open(kept.waiting, about=kept.key).split(":")
    except (CannotOpen, ValueError):
        return None
    is_over = clock.now().timestamp() >= float(at) + HALF_OPEN.total_seconds()
    return secret if begun_in == str(session_id) and not is_over else None


def confirm_second_factor(
    actor: Actor, *, session_id: int, device: str, is_own_device: bool, code: str, site_name: str
) -> FreshCodes:
    """Let the app count whose code this is, and make ten recovery codes; earlier ones end.

    Every session and pass of the person ends, and this one goes on under a new id. The person is
    told by mail. Refuses a wrong code; one that was never begun here has to begin again.
    """
    kept = queries.factor_of(actor.person_id)
    secret = _waiting_secret(kept, session_id)
    if kept is None or secret is None:
        raise RuleBroken([Reason(BEGIN_AGAIN, "code")])
    step = authenticator.step_of(code, secret, at=clock.now(), after=None)
    if step is None:
        raise RuleBroken([Reason(WRONG_CODE, "code")])
    _take_turns(actor.person_id)
    if queries.factor_of(actor.person_id) != kept:
        raise RuleBroken([Reason(BEGIN_AGAIN, "code")])
    _change(
        kept.key,
        sealed=factor_sealer().seal(secret, about=kept.key),
        waiting=None,
        last_step=step,
        confirmed_at=clock.now(),
    )
    codes = _renew_codes(actor.person_id)
    _note(actor, act="second_factor_set_up", site_name=site_name)
    end_all_sessions(actor.person_id)
    return FreshCodes(
        codes, _go_on(actor, device=device, is_own_device=is_own_device, factor="code")
    )


def prove_by_code(
    actor: Actor, *, session_id: int, device: str, is_own_device: bool, code: str, secret: str
) -> SignedIn:
    """Take a code of the app for the second proof; the session goes on under a new id.

    A code works once, whoever sends it first. The caller counts a refusal with
    ``note_wrong_factor``; ``secret`` is the key under which they are counted.
    """
    kept = queries.factor_of(actor.person_id)
    if kept is None or kept.sealed is None:
        raise NotFound
    step = authenticator.step_of(
        code, _opened(kept.sealed, kept.key), at=clock.now(), after=kept.last_step
    )
    if step is None or not _claim_step(kept.key, step):
        raise RuleBroken([Reason(WRONG_CODE, "code")])
    _forget_wrong_codes(secret, actor.person_id)
    end_session(actor.person_id, session_id)
    return _go_on(actor, device=device, is_own_device=is_own_device, factor="code")


def _opened(sealed: bytes, key: str) -> str:
    try:
        return factor_sealer().open(sealed, about=key)
    except CannotOpen:
        raise CannotCheck(
            [Reason("Codes cannot be checked just now. A recovery code works.", "code")]
        ) from None


def _claim_step(key: str, step: int) -> bool:
    """Use a step up. Of two who send its code at once, one gets False."""
    changed = db.session.execute(
        update(SecondFactor)
        .where(
            SecondFactor.key == key,
            or_(SecondFactor.last_step.is_(None), SecondFactor.last_step < step),
        )
        .values(last_step=step)
        .execution_options(synchronize_session=False)
    )
    return bool(changed.rowcount == 1)  # type: ignore[attr-defined]


def prove_by_recovery_code(
    actor: Actor,
    *,
    session_id: int,
    device: str,
    is_own_device: bool,
    code: str,
    secret: str,
    site_name: str,
) -> SignedIn:
    """Take one of the codes on paper for the second proof, once; the person is told by mail."""
    changed = db.session.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.person_id == actor.person_id,
            RecoveryCode.code_hash == authenticator.recovery_hash(code, person_id=actor.person_id),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=clock.now())
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount != 1:  # type: ignore[attr-defined]
        raise RuleBroken([Reason(WRONG_RECOVERY, "code")])
    _forget_wrong_codes(secret, actor.person_id)
    _note(actor, act="recovery_code_used", site_name=site_name)
    end_session(actor.person_id, session_id)
    return _go_on(actor, device=device, is_own_device=is_own_device, factor="recovery")


def _go_on(actor: Actor, *, device: str, is_own_device: bool, factor: str) -> SignedIn:
    return open_session_for(
        actor.person_id, device=device, is_own_device=is_own_device, factor=factor
    )


def _forget_wrong_codes(secret: str, person_id: int) -> None:
    db.session.execute(
        delete(AttemptCounter)
        .where(AttemptCounter.key == factor_counter(secret, person_id))
        .execution_options(synchronize_session=False)
    )


def make_recovery_codes(
    actor: Actor, *, session_id: int, password: str, site_name: str, seen: str
) -> tuple[str, ...]:
    """Return ten fresh recovery codes; those before them stop working. Asks for the password.

    ``seen``: the mark of the codes that there were when the page was drawn. Refuses where others
    were made since: of two presses the page of the second is the one that is seen, and codes that
    were written down in another tab must not end untold.
    """
    check_own_password(actor, session_id=session_id, password=password)
    if not queries.has_factor(actor.person_id):
        raise NotFound
    _take_turns(actor.person_id)
    if queries.codes_mark(actor.person_id) != seen:
        raise RuleBroken(MADE_MEANWHILE)
    codes = _renew_codes(actor.person_id)
    _note(actor, act="recovery_codes_made", site_name=site_name)
    return codes


def turn_off_second_factor(actor: Actor, *, session_id: int, password: str, site_name: str) -> None:
    """Let the password alone be enough again. Refused where the role asks for a second proof.

    Nothing happens where there is none.
    """
    check_own_password(actor, session_id=session_id, password=password)
    if actor.roles & CLOSELY_HELD_ROLES:
        raise RuleBroken("Your role needs it, so it stays on. You can set up another phone.")
    if remove_second_factor(actor.person_id):
        _note(actor, act="second_factor_turned_off", site_name=site_name)


def take_phone_away(*, email: str, site_name: str) -> bool:
    """Take a lost phone's app away, by whoever runs the site; return whether there was one.

    Raises ``NotFound`` where no account has this address. The person is told by mail.
    """
    account = queries.person_for_sign_in(email)
    if account is None:
        raise NotFound
    if not remove_second_factor(account.id):
        return False
    end_all_sessions(account.id)
    audit.record(
        None,
        "second_factor_reset",
        "person",
        account.id,
        organisation_id=account.organisation_id,
        by="command",
    )
    mail_person("second_factor_reset", person_id=account.id, site_name=site_name)
    return True


def _note(actor: Actor, *, act: str, site_name: str) -> None:
    audit.record(actor, act, "person", actor.person_id)
    mail_person(act, person_id=actor.person_id, site_name=site_name)


def remove_second_factor(person_id: int) -> bool:
    """Take app and recovery codes away; return whether there was an app that counted."""
    was_there = queries.has_factor(person_id)
    for table in (RecoveryCode, SecondFactor):
        db.session.execute(
            delete(table)
            .where(table.person_id == person_id)
            .execution_options(synchronize_session=False)
        )
    return was_there


def _take_turns(person_id: int) -> None:
    """Have whatever else makes codes for this person wait until this is done."""
    db.session.execute(
        select(SecondFactor.key)
        .where(SecondFactor.person_id == person_id)
        .order_by(SecondFactor.key)
        .with_for_update()
    ).all()


def _renew_codes(person_id: int) -> tuple[str, ...]:
    db.session.execute(
        delete(RecoveryCode)
        .where(RecoveryCode.person_id == person_id)
        .execution_options(synchronize_session=False)
    )
    codes = authenticator.new_recovery_codes()
    db.session.add_all(
        RecoveryCode(
            person_id=person_id,
            code_hash=authenticator.recovery_hash(code, person_id=person_id),
            created_at=clock.now(),
        )
        for code in codes
    )
    db.session.flush()
    return codes


def _change(key: str, **values: object) -> None:
    db.session.execute(
        update(SecondFactor)
        .where(SecondFactor.key == key)
        .values(**values)
        .execution_options(synchronize_session=False)
    )
