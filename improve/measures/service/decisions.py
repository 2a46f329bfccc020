"""What people decide about a measure's points and its picture: left out, which chart, whose hope.

Each is kept in the measure's history with who, when and why, and can be taken back.
"""

from __future__ import annotations

import math
from typing import Any

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.measures import queries
from improve.measures.models import Observation
from improve.measures.recorded import CHART_CHOICES
from improve.measures.service.changes import note_change
from improve.measures.service.define import check_may_define, write_measure
from improve.measures.service.point_rows import WHO_LEAVES_OUT
from improve.measures.service.verdicts import recompute
from improve.measures.views import ObservationView
from improve.shared import audit, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, Reason, RuleBroken, Stale
from improve.shared.parsing import LARGEST_NUMBER


def exclude_point(
    actor: Actor, *, measure_id: int, observation_id: int, reason: str, seen: str
) -> None:
    """Leave a point out: it stays drawn, crossed out, and counts for nothing.

    ``seen`` is the point's ``mark`` as the person saw it. Refuses with ``Forbidden`` whoever may
    not, with ``Stale`` when the number or what counts changed since, with ``RuleBroken`` no
    reason. Leaving out again for the same reason changes nothing.
    """
    reason = reason.strip()[: limits.length("reason")]
    point = _point(actor, measure_id, observation_id, reason)
    _mark(actor, point, excluded=reason, reason=reason, seen=seen)


def include_point(
    actor: Actor, *, measure_id: int, observation_id: int, reason: str, seen: str
) -> None:
    """Have a point count again. Refusals as for leaving it out; twice is harmless."""
    reason = reason.strip()[: limits.length("reason")]
    point = _point(actor, measure_id, observation_id, reason)
    _mark(actor, point, excluded="", reason=reason, seen=seen)


def _point(actor: Actor, measure_id: int, observation_id: int, reason: str) -> ObservationView:
    """The point as it stands, under the lock of its measure; refuses whoever may not."""
    measure = queries.measure(actor, measure_id)
    queries.observation(actor, measure_id, observation_id)
    if not may(actor, Permission.CHANGE_PAST_DATA, team_id=measure.team_id):
        raise Forbidden(WHO_LEAVES_OUT)
    if not reason:
        raise RuleBroken([Reason("Say in a few words why.", "reason")])
    queries.lock_measures([measure_id])
    return queries.observation(actor, measure_id, observation_id)


def _mark(actor: Actor, point: ObservationView, *, excluded: str, reason: str, seen: str) -> None:
    if point.excluded_reason == excluded:
        return
    if point.mark != seen:
        raise Stale(observation=point)
    db.session.execute(
        update(Observation)
        .where(Observation.id == point.id, Observation.measure_id == point.measure_id)
        .values(excluded_reason=excluded)
        .execution_options(synchronize_session=False)
    )
    kind = "point_excluded" if excluded else "point_included"
    facts: dict[str, Any] = {"on": point.period_start.isoformat(), "observation_id": point.id}
    note_change(actor, point.measure_id, kind, facts=facts, reason=reason)
    audit.record(actor, f"measure.{kind}", "measure", point.measure_id, **facts)
    recompute([point.measure_id], because=kind)


def choose_chart(
    actor: Actor, *, measure_id: int, chart: str | None, reason: str, seen_version: int
) -> None:
    """Have the measure drawn and judged by another chart, or (None) by the usual one again.

    Refuses with ``Forbidden``, ``Stale``, and with ``RuleBroken`` a chart that does not fit what
    is recorded and a choice without a few words why. Choosing what stands changes nothing.
    """
    view = queries.measure(actor, measure_id)
    check_may_define(actor, view.team_id)
    reason = reason.strip()[: limits.length("reason")]
    if chart == view.chart:
        return
    if view.version != seen_version:
        raise Stale(measure=view)
    reasons = []
    if chart is not None and chart not in CHART_CHOICES[view.recorded]:
        reasons.append(Reason("That chart does not fit what is recorded.", "chart"))
    if chart is not None and not reason:
        reasons.append(Reason("Say in a few words why not the usual one.", "reason"))
    if reasons:
        raise RuleBroken(reasons)
    write_measure(actor, view, chart=chart)
    facts: dict[str, Any] = {"old": view.chart, "new": chart}
    note_change(actor, measure_id, "chart_chosen", facts=facts, reason=reason)
    audit.record(actor, "measure.chart_chosen", "measure", measure_id, **facts)
    recompute([measure_id], because="chart_chosen")


def set_hope(
    actor: Actor, *, measure_id: int, target: float | None, target_by: str, seen_version: int
) -> None:
    """Write down a value hoped for and whose hope it is, or (None) take it away.

    No chart is judged by it. Refuses with ``Forbidden``, ``Stale``, and with ``RuleBroken`` a
    hope that is nobody's and a number that can't be. The same hope again changes nothing.
    """
    view = queries.measure(actor, measure_id)
    check_may_define(actor, view.team_id)
    target_by = target_by.strip()[: limits.length("source")] if target is not None else ""
    if (target, target_by) == (view.target, view.target_by):
        return
    if view.version != seen_version:
        raise Stale(measure=view)
    reasons = []
    if target is not None:
        if not math.isfinite(target) or abs(target) > LARGEST_NUMBER:
            reasons.append(Reason("That number is too big.", "target"))
        elif view.is_proportion and not 0 <= target <= 100:
            reasons.append(Reason("A share lies between 0 and 100%.", "target"))
        if not target_by:
            reasons.append(Reason("Say whose hope it is.", "target_by"))
    if reasons:
        raise RuleBroken(reasons)
    write_measure(actor, view, target=target, target_by=target_by)
    facts: dict[str, Any] = {"old": view.target, "new": target}
    note_change(actor, measure_id, "target_set", facts=facts, reason=target_by)
    audit.record(actor, "measure.target_set", "measure", measure_id, **facts)
