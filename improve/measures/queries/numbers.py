"""What was recorded of a measure, and how it was changed since."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.measures.models import (
    Measure,
    Observation,
    ObservationChange,
)
from improve.measures.views import ObservationView
from improve.shared.db import db
from improve.shared.errors import NotFound

CHANGES_SHOWN = 50
_OBSERVATION_COLUMNS = (
    Observation.measure_id,
    Observation.period_start,
    Observation.value,
    Observation.numerator,
    Observation.denominator,
    Observation.note,
    Observation.id,
    Observation.raw_values,
    Observation.excluded_reason,
)


def observations_of(actor: Actor, measure_ids: Iterable[int]) -> dict[int, list[ObservationView]]:
    """Return the observations of measures by id, oldest first, in one statement."""
    ids = sorted(set(measure_ids))
    found: dict[int, list[ObservationView]] = {i: [] for i in ids}
    if not ids:
        return found
    query = (
        _observations(ids)
        .join(Measure, Measure.id == Observation.measure_id)
        .where(Measure.organisation_id == actor.organisation_id)
    )
    for row in db.session.execute(query):
        found[row.measure_id].append(ObservationView(*row))
    return found


def _observations(measure_ids: Sequence[int]) -> Any:
    return (
        select(*_OBSERVATION_COLUMNS)
        .where(Observation.measure_id.in_(measure_ids))
        .order_by(Observation.measure_id, Observation.period_start, Observation.id)
    )


def observation(actor: Actor, measure_id: int, observation_id: int) -> ObservationView:
    """Return one observation. Raises ``NotFound``."""
    row = db.session.execute(
        select(*_OBSERVATION_COLUMNS)
        .join(Measure, Measure.id == Observation.measure_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Observation.measure_id == measure_id,
            Observation.id == observation_id,
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    return ObservationView(*row)


def observations_at(
    actor: Actor, measure_id: int, days: Sequence[date] | None
) -> dict[date, ObservationView]:
    """Return a measure's observations by first day: of these days, or all with None."""
    query = _observations([measure_id]).join(
        Measure,
        and_(
            Measure.id == Observation.measure_id,
            Measure.organisation_id == actor.organisation_id,
        ),
    )
    if days is not None:
        query = query.where(Observation.period_start.in_(days))
    return {row.period_start: ObservationView(*row) for row in db.session.execute(query)}


def last_before(actor: Actor, measure_id: int, day: date) -> date | None:
    """Return the first day of the last number before ``day``, or None."""
    found = db.session.execute(
        select(func.max(Observation.period_start))
        .join(Measure, Measure.id == Observation.measure_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Observation.measure_id == measure_id,
            Observation.period_start < day,
        )
    ).scalar()
    return found


def has_numbers(actor: Actor, measure_id: int) -> bool:
    """Return whether anything was ever entered for the measure and still stands."""
    found = db.session.execute(
        select(Observation.id)
        .join(Measure, Measure.id == Observation.measure_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            Observation.measure_id == measure_id,
        )
        .limit(1)
    ).first()
    return found is not None


def how_far(actor: Actor, measure_id: int, *, most: int) -> tuple[int, date | None]:
    """Return how many points count, up to ``most``, and the first day of the newest of all.

    Two numbers from the index, however long the series is.
    """
    own = (
        select(Measure.id)
        .where(Measure.id == measure_id, Measure.organisation_id == actor.organisation_id)
        .scalar_subquery()
    )
    counting = (
        select(Observation.id)
        .where(Observation.measure_id == own, Observation.excluded_reason == "")
        .limit(most)
        .subquery("counting")
    )
    count = select(func.count()).select_from(counting).scalar_subquery()
    newest = (
        select(func.max(Observation.period_start))
        .where(Observation.measure_id == own)
        .scalar_subquery()
    )
    row = db.session.execute(select(count, newest)).one()
    return row[0], row[1]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """A number changed or taken out after it was entered."""

    period_start: date
    old: ObservationView
    new: ObservationView | None
    reason: str
    changed_by: str
    changed_at: Any


def changes_of_measure(actor: Actor, measure_id: int) -> list[ChangeView]:
    """Return the numbers changed after they were entered, newest change first, at most 50."""
    people = person_names()
    rows = db.session.execute(
        select(ObservationChange, people.c.name)
        .join(Measure, Measure.id == ObservationChange.measure_id)
        .join(people, people.c.id == ObservationChange.changed_by_id)
        .where(
            Measure.organisation_id == actor.organisation_id,
            ObservationChange.measure_id == measure_id,
        )
        .order_by(ObservationChange.id.desc())
        .limit(CHANGES_SHOWN)
    )
    return [_change_view(change, name) for change, name in rows]


def sides_of(change: ObservationChange) -> tuple[ObservationView, ObservationView | None]:
    """Return a changed number as it was and as it became; None where it was taken out."""

    def side(value: Any, top: Any, bottom: Any, times: Any) -> ObservationView:
        return ObservationView(
            change.measure_id, change.period_start, value, top, bottom, raw_values=times
        )

    old = side(
        change.old_value, change.old_numerator, change.old_denominator, change.old_raw_values
    )
    new = side(
        change.new_value, change.new_numerator, change.new_denominator, change.new_raw_values
    )
    is_removed = new.value is None and new.numerator is None
    return old, None if is_removed else new


def _change_view(change: ObservationChange, name: str) -> ChangeView:
    old, new = sides_of(change)
    return ChangeView(change.period_start, old, new, change.reason, name, change.changed_at)


def all_observations(measure_ids: Sequence[int]) -> dict[int, list[ObservationView]]:
    """Return the observations of these measures, whose ids the caller has already looked up."""
    found: dict[int, list[ObservationView]] = {i: [] for i in measure_ids}
    for row in db.session.execute(_observations(measure_ids)):
        found[row.measure_id].append(ObservationView(*row))
    return found
