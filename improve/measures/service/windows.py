"""The time that a cycle of an idea is tried, on a measure. Called by ideas as cards move.

Who may move a card is decided there; here only that the measure is one of the actor's
organisation.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import bindparam, delete, func, select, update

from improve.accounts.actor import Actor
from improve.measures import queries
from improve.measures.models import TestWindow
from improve.measures.service.verdicts import recompute
from improve.shared import clock, limits
from improve.shared.db import db

#: Every move asks: written once, so that only the values change.
_OF_CYCLE = (
    select(TestWindow)
    .where(
        TestWindow.organisation_id == bindparam("organisation"),
        TestWindow.idea_id == bindparam("idea"),
        TestWindow.cycle_number == bindparam("cycle"),
    )
    .order_by(TestWindow.id)
    .execution_options(populate_existing=True)
)


def open_window(
    actor: Actor,
    *,
    measure_id: int,
    idea_id: int,
    cycle_number: int,
    place: str,
    label: str,
    starts_on: date,
    is_judged: bool,
) -> None:
    """Begin a cycle's window on a measure, main or beside, and judge it.

    Opening the same idea, cycle and place again moves it (other measure, start or label). Raises
    ``NotFound`` for a measure of another organisation.
    """
    queries.measure(actor, measure_id)
    existing = _windows(actor, idea_id, cycle_number, place)
    because = "dates_moved" if existing else "test_began"
    touched = {measure_id} | {w.measure_id for w in existing}
    if existing:
        window = existing[0]
    else:
        window = TestWindow(
            organisation_id=actor.organisation_id,
            idea_id=idea_id,
            cycle_number=cycle_number,
            place=place,
            is_current=False,
            verdict_facts={},
            spark={},
            analysis_version=0,
        )
        db.session.add(window)
    window.measure_id = measure_id
    window.label = label[: limits.length("window_label")]
    window.starts_on = starts_on
    window.ends_on = None
    window.is_judged = is_judged
    db.session.flush()
    _mark_current(actor, idea_id)
    recompute(touched, because=because)


def close_window(actor: Actor, *, idea_id: int, cycle_number: int, ends_on: date) -> None:
    """End a cycle's windows: the change is no longer tried after ``ends_on``.

    For stopping, and for changing before the next cycle. Not for keeping: a change that is kept
    goes on, and its verdict goes on being read. Never ends before it began.
    """
    for window in _windows(actor, idea_id, cycle_number):
        window.ends_on = max(ends_on, window.starts_on)
    _again(actor, idea_id, cycle_number, "test_ended")


def reopen_window(actor: Actor, *, idea_id: int, cycle_number: int) -> None:
    """Take back the end of a cycle's windows, and what was kept at the decision that is undone."""
    for window in _windows(actor, idea_id, cycle_number):
        window.ends_on = None
        window.decided_code = window.decided_facts = window.decided_on = None
    _again(actor, idea_id, cycle_number, "dates_moved")


def remove_windows(actor: Actor, *, idea_id: int, cycle_number: int) -> None:
    """Take a cycle's windows away: it went back to Plan. Twice is harmless."""
    touched = {w.measure_id for w in _windows(actor, idea_id, cycle_number)}
    if not touched:
        return
    db.session.flush()
    db.session.execute(
        delete(TestWindow)
        .where(
            TestWindow.organisation_id == actor.organisation_id,
            TestWindow.idea_id == idea_id,
            TestWindow.cycle_number == cycle_number,
        )
        .execution_options(synchronize_session="fetch")
    )
    _mark_current(actor, idea_id)
    recompute(touched, because="test_removed")


def keep_decided(actor: Actor, *, idea_id: int, cycle_number: int) -> None:
    """Keep the verdict as it stands at the decision. Written once: a second call does nothing."""
    db.session.flush()
    db.session.execute(
        update(TestWindow)
        .where(
            TestWindow.organisation_id == actor.organisation_id,
            TestWindow.idea_id == idea_id,
            TestWindow.cycle_number == cycle_number,
            TestWindow.decided_on.is_(None),
        )
        .values(
            decided_code=TestWindow.verdict_code,
            decided_facts=TestWindow.verdict_facts,
            decided_on=clock.today(),
        )
        .execution_options(synchronize_session="fetch")
    )


def _windows(
    actor: Actor, idea_id: int, cycle_number: int, place: str | None = None
) -> list[TestWindow]:
    whose = {"organisation": actor.organisation_id, "idea": idea_id, "cycle": cycle_number}
    query = _OF_CYCLE if place is None else _OF_CYCLE.where(TestWindow.place == place)
    return list(db.session.execute(query, whose).scalars())


def _again(actor: Actor, idea_id: int, cycle_number: int, because: str) -> None:
    db.session.flush()
    recompute({w.measure_id for w in _windows(actor, idea_id, cycle_number)}, because=because)


def _mark_current(actor: Actor, idea_id: int) -> None:
    """Let the windows of the newest cycle that has any be the current ones, and no other."""
    own = (
        TestWindow.organisation_id == actor.organisation_id,
        TestWindow.idea_id == idea_id,
    )
    newest = db.session.execute(select(func.max(TestWindow.cycle_number)).where(*own)).scalar()
    # First none, then the newest: the index allows one current window in each place.
    for is_current, which in (
        (False, TestWindow.is_current),
        (True, TestWindow.cycle_number == newest),
    ):
        db.session.execute(
            update(TestWindow)
            .where(*own, which)
            .values(is_current=is_current)
            .execution_options(synchronize_session=False)
        )
