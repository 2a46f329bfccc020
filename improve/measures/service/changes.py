"""What people do to a measure, kept as its history."""

from __future__ import annotations

from typing import Any

from improve.accounts.actor import Actor
from improve.measures.models import MeasureChange
from improve.measures.views import CHANGE_KINDS
from improve.shared import clock
from improve.shared.db import db


def note_change(
    actor: Actor,
    measure_id: int,
    kind: str,
    *,
    facts: dict[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write a line of a measure's history: who, when, what (``views.CHANGE_KINDS``) and why.

    ``facts`` are codes, days and names of fields. People's own words belong in ``reason``.
    """
    assert kind in CHANGE_KINDS, kind  # noqa: S101 - a slip in code, never in what people type
    db.session.add(
        MeasureChange(
            measure_id=measure_id,
            kind=kind,
            facts=facts or {},
            reason=reason,
            changed_by_id=actor.person_id,
            changed_at=clock.now(),
        )
    )
