"""Many numbers at once, all or none."""

from __future__ import annotations

from collections.abc import Sequence

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.measures import queries
from improve.measures.service.changes import note_points
from improve.measures.service.number_rules import NumberRules
from improve.measures.service.point_rows import (
    WHO_CHANGES,
    WHO_ENTERS,
    WHO_LEAVES_OUT,
    NewPoint,
    check_may,
    check_open,
    check_reason,
    insert_points,
    is_same_number,
    leave_out,
    replace_points,
    write_notes,
)
from improve.measures.service.verdicts import recompute
from improve.measures.views import MeasureView
from improve.shared import audit
from improve.shared.errors import Reason, RuleBroken


def add_points(
    actor: Actor, *, measure_id: int, points: Sequence[NewPoint], reason: str = ""
) -> int:
    """Enter many numbers at once, all or none; return how many were new or replaced.

    Numbers that stand there already are replaced where they differ, by someone who may change
    past data; ``reason`` is logged with each. A note replaces the one there, none leaves it. A
    point with a reason in ``left_out`` is left out, by someone who may. One recomputing at the
    end, however many.
    """
    measure = queries.locked_measure(actor, measure_id)
    check_may(actor, measure, Permission.ENTER_DATA, WHO_ENTERS)
    check_open(measure)
    points = _held(measure, points)
    old = queries.observations_at(actor, measure_id, None)
    fresh = [p for p in points if p.period_start not in old]
    there = [p for p in points if p.period_start in old]
    changed = [p for p in there if not is_same_number(old[p.period_start], p)]
    left_out = [
        p for p in there if p.left_out and p.left_out != old[p.period_start].excluded_reason
    ]
    if changed:
        check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_CHANGES)
        check_reason(reason)
        replace_points(actor, measure, [(old[p.period_start], p) for p in changed], reason)
    insert_points(actor, measure, fresh)
    noted = [p for p in there if p.note and p.note != old[p.period_start].note]
    write_notes(actor, measure_id, [(p.period_start, p.note) for p in noted])
    _leave_out(actor, measure, [p for p in fresh if p.left_out], left_out)
    if fresh or changed or left_out:
        audit.record(
            actor,
            "measure.points_imported",
            "measure",
            measure_id,
            new=len(fresh),
            replaced=len(changed),
        )
        because = "points_added" if fresh or changed else "point_excluded"
        recompute([measure_id], because=because)
    elif noted:
        recompute([measure_id], because="note_written")
    return len(fresh) + len(changed)


def _held(measure: MeasureView, points: Sequence[NewPoint]) -> list[NewPoint]:
    """The points by the first day of their periods; refuses one that the measure cannot have."""
    rules = NumberRules(measure)
    held = [rules.held(point) for point in points]
    if len({p.period_start for p in held}) < len(held):
        raise RuleBroken([Reason("Two numbers are for the same time.", "period")])
    return held


def _leave_out(
    actor: Actor, measure: MeasureView, fresh: Sequence[NewPoint], there: Sequence[NewPoint]
) -> None:
    if not fresh and not there:
        return
    check_may(actor, measure, Permission.CHANGE_PAST_DATA, WHO_LEAVES_OUT)
    if there:
        leave_out(measure.id, [(p.period_start, p.left_out) for p in there])
    points = sorted((*fresh, *there), key=lambda p: p.period_start)
    note_points(
        actor, measure.id, "point_excluded", [(p.period_start, None, p.left_out) for p in points]
    )
