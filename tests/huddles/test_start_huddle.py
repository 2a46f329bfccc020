"""Starting a huddle: what stands in it, one at a time, and who may."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.accounts import queries as accounts
from improve.accounts import service as accounts_service
from improve.accounts.days.huddle_days import HuddleDays
from improve.accounts.queries import team_by_id
from improve.huddles import queries, service
from improve.huddles.kinds import SHORT_PARTS, Part
from improve.huddles.models import Huddle, HuddleItem
from improve.ideas.kinds import Stage
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.conftest import NOW
from tests.factories import Cast, idea_in, make_cast, make_idea
from tests.huddles.scene import audited, fields_refused, make_scene

pytestmark = pytest.mark.usefixtures("context")


def start(cast: Cast, name: str = "manager", **facts: object) -> service.Started:
    """Start a huddle of the first team."""
    given = {"form_token": "begin", "team_id": cast.team, **facts}
    return service.start_huddle(cast.actor(name), **given)


def test_lists_are_taken_from_the_board(cast: Cast) -> None:
    scene = make_scene(cast)
    assert scene.item(scene.new).part == Part.NEW
    assert scene.item(scene.blocked).part == Part.BLOCKED
    assert scene.item(scene.pinned).part == Part.STUCK
    # One in Plan without a lead is pinned, too: it stands once.
    assert db.session.scalar(select(func.count()).select_from(HuddleItem)) == 3
    huddle = scene.huddle()
    assert (huddle.part, huddle.item_id) == (Part.NEW, scene.item_id(scene.new))
    assert huddle.parts == ["due", "new", "stuck", "study", "signals", "blocked", "close"]
    assert team_by_id(cast.actor("manager"), cast.team).huddle_id == scene.huddle_id


def test_new_arrivals_do_not_move_the_list(cast: Cast) -> None:
    scene = make_scene(cast)
    make_idea(cast, text="Another one")
    page = queries.huddle_page(cast.actor("manager"), "riverside", scene.huddle_id, Part.NEW)
    assert [item.title for item in page.items] == ["Ask parents once"]


def test_an_empty_board_begins_with_the_close(cast: Cast) -> None:
    started = start(cast)
    assert started.part is Part.CLOSE


def test_a_second_start_answers_with_the_one_that_goes_on(cast: Cast) -> None:
    first = start(cast)
    again = start(cast, "colleague", form_token="other", driver_id=cast.colleague)
    assert (again.huddle_id, again.is_new) == (first.huddle_id, False)
    assert db.session.get_one(Huddle, first.huddle_id).driver_id == cast.manager


def test_the_same_form_twice_starts_one_even_after_it_is_finished(cast: Cast) -> None:
    scene = make_scene(cast)
    scene.end()
    again = start(cast)
    assert (again.huddle_id, again.is_new) == (scene.huddle_id, False)
    assert start(cast, form_token="next").is_new


def test_two_at_the_same_moment_start_one(app: Flask) -> None:
    with app.app_context():
        made = make_cast()
        make_idea(made, text="Ask parents once")
        actors = [made.actor("manager"), made.actor("colleague")]
        db.session.commit()
    gate = threading.Barrier(2)

    def begin(number: int) -> service.Started:
        with app.app_context(), clock.moved(NOW):
            gate.wait()
            started = service.start_huddle(
                actors[number], team_id=made.team, form_token=f"form {number}"
            )
            db.session.commit()
            return started

    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(begin, range(2)))
    assert started[0].huddle_id == started[1].huddle_id
    assert sorted(one.is_new for one in started) == [False, True]


def test_who_is_here_and_who_drives(cast: Cast) -> None:
    started = start(
        cast, driver_id=cast.colleague, here_ids=[cast.colleague, cast.coach], others_here=3
    )
    head = queries.huddle_head(cast.actor("leader"), "riverside", started.huddle_id)
    assert (head.here_words, head.driver_id) == ("5 here", cast.colleague)
    assert not head.may_run
    assert head.name == "Tuesday huddle"


def test_a_short_huddle_asks_two_questions(cast: Cast) -> None:
    make_idea(cast)
    started = start(cast, is_short=True)
    assert started.part is Part.TODAY
    huddle = db.session.get_one(Huddle, started.huddle_id)
    assert tuple(huddle.parts) == SHORT_PARTS
    assert db.session.scalar(select(func.count()).select_from(HuddleItem)) == 0


def test_the_next_one_is_proposed_from_the_schedule(cast: Cast) -> None:
    manager = cast.actor("manager")
    team = accounts.team_by_id(manager, cast.team)
    days = HuddleDays((1, 4), time(9, 45), 10)
    accounts_service.set_huddle_days(manager, team_id=team.id, days=days, seen_version=team.version)
    started = start(cast)
    head = queries.huddle_head(manager, "riverside", started.huddle_id)
    # Today is a Tuesday, and this is its huddle, a quarter of an hour early.
    assert head.next_at is not None
    assert clock.local(head.next_at).date() == date(2026, 11, 27)
    assert head.planned_minutes == 10


def test_last_actions_are_open_ones_and_those_ended_since(cast: Cast) -> None:
    scene = make_scene(cast)
    owed = [
        service.add_action(
            cast.actor("manager"),
            huddle_id=scene.huddle_id,
            what=what,
            owner_id=cast.colleague,
            due_on=date(2026, 12, day),
            form_token=what,
        ).action_id
        for what, day in (("Later", 9), ("Sooner", 1), ("Ended", 2))
    ]
    scene.end()
    with clock.moved(NOW + timedelta(days=1)):
        service.end_action(cast.actor("colleague"), action_id=owed[2], is_done=True, seen_version=1)
    with clock.moved(NOW + timedelta(days=7)):
        started = start(cast, form_token="next week")
        page = queries.huddle_page(cast.actor("manager"), "riverside", started.huddle_id, Part.DUE)
    assert [(item.title, item.settled_words) for item in page.items] == [
        ("Sooner", ""),
        ("Later", ""),
        ("Ended", "Done"),
    ]
    assert not page.head.is_first
    assert page.teach is None


def test_refusals(cast: Cast) -> None:
    for name in ("voices_reader", "leader", "other_manager"):
        with pytest.raises(Forbidden):
            start(cast, name)
    with pytest.raises(NotFound):
        start(cast, "outsider")
    assert fields_refused(lambda: start(cast, driver_id=cast.outsider)) == {"driver_id"}
    # The leader reads huddles of the council, and could not press one button of the driver.
    assert fields_refused(lambda: start(cast, driver_id=cast.leader)) == {"driver_id"}
    assert fields_refused(lambda: start(cast, here_ids=[cast.outsider], others_here=201)) == {
        "here",
        "others_here",
    }
    assert not db.session.scalar(select(func.count()).select_from(Huddle))


def test_a_closed_team_starts_none(cast: Cast) -> None:
    from improve.accounts.models import Team

    db.session.get_one(Team, cast.team).closed_on = date(2026, 11, 1)
    db.session.flush()
    with pytest.raises(RuleBroken, match="closed"):
        start(cast)


def test_it_stands_in_the_audit_log(cast: Cast) -> None:
    started = start(cast)
    (row,) = audited("huddle_started")
    assert (row.object_id, row.actor_id) == (str(started.huddle_id), cast.manager)


def test_start_page_says_what_waits_or_what_goes_on(cast: Cast) -> None:
    make_idea(cast, text="Ask parents once")
    idea_in(cast, Stage.DO)
    page = queries.start_page(cast.actor("colleague"), "riverside")
    assert page.counts[Part.NEW] == 1
    assert (page.going_on, page.is_first, page.may_run) == (None, True, True)
    started = start(cast)
    page = queries.start_page(cast.actor("leader"), "riverside")
    assert page.going_on is not None
    assert page.going_on.id == started.huddle_id
    assert not page.may_run
    with pytest.raises(Forbidden):
        queries.start_page(cast.actor("voices_reader"), "riverside")
