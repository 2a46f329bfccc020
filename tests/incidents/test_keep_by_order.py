"""A lawful order: what two keep is not changed, and what one saw an order for is not destroyed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from improve.incidents.kinds import Route, State
from improve.incidents.models import Incident
from improve.incidents.service.answer_back import answer_back
from improve.incidents.service.ask import read_messages
from improve.incidents.service.danger import (
    IS_ASKED,
    KEPT,
    UNREAD,
    note_route,
    pass_on,
    say_no_danger,
)
from improve.incidents.service.join import join
from improve.incidents.service.keep_by_order import end_keeping, keep_by_order
from improve.incidents.service.open import open_report
from improve.incidents.service.retention import destroy_past_their_days
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.factories import Cast, actor
from tests.incidents.desk import DESK, council
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def version(key: str) -> int:
    return db.session.get_one(Incident, key).version


def read_by_two(found: Opened) -> str:
    key = make_report(found.organisation, found.group)
    for one in found.reviewers:
        open_report(actor(one), key=key)
    return key


def noted(person_id: int, key: str) -> None:
    note_route(actor(person_id), key=key, route=Route.SAFEGUARDING, told="Duty, today")


def test_nothing_of_it_is_changed_while_two_keep_it(app: Flask, cast: Cast) -> None:
    found = council(app, cast)
    with app.app_context():
        key = read_by_two(found)
        first, second = (actor(one) for one in found.reviewers)
        say_no_danger(first, key=key, seen_version=version(key))
        other = read_by_two(found)
        say_no_danger(first, key=other, seen_version=version(other))
        for one in (first, second):
            keep_by_order(one, key=key, seen_version=version(key))
        sealed = db.session.get_one(Incident, key).sealed_work
        with pytest.raises(RuleBroken, match=KEPT):
            noted(first.person_id, key)
        for one, another in ((key, other), (other, key)):
            with pytest.raises(RuleBroken, match="lawful order"):
                join(first, key=one, other_key=another, seen_version=version(one))
        row = db.session.get_one(Incident, key)
        assert (row.route, row.sealed_work, row.joined_into) == ("", sealed, None)


def test_what_one_saw_an_order_for_is_not_destroyed_by_another_route(
    app: Flask, cast: Cast
) -> None:
    found = council(app, cast)
    with app.app_context():
        key = read_by_two(found)
        first, second = (actor(one) for one in found.reviewers)
        keep_by_order(first, key=key, seen_version=version(key))
        noted(second.person_id, key)
        with pytest.raises(RuleBroken, match=IS_ASKED):
            pass_on(second, key=key, has_all=True)
        end_keeping(first, key=key, seen_version=version(key))
        assert not pass_on(second, key=key, has_all=True)
        assert pass_on(first, key=key, has_all=True)
        assert db.session.get_one(Incident, key).state == State.PASSED_ON


def test_one_who_alone_may_read_it_keeps_it_from_the_schedule(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    found = council(app, cast)
    with app.app_context():
        key = make_report(found.organisation, found.group, not_readers=[found.reviewers[1]])
        first = actor(found.reviewers[0])
        open_report(first, key=key)
        keep_by_order(first, key=key, seen_version=version(key))
        with clock.moved(clock.now() + timedelta(days=90)):
            assert destroy_past_their_days() == 0
        db.session.commit()
    page = visit(found.reviewers[0]).get(f"{DESK}/{key}/order")
    assert "your word alone keeps it" in page.main
    assert page.has_form(f"{key}/order")
    with app.app_context():
        end_keeping(first, key=key, seen_version=version(key))
        with clock.moved(clock.now() + timedelta(days=90)):
            assert destroy_past_their_days() == 1


def test_a_message_that_nobody_read_is_not_destroyed_by_another_route(
    app: Flask, cast: Cast
) -> None:
    found = council(app, cast)
    with app.app_context():
        key, other = read_by_two(found), read_by_two(found)
        db.session.get_one(Incident, other).joined_into = key
        db.session.commit()
        first, second = (actor(one) for one in found.reviewers)
        answer_back(key=other, message="m" * 22, words="She is alone there now.")
        noted(first.person_id, key)
        with pytest.raises(RuleBroken, match=UNREAD):
            pass_on(first, key=key, has_all=True)
        read_messages(first, key=key, of=other, read_to=1)
        assert not pass_on(first, key=key, has_all=True)
        assert pass_on(second, key=key, has_all=True)
        assert db.session.get_one(Incident, other).state == State.PASSED_ON
