"""How long each council keeps what, for whoever deletes it."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from sqlalchemy import select

from improve.accounts.models import Organisation
from improve.shared import clock
from improve.shared.db import db
from improve.shared.keeping_times import months_before, months_of


def kept_since(code: str) -> list[tuple[datetime, list[int]]]:
    """Return moments with the councils that keep this class from that moment on.

    Councils that chose the same time come together, so that one statement clears them all.
    """
    rows = db.session.execute(
        select(Organisation.id, Organisation.retention).order_by(Organisation.id)
    )
    together: dict[int, list[int]] = defaultdict(list)
    for row in rows:
        together[months_of(row.retention or {}, code)].append(row.id)
    now = clock.now()
    return [(months_before(now, months), ids) for months, ids in sorted(together.items())]
