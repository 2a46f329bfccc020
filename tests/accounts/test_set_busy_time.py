"""A team's busy time: said with a reason, clocks still, ended by somebody or by its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.ideas import queries as ideas
from improve.ideas import service as ideas_service
from improve.ideas.kinds import Stage, Way
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, idea_in, make_idea, make_measure, make_team, take
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PATH = "/teams/riverside/busy"
WHY = "Two of us are ill and the school year begins."


def set_busy(cast: Cast, name: str = "manager", **more: Any) -> None:
    service.set_busy_time(
        cast.actor(name), **{"team_id": cast.team, "why": WHY, "form_token": "t", **more}
    )
    db.session.commit()


def team(cast: Cast) -> queries.TeamView:
    return queries.team_by_slug(cast.actor("manager"), "riverside")


def test_a_manager_says_so_and_the_board_says_it(visit: Visit, cast: Cast, app: Flask) -> None:
    manager = visit(cast.manager)
    page = manager.get(PATH)
    assert "It never pauses a safety read" in page.main
    board = manager.send(page.form(PATH), {"why": WHY, "asks": "A second duty worker"})
    assert "Clocks are paused and reminders stop." in board.text
    assert f"Busy time since {clock.today():%a} {clock.today().day}" in board.main.replace(
        "\xa0", " "
    )
    assert WHY in board.main
    for path in ("/teams/riverside/huddles", "/teams/riverside/measures"):
        assert WHY in manager.get(path).main, path
    assert WHY in manager.get("/teams/riverside/board?wall=1").text, "in the head of the wall"
    assert WHY in visit(cast.practitioner).get("/me").main
    assert manager.get("/me").link("End it, or make it longer") == PATH
    assert WHY not in visit(cast.other_manager).get("/me").main
    assert visit(cast.leader).get("/me").link("Busy teams") == "/busy-teams"
    with app.app_context():
        found = team(cast)
        assert found.is_busy
        assert found.busy_until_on == clock.today() + timedelta(days=27)
        audit = db.session.execute(
            text("SELECT count(*) FROM audit_entries WHERE action = 'busy_time_set'")
        ).scalar()
        assert audit == 1


def test_it_asks_why_and_keeps_what_was_typed(visit: Visit, cast: Cast) -> None:
    manager = visit(cast.manager)
    page = manager.send(manager.get(PATH).form(PATH), {"why": " ", "asks": "Time"})
    assert (page.status, page.errors) == (422, ["Say why, in a few words."])
    assert dict(page.form(PATH).values)["asks"] == "Time"
    page = manager.send(manager.get(PATH).form(PATH), {"why": "x" * 301})
    assert page.status == 422


def test_a_name_in_it_is_read_again_first(visit: Visit, cast: Cast, app: Flask) -> None:
    manager = visit(cast.manager)
    again = manager.send(manager.get(PATH).form(PATH), {"why": "Call 07700 900123 about Tom"})
    assert "Read it once more" in again.text or again.heading
    with app.app_context():
        assert not team(cast).is_busy


def test_sent_twice_it_is_one(cast: Cast, context: Flask) -> None:
    set_busy(cast)
    set_busy(cast)
    assert len(queries.busy_times_of_team(cast.actor("manager"), cast.team)) == 1
    with pytest.raises(RuleBroken):
        set_busy(cast, form_token="another")


def test_who_may(cast: Cast, context: Flask) -> None:
    for name in ("practitioner", "coach", "administrator"):
        with pytest.raises(Forbidden):
            set_busy(cast, name)
    with pytest.raises(Forbidden):
        set_busy(cast, team_id=None)
    with pytest.raises((NotFound, Forbidden)):
        service.set_busy_time(cast.actor("outsider"), team_id=cast.team, why=WHY)


def test_others_are_refused_the_page(visit: Visit, cast: Cast) -> None:
    for name in ("practitioner", "coach", "administrator", "other_manager"):
        assert visit(getattr(cast, name)).get(PATH).status == 403, name


def test_clocks_stand_still_and_go_on_as_if_it_had_not_been(cast: Cast, context: Flask) -> None:
    idea_id = make_idea(cast, text="Ask each child who they want at the meeting")
    db.session.commit()
    begun = clock.now()
    set_busy(cast)
    with clock.moved(begun + timedelta(days=20)):
        page = ideas.idea_page(cast.actor("practitioner"), idea_id)
        assert page.age_days == 0
        assert page.reply_words == "Needs a first reply"
        service.end_busy_time(cast.actor("leader"), team_id=cast.team)
        service.end_busy_time(cast.actor("leader"), team_id=cast.team)
        db.session.commit()
        assert not team(cast).is_busy
        # The day on which it was ended counts again.
        page = ideas.idea_page(cast.actor("practitioner"), idea_id)
        assert page.age_days == 1
        assert page.reply_words.startswith("Needs a first reply by ")
    with clock.moved(begun + timedelta(days=22)):
        assert ideas.idea_page(cast.actor("practitioner"), idea_id).age_days == 3


def test_it_is_over_by_itself_also_before_the_night(cast: Cast, context: Flask) -> None:
    set_busy(cast)
    begun = clock.now()
    with clock.moved(begun + timedelta(days=27)):
        assert team(cast).is_busy
        assert service.end_busy_times_that_are_over() == 0
    with clock.moved(begun + timedelta(days=28)):
        assert not team(cast).is_busy
        assert team(cast).calendar.days_between(begun.date(), clock.today()) == 1
        assert service.end_busy_times_that_are_over() == 1
        assert service.end_busy_times_that_are_over() == 0
        db.session.commit()
        assert team(cast).busy_since_on is None
        set_busy(cast, "leader", form_token="next")


def test_longer_takes_a_leaders_answer(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        set_busy(cast, asks="A second duty worker")
    manager, leader = visit(cast.manager), visit(cast.leader)
    page = manager.get(PATH)
    assert "once a leader has answered" in page.main
    assert not any(name == "why" for name, _ in page.form().values)
    listed = leader.get("/busy-teams")
    answer = leader.follow(listed, "Answer to Riverside")
    path = "/busy-teams/1/answer"
    sent = leader.send(answer.form(path), {"answer": "Jo comes on Mondays until Christmas."})
    assert "Riverside is told of your answer." in sent.text
    stale = leader.send(answer.form(path), {"answer": "Nothing"})
    assert stale.status == 409
    assert "Jo comes on Mondays" in stale.main
    page = manager.get(PATH)
    assert "Jo comes on Mondays until Christmas." in page.main
    board = manager.send(page.form(PATH), {"asks": ""})
    assert "The busy time goes on until" in board.text
    with app.app_context():
        actor = cast.actor("manager")
        assert team(cast).busy_until_on == clock.today() + timedelta(days=55)
        told = db.session.execute(
            text("SELECT count(*) FROM notices WHERE kind = 'busy_answered'")
        ).scalar()
        assert told == len(queries.people_of_team(actor, cast.team))
        with pytest.raises(Stale):
            service.renew_busy_time(actor, team_id=cast.team, why="Still", seen_version=1)
        service.end_busy_time(actor, team_id=cast.team)
        db.session.commit()
        assert team(cast).pauses == [], "ended on the day it began, it never held"


def test_ending_it_is_no_way_around_a_leader(cast: Cast, context: Flask) -> None:
    manager, leader, start = cast.actor("manager"), cast.actor("leader"), clock.now()
    set_busy(cast)
    with clock.moved(start + timedelta(days=10)):
        service.end_busy_time(manager, team_id=cast.team)
        set_busy(cast, form_token="again")  # it was over too soon: that is theirs to say
    with clock.moved(start + timedelta(days=30)):
        service.end_busy_time(manager, team_id=cast.team)
        db.session.commit()
        with pytest.raises(RuleBroken, match="Ask a leader"):
            set_busy(cast, form_token="third")
        db.session.rollback()
        service.set_busy_time(leader, team_id=cast.team, why=WHY, form_token="by a leader")
        assert team(cast).is_busy
        db.session.rollback()
    with clock.moved(start + timedelta(days=60)):
        set_busy(cast, form_token="later")
        assert team(cast).is_busy


def test_a_leader_says_it_of_each_team_at_once(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        make_team(cast.organisation, "Weir")
        set_busy(cast)
        db.session.commit()
        before = {t.id: t.board_version for t in queries.teams(cast.actor("leader"))}
    leader = visit(cast.leader)
    page = leader.get("/busy-teams/all")
    assert "Weir" in page.main
    assert "Hillside" in page.main
    done = leader.send(page.form("/busy-teams/all"), {"why": "The inspection"})
    assert "Each team of the council has a busy time" in done.text
    with app.app_context():
        teams = queries.teams(cast.actor("leader"))
        assert all(found.is_busy for found in teams)
        assert {t.id for t in teams if t.board_version > before[t.id]} == set(before) - {cast.team}
        assert team(cast).busy_why == WHY, "who was busy already stays so"
        other = queries.teams(cast.actor("outsider"))
        assert not any(found.is_busy for found in other)
    ended = leader.send(leader.get("/busy-teams").form("/busy-teams/all/end"))
    assert "is over. Clocks run again" in ended.text
    with app.app_context():
        assert [t.name for t in queries.teams(cast.actor("leader")) if t.is_busy] == ["Riverside"]
    assert visit(cast.manager).get("/busy-teams/all").status == 403


def test_spans_for_charts(cast: Cast, context: Flask) -> None:
    begun = clock.now()
    set_busy(cast)
    with clock.moved(begun + timedelta(days=10)):
        service.end_busy_time(cast.actor("manager"), team_id=cast.team)
    db.session.commit()
    spans = queries.busy_spans(cast.organisation, cast.team)
    first: date = clock.local(begun).date()
    assert [(s.from_on, s.to_on, s.why) for s in spans] == [(first, first + timedelta(days=9), WHY)]


def test_a_chart_carries_a_note(visit: Visit, cast: Cast, app: Flask) -> None:
    with app.app_context():
        measure_id = make_measure(cast, numbers=[(8, 10)] * 6)
        set_busy(cast)
        db.session.commit()
    page = visit(cast.manager).get(f"/measures/{measure_id}")
    assert f"{WHY}" in page.main
    assert "Busy time, " in page.main
    table = visit(cast.manager).get(f"/measures/{measure_id}?view=table")
    assert "Busy time to " in table.main, "also where there is no statement left to ask why"


def test_the_chart_of_an_idea_names_it_among_what_else_went_on(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    with app.app_context():
        measure_id = make_measure(cast, numbers=[(8, 10)] * 20)
        idea_id = idea_in(cast, Stage.PLAN)
        ideas_service.choose_measures(
            cast.actor("manager"), idea_id=idea_id, main_id=measure_id, beside_id=None
        )
        wide = {
            "is_wide": True,
            "scope": "the whole team",
            "prediction": "More visits on time",
            "study_by_on": clock.today() + timedelta(days=14),
            "how_known": "write",
        }
        take(cast, idea_id, Way.DO, answers=wide)
        set_busy(cast)
    page = visit(cast.manager).get(f"/ideas/{idea_id}")
    assert "busy time to " in page.main
