"""Counters of wrong tries, and the growing delay after them. Keyed hashes: no address is kept."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, select, update
from sqlalchemy.dialects import postgresql, sqlite

from improve.accounts.models import AttemptCounter
from improve.shared.db import db

#: Wrong tries that cost nothing; after them the wait doubles from 2 seconds.
FREE_TRIES = 3
LONGEST_WAIT = timedelta(minutes=15)
#: Wrong tries are forgotten after a day without one.
FORGOTTEN_AFTER = timedelta(days=1)
#: A client is many people behind one address, so it may fail more often, waits less, and is
#: forgiven a few tries by each colleague who gets in.
CLIENT_ALLOWANCE = 20
LONGEST_CLIENT_WAIT = timedelta(minutes=1)


def counter_key(secret: str, kind: str, who: str) -> str:
    """Return under which key the tries of an account or a client are counted."""
    return hmac.new(secret.encode(), f"{kind}:{who}".encode(), hashlib.sha256).hexdigest()


def wait_of(failures: int, last: datetime, at: datetime, longest: timedelta) -> float:
    """Return how many seconds to wait at ``at`` after so many failures, the last at ``last``."""
    if failures < FREE_TRIES or at - last > FORGOTTEN_AFTER:
        return 0.0
    wait = min(timedelta(seconds=2 ** min(failures - FREE_TRIES + 1, 20)), longest)
    return max(0.0, (last + wait - at).total_seconds())


def pause_of_account(failures: int, last: datetime, at: datetime) -> float:
    """Return how many seconds an account waits after so many wrong passwords."""
    return wait_of(failures, last, at, LONGEST_WAIT)


@dataclass(frozen=True)
class Try:
    """A try that was counted before it was looked at: the how-many-eth it is, or the wait."""

    number: int
    #: Seconds until one may be made; 0: this one may.
    wait: float = 0.0


def claim_try(key: str, at: datetime, pause: Callable[[int, datetime, datetime], float]) -> Try:
    """Count a try as wrong before it is looked at, unless one has to wait.

    Of those sent side by side each waits for the row of the counter, so as many go on as would one
    after the other. Whoever was right forgets the counter. ``pause`` takes how many were wrong,
    when the last was, and now; it returns seconds.
    """
    fresh = _insert()(AttemptCounter).values(key=key, failures=0, last_failed_at=at)
    db.session.execute(
        # Changes nothing: it holds the row until the commit, on either engine.
        fresh.on_conflict_do_update(
            index_elements=[AttemptCounter.key], set_={"failures": AttemptCounter.failures}
        )
    )
    row = db.session.execute(
        select(AttemptCounter.failures, AttemptCounter.last_failed_at).where(
            AttemptCounter.key == key
        )
    ).one()
    if at - row.last_failed_at > FORGOTTEN_AFTER:
        failures = 0
    else:
        failures = row.failures
        wait = pause(failures, row.last_failed_at, at)
        if wait > 0:
            return Try(failures, wait)
    count_failure(key, at)
    return Try(failures + 1)


def take_back(key: str) -> None:
    """Take a try back that was claimed and did not turn out wrong."""
    db.session.execute(
        update(AttemptCounter)
        .where(AttemptCounter.key == key, AttemptCounter.failures > 0)
        .values(failures=AttemptCounter.failures - 1)
        .execution_options(synchronize_session=False)
    )


def _insert() -> Any:
    return postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert


def count_failure(key: str, at: datetime) -> None:
    """Raise a counter by one, or begin it again after a day; right when several do so at once."""
    fresh = _insert()(AttemptCounter).values(key=key, failures=1, last_failed_at=at)
    is_forgotten = AttemptCounter.last_failed_at < at - FORGOTTEN_AFTER
    db.session.execute(
        fresh.on_conflict_do_update(
            index_elements=[AttemptCounter.key],
            set_={
                "failures": case((is_forgotten, 1), else_=AttemptCounter.failures + 1),
                "last_failed_at": at,
            },
        )
    )
