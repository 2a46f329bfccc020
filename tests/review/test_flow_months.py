"""Months of finished ideas that are summed up: always what a count of all moves gives."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from improve.ideas import service as ideas
from improve.ideas.flow_months import months_left_out
from improve.ideas.kinds import ReplyKind, Source, Stage, Way
from improve.ideas.models import Cycle, FlowMonth, Idea, StageMove
from improve.review.queries import history
from improve.review.showing import show
from improve.review.system_measures import DEFINITIONS, needs_of
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in, make_idea, take

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@pytest.fixture
def council(context: Flask, cast: Cast) -> Cast:
    """A council with ideas drawn over fifteen months, some late in the evening."""
    draw = random.Random(7)  # noqa: S311 - the same each time
    moment = datetime(2025, 8, 3, 8, tzinfo=UTC)
    while moment < NOW - timedelta(days=2):
        moment += timedelta(days=draw.randint(15, 60), minutes=draw.randint(0, 600))
        with clock.moved(moment):
            _do_something(cast, draw, moment)
    db.session.commit()
    return cast


def _do_something(cast: Cast, draw: random.Random, moment: datetime) -> None:
    kind = draw.randint(0, 4)
    if kind == 0:
        make_idea(cast, source=draw.choice([Source.CHILD, Source.OWN]))
    elif kind == 1:
        idea_in(cast, draw.choice([Stage.PLAN, Stage.DO, Stage.STUDY, Stage.ACT]))
    elif kind == 2:
        finish_cycle(cast, draw.choice(["adopt", "abandon"]))
    elif kind == 3:
        gone = make_idea(cast, source=Source.PARENT_OR_CARER)
        with clock.moved(moment + timedelta(days=1)):
            ideas.move_stage(
                cast.actor("practitioner"), idea_id=gone, way=Way.WITHDRAW, seen_version=1,
                from_stage=Stage.SUGGESTED, note="It is done already",
            )  # fmt: skip
    else:
        idea = make_idea(cast)
        steps = [Way.PLAN, Way.DO, Way.STUDY, Way.ACT]
        with clock.moved(moment + timedelta(hours=3)):
            ideas.reply_first(
                cast.actor("manager"), idea_id=idea, kind=ReplyKind.WILL_TRY,
                words="Yes, please try it", seen_version=1,
            )  # fmt: skip
        later = moment
        for way in steps:
            later = min(later + timedelta(days=draw.randint(0, 40), hours=13), NOW)
            with clock.moved(later):
                take(cast, idea, way)
        with clock.moved(min(later + timedelta(days=3), NOW)):
            take(cast, idea, Way.KEEP, answers={"decision_why": "It held"}, note="")


def _pages(cast: Cast) -> list[object]:
    """Everything that the page of all teams counts."""
    with clock.moved(NOW):
        past = history(cast.actor("leader"), needs=needs_of(DEFINITIONS))
        return [show(one, past).counted for one in DEFINITIONS]


def _without_sums(cast: Cast) -> list[object]:
    with db.session.begin_nested() as nested:
        db.session.execute(text("DELETE FROM flow_months"))
        counted = _pages(cast)
        nested.rollback()
    return counted


def _sum_up() -> int:
    with clock.moved(NOW):
        return sum(one() for one in ideas.months_to_sum())


def _months() -> set[str]:
    return set(db.session.scalars(select(FlowMonth.month)))


def test_sums_are_what_a_count_of_all_moves_gives(council: Cast) -> None:
    before = _pages(council)
    assert _sum_up() >= 8
    assert "2026-11" not in _months(), "a month that goes on"
    assert _pages(council) == before == _without_sums(council)
    assert _sum_up() == 0, "twice is harmless"
    with clock.moved(NOW):
        assert ideas.months_that_differ() == []


def test_whatever_changes_an_idea_forgets_its_month(council: Cast) -> None:
    """Each column that is counted, by any way of writing: never a wrong sum."""
    finished = db.session.execute(
        select(Idea.id, Idea.finished_at)
        .where(Idea.finished_at < datetime(2026, 11, 1, tzinfo=UTC), Idea.cycle_number > 0)
        .order_by(Idea.id)
    ).first()
    assert finished is not None
    month, earlier = f"{finished.finished_at:%Y-%m}", finished.finished_at - timedelta(days=1)
    of_moves = update(StageMove).where(StageMove.idea_id == finished.id)
    of_cycle = update(Cycle).where(Cycle.idea_id == finished.id)
    of_idea = update(Idea).where(Idea.id == finished.id)
    changes = [
        of_idea.values(source="child", outcome="quick_fix"),
        of_idea.values(family_in_team="A parent"),
        of_idea.values(created_at=Idea.created_at, first_reply_at=earlier),
        of_idea.values(is_on_board=False),
        of_idea.values(is_on_board=True),
        of_idea.values(created_at=datetime(2025, 8, 1, tzinfo=UTC)),
        of_moves.values(undone_at=earlier).where(StageMove.to_stage == "study"),
        of_moves.values(at=datetime(2025, 9, 1, tzinfo=UTC)).where(StageMove.to_stage == "plan"),
        of_moves.values(to_stage="act").where(StageMove.to_stage == "do"),
        of_cycle.values(decision="abandon"),
        of_cycle.values(created_at=datetime(2025, 8, 2, tzinfo=UTC)),
        of_cycle.values(decided_at=earlier),
        of_idea.values(finished_at=datetime(2025, 8, 30, tzinfo=UTC)),
    ]
    for change in changes:
        _sum_up()
        assert month in _months()
        db.session.execute(change)
        assert month not in _months(), str(change)
        assert _pages(council) == _without_sums(council)
    _sum_up()
    assert _pages(council) == _without_sums(council)


def test_what_is_not_counted_forgets_nothing(council: Cast) -> None:
    _sum_up()
    months = _months()
    db.session.execute(update(Idea).values(lesson="Ask first", version=Idea.version + 1))
    db.session.execute(update(StageMove).values(note="a reason"))
    assert _months() == months


def test_an_idea_taken_back_from_done_is_counted_at_once(council: Cast) -> None:
    _sum_up()
    idea_id = db.session.scalar(
        select(Idea.id)
        .where(Idea.finished_at < datetime(2026, 11, 1, tzinfo=UTC), Idea.cycle_number > 0)
        .order_by(Idea.finished_at, Idea.id)
    )
    assert idea_id is not None
    idea = db.session.get_one(Idea, idea_id)
    month = f"{idea.finished_at:%Y-%m}"
    assert month in _months()
    with clock.moved(NOW):
        take(council, idea_id, Way.AGAIN, note="It came back")
    assert month not in _months()
    assert _pages(council) == _without_sums(council)


def test_a_wrong_sum_is_found_and_mended(council: Cast, app: Flask) -> None:
    _sum_up()
    row = db.session.scalars(select(FlowMonth).order_by(FlowMonth.month.desc())).first()
    assert row is not None
    wrong = [*row.sums[:4], [*row.sums[4], [row.newest_on, "plan", 900, 1]], row.sums[5]]
    one = (row.organisation_id, row.month)
    row.sums = wrong
    db.session.commit()
    db.session.expunge(row)
    with clock.moved(NOW):
        assert ideas.months_that_differ() == [one]
        runner = app.test_cli_runner()
        said = runner.invoke(args=["recompute"])
        assert "other than before: 1." in said.output
        assert ideas.months_that_differ() == []


def test_sums_of_another_way_of_counting_are_not_read(council: Cast) -> None:
    _sum_up()
    db.session.execute(update(FlowMonth).values(counted_by="0 Europe/London", sums=[[]] * 6))
    assert _pages(council) == _without_sums(council)
    assert _sum_up() > 0
    assert _pages(council) == _without_sums(council)


def test_stretches_between_months() -> None:
    assert months_left_out([]) == [("", "")]
    assert months_left_out(["2025-12", "2026-01"]) == [("", "2025-12"), ("2026-02", "")]
    assert months_left_out(["2026-03", "2026-01"]) == [
        ("", "2026-01"),
        ("2026-02", "2026-03"),
        ("2026-04", ""),
    ]
