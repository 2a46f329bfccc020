"""The tests of change on measures, with their stored verdicts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Subquery, case, select

from improve.accounts.actor import Actor
from improve.measures.models import (
    Measure,
    TestWindow,
)
from improve.measures.views import WindowView
from improve.shared.db import db

_WINDOW_COLUMNS = (
    TestWindow.id,
    TestWindow.idea_id,
    TestWindow.cycle_number,
    TestWindow.measure_id,
    Measure.name,
    Measure.better_when,
    TestWindow.place,
    TestWindow.label,
    TestWindow.starts_on,
    TestWindow.ends_on,
    TestWindow.is_judged,
    TestWindow.is_current,
    TestWindow.verdict_code,
    TestWindow.verdict_facts,
    TestWindow.spark,
    TestWindow.analysis_version,
    TestWindow.decided_code,
    TestWindow.decided_facts,
    TestWindow.decided_on,
)


def current_window_rows() -> Subquery:
    """Return each idea's current windows as a plain selectable: one row per idea and place.

    The caller's own organisation filter must stand on the table it joins to. Measures' names come
    from ``measure_names``: SQLite reads a joined selectable on the right of an outer join in full
    before it picks, a plain one by its index.
    """
    return (
        select(
            TestWindow.idea_id,
            TestWindow.place,
            TestWindow.cycle_number,
            TestWindow.measure_id,
            TestWindow.is_judged,
            TestWindow.verdict_code,
            TestWindow.verdict_facts,
            TestWindow.spark,
            TestWindow.decided_code,
        )
        .where(TestWindow.is_current)
        .subquery("current_window_rows")
    )


def cycle_window_rows() -> Subquery:
    """Return the windows of every cycle as a plain selectable: one row per idea, cycle and place.

    The caller's own organisation filter must stand on the table it joins to.
    """
    return select(
        TestWindow.idea_id,
        TestWindow.cycle_number,
        TestWindow.place,
        TestWindow.measure_id,
        TestWindow.verdict_code,
        TestWindow.verdict_facts,
        TestWindow.spark,
        TestWindow.decided_code,
        TestWindow.decided_facts,
        TestWindow.ends_on,
    ).subquery("cycle_window_rows")


def window_times() -> Subquery:
    """Return when each test ran on which measure, as a plain selectable for joins.

    The caller's own organisation filter must stand on the table it joins to.
    """
    return select(
        TestWindow.idea_id,
        TestWindow.measure_id,
        TestWindow.organisation_id,
        TestWindow.starts_on,
        TestWindow.ends_on,
        TestWindow.decided_on,
    ).subquery("window_times")


def measure_names() -> Subquery:
    """Return measures as a selectable for joins: id, name, unit, better_when, organisation_id.

    The caller's own organisation filter must stand on the table it joins to.
    """
    return select(
        Measure.id, Measure.name, Measure.unit, Measure.better_when, Measure.organisation_id
    ).subquery("measure_names")


def windows_of_idea(actor: Actor, idea_id: int) -> list[WindowView]:
    """Return every window of an idea, oldest cycle first, the main measure before the others."""
    rows = db.session.execute(
        _windows(actor)
        .where(TestWindow.idea_id == idea_id)
        .order_by(TestWindow.cycle_number, _place_order(), TestWindow.id)
    )
    return [WindowView(*row) for row in rows]


def windows_of_ideas(actor: Actor, idea_ids: Iterable[int]) -> list[WindowView]:
    """Return every window of several ideas, by idea, cycle and place."""
    wanted = sorted(set(idea_ids))
    if not wanted:
        return []
    rows = db.session.execute(
        _windows(actor)
        .where(TestWindow.idea_id.in_(wanted))
        .order_by(TestWindow.idea_id, TestWindow.cycle_number, _place_order(), TestWindow.id)
    )
    return [WindowView(*row) for row in rows]


def _windows(actor: Actor) -> Any:
    return (
        select(*_WINDOW_COLUMNS)
        .join(Measure, Measure.id == TestWindow.measure_id)
        .where(TestWindow.organisation_id == actor.organisation_id)
    )


def _place_order() -> Any:
    return case((TestWindow.place == "main", 0), else_=1)


def windows_of_measures(actor: Actor, measure_ids: Iterable[int]) -> dict[int, list[WindowView]]:
    """Return the tests on measures by measure id, oldest first, in one statement."""
    ids = sorted(set(measure_ids))
    found: dict[int, list[WindowView]] = defaultdict(list, {i: [] for i in ids})
    if ids:
        rows = db.session.execute(
            _windows(actor)
            .where(TestWindow.measure_id.in_(ids))
            .order_by(TestWindow.measure_id, TestWindow.starts_on, TestWindow.id)
        )
        for row in rows:
            view = WindowView(*row)
            found[view.measure_id].append(view)
    return found


def all_windows(measure_ids: Sequence[int]) -> dict[int, list[WindowView]]:
    """Return the windows on these measures, whose ids the caller has already looked up."""
    found: dict[int, list[WindowView]] = {}
    rows = db.session.execute(
        select(*_WINDOW_COLUMNS)
        .join(Measure, Measure.id == TestWindow.measure_id)
        .where(TestWindow.measure_id.in_(measure_ids))
        .order_by(TestWindow.measure_id, TestWindow.starts_on, TestWindow.id)
    )
    for row in rows:
        view = WindowView(*row)
        found.setdefault(view.measure_id, []).append(view)
    return found
