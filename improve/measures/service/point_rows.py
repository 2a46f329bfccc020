"""A number on its way into the table: what it is, who may, and the rows that keep it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures.models import Observation, ObservationChange
from improve.measures.service.changes import note_points
from improve.measures.views import MeasureView, ObservationView
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken
from improve.shared.many_rows import insert_rows

WHO_ENTERS = "People of the team or a coach can enter its numbers."
WHO_CHANGES = "A manager of the team or a coach can change numbers entered before."
WHO_LEAVES_OUT = "A manager of the team or a coach can leave points out."


@dataclass(frozen=True)
class NewPoint:
    """One number to be entered: a value, or a top line and a bottom line.

    ``raw_values`` are the several times of the period; ``value`` is then their median. A point
    with a reason in ``left_out`` is drawn and does not count.
    """

    period_start: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""
    raw_values: tuple[float, ...] = ()
    left_out: str = ""


def check_may(actor: Actor, measure: MeasureView, permission: Permission, words: str) -> None:
    """Refuse with ``Forbidden`` whoever may not do this to numbers of the measure."""
    if not may(actor, permission, team_id=measure.team_id):
        raise Forbidden(words)


def check_open(measure: MeasureView) -> None:
    """Refuse numbers for a measure that is no longer counted, or that the product counts."""
    if measure.closed_on is not None:
        raise RuleBroken("This measure is no longer counted. Count it again first.")
    check_by_hand(measure)


def check_by_hand(measure: MeasureView) -> None:
    """Refuse numbers by hand for a measure whose numbers another part of the product counts."""
    if measure.kept:
        raise RuleBroken(measure.kept)


def check_reason(reason: str) -> None:
    """Refuse a change without a reason."""
    if not reason.strip():
        raise RuleBroken([Reason("Say in a few words why the number changes.", "reason")])


def is_same_number(old: ObservationView, new: NewPoint) -> bool:
    """Whether both say the same, whatever stands beside them."""
    pairs = (
        (old.value, new.value),
        (old.numerator, new.numerator),
        (old.denominator, new.denominator),
    )
    if tuple(old.raw_values or ()) != tuple(new.raw_values):
        return False
    return all(
        (a is None and b is None)
        or (a is not None and b is not None and math.isclose(a, b, rel_tol=1e-12))
        for a, b in pairs
    )


def insert_points(actor: Actor, measure: MeasureView, points: Sequence[NewPoint]) -> None:
    """Add numbers for periods that have none."""
    at = clock.now()
    rows = [
        {
            "measure_id": measure.id,
            "period_start": p.period_start,
            "value": p.value,
            "numerator": p.numerator,
            "denominator": p.denominator,
            "raw_values": list(p.raw_values) or None,
            "note": p.note,
            "excluded_reason": p.left_out,
            "entered_by_id": actor.person_id,
            "entered_at": at,
        }
        for p in points
    ]
    insert_rows(cast(Table, Observation.__table__), rows)


def replace_points(
    actor: Actor,
    measure: MeasureView,
    changes: Sequence[tuple[ObservationView, NewPoint]],
    reason: str,
) -> list[ObservationView]:
    """Put other numbers in the place of those there, and log it; notes stay.

    A number was left out for what it was: the one in its place counts, unless it says itself why
    not. Returns those that count again.
    """
    _update_points(actor, measure.id, [new for _old, new in changes])
    log_changes(actor, measure, changes, reason)
    again = [old for old, new in changes if old.is_excluded and not new.left_out]
    if again:
        leave_out(measure.id, [(old.period_start, "") for old in again])
        why = reason.strip()[: limits.length("reason")]
        note_points(
            actor,
            measure.id,
            "point_included",
            [(old.period_start, old.id, why) for old in again],
        )
    return again


def leave_out(measure_id: int, points: Sequence[tuple[date, str]]) -> None:
    """Write why points do not count; an empty reason has a point count again."""
    db.session.connection().execute(
        update(Observation)
        .where(Observation.measure_id == measure_id, Observation.period_start == bindparam("start"))
        .values(excluded_reason=bindparam("why")),
        [{"start": day, "why": why} for day, why in points],
    )


def _update_points(actor: Actor, measure_id: int, points: Sequence[NewPoint]) -> None:
    at = clock.now()
    db.session.connection().execute(
        update(Observation)
        .where(
            Observation.measure_id == measure_id,
            Observation.period_start == bindparam("start"),
        )
        .values(
            value=bindparam("new_value"),
            numerator=bindparam("new_numerator"),
            denominator=bindparam("new_denominator"),
            raw_values=bindparam("new_raw_values"),
            entered_by_id=actor.person_id,
            entered_at=at,
        ),
        [
            {
                "start": p.period_start,
                "new_value": p.value,
                "new_numerator": p.numerator,
                "new_denominator": p.denominator,
                "new_raw_values": list(p.raw_values) or None,
            }
            for p in points
        ],
    )


def write_notes(actor: Actor, measure_id: int, notes: Sequence[tuple[date, str]]) -> None:
    """Write, change or take away the notes that points carry on the chart.

    How many notes stand in the time of a test is stored with its verdict: whoever calls this
    rebuilds the verdicts, once for all that was done.
    """
    if not notes:
        return
    db.session.connection().execute(
        update(Observation)
        .where(Observation.measure_id == measure_id, Observation.period_start == bindparam("start"))
        .values(note=bindparam("words")),
        [{"start": day, "words": note[: limits.length("point_note")]} for day, note in notes],
    )
    days = [day.isoformat() for day, _note in notes]
    which: dict[str, Any] = {"on": days[0]} if len(days) == 1 else {"days": days}
    audit.record(actor, "measure.note_written", "measure", measure_id, **which)


def log_changes(
    actor: Actor,
    measure: MeasureView,
    changes: Sequence[tuple[ObservationView, NewPoint | None]],
    reason: str,
) -> None:
    """Keep the numbers that were replaced or taken out, by whom and why."""
    at = clock.now()
    db.session.execute(
        insert(ObservationChange),
        [
            {
                "measure_id": measure.id,
                "period_start": old.period_start,
                "old_value": old.value,
                "old_numerator": old.numerator,
                "old_denominator": old.denominator,
                "old_raw_values": list(old.raw_values or ()) or None,
                "new_value": new.value if new else None,
                "new_numerator": new.numerator if new else None,
                "new_denominator": new.denominator if new else None,
                "new_raw_values": list(new.raw_values) or None if new else None,
                "reason": reason.strip()[: limits.length("reason")],
                "changed_by_id": actor.person_id,
                "changed_at": at,
            }
            for old, new in changes
        ],
    )
