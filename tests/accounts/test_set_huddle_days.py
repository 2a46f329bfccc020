"""When a team meets: which day is the next, in words, and who may set it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.accounts.days.huddle_days import (
    HuddleDays,
    days_of,
    next_after,
    next_of,
    when_words,
    words,
)
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast

LONDON = ZoneInfo("Europe/London")
TUE_FRI = HuddleDays((1, 4), time(9, 30))
FORTNIGHT = HuddleDays((1,), time(9, 30), every=2, from_on=date(2026, 11, 17))
#: (days, what the council's clocks show, when the next begins)
NEXT = [
    (TUE_FRI, "2026-11-24T09:29", "2026-11-24T09:30"),
    (TUE_FRI, "2026-11-24T09:30", "2026-11-27T09:30"),
    (TUE_FRI, "2026-11-27T09:31", "2026-12-01T09:30"),
    # Friday 25 December is a bank holiday, and so is Friday 1 January.
    (TUE_FRI, "2026-12-22T10:00", "2026-12-29T09:30"),
    (TUE_FRI, "2026-12-29T10:00", "2027-01-05T09:30"),
    # Boxing Day 2026 is a Saturday: its holiday is Monday 28.
    (HuddleDays((0,), time(9)), "2026-12-21T10:00", "2027-01-04T09:00"),
    # Good Friday and Easter Monday, 26 and 29 March 2027.
    (HuddleDays((0, 4), time(9)), "2027-03-22T10:00", "2027-04-02T09:00"),
    # Clocks go forward on Sunday 28 March 2027, and back on Sunday 31 October 2027.
    (HuddleDays((1,), time(9, 30)), "2027-03-27T12:00", "2027-03-30T09:30"),
    (HuddleDays((1,), time(9, 30)), "2027-10-30T12:00", "2027-11-02T09:30"),
    (HuddleDays((6,), time(9, 30)), "2027-03-28T03:00", "2027-03-28T09:30"),
    (HuddleDays((6,), time(9, 30)), "2027-10-31T00:30", "2027-10-31T09:30"),
    # Every second week, and the week is counted from Monday.
    (FORTNIGHT, "2026-11-10T08:00", "2026-11-17T09:30"),
    (FORTNIGHT, "2026-11-17T09:30", "2026-12-01T09:30"),
    (FORTNIGHT, "2026-11-24T08:00", "2026-12-01T09:30"),
    (replace(FORTNIGHT, from_on=date(2026, 11, 19)), "2026-11-20T08:00", "2026-12-01T09:30"),
    (replace(FORTNIGHT, weekdays=(1, 4)), "2026-11-18T08:00", "2026-11-20T09:30"),
    (replace(FORTNIGHT, weekdays=(1, 4)), "2026-11-20T10:00", "2026-12-01T09:30"),
    # A fortnight that begins far ahead, over a new year, and one whose day is Christmas.
    (replace(FORTNIGHT, from_on=date(2028, 2, 29)), "2026-11-20T10:00", "2028-02-29T09:30"),
    (replace(FORTNIGHT, from_on=date(2026, 12, 29)), "2026-12-30T10:00", "2027-01-12T09:30"),
    (
        HuddleDays((4,), time(9), every=2, from_on=date(2026, 12, 11)),
        "2026-12-12T10:00",
        "2027-01-08T09:00",
    ),
    (HuddleDays((2,), time(9), every=4, from_on=date(2026, 11, 4)), "2026-11-05T08:00", "2026-12-02T09:00"),
    # Without a time today counts all day.
    (HuddleDays((1,)), "2026-11-24T17:00", "2026-11-24T00:00"),
    (HuddleDays((1,)), "2026-11-25T00:00", "2026-12-01T00:00"),
]  # fmt: skip


@pytest.mark.parametrize(("days", "shown", "begins"), NEXT)
def test_the_next_huddle(days: HuddleDays, shown: str, begins: str) -> None:
    found = next_after(days, datetime.fromisoformat(shown).replace(tzinfo=LONDON))
    assert found is not None
    assert found.replace(tzinfo=None) == datetime.fromisoformat(begins)
    assert found.tzinfo is LONDON


def test_no_huddle_on_a_closing_day_of_the_council() -> None:
    days = replace(TUE_FRI, closing_days=frozenset({date(2026, 12, 29)}))
    found = next_after(days, datetime(2026, 12, 22, 10, tzinfo=LONDON))
    assert found is not None
    assert found.date() == date(2027, 1, 5)
    assert days == TUE_FRI, "what the team chose is the same"


def test_half_past_nine_is_half_past_nine_in_summer_and_winter() -> None:
    days = HuddleDays((1,), time(9, 30))
    summer = next_after(days, datetime(2027, 3, 27, 12, tzinfo=LONDON))
    winter = next_after(days, datetime(2027, 10, 30, 12, tzinfo=LONDON))
    assert summer is not None
    assert winter is not None
    assert summer.astimezone(UTC) == datetime(2027, 3, 30, 8, 30, tzinfo=UTC)
    assert winter.astimezone(UTC) == datetime(2027, 11, 2, 9, 30, tzinfo=UTC)


def test_no_weekday_no_next_huddle() -> None:
    assert next_after(HuddleDays(()), datetime(2026, 11, 24, 9, tzinfo=LONDON)) is None
    assert words(HuddleDays(())) == ""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (TUE_FRI, "Tuesdays and Fridays at 09:30, 15 minutes"),
        (HuddleDays((0,), time(8, 5), 20), "Mondays at 08:05, 20 minutes"),
        (HuddleDays((0, 2, 4)), "Mondays, Wednesdays and Fridays, 15 minutes"),
        (HuddleDays((0, 1, 2, 3, 4), time(9)), "Monday to Friday at 09:00, 15 minutes"),
        (HuddleDays(tuple(range(7)), time(9)), "Every day at 09:00, 15 minutes"),
        (FORTNIGHT, "Every second Tuesday at 09:30, 15 minutes"),
        (replace(FORTNIGHT, every=4), "Every fourth Tuesday at 09:30, 15 minutes"),
        (
            replace(FORTNIGHT, weekdays=(1, 4)),
            "Every second Tuesday and Friday at 09:30, 15 minutes",
        ),
    ],
)
def test_it_reads_as_people_say_it(days: HuddleDays, said: str) -> None:
    assert words(days) == said


def test_one_huddle_reads_as_a_day_and_a_time() -> None:
    begins = datetime(2026, 12, 1, 9, 30, tzinfo=LONDON)
    assert when_words(begins) == "Tue\u00a01\u00a0Dec, 09:30"
    assert when_words(begins.replace(hour=0, minute=0)) == "Tue\u00a01\u00a0Dec"


def test_a_manager_sets_when_the_team_meets(app: Flask, cast: Cast) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        team = queries.team_by_id(manager, cast.team)
        assert days_of(team) is None
        service.set_huddle_days(manager, team_id=team.id, days=FORTNIGHT, seen_version=team.version)
        db.session.commit()
        after = queries.team_by_slug(manager, "riverside")
        assert days_of(after) == FORTNIGHT
        assert (after.version, after.board_version) == (team.version + 1, team.board_version + 1)
        acts = db.session.execute(
            text("SELECT actor_id, object_id FROM audit_entries WHERE action = 'huddle_days_set'")
        ).all()
        assert [tuple(act) for act in acts] == [(manager.person_id, str(team.id))]
        service.set_huddle_days(
            manager, team_id=team.id, days=HuddleDays(()), seen_version=after.version
        )
        assert days_of(queries.team_by_id(manager, cast.team)) is None


def test_what_cannot_be_is_refused_beside_its_field(app: Flask, cast: Cast) -> None:
    wrong = HuddleDays((1, 9), time(9), minutes=90, every=3)
    with app.app_context(), pytest.raises(RuleBroken) as refused:
        service.set_huddle_days(
            cast.actor("manager"), team_id=cast.team, days=wrong, seen_version=1
        )
    assert {r.field for r in refused.value.reasons} == {"weekdays", "minutes", "every"}
    with app.app_context(), pytest.raises(RuleBroken) as refused:
        service.set_huddle_days(
            cast.actor("coach"),
            team_id=cast.team,
            days=replace(FORTNIGHT, from_on=None),
            seen_version=1,
        )
    assert [r.words for r in refused.value.reasons] == ["Choose the day of the first huddle."]


def test_a_day_beyond_a_year_is_refused(app: Flask, cast: Cast) -> None:
    for day in (date(2027, 11, 26), date.max):
        with app.app_context(), pytest.raises(RuleBroken) as refused:
            service.set_huddle_days(
                cast.actor("coach"),
                team_id=cast.team,
                days=replace(FORTNIGHT, from_on=day),
                seen_version=1,
            )
        assert [r.field for r in refused.value.reasons] == ["from_on"]


def test_a_change_made_meanwhile_is_kept(app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(Stale):
        service.set_huddle_days(
            cast.actor("manager"), team_id=cast.team, days=TUE_FRI, seen_version=99
        )


@pytest.mark.parametrize("name", ["practitioner", "other_manager", "leader", "administrator"])
def test_only_the_teams_manager_or_a_coach_may(app: Flask, cast: Cast, name: str) -> None:
    with app.app_context(), pytest.raises(Forbidden):
        service.set_huddle_days(cast.actor(name), team_id=cast.team, days=TUE_FRI, seen_version=1)


def test_an_outsider_finds_no_team(app: Flask, cast: Cast) -> None:
    with app.app_context(), pytest.raises(NotFound):
        service.set_huddle_days(
            cast.actor("outsider"), team_id=cast.team, days=TUE_FRI, seen_version=1
        )


def test_a_huddle_that_goes_on_shows_on_the_board(app: Flask, cast: Cast) -> None:
    with app.app_context():
        manager = cast.actor("manager")
        before = queries.team_by_id(manager, cast.team)
        service.huddle_goes_on(cast.team, 7)
        on = queries.team_by_id(manager, cast.team)
        assert (on.huddle_id, on.board_version) == (7, before.board_version + 1)
        service.huddle_is_over(cast.team, None)
        assert queries.team_by_id(manager, cast.team).huddle_id is None


#: (agreed by the last huddle, what the clocks show, when the team meets next)
AGREED = [
    ("2026-12-03T14:00", "2026-11-27T10:00", "2026-12-03T14:00"),
    ("2026-12-03T14:00", "2026-12-03T13:59", "2026-12-03T14:00"),
    # What is past is past: from then on the days count.
    ("2026-12-03T14:00", "2026-12-03T14:00", "2026-12-04T09:30"),
    # Only the day is agreed: it counts all day.
    ("2026-12-03T00:00", "2026-12-03T17:00", "2026-12-03T00:00"),
    ("2026-12-03T00:00", "2026-12-04T08:00", "2026-12-04T09:30"),
    (None, "2026-12-03T17:00", "2026-12-04T09:30"),
    # Over the night on which the clocks change.
    ("2027-03-29T09:30", "2027-03-27T12:00", "2027-03-29T09:30"),
]


@pytest.mark.parametrize(("agreed", "shown", "begins"), AGREED)
def test_what_was_agreed_comes_before_the_days(
    app: Flask, cast: Cast, agreed: str | None, shown: str, begins: str
) -> None:
    def at(told: str) -> datetime:
        return datetime.fromisoformat(told).replace(tzinfo=LONDON)

    with app.app_context():
        manager = cast.actor("manager")
        service.set_huddle_days(manager, team_id=cast.team, days=TUE_FRI, seen_version=1)
        service.huddle_is_over(cast.team, at(agreed) if agreed else None)
        assert next_of(queries.team_by_id(manager, cast.team), at(shown)) == at(begins)


def test_other_days_take_back_what_was_agreed(app: Flask, cast: Cast) -> None:
    """The newest word counts; another length is not another day."""
    agreed = datetime(2026, 12, 3, 14, tzinfo=UTC)
    with app.app_context():
        manager = cast.actor("manager")
        service.huddle_is_over(cast.team, agreed)
        for days, kept in ((TUE_FRI, None), (replace(TUE_FRI, minutes=20), agreed)):
            team = queries.team_by_id(manager, cast.team)
            service.set_huddle_days(manager, team_id=team.id, days=days, seen_version=team.version)
            assert queries.team_by_id(manager, cast.team).huddle_next_at == kept
            service.huddle_is_over(cast.team, agreed)


def test_days_follow_the_councils_clock(app: Flask, cast: Cast) -> None:
    with app.app_context(), clock.moved(datetime(2027, 6, 1, 8, 29, tzinfo=UTC)):
        found = next_after(HuddleDays((1,), time(9, 30)), clock.local(clock.now()))
        assert found is not None
        assert found.astimezone(UTC) == datetime(2027, 6, 1, 8, 30, tzinfo=UTC)
