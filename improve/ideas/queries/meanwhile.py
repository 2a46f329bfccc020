"""Tests of other ideas that ran on the same measure in the same time."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, func, or_, select

from improve.accounts.actor import Actor
from improve.ideas.chart_panel import OtherTest
from improve.ideas.models import Idea
from improve.ideas.queries.door import visible
from improve.measures.judging import Stretch
from improve.measures.queries import window_times
from improve.shared.db import db


def other_tests(
    actor: Actor, idea_id: int, stretches: Mapping[int, Stretch]
) -> dict[int, tuple[OtherTest, ...]]:
    """Return the other ideas tried on these measures in these times, by measure id.

    ``stretches`` by measure id. The first begun first; an idea that the actor may not know of
    has no id and no title. One statement, none without stretches.
    """
    found: dict[int, list[OtherTest]] = {measure_id: [] for measure_id in stretches}
    if not stretches:
        return {}
    times = window_times()
    asked = [
        and_(
            times.c.measure_id == measure_id,
            or_(
                times.c.ends_on >= stretch.starts_on,
                and_(
                    times.c.ends_on.is_(None),
                    # One that was kept before is tried no longer, as ``ideas_meanwhile`` says.
                    or_(times.c.decided_on.is_(None), times.c.decided_on >= stretch.starts_on),
                ),
            ),
            *([times.c.starts_on <= stretch.ends_on] if stretch.ends_on else []),
        )
        for measure_id, stretch in stretches.items()
    ]
    first = func.min(times.c.starts_on)
    rows = db.session.execute(
        select(times.c.measure_id, times.c.idea_id, Idea.title, first)
        .outerjoin(Idea, and_(Idea.id == times.c.idea_id, visible(actor)))
        .where(
            times.c.organisation_id == actor.organisation_id,
            times.c.idea_id != idea_id,
            or_(*asked),
        )
        .group_by(times.c.measure_id, times.c.idea_id, Idea.title)
        .order_by(first, times.c.idea_id)
    )
    for measure_id, other_id, title, started in rows:
        known = title is not None
        found[measure_id].append(OtherTest(other_id if known else None, title or "", started))
    return {measure_id: tuple(tests) for measure_id, tests in found.items()}
