"""Codes of a second proof that are typed: each is counted before it is looked at."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.accounts.second_factor import authenticator
from improve.accounts.service.attempts import Try, claim_try, counter_key, take_back
from improve.accounts.service.factor_mails import mail_person
from improve.shared import audit, clock
from improve.shared.db import db


def claim_factor_try(*, secret: str, person_id: int) -> Try:
    """Count a code for an account before it is looked at, and commit, unless one has to wait.

    A commit outside the route, as in ``claim_attempt``: whoever sends many codes at once finds the
    counter raised. The right code forgets it.
    """
    db.session.rollback()
    claimed = claim_try(factor_counter(secret, person_id), clock.now(), authenticator.pause_after)
    db.session.commit()
    return claimed


def give_factor_try_back(*, secret: str, person_id: int) -> None:
    """Take a try back that was claimed and could not be looked at, and commit."""
    db.session.rollback()
    take_back(factor_counter(secret, person_id))
    db.session.commit()


def note_wrong_factor(actor: Actor, *, number: int, site_name: str) -> None:
    """Write to the log that a code was wrong, the one of this ``number``, and commit.

    A commit outside the route, as in ``claim_attempt`` and for its reason. At the fifth the person
    is told: whoever types codes has their password.
    """
    db.session.rollback()
    audit.record(actor, "second_factor_refused", "person", actor.person_id)
    if number == authenticator.FREE_TRIES:
        mail_person("second_factor_refused", person_id=actor.person_id, site_name=site_name)
    db.session.commit()


def factor_counter(secret: str, person_id: int) -> str:
    """Return under which key the wrong codes of an account are counted."""
    return counter_key(secret, "second factor", str(person_id))
