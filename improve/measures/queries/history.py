"""All that was done to a measure: decisions, definitions, numbers put right. Newest first."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, literal, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.measures.models import Measure, MeasureChange, ObservationChange
from improve.measures.queries.numbers import sides_of
from improve.measures.views import ObservationView
from improve.shared.db import db

LINES_SHOWN = 50
_DECISION, _NUMBER = "decision", "number"


@dataclass(frozen=True, slots=True)
class Change:
    """One act: ``kind`` is one of ``views.CHANGE_KINDS``, or number_changed, number_removed."""

    kind: str
    at: datetime
    by: str
    reason: str
    facts: dict[str, Any] = field(default_factory=dict)
    on: date | None = None
    old: ObservationView | None = None
    new: ObservationView | None = None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """One page of a measure's history, and how much there is in all."""

    changes: tuple[Change, ...]
    total: int
    page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // LINES_SHOWN))

    @property
    def idea_ids(self) -> set[int]:
        """The ideas that these acts were about."""
        found = {change.facts.get("idea_id") for change in self.changes}
        return {i for i in found if isinstance(i, int)}


def history(actor: Actor, measure_id: int, page: int = 1) -> HistoryPage:
    """Return one page of what was done to a measure, the newest first: four statements."""
    own = select(Measure.id).where(
        Measure.id == measure_id, Measure.organisation_id == actor.organisation_id
    )
    counts = db.session.execute(
        select(
            *(
                select(func.count())
                .select_from(table)
                .where(table.measure_id.in_(own))
                .scalar_subquery()
                for table in (MeasureChange, ObservationChange)
            )
        )
    ).one()
    total = int(counts[0]) + int(counts[1])
    page = min(max(page, 1), max(1, -(-total // LINES_SHOWN)))
    if not total:
        return HistoryPage((), 0, 1)
    both = union_all(
        *(
            select(literal(part).label("part"), table.id, table.changed_at.label("at")).where(
                table.measure_id.in_(own)
            )
            for part, table in ((_DECISION, MeasureChange), (_NUMBER, ObservationChange))
        )
    ).subquery()
    keys = db.session.execute(
        select(both.c.part, both.c.id)
        .order_by(both.c.at.desc(), both.c.part, both.c.id.desc())
        .limit(LINES_SHOWN)
        .offset((page - 1) * LINES_SHOWN)
    ).all()
    found = {
        **_decisions(actor, measure_id, [k.id for k in keys if k.part == _DECISION]),
        **_numbers(actor, measure_id, [k.id for k in keys if k.part == _NUMBER]),
    }
    return HistoryPage(tuple(found[tuple(key)] for key in keys if tuple(key) in found), total, page)


def _decisions(actor: Actor, measure_id: int, ids: list[int]) -> dict[Any, Change]:
    if not ids:
        return {}
    people = person_names()
    rows = db.session.execute(
        select(MeasureChange, people.c.name)
        .join(Measure, Measure.id == MeasureChange.measure_id)
        .join(people, people.c.id == MeasureChange.changed_by_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            MeasureChange.measure_id == measure_id,
            MeasureChange.id.in_(ids),
        )
        .order_by(MeasureChange.id)
    )
    return {
        (_DECISION, change.id): Change(
            change.kind, change.changed_at, name, change.reason, change.facts
        )
        for change, name in rows
    }


def _numbers(actor: Actor, measure_id: int, ids: list[int]) -> dict[Any, Change]:
    if not ids:
        return {}
    people = person_names()
    rows = db.session.execute(
        select(ObservationChange, people.c.name)
        .join(Measure, Measure.id == ObservationChange.measure_id)
        .join(people, people.c.id == ObservationChange.changed_by_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            ObservationChange.measure_id == measure_id,
            ObservationChange.id.in_(ids),
        )
        .order_by(ObservationChange.id)
    )
    return {(_NUMBER, change.id): _number(change, name) for change, name in rows}


def _number(change: ObservationChange, name: str) -> Change:
    old, new = sides_of(change)
    return Change(
        "number_changed" if new else "number_removed",
        change.changed_at,
        name,
        change.reason,
        {},
        change.period_start,
        old,
        new,
    )
