"""Numbers that another part of the product counts: entered once, and never by hand.

Whoever counts them says so under “numbers-kept”: see ``queries.kept``.
"""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.measures import queries
from improve.measures.service.number_rules import NumberRules
from improve.measures.service.point_rows import NewPoint, insert_points
from improve.measures.service.verdicts import recompute


def enter_counted(actor: Actor, *, measure_id: int, point: NewPoint) -> bool:
    """Enter a number that was counted; return whether it is new. One that stands there stays.

    Nothing is asked but that the measure is the council's: what counts asked before. One that is
    no longer counted takes nothing.
    """
    measure = queries.locked_measure(actor, measure_id)
    held = NumberRules(measure).held(point)
    there = queries.observations_at(actor, measure_id, [held.period_start])
    if measure.closed_on is not None or there:
        return False
    insert_points(actor, measure, [held])
    recompute([measure_id], because="point_added")
    return True
