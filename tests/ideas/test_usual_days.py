"""What is usual in a stage: the percentile, what counts, and when a team's own is known."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts.days.working_calendar import WorkingCalendar
from improve.accounts.queries import team_by_slug
from improve.ideas import queries, service
from improve.ideas.board import BoardFilter
from improve.ideas.kinds import Stage, Way
from improve.ideas.usual_days import (
    StageClock,
    percentile,
    settled,
    stays_in,
    usual_of_team,
)
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, take

MONDAY = date(2026, 11, 2)


@pytest.mark.parametrize(
    ("days", "usual"),
    [
        (list(range(1, 11)), 9),  # 85 in 100 of ten are nine of them
        (list(range(1, 21)), 17),
        (list(range(1, 101)), 85),
        ([5] * 10, 5),
        ([1] * 9 + [99], 1),  # one that took long says nothing about the others
        ([1] * 8 + [30, 99], 30),
    ],
)
def test_the_percentile_is_a_stay_that_happened(days: list[int], usual: int) -> None:
    assert percentile(days) == usual
    assert settled({"do": days}) == {"do": usual}


def test_ten_finished_stays_are_needed_stage_by_stage() -> None:
    assert settled({"do": [3] * 9, "plan": [4] * 10, "act": [0] * 10}) == {"plan": 4, "act": 1}
    assert usual_of_team({"plan": 4}, {"plan": 30, "do": 40}) == {
        Stage.PLAN: 4,
        Stage.DO: 40,
        Stage.STUDY: 21,
        Stage.ACT: 14,
    }


def test_a_stay_ends_with_the_next_move_and_pauses_in_a_busy_time() -> None:
    moves = [
        (1, "plan", MONDAY),
        (1, "do", MONDAY + timedelta(days=3)),
        (1, "study", MONDAY + timedelta(days=23)),
        (2, "plan", MONDAY),
    ]
    assert stays_in(moves, WorkingCalendar()) == {"plan": [3], "do": [20]}
    busy = WorkingCalendar(pauses=((MONDAY + timedelta(days=5), MONDAY + timedelta(days=14)),))
    assert stays_in(moves, busy) == {"plan": [3], "do": [10]}


@pytest.mark.parametrize("busy_days", [0, 1, 9, 40])
def test_what_is_stuck_is_what_the_card_says(busy_days: int) -> None:
    """The day that a statement asks with, and the age on the card, never disagree."""
    today = date(2026, 11, 24)
    first = today - timedelta(days=30 + busy_days)
    pauses = ((first, first + timedelta(days=busy_days - 1)),) if busy_days else ()
    stage_clock = StageClock(WorkingCalendar(pauses=pauses))
    since = stage_clock.stuck_since(today)
    for stage in (Stage.PLAN, Stage.DO, Stage.STUDY, Stage.ACT):
        for back in range(150):
            day = today - timedelta(days=back)
            is_over = stage_clock.is_over(stage, stage_clock.age(day, today))
            assert is_over == (day <= since[stage]), (stage, day)


def test_a_team_learns_its_own_usual_from_ten_finished_ideas(app: Flask, cast: Cast) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        for number in range(10):
            with clock.moved(datetime(2026, 9, 1, 10, tzinfo=UTC)):
                idea_id = idea_in(cast, Stage.DO, text=f"Change number {number}")
            with clock.moved(datetime(2026, 9, 9 + number, 10, tzinfo=UTC)):
                take(cast, idea_id, Way.STUDY)
                take(
                    cast,
                    idea_id,
                    Way.STOP,
                    answers={"learned": "It takes two", "decision_why": "No"},
                )
            team = team_by_slug(sam, "riverside")
            # Nine say nothing yet; one of them that came back does not count either.
            assert ("do" in team.usual_days) is (number == 9), team.usual_days
        db.session.commit()
        team = team_by_slug(sam, "riverside")
        assert team.usual_days["do"] == 16  # days 8 to 17: nine of ten took no more
        with clock.moved(NOW - timedelta(days=20)):
            long = idea_in(cast, Stage.DO, text="Still going on")
        db.session.commit()
        card = queries.card(sam, long)
        assert (card.age_days, card.usual_words) == (20, "usual 16")
        found = queries.board(sam, team, narrowed=BoardFilter(is_stuck=True))
        assert [one.id for column in found.columns for one in column.cards] == [long]


def test_a_finish_taken_back_is_forgotten_and_recompute_finds_the_same(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        sam = actor(cast.manager)
        with clock.moved(NOW - timedelta(days=30)):
            made = [idea_in(cast, Stage.ACT, text=f"Change {number}") for number in range(10)]
        for idea_id in made:
            moved = take(cast, idea_id, Way.KEEP, answers={"decision_why": "It worked"}, note="")
        assert team_by_slug(sam, "riverside").usual_days["act"] == 30
        service.undo_move(sam, idea_id=moved.idea_id, move_id=moved.move_id)
        assert "act" not in team_by_slug(sam, "riverside").usual_days
        take(cast, moved.idea_id, Way.KEEP, answers={"decision_why": "It did"}, note="")
        kept = team_by_slug(sam, "riverside").usual_days
        db.session.execute(text("UPDATE teams SET usual_days = '{}'"))
        assert service.settle_every_team() == 1
        assert team_by_slug(sam, "riverside").usual_days == kept
        assert service.settle_every_team() == 0
