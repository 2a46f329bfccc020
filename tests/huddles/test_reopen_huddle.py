"""Opening a finished huddle again, for a day; and going on with one that was left open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts import queries as people
from improve.huddles import service
from improve.huddles.models import HuddlePartTime
from improve.huddles.queries import notes as queries
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken
from tests.conftest import NOW
from tests.factories import Cast
from tests.huddles.scene import Scene, audited, make_scene, refused
from tests.huddles.test_finish_huddle import at, finish, mails
from tests.pages import Visitor

Visit = Callable[..., Visitor]
TEN = NOW + timedelta(minutes=10)


@pytest.fixture
def done(app: Flask, cast: Cast) -> Scene:
    """A huddle of ten minutes that the manager drove and finished."""
    with app.app_context():
        made = make_scene(cast)
        with clock.moved(TEN):
            finish(made)
        db.session.commit()
    return made


def reopen(scene: Scene, who: str = "manager") -> None:
    service.reopen_huddle(scene.cast.actor(who), slug="riverside", huddle_id=scene.huddle_id)


def test_its_driver_opens_it_again_and_nobody_is_mailed_twice(context: Flask, done: Scene) -> None:
    with clock.moved(TEN + timedelta(hours=3)):
        reopen(done)
        reopen(done)
        assert people.team_by_id(done.cast.actor("manager"), done.cast.team).huddle_id
        with clock.moved(TEN + timedelta(hours=3, minutes=2)):
            finish(done, good_news="Forgotten before")
            notes = queries.notes(done.cast.actor("manager"), "riverside", done.huddle_id)
    assert len(mails()) == 3
    # Ten minutes and two: the three hours in between were none of it.
    assert notes.minutes == 12
    assert notes.good_news == "Forgotten before"
    assert notes.has_changed_since_mailed
    assert len(audited("huddle_reopened")) == 1


def test_nobody_else_and_not_after_a_day(context: Flask, done: Scene) -> None:
    assert "Only who drove" in refused(Forbidden, lambda: reopen(done, "colleague"))
    with clock.moved(TEN + timedelta(hours=24, minutes=1)):
        assert "That day is over" in refused(RuleBroken, lambda: reopen(done))


def test_not_while_another_goes_on(context: Flask, done: Scene) -> None:
    service.start_huddle(done.cast.actor("colleague"), team_id=done.cast.team, form_token="next")
    assert "Another huddle" in refused(RuleBroken, lambda: reopen(done))


def test_the_page_offers_it_to_the_driver_only(done: Scene, visit: Visit) -> None:
    assert not visit(done.cast.colleague).get(at(done, "notes")).has_form("/reopen")
    manager = visit(done.cast.manager)
    page = manager.get(at(done, "notes"))
    page = manager.send(page.form(button="Reopen until tomorrow"))
    assert "The huddle is open again" in page.main
    with clock.moved(NOW + timedelta(days=2)):
        late = visit(done.cast.manager)
        form_page = late.get(at(done, "finish")).form("/finish")
        assert late.send(form_page).status == 200
        assert not late.get(at(done, "notes")).has_form("/reopen")


def test_one_left_open_is_resumed_without_the_time_between(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        scene = make_scene(cast)
        db.session.commit()
    with clock.moved(NOW + timedelta(hours=20)):
        colleague = visit(cast.colleague)
        page = colleague.get("/teams/riverside/huddles")
        assert "A huddle goes on" in page.main
        form = page.form(button="Go on with it")
        page = colleague.send(form)
        assert "Tuesday huddle" in page.heading
        with app.app_context():
            assert scene.huddle().paused_seconds == 20 * 60 * 60
        # Pressed again nothing changes.
        colleague.send(form)
        with app.app_context():
            assert scene.huddle().paused_seconds == 20 * 60 * 60
    assert visit(cast.leader).get("/teams/riverside/huddles").has_form("/resume") is False


def test_what_was_said_before_it_was_left_open_counts_for_its_part(
    context: Flask, cast: Cast
) -> None:
    scene = make_scene(cast)
    manager = cast.actor("manager")
    with clock.moved(NOW + timedelta(minutes=4)):
        service.decide(manager, huddle_id=scene.huddle_id, words="Go on", form_token="d")
    with clock.moved(NOW + timedelta(hours=20)):
        service.resume_huddle(manager, slug="riverside", huddle_id=scene.huddle_id)
        seconds = db.session.execute(select(HuddlePartTime.seconds)).scalars().all()
        assert list(seconds) == [4 * 60]
        finish(scene)
        notes = queries.notes(manager, "riverside", scene.huddle_id)
    assert notes.minutes == 4
