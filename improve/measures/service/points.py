"""Numbers entered one by one or many at once, changed with a reason, taken out with a reason."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import bindparam, delete, insert, update

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import Observation, ObservationChange
from improve.measures.service.number_rules import check_number, first_day
from improve.measures.service.verdicts import recompute
from improve.measures.table_import.periods import period_words
from improve.measures.views import MeasureView, ObservationView
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken

WHO_ENTERS = "People of the team or a coach can enter its numbers."
WHO_CHANGES = "A manager of the team or a coach can change numbers entered before."


@dataclass(frozen=True)
class NewPoint:
    """One number to be entered: a value, or a top line and a bottom line.

    ``raw_values`` are the several times of the period; ``value`` is then their median.
    """

    period_start: date
    value: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    note: str = ""
    raw_values: tuple[float, ...] = ()


@dataclass(frozen=True)
class SavedPoint:
    """What was saved, and what stood there before."""

    point: ObservationView
    replaced: ObservationView | None = None


class AlreadyThere(RuleBroken):
    """There is a number for that period already; the person may replace it with a reason."""

    def __init__(self, words: str, old: ObservationView, *, may_replace: bool) -> None:
        super().__init__([Reason(words, "period")])
        self.old = old
        self.may_replace = may_replace


def add_point(
    actor: Actor,
    *,
    measure_id: int,
    period_start: date,
    value: float | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    note: str = "",
    replace: bool = False,
    reason: str = "",
) -> SavedPoint:
    """Enter one number for the period that ``period_start`` falls in.

    Refuses with ``AlreadyThere`` when that period has a number, unless ``replace`` is set by
    someone who may change past data and gives a reason, which is logged; the same number again
    is harmless. Refuses with ``RuleBroken`` numbers that can't be (fields period, value,
    numerator, denominator), with ``Forbidden`` whoever may not.
    """
    measure = queries.measure(actor, measure_id)
    _check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    _check_open(measure)
    start = first_day(measure, period_start)
    point = NewPoint(start, value, numerator, denominator, note[: limits.length("point_note")])
    check_number(measure, point)
    queries.lock_measures([measure_id])
    old = queries.observations_at(actor, measure_id, [start]).get(start)
    if old is None:
        _insert(actor, measure, [point])
        audit.record(actor, "measure.point_added", "measure", measure_id, on=start.isoformat())
        recompute([measure_id], because="point_added")
        return SavedPoint(_saved(measure, point))
    if _is_same(old, point):
        if note and note != old.note:
            _write_note(actor, measure_id, start, point.note)
        return SavedPoint(_saved(measure, point, old.note), old)
    may_replace = may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id)
    if not replace:
        named = period_words(start, measure.frequency, this_year=clock.today().year)
        when = f"for {named}" if measure.frequency != "day" else f"on {named}"
        words = f"There is already {old.words(measure)} {when}."
        if not may_replace:
            words = f"{words} {WHO_CHANGES}"
        raise AlreadyThere(words, old, may_replace=may_replace)
    _change(actor, measure, old, point, reason)
    return SavedPoint(_saved(measure, point, old.note), old)


def change_point(
    actor: Actor,
    *,
    measure_id: int,
    observation_id: int,
    value: float | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    note: str = "",
    reason: str = "",
) -> SavedPoint:
    """Put another number in the place of one entered before; the old one stays in the log."""
    measure = queries.measure(actor, measure_id)
    _check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    queries.lock_measures([measure_id])
    old = queries.observation(actor, measure_id, observation_id)
    note = note[: limits.length("point_note")]
    point = NewPoint(old.period_start, value, numerator, denominator)
    check_number(measure, point)
    if not _is_same(old, point):
        _change(actor, measure, old, point, reason)
    if note != old.note:
        _write_note(actor, measure_id, old.period_start, note)
    return SavedPoint(_saved(measure, point, note), old)


def note_point(actor: Actor, *, measure_id: int, period_start: date, note: str) -> None:
    """Write, change or take away the note that a point carries on the chart."""
    measure = queries.measure(actor, measure_id)
    _check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    start = first_day(measure, period_start)
    if start not in queries.observations_at(actor, measure_id, [start]):
        raise RuleBroken([Reason("There is no number for that day yet. Add it first.", "period")])
    _write_note(actor, measure_id, start, note)


def remove_point(actor: Actor, *, measure_id: int, observation_id: int, reason: str) -> None:
    """Take a number out, with a reason; it stays in the log. The chart shows a gap."""
    measure = queries.measure(actor, measure_id)
    _check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_CHANGES)
    _check_reason(reason)
    # Read under the lock: of two who take it out at once, the second finds nothing to log again.
    queries.lock_measures([measure_id])
    old = queries.observation(actor, measure_id, observation_id)
    db.session.execute(
        delete(Observation)
        .where(Observation.measure_id == measure_id, Observation.period_start == old.period_start)
        .execution_options(synchronize_session=False)
    )
    _log(actor, measure, [(old, None)], reason)
    audit.record(
        actor, "measure.point_removed", "measure", measure_id, on=old.period_start.isoformat()
    )
    recompute([measure_id], because="point_removed")


def add_points(
    actor: Actor, *, measure_id: int, points: Sequence[NewPoint], reason: str = ""
) -> int:
    """Enter many numbers at once, all or none; return how many were new or replaced.

    Numbers that stand there already are replaced where they differ, by someone who may change
    past data; ``reason`` is logged with each. One recomputing at the end, however many.
    """
    measure = queries.measure(actor, measure_id)
    _check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    _check_open(measure)
    points = [replace(p, period_start=first_day(measure, p.period_start)) for p in points]
    for point in points:
        check_number(measure, point)
    if len({p.period_start for p in points}) < len(points):
        raise RuleBroken([Reason("Two numbers are for the same time.", "period")])
    queries.lock_measures([measure_id])
    old = queries.observations_at(actor, measure_id, None)
    fresh = [p for p in points if p.period_start not in old]
    changed = [p for p in points if p.period_start in old and not _is_same(old[p.period_start], p)]
    if changed:
        _check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_CHANGES)
        _check_reason(reason)
        _update_many(actor, measure_id, changed)
        _log(actor, measure, [(old[p.period_start], p) for p in changed], reason)
    if fresh:
        _insert(actor, measure, fresh)
    if fresh or changed:
        audit.record(
            actor,
            "measure.points_imported",
            "measure",
            measure_id,
            new=len(fresh),
            replaced=len(changed),
        )
        recompute([measure_id], because="points_added")
    return len(fresh) + len(changed)


# ---- the rules


def _check_may(actor: Actor, measure: MeasureView, permission: Permission, words: str) -> None:
    if not may(actor, permission, team_id=measure.team_id):
        raise Forbidden(words)


def _check_open(measure: MeasureView) -> None:
    if measure.closed_on is not None:
        raise RuleBroken("This measure is no longer counted. Count it again first.")


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken([Reason("Say in a few words why the number changes.", "reason")])


def _is_same(old: ObservationView, new: NewPoint) -> bool:
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


# ---- the writing


def _saved(measure: MeasureView, point: NewPoint, note: str = "") -> ObservationView:
    return ObservationView(
        measure.id,
        point.period_start,
        point.value,
        point.numerator,
        point.denominator,
        point.note or note,
        raw_values=point.raw_values,
    )


def _insert(actor: Actor, measure: MeasureView, points: Sequence[NewPoint]) -> None:
    at = clock.now()
    db.session.execute(
        insert(Observation),
        [
            {
                "measure_id": measure.id,
                "period_start": p.period_start,
                "value": p.value,
                "numerator": p.numerator,
                "denominator": p.denominator,
                "raw_values": list(p.raw_values) or None,
                "note": p.note,
                "entered_by_id": actor.person_id,
                "entered_at": at,
            }
            for p in points
        ],
    )


def _change(
    actor: Actor, measure: MeasureView, old: ObservationView, new: NewPoint, reason: str
) -> None:
    _check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_CHANGES)
    _check_open(measure)
    _check_reason(reason)
    _update_many(actor, measure.id, [new])
    if new.note and new.note != old.note:
        _write_note(actor, measure.id, new.period_start, new.note)
    _log(actor, measure, [(old, new)], reason)
    audit.record(
        actor, "measure.point_changed", "measure", measure.id, on=new.period_start.isoformat()
    )
    recompute([measure.id], because="point_changed")


def _update_many(actor: Actor, measure_id: int, points: Sequence[NewPoint]) -> None:
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


def _write_note(actor: Actor, measure_id: int, start: date, note: str) -> None:
    db.session.execute(
        update(Observation)
        .where(Observation.measure_id == measure_id, Observation.period_start == start)
        .values(note=note[: limits.length("point_note")])
        .execution_options(synchronize_session=False)
    )
    audit.record(actor, "measure.note_written", "measure", measure_id, on=start.isoformat())


def _log(
    actor: Actor,
    measure: MeasureView,
    changes: Sequence[tuple[ObservationView, NewPoint | None]],
    reason: str,
) -> None:
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
                "new_value": new.value if new else None,
                "new_numerator": new.numerator if new else None,
                "new_denominator": new.denominator if new else None,
                "reason": reason.strip()[: limits.length("reason")],
                "changed_by_id": actor.person_id,
                "changed_at": at,
            }
            for old, new in changes
        ],
    )
