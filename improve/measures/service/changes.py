"""What people do to a measure, kept as its history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert

from improve.accounts.actor import Actor
from improve.measures.models import MeasureChange
from improve.measures.views import CHANGE_KINDS
from improve.shared import audit, clock
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


def note_points(
    actor: Actor, measure_id: int, kind: str, points: Sequence[tuple[date, int | None, str]]
) -> None:
    """Write a line of history for each of many points at once, and one line of the log of acts.

    A point is its first day, its id where that is known, and the person's reason.
    """
    if not points:
        return
    at = clock.now()
    db.session.flush()
    db.session.execute(
        insert(MeasureChange),
        [
            {
                "measure_id": measure_id,
                "kind": kind,
                "facts": _point_facts(day, point_id),
                "reason": reason,
                "changed_by_id": actor.person_id,
                "changed_at": at,
            }
            for day, point_id, reason in points
        ],
    )
    facts = (
        _point_facts(*points[0][:2])
        if len(points) == 1
        else {"days": [day.isoformat() for day, _id, _reason in points]}
    )
    audit.record(actor, f"measure.{kind}", "measure", measure_id, **facts)


def _point_facts(day: date, point_id: int | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"on": day.isoformat()}
    return facts if point_id is None else facts | {"observation_id": point_id}
