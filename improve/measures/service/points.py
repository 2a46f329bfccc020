"""Numbers entered one by one, changed with a reason, taken out with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import date

from sqlalchemy import delete

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import Observation
from improve.measures.service.number_rules import NumberRules, first_day, period_of
from improve.measures.service.point_rows import (
    WHO_CHANGES,
    WHO_ENTERS,
    NewPoint,
    check_by_hand,
    check_may,
    check_open,
    check_reason,
    insert_points,
    is_same_number,
    log_changes,
    replace_points,
    write_notes,
)
from improve.measures.service.verdicts import recompute
from improve.measures.table_import import between_words, tidy_note
from improve.measures.table_import.periods import period_words
from improve.measures.table_import.preview import Recorded
from improve.measures.views import MeasureView, ObservationView
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken, Stale

_NO_EVENT_BEFORE = (
    "No event before that day is known. Type the days since the one before, "
    "or paste the dates of all of them."
)


@dataclass(frozen=True)
class SavedPoint:
    """What was saved, what stood there before, and what else to put right (or nothing).

    ``counts_again`` where the number before was left out and the one in its place is not.
    """

    point: ObservationView
    replaced: ObservationView | None = None
    to_do: str = ""
    counts_again: bool = False


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
    raw_values: Sequence[float] = (),
    note: str = "",
    replace: bool = False,
    reason: str = "",
) -> SavedPoint:
    """Enter one number for the period that ``period_start`` falls in.

    Several times of the period are ``raw_values``; their median is the value. Days between events
    are counted from the event before where no ``value`` is given. Refuses with ``AlreadyThere``
    when that period has a number, unless ``replace`` is set by someone who may change past data
    and gives a reason, which is logged; the same number again is harmless. Refuses with
    ``RuleBroken`` numbers that can't be (fields period, value, numerator, denominator), with
    ``Forbidden`` whoever may not.
    """
    measure = queries.locked_measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    check_open(measure)
    given = NewPoint(period_start, value, numerator, denominator, note, tuple(raw_values))
    point = _counted(actor, measure, given)
    start = point.period_start
    old = queries.observations_at(actor, measure_id, [start]).get(start)
    if old is None:
        insert_points(actor, measure, [point])
        audit.record(actor, "measure.point_added", "measure", measure_id, on=start.isoformat())
        recompute([measure_id], because="point_added")
        return SavedPoint(_saved(measure, point), None, _to_do(actor, measure, start))
    if is_same_number(old, point):
        if point.note and point.note != old.note:
            write_notes(actor, measure_id, [(start, point.note)])
            recompute([measure_id], because="note_written")
        return SavedPoint(_saved(measure, point, old.note), old)
    may_replace = may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id)
    if not replace:
        raise AlreadyThere(
            _there_words(measure, old, may_replace=may_replace), old, may_replace=may_replace
        )
    counts_again = _change(actor, measure, old, point, reason)
    if point.note and point.note != old.note:
        write_notes(actor, measure_id, [(start, point.note)])
    recompute([measure_id], because="point_changed")
    return SavedPoint(_saved(measure, point, old.note), old, counts_again=counts_again)


def change_point(
    actor: Actor,
    *,
    measure_id: int,
    observation_id: int,
    seen: str,
    value: float | None = None,
    numerator: float | None = None,
    denominator: float | None = None,
    raw_values: Sequence[float] = (),
    note: str = "",
    reason: str = "",
) -> SavedPoint:
    """Put another number in the place of one entered before; the old one stays in the log.

    ``seen`` is the point's ``mark`` as the person saw it: refuses with ``Stale`` (facts: the
    observation as it is now) where the number or whether it counts changed since. A number that
    was left out counts again, since another stands in its place.
    """
    measure = queries.locked_measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    old = queries.observation(actor, measure_id, observation_id)
    given = NewPoint(old.period_start, value, numerator, denominator, note, tuple(raw_values))
    point = NumberRules(measure).held(given)
    is_new, is_noted = not is_same_number(old, point), point.note != old.note
    counts_again = False
    if is_new:
        if old.mark != seen:
            raise Stale(observation=old)
        counts_again = _change(actor, measure, old, point, reason)
    if is_noted:
        write_notes(actor, measure_id, [(old.period_start, point.note)])
    if is_new or is_noted:
        recompute([measure_id], because="point_changed" if is_new else "note_written")
    return SavedPoint(_saved(measure, point, point.note), old, counts_again=counts_again)


def note_point(actor: Actor, *, measure_id: int, period_start: date, note: str) -> None:
    """Write, change or take away the note that a point carries on the chart."""
    measure = queries.locked_measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    start = first_day(measure, period_start)
    if start not in queries.observations_at(actor, measure_id, [start]):
        raise RuleBroken([Reason("There is no number for that day yet. Add it first.", "period")])
    write_notes(actor, measure_id, [(start, tidy_note(note))])
    recompute([measure_id], because="note_written")


def remove_point(actor: Actor, *, measure_id: int, observation_id: int, reason: str) -> None:
    """Take a number out, with a reason; it stays in the log. The chart shows a gap."""
    # Read under the lock: of two who take it out at once, the second finds nothing to log again.
    measure = queries.locked_measure(actor, measure_id)
    check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_CHANGES)
    check_by_hand(measure)
    check_reason(reason)
    old = queries.observation(actor, measure_id, observation_id)
    db.session.execute(
        delete(Observation)
        .where(Observation.measure_id == measure_id, Observation.period_start == old.period_start)
        .execution_options(synchronize_session=False)
    )
    log_changes(actor, measure, [(old, None)], reason)
    audit.record(
        actor, "measure.point_removed", "measure", measure_id, on=old.period_start.isoformat()
    )
    recompute([measure_id], because="point_removed")


def _counted(actor: Actor, measure: MeasureView, point: NewPoint) -> NewPoint:
    """The point as it is kept, its days counted from the event before where none were given."""
    rules = NumberRules(measure)
    if measure.recorded == "days_between" and point.value is None:
        day = rules.first_day(point.period_start)
        before = queries.last_before(actor, measure.id, day)
        if before is None and queries.observations_at(actor, measure.id, [day]):
            raise RuleBroken([Reason("There is an event on that day already.", "on")])
        if before is None:
            raise RuleBroken([Reason(_NO_EVENT_BEFORE, "value")])
        point = replaced(point, value=float((day - before).days))
    return rules.held(point)


def _to_do(actor: Actor, measure: MeasureView, start: date) -> str:
    if measure.recorded != "days_between":
        return ""
    there = queries.observations_at(actor, measure.id, None)
    known = {day: Recorded(o.value) for day, o in there.items()}
    return between_words(start, sorted(known), known, this_year=clock.today().year)


def _there_words(measure: MeasureView, old: ObservationView, *, may_replace: bool) -> str:
    period = period_of(measure)
    named = period_words(old.period_start, period, this_year=clock.today().year)
    words = f"There is already {old.words(measure)} {'on' if period == 'day' else 'for'} {named}."
    if measure.recorded in ("days_between", "cases_between"):
        words = f"{words} Two events on one day cannot both stand here."
    return words if may_replace else f"{words} {WHO_CHANGES}"


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


def _change(
    actor: Actor, measure: MeasureView, old: ObservationView, new: NewPoint, reason: str
) -> bool:
    """Put the new number in the place of the old one; return whether it counts again by that."""
    check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_CHANGES)
    check_open(measure)
    check_reason(reason)
    again = replace_points(actor, measure, [(old, new)], reason)
    audit.record(
        actor, "measure.point_changed", "measure", measure.id, on=new.period_start.isoformat()
    )
    return bool(again)
