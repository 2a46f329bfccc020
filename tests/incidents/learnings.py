"""What was learned of a report, straight into its table: pages that read and count need many."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Any

from improve.incidents.kinds import Kind
from improve.incidents.learning_days import week_of
from improve.incidents.models import IncidentLearning
from improve.shared import clock
from improve.shared.db import db


def make_learning(organisation_id: int, **facts: Any) -> str:
    """Return the key of what was learned; ``facts`` are columns of its row. The caller commits.

    Settled in the week of ``settled_week``, else this one, of a report of the same week.
    """
    key = str(facts.pop("key", secrets.token_urlsafe(16)))
    settled: date = week_of(facts.pop("settled_week", clock.today()))
    facts.setdefault("week", settled)
    facts.setdefault("kind", Kind.NEAR_MISS.value)
    facts.setdefault("factors", ["F07", "F08"])
    facts["week"] = week_of(facts["week"])
    db.session.add(
        IncidentLearning(key=key, organisation_id=organisation_id, settled_week=settled, **facts)
    )
    db.session.flush()
    return key
