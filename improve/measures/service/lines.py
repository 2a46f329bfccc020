"""Baselines and middle lines: set by a person with a reason, taken back with a reason.

Nothing here is automatic. A baseline replaces the software's own for the tests of one idea, or
for the measure read by itself; a new middle line says that another level is known and expected
to last. Both rebuild the verdicts of the measure and stay in its history when taken back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.measures import queries
from improve.measures.models import Baseline, MiddleLine
from improve.measures.queries.lines import newest_baseline_id, newest_line_id
from improve.measures.service.changes import note_change
from improve.measures.service.define import check_may_define
from improve.measures.service.verdicts import recompute
from improve.measures.spc.analysis import FEWEST_BEFORE
from improve.measures.trials import judged_first_on
from improve.measures.views import ObservationView, WindowView
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken, Stale
from improve.shared.formatting import day_year

#: Wheeler's four questions, by the name their answer is kept under. Without the first, second and
#: fourth a new line is a guess; a change that nobody wanted may still be known and lasting.
FOUR_QUESTIONS = ("is_different", "know_why", "want_it", "will_last")
MUST_BE_YES = ("is_different", "know_why", "will_last")


@dataclass(frozen=True, kw_only=True)
class BaselineChoice:
    """The points to count as usual: both days belong to it. ``idea_id`` None: by itself."""

    starts_on: date
    ends_on: date
    idea_id: int | None = None


def set_baseline(
    actor: Actor, *, measure_id: int, choice: BaselineChoice, reason: str, seen: int
) -> None:
    """Have these points count as usual, in place of those that the software takes.

    ``seen`` is ``queries.newest_baseline_id`` as the person saw it. Refuses with ``Forbidden``
    whoever may not, with ``Stale`` when somebody set one since (facts: page), with ``RuleBroken``
    fewer than 8 points and days that are not before the test (fields from, to, reason). Setting
    what stands already changes nothing.
    """
    measure = queries.measure(actor, measure_id)
    check_may_define(actor, measure.team_id)
    reason = _checked_reason(reason)
    queries.lock_measures([measure_id])
    old = _baseline_in_force(measure_id, choice.idea_id)
    if old and _is_same(old, choice, reason):
        return
    if newest_baseline_id(actor, measure_id) != seen:
        raise Stale(measure=measure)
    windows = queries.windows_of_measures(actor, [measure_id])[measure_id]
    points = queries.observations_of(actor, [measure_id])[measure_id]
    n_points = len(check_baseline(points, windows, choice))
    now = clock.now()
    if old:
        old.removed_by_id, old.removed_at, old.removed_reason = actor.person_id, now, reason
    baseline = Baseline(
        measure_id=measure_id,
        idea_id=choice.idea_id,
        starts_on=choice.starts_on,
        ends_on=choice.ends_on,
        reason=reason,
        set_by_id=actor.person_id,
        set_at=now,
    )
    db.session.add(baseline)
    db.session.flush()
    facts: dict[str, Any] = {
        "baseline_id": baseline.id,
        "idea_id": choice.idea_id,
        "from": choice.starts_on.isoformat(),
        "to": choice.ends_on.isoformat(),
    }
    note_change(
        actor, measure_id, "baseline_set", facts=facts | {"n_points": n_points}, reason=reason
    )
    audit.record(actor, "measure.baseline_set", "measure", measure_id, **facts)
    recompute([measure_id], because="baseline_set")


def remove_baseline(actor: Actor, *, measure_id: int, baseline_id: int, reason: str) -> None:
    """Take a baseline back: the software's own counts again. Twice is harmless."""
    measure = queries.measure(actor, measure_id)
    view = queries.baseline(actor, measure_id, baseline_id)
    check_may_define(actor, measure.team_id)
    reason = _checked_reason(reason)
    queries.lock_measures([measure_id])
    baseline = db.session.execute(
        select(Baseline)
        .where(Baseline.id == baseline_id, Baseline.removed_at.is_(None))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if baseline is None:
        return
    baseline.removed_by_id, baseline.removed_at = actor.person_id, clock.now()
    baseline.removed_reason = reason
    facts: dict[str, Any] = {
        "baseline_id": baseline_id,
        "idea_id": view.idea_id,
        "from": baseline.starts_on.isoformat(),
        "to": baseline.ends_on.isoformat(),
    }
    db.session.flush()
    note_change(actor, measure_id, "baseline_removed", facts=facts, reason=reason)
    audit.record(actor, "measure.baseline_removed", "measure", measure_id, **facts)
    recompute([measure_id], because="baseline_removed")


def draw_middle_line(
    actor: Actor,
    *,
    measure_id: int,
    starts_on: date,
    answers: Mapping[str, bool],
    reason: str,
    seen: int,
) -> None:
    """Draw a new middle line from a point on; the old one stays drawn.

    ``answers`` to ``FOUR_QUESTIONS``. ``seen`` is ``queries.newest_line_id`` as the person saw
    it. Refuses with ``Forbidden``, ``Stale``, and with ``RuleBroken`` a day without a point,
    the first point, a day that has a line, and a change that is not known or not expected to
    last. Drawing the same again changes nothing.
    """
    measure = queries.measure(actor, measure_id)
    check_may_define(actor, measure.team_id)
    reason = _checked_reason(reason)
    missing = [name for name in MUST_BE_YES if not answers.get(name)]
    if missing:
        words = "Leave the line as it is until you can say yes to this."
        raise RuleBroken([Reason(words, name) for name in missing])
    queries.lock_measures([measure_id])
    old = db.session.execute(
        select(MiddleLine.reason).where(
            MiddleLine.measure_id == measure_id,
            MiddleLine.starts_on == starts_on,
            MiddleLine.removed_at.is_(None),
        )
    ).scalar_one_or_none()
    if old == reason:
        return
    if newest_line_id(actor, measure_id) != seen:
        raise Stale(measure=measure)
    if old is not None:
        raise RuleBroken(
            [Reason("A middle line begins there already. Take it back first.", "first")]
        )
    points = queries.observations_of(actor, [measure_id])[measure_id]
    if starts_on not in [p.period_start for p in points[1:]]:
        words = "Choose one of the points, but not the first: nothing comes before it."
        raise RuleBroken([Reason(words, "first")])
    line = MiddleLine(
        measure_id=measure_id,
        starts_on=starts_on,
        reason=reason,
        answers={name: bool(answers.get(name)) for name in FOUR_QUESTIONS},
        drawn_by_id=actor.person_id,
        drawn_at=clock.now(),
    )
    db.session.add(line)
    db.session.flush()
    facts: dict[str, Any] = {"line_id": line.id, "from": starts_on.isoformat()}
    note_change(actor, measure_id, "line_drawn", facts=facts, reason=reason)
    audit.record(actor, "measure.line_drawn", "measure", measure_id, **facts)
    recompute([measure_id], because="line_drawn")


def remove_middle_line(actor: Actor, *, measure_id: int, line_id: int, reason: str) -> None:
    """Take a middle line back. Twice is harmless."""
    measure = queries.measure(actor, measure_id)
    queries.middle_line(actor, measure_id, line_id)
    check_may_define(actor, measure.team_id)
    reason = _checked_reason(reason)
    queries.lock_measures([measure_id])
    line = db.session.execute(
        select(MiddleLine)
        .where(MiddleLine.id == line_id, MiddleLine.removed_at.is_(None))
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if line is None:
        return
    line.removed_by_id, line.removed_at, line.removed_reason = (
        actor.person_id,
        clock.now(),
        reason,
    )
    facts: dict[str, Any] = {"line_id": line_id, "from": line.starts_on.isoformat()}
    db.session.flush()
    note_change(actor, measure_id, "line_removed", facts=facts, reason=reason)
    audit.record(actor, "measure.line_removed", "measure", measure_id, **facts)
    recompute([measure_id], because="line_removed")


# ---- the rules


def check_baseline(
    points: Sequence[ObservationView], windows: Sequence[WindowView], choice: BaselineChoice
) -> list[ObservationView]:
    """Return the points that count in a baseline; refuse with ``RuleBroken`` what is none.

    ``points`` and ``windows`` are all of the measure.
    """
    ends_before = judged_first_on(windows, choice.idea_id)
    if choice.idea_id is not None and ends_before is None:
        raise RuleBroken([Reason("No test of that idea is judged on this measure.", "idea")])
    if choice.ends_on < choice.starts_on:
        raise RuleBroken([Reason("The last point comes before the first.", "last")])
    if ends_before is not None and choice.ends_on >= ends_before:
        words = f"The baseline ends before the test began, on {day_year(ends_before)}."
        raise RuleBroken([Reason(words, "last")])
    counted = [
        p
        for p in points
        if choice.starts_on <= p.period_start <= choice.ends_on and not p.is_excluded
    ]
    if len(counted) < FEWEST_BEFORE:
        held = "1 point" if len(counted) == 1 else f"{len(counted)} points"
        words = f"Choose at least {FEWEST_BEFORE} points that count. These days hold {held}."
        raise RuleBroken([Reason(words, "first")])
    return counted


def _baseline_in_force(measure_id: int, idea_id: int | None) -> Baseline | None:
    is_for = Baseline.idea_id.is_(None) if idea_id is None else Baseline.idea_id == idea_id
    return db.session.execute(
        select(Baseline)
        .where(Baseline.measure_id == measure_id, is_for, Baseline.removed_at.is_(None))
        .order_by(Baseline.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def _is_same(old: Baseline, choice: BaselineChoice, reason: str) -> bool:
    return (old.starts_on, old.ends_on, old.reason) == (choice.starts_on, choice.ends_on, reason)


def _checked_reason(reason: str) -> str:
    """The reason as it is kept; a decision without one is refused."""
    reason = reason.strip()[: limits.length("reason")]
    if not reason:
        raise RuleBroken([Reason("Say in a few words why.", "reason")])
    return reason
