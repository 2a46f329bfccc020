"""What the tests of decisions about a measure share: a held improvement, its history, its audit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

from improve.measures import queries, service
from improve.measures.models import MeasureChange, TestWindow
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.factories import Cast, enter_numbers, make_idea, make_measure

FIRST = date(2026, 1, 5)
STEADY = [
    (40 + step, 50) for step in (0, 2, -1, 1, -2, 0, 1, -1, 2, -2, 1, 0, -1, 2, 0, -2, 1, -1, 0, 1)
]
CHANGED = FIRST + timedelta(weeks=len(STEADY))
WORDS = "The count was made another way until then"


def week(number: int) -> date:
    """The first day of a week, counted from the first of the series."""
    return FIRST + timedelta(weeks=number)


def improved(app: Flask, cast: Cast) -> tuple[int, int]:
    """Return a measure and an idea whose test made it better: 20 weeks before, 9 since."""
    with app.app_context():
        idea_id = make_idea(cast, text="Visits in pairs")
        measure_id = make_measure(cast, name="Visits on time", numbers=STEADY, first_on=FIRST)
        service.open_window(
            cast.actor("manager"),
            measure_id=measure_id,
            idea_id=idea_id,
            cycle_number=1,
            place="main",
            label="Cycle 1, whole team",
            starts_on=CHANGED,
            is_judged=True,
        )
        enter_numbers(cast, measure_id, [(47, 50)] * 9, first_on=CHANGED)
        db.session.commit()
    return measure_id, idea_id


def stored(app: Flask) -> Any:
    """The one stored verdict; stored must be what recomputing gives."""
    with app.app_context():
        assert service.recompute_all() == 0
        row = db.session.execute(
            select(TestWindow.verdict_code, TestWindow.verdict_facts).order_by(TestWindow.id)
        ).first()
        db.session.rollback()
    return row


def kept(app: Flask) -> list[tuple[str, str]]:
    """The history of all measures, oldest first: kind and reason, without how it was defined."""
    with app.app_context():
        rows = db.session.execute(
            select(MeasureChange.kind, MeasureChange.reason)
            .where(MeasureChange.kind.not_in(("defined", "adopted")))
            .order_by(MeasureChange.id)
        )
        return [(row.kind, row.reason) for row in rows]


def audited(app: Flask, action: str) -> list[dict[str, Any]]:
    """The facts of an action in the log of acts; never people's words."""
    with app.app_context():
        rows = db.session.execute(
            select(AuditEntry.facts).where(AuditEntry.action == action).order_by(AuditEntry.id)
        ).scalars()
        found = [dict(facts) for facts in rows]
    assert WORDS not in str(found)
    return found


def point_id(app: Flask, cast: Cast, measure_id: int, on: date) -> int:
    """The id of the point of a day."""
    with app.app_context():
        point = queries.observations_at(cast.actor("manager"), measure_id, [on])[on]
        assert point.id is not None
        return point.id
