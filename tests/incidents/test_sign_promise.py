"""The start page says who promises, since when, what it takes, and its limits once."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from sqlalchemy import select

from improve.accounts.models import Person
from improve.incidents.journey import COUNTED, NEEDED, Step
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import day
from tests.factories import Cast
from tests.incidents.desk import council
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_the_promise_is_signed_with_role_and_day(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    page = visit(cast.practitioner).get("/reports/tell").main
    with app.app_context():
        today = day(clock.today()).replace("\xa0", " ")
        job = db.session.scalar(select(Person.job_title).where(Person.id == found.reviewers[0]))
    assert f", {job or 'one of our leaders'}, on {today}." in page
    assert page.count("deliberate harm") == 1


def test_the_number_of_questions_is_true(app: Flask, cast: Cast, visit: Visit) -> None:
    council(app, cast)
    page = visit(cast.practitioner).get("/reports/tell").main
    assert "Four questions on what happened, one before and one after" in page
    assert (Step.SAFE, *COUNTED, Step.GROUP) == NEEDED
    assert len(COUNTED) == 4
