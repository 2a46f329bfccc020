"""Counters of wrong tries, and the growing delay after them. Keyed hashes: no address is kept."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import case
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


def count_failure(key: str, at: datetime) -> None:
    """Raise a counter by one, or begin it again after a day; right when several do so at once."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    fresh = insert(AttemptCounter).values(key=key, failures=1, last_failed_at=at)
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
