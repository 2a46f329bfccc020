"""Verdicts: computed where data or dates change, stored with their facts, never typed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import func, select, update

from improve.measures import queries
from improve.measures.models import TestWindow
from improve.measures.reading import compute
from improve.measures.spc.verdict import ANALYSIS_VERSION
from improve.measures.spc.words import is_over
from improve.shared import clock, events
from improve.shared.db import db


@dataclass(frozen=True)
class VerdictChange:
    """A verdict that reads differently now. ``old_code`` is None where there was none before.

    ``was_over`` and ``is_over`` say whether the test had ended, by the facts before and now.
    """

    idea_id: int
    cycle_number: int
    place: str
    measure_id: int
    measure_name: str
    old_code: str | None
    new_code: str | None
    was_over: bool = False
    is_over: bool = False


@dataclass(frozen=True)
class VerdictsRewritten:
    """What boards show of these ideas has changed; ``changes`` where a code is another.

    ``because`` is what was done, one of ``views.VERDICT_CAUSES``. Published inside the transaction
    that changed data or dates.
    """

    idea_ids: tuple[int, ...]
    changes: tuple[VerdictChange, ...]
    because: str = ""


def recompute(measure_ids: Iterable[int], *, because: str = "") -> VerdictsRewritten:
    """Rebuild the stored verdicts of all windows on these measures, in this transaction.

    Rows that already hold what the data say are left alone. Publishes and returns what changed.
    ``because`` is one of ``views.VERDICT_CAUSES``: the history of the ideas says it.
    """
    ids = sorted(set(measure_ids))
    idea_ids: set[int] = set()
    changes: list[VerdictChange] = []
    if ids:
        db.session.flush()
        queries.lock_measures(ids)
        windows = queries.all_windows(ids)
        with_windows = [i for i in ids if windows.get(i)]
        measures = queries.all_measures(with_windows)
        series = queries.all_observations(with_windows)
        lines = queries.lines_of(with_windows)
        for measure_id in with_windows:
            own = windows[measure_id]
            for window in own:
                new = compute(
                    measures[measure_id], series[measure_id], window, own, lines[measure_id]
                )
                old = (
                    window.verdict_code,
                    window.verdict_facts,
                    window.spark,
                    window.analysis_version,
                )
                if old == (new.code, new.facts, new.spark, new.analysis_version):
                    continue
                db.session.execute(
                    update(TestWindow)
                    .where(TestWindow.id == window.id)
                    .values(
                        verdict_code=new.code,
                        verdict_facts=new.facts,
                        spark=new.spark,
                        analysis_version=new.analysis_version,
                        computed_at=clock.now(),
                    )
                    .execution_options(synchronize_session=False)
                )
                idea_ids.add(window.idea_id)
                if window.verdict_code != new.code:
                    changes.append(
                        VerdictChange(
                            window.idea_id,
                            window.cycle_number,
                            window.place,
                            measure_id,
                            window.measure_name,
                            window.verdict_code,
                            new.code,
                            is_over(window.verdict_facts),
                            is_over(new.facts),
                        )
                    )
    event = VerdictsRewritten(tuple(sorted(idea_ids)), tuple(changes), because)
    if event.idea_ids:
        events.publish(event)
    return event


def recompute_all(*, organisation_id: int | None = None) -> int:
    """Rebuild every stored verdict, of one organisation or all; return how many changed code.

    For a new analysis version and for the command line. Works through the measures a hundred at
    a time, in one transaction.
    """
    query = select(TestWindow.measure_id).distinct().order_by(TestWindow.measure_id)
    if organisation_id is not None:
        query = query.where(TestWindow.organisation_id == organisation_id)
    ids = list(db.session.execute(query).scalars())
    return sum(
        len(recompute(ids[start : start + 100], because="rules_changed").changes)
        for start in range(0, len(ids), 100)
    )


def count_of_earlier_rules() -> int:
    """Return how many stored verdicts were worked out by rules of an earlier version."""
    earlier = TestWindow.analysis_version.between(1, ANALYSIS_VERSION - 1)
    return db.session.execute(
        select(func.count()).select_from(TestWindow).where(earlier)
    ).scalar_one()
