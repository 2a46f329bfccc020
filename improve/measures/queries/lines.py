"""Baselines and middle lines that people decided on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Integer, cast, func, literal, null, select, union_all

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.measures.lines import BaselineView, DrawnLines, MiddleLineView
from improve.measures.models import Baseline, Measure, MiddleLine
from improve.shared.db import db
from improve.shared.errors import NotFound

_BASELINE, _LINE = 0, 1


def lines_of(measure_ids: Iterable[int]) -> dict[int, DrawnLines]:
    """Return the lines in force on these measures, in one statement.

    The caller has looked the ids up already. Measures without any have an empty entry.
    """
    ids = sorted(set(measure_ids))
    baselines: dict[int, list[BaselineView]] = {i: [] for i in ids}
    lines: dict[int, list[MiddleLineView]] = {i: [] for i in ids}
    if not ids:
        return {}
    people = person_names()
    chosen = (
        select(
            literal(_BASELINE).label("sort"),
            Baseline.id,
            Baseline.measure_id,
            Baseline.idea_id,
            Baseline.starts_on,
            Baseline.ends_on,
            Baseline.reason,
            people.c.name,
            Baseline.set_at.label("at"),
        )
        .join(people, people.c.id == Baseline.set_by_id)
        .where(Baseline.measure_id.in_(ids), Baseline.removed_at.is_(None))
    )
    drawn = (
        select(
            literal(_LINE).label("sort"),
            MiddleLine.id,
            MiddleLine.measure_id,
            cast(null(), Integer).label("idea_id"),
            MiddleLine.starts_on,
            MiddleLine.starts_on.label("ends_on"),
            MiddleLine.reason,
            people.c.name,
            MiddleLine.drawn_at.label("at"),
        )
        .join(people, people.c.id == MiddleLine.drawn_by_id)
        .where(MiddleLine.measure_id.in_(ids), MiddleLine.removed_at.is_(None))
    )
    both = union_all(chosen, drawn).subquery()
    query = select(both).order_by(both.c.sort, both.c.starts_on, both.c.id)
    for row in db.session.execute(query):
        if row.sort == _BASELINE:
            baselines[row.measure_id].append(BaselineView(*row[1:]))
        else:
            lines[row.measure_id].append(
                MiddleLineView(row.id, row.measure_id, row.starts_on, row.reason, row.name, row.at)
            )
    return {i: DrawnLines(tuple(baselines[i]), tuple(lines[i])) for i in ids}


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line or a baseline with what became of it."""

    id: int
    idea_id: int | None
    starts_on: date
    ends_on: date | None
    reason: str
    by: str
    at: datetime
    is_removed: bool


def baseline(actor: Actor, measure_id: int, baseline_id: int) -> TakenBack:
    """Return one baseline of a measure, in force or not. Raises ``NotFound``."""
    people = person_names()
    query = select(
        Baseline.id,
        Baseline.idea_id,
        Baseline.starts_on,
        Baseline.ends_on,
        Baseline.reason,
        people.c.name,
        Baseline.set_at,
        Baseline.removed_at.is_not(None),
    ).join(people, people.c.id == Baseline.set_by_id)
    return _one(actor, measure_id, query, Baseline, baseline_id)


def middle_line(actor: Actor, measure_id: int, line_id: int) -> TakenBack:
    """Return one middle line of a measure, in force or not. Raises ``NotFound``."""
    people = person_names()
    query = select(
        MiddleLine.id,
        cast(null(), Integer).label("idea_id"),
        MiddleLine.starts_on,
        MiddleLine.starts_on.label("ends_on"),
        MiddleLine.reason,
        people.c.name,
        MiddleLine.drawn_at,
        MiddleLine.removed_at.is_not(None),
    ).join(people, people.c.id == MiddleLine.drawn_by_id)
    return _one(actor, measure_id, query, MiddleLine, line_id)


def _one(actor: Actor, measure_id: int, query: Any, table: Any, row_id: int) -> TakenBack:
    row = db.session.execute(
        query.join(Measure, Measure.id == table.measure_id).where(
            Measure.organisation_id == actor.organisation_id,
            table.measure_id == measure_id,
            table.id == row_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return TakenBack(*row)


def newest_baseline_id(actor: Actor, measure_id: int) -> int:
    """Return the id of the baseline set last, whatever became of it; 0 before the first.

    What a form saw: another number means that somebody set one meanwhile.
    """
    found = db.session.execute(
        select(func.max(Baseline.id))
        .join(Measure, Measure.id == Baseline.measure_id)
        .where(Measure.organisation_id == actor.organisation_id, Baseline.measure_id == measure_id)
    ).scalar()
    return int(found or 0)


def newest_line_id(actor: Actor, measure_id: int) -> int:
    """Return the id of the middle line drawn last, whatever became of it; 0 before the first."""
    found = db.session.execute(
        select(func.max(MiddleLine.id))
        .join(Measure, Measure.id == MiddleLine.measure_id)
        .where(
            Measure.organisation_id == actor.organisation_id, MiddleLine.measure_id == measure_id
        )
    ).scalar()
    return int(found or 0)
