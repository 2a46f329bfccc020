"""A month of answers becomes points: who counts, what is hidden, once, and never by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.measures import service as measures
from improve.measures.models import Measure, Observation
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.voices.counting import (
    Share,
    may_be_counted,
    medians_by_month,
    months_to_count,
    put_right_by_month,
    share_of_month,
    survey_numbers,
)
from improve.voices.service.measures import count_ended_months
from tests.factories import Cast
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
    assert share_of_month({}).council is None


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
    found = put_right_by_month({date(2026, 9, 1): (3, 9), OCTOBER: (8, 6)}, today)
    assert found == ((date(2026, 9, 1), None), (OCTOBER, Share(8, 14)))


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


@pytest.mark.database
def test_nobody_types_a_number_into_what_is_counted(app: Flask, cast: Cast) -> None:
    with app.app_context():
        answers(cast, cast.team, 12, 7)
        count_ended_months()
        db.session.commit()
        measure_id = db.session.scalars(
            select(Measure.id).where(Measure.team_id == cast.team, Measure.source == "Voices")
        ).one()
        with pytest.raises(RuleBroken, match="counted from voices"):
            measures.add_point(
                cast.actor("manager"),
                measure_id=measure_id,
                period_start=date(2026, 9, 1),
                numerator=5,
                denominator=9,
            )
