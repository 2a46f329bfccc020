"""A month of answers becomes points: who counts, what is hidden, once, and never by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from improve.accounts.models import Team
from improve.measures import queries as measure_queries
from improve.measures import service as measures
from improve.measures.models import Measure, Observation
from improve.measures.service.decisions import exclude_point
from improve.measures.service.point_rows import NewPoint
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.voices.counting import (
    MonthOfAnswers,
    Share,
    may_be_counted,
    medians_by_month,
    months_to_count,
    of_open_teams,
    share_of_month,
    share_of_replies,
    survey_numbers,
)
from improve.voices.service.measures import count_ended_months
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_voice

#: The clock of tests stands on 24 November 2026: October is over.
OCTOBER = date(2026, 10, 1)


def answers(cast: Cast, team: int | None, good: int, other: int, **facts: Any) -> None:
    """Make so many voices of October, read to the end."""
    shared = {"state": "to_answer", "came_on": date(2026, 10, 14), "reader_id": cast.voices_reader}
    for rating in [1] * good + [4] * other:
        make_voice(
            cast.organisation, team_id=team, rating=rating, sealed=None, **{**shared, **facts}
        )


def points() -> list[tuple[int | None, date, float | None, float | None]]:
    return [
        tuple(row)  # type: ignore[misc]
        for row in db.session.execute(
            select(
                Measure.team_id,
                Observation.period_start,
                Observation.numerator,
                Observation.denominator,
            )
            .join(Measure, Measure.id == Observation.measure_id)
            .where(Measure.source == "Voices")
            .order_by(Measure.team_id.is_not(None), Measure.team_id, Observation.period_start)
        )
    ]


# --- pure


def test_a_month_shows_a_team_only_where_both_numbers_and_their_sum_may_be_shown() -> None:
    shown = share_of_month({1: (12, 7), 2: (9, 6)})
    assert shown.teams == {1: Share(12, 19), 2: Share(9, 15)}
    assert shown.council == Share(21, 34)
    assert share_of_month({1: (3, 1)}).teams == {}
    # All of one kind would say what each of them answered.
    assert share_of_month({1: (12, 0), 2: (9, 6)}).teams == {2: Share(9, 15)}
    assert share_of_month({1: (0, 12)}) == MonthOfAnswers({}, None)
    assert share_of_month({}).council is None


@pytest.mark.security(64)
def test_no_team_left_out_follows_from_the_others() -> None:
    shown = share_of_month({1: (12, 7), 2: (3, 6), 3: (20, 11)})
    assert 2 not in shown.teams
    # One of the others, or the council, is left out with it: else 3 were all minus both.
    assert shown.council is None or set(shown.teams) != {1, 3}


def test_a_month_is_counted_when_it_is_over_and_read() -> None:
    today = date(2026, 11, 24)
    assert months_to_count(today, None, date(2026, 9, 20)) == [date(2026, 9, 1), OCTOBER]
    assert months_to_count(today, date(2026, 9, 30), date(2026, 9, 20)) == [OCTOBER]
    assert not may_be_counted(OCTOBER, today, unread=1)
    assert may_be_counted(OCTOBER, today, unread=0)
    assert may_be_counted(OCTOBER, date(2026, 11, 29), unread=1)


def test_days_and_replies_of_fewer_than_five_are_gaps() -> None:
    today = date(2026, 11, 24)
    few = [(date(2026, 9, 3), 2)] * 4
    enough = [(date(2026, 10, 3), n) for n in (1, 2, 3, 4, 9)]
    assert [m.days for m in medians_by_month([*few, *enough], today)] == [None, 3.0]
    assert share_of_replies(3, 9) is None
    assert share_of_replies(8, 6) == Share(8, 14)


def test_a_survey_tells_no_share_that_leads_to_a_few() -> None:
    assert survey_numbers(printed=40, used=20, ratings=(10, 5, 0, 0, 0)).response == 50
    assert survey_numbers(printed=21, used=20, ratings=(20, 0, 0, 0, 0)).response is None
    assert not survey_numbers(printed=40, used=4, ratings=(4, 0, 0, 0, 0)).is_shown


# --- in the tables


@pytest.mark.database
def test_a_month_that_is_over_becomes_points_once(app: Flask, cast: Cast) -> None:
    with app.app_context():
        answers(cast, cast.team, 12, 7)
        answers(cast, cast.other_team, 9, 6)
        # None of these is a person's own answer that may be told.
        answers(cast, cast.team, 5, 0, by_helper=True)
        answers(cast, cast.team, 5, 0, state="set_aside")
        answers(cast, cast.team, 5, 0, state="safeguarding", locked_at=clock.now())
        answers(cast, cast.team, 5, 0, way_in="survey")
        answers(cast, cast.team, 5, 0, came_on=date(2026, 11, 3))
        assert count_ended_months() == 2
        db.session.commit()
        wanted = [
            (None, OCTOBER, 21, 34),
            (cast.team, OCTOBER, 12, 19),
            (cast.other_team, OCTOBER, 9, 15),
        ]
        assert points() == wanted
        answers(cast, cast.team, 6, 0)
        assert count_ended_months() == 0
        assert points() == wanted
        kinds = list(db.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
        assert kinds.count("voices.month_counted") == 2


@pytest.mark.database
def test_few_answers_make_no_measure_and_an_unread_voice_holds_the_month(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        answers(cast, cast.team, 3, 1)
        answers(cast, cast.team, 1, 0, state="waiting")
        assert count_ended_months() == 0
        assert points() == []


def counted_measure(cast: Cast, team: int | None) -> int:
    """Count October of 12 and 7 answers of the first team; return the measure of a team."""
    answers(cast, cast.team, 12, 7)
    answers(cast, cast.other_team, 9, 6)
    count_ended_months()
    db.session.commit()
    whose = Measure.team_id.is_(None) if team is None else Measure.team_id == team
    return db.session.scalars(select(Measure.id).where(whose, Measure.source == "Voices")).one()


@pytest.mark.database
def test_nobody_types_changes_or_takes_out_a_number_of_what_is_counted(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        measure_id = counted_measure(cast, cast.team)
        manager = cast.actor("manager")
        one = measure_queries.observations_at(manager, measure_id, [OCTOBER])[OCTOBER]
        facts = {"measure_id": measure_id, "observation_id": one.id, "reason": "I know better"}
        for refused in (
            lambda: measures.add_point(
                manager,
                measure_id=measure_id,
                period_start=date(2026, 9, 1),
                numerator=5,
                denominator=9,
            ),
            lambda: measures.change_point(
                manager, seen=one.mark, note="", numerator=13, denominator=19, **facts
            ),
            lambda: measures.remove_point(manager, **facts),
            lambda: measures.add_points(
                manager,
                measure_id=measure_id,
                points=[NewPoint(date(2026, 9, 1), numerator=5, denominator=9)],
            ),
        ):
            with pytest.raises(RuleBroken, match="counted from voices"):
                refused()
        measures.change_point(
            manager,
            seen=one.mark,
            note="A new form",
            numerator=12,
            denominator=19,
            **{**facts, "reason": ""},
        )
        one = measure_queries.observation(manager, measure_id, one.id)
        exclude_point(manager, seen=one.mark, **facts)


@pytest.mark.database
def test_pages_say_where_the_numbers_come_from_and_ask_for_none(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        answers(cast, cast.team, 12, 7, came_on=date(2026, 8, 14))
        count_ended_months()
        measure_id = db.session.scalars(
            select(Measure.id).where(Measure.team_id == cast.team, Measure.source == "Voices")
        ).one()
        # Two months since then have no number, and stay without.
        db.session.execute(update(Measure).values(owner_id=cast.manager))
        db.session.commit()
        assert measures.numbers_to_add(cast.actor("manager")) == []
        observation = db.session.scalars(
            select(Observation.id).where(Observation.measure_id == measure_id)
        ).one()
    manager = visit(cast.manager)
    for path in ("", "/add", "/import", f"/points/{observation}"):
        page = manager.get(f"/measures/{measure_id}{path}")
        assert "counted from voices each month" in page.main, path
        assert not page.soup.select("main [name=numerator]:not([type=hidden]), main textarea")
    page = manager.get(f"/measures/{measure_id}/points/{observation}")
    assert manager.send(page.form(button="Save"), {"note": "A new form"}).status == 200


@pytest.mark.database
def test_answers_of_a_closed_team_go_where_it_was_joined_or_to_the_council(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        measure_id = counted_measure(cast, cast.team)
        team = db.session.get_one(Team, cast.team)
        team.closed_on, team.joined_to_id = date(2026, 11, 30), cast.other_team
        november = date(2026, 11, 3)
        answers(cast, cast.team, 6, 5, came_on=november)
        answers(cast, cast.other_team, 7, 8, came_on=november)
        db.session.commit()
        with clock.moved(datetime(2026, 12, 2, 3, tzinfo=UTC)):
            count_ended_months()
        new = [point for point in points() if point[1] == date(2026, 11, 1)]
        assert new == [
            (None, date(2026, 11, 1), 13, 26),
            (cast.other_team, date(2026, 11, 1), 13, 26),
        ]
        assert db.session.get_one(Measure, measure_id).closed_on == date(2026, 12, 2)


def test_answers_of_a_team_that_only_closed_are_the_councils() -> None:
    answers = {1: (5, 6), 2: (7, 8), 3: (1, 1), None: (2, 0)}
    assert of_open_teams(answers, {1: 2, 3: None}) == {2: (12, 14), None: (3, 1)}
    # One that took over another and closed as well.
    assert of_open_teams({1: (5, 6)}, {1: 2, 2: 3}) == {3: (5, 6)}
    assert of_open_teams({1: (5, 6)}, {1: 2, 2: 1}) == {None: (5, 6)}
