"""This week's tallies on my page: one tap from the answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from improve.measures import service
from improve.measures.queries import tallies as queries
from improve.measures.service import TallyDetails
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, make_idea, make_measure
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]
QUESTION = "Did the family know your name before you came?"


@pytest.fixture
def tally_id(app: Flask, cast: Cast) -> int:
    """An open tally of the first team."""
    return make(app, cast, QUESTION)


def make(app: Flask, cast: Cast, question: str, *, ends_on: date | None = None) -> int:
    """Return the id of a tally made by the first team's manager."""
    with app.app_context():
        made = service.make_tally(
            cast.actor("manager"),
            team_id=cast.team,
            details=TallyDetails(question=question, ends_on=ends_on),
        )
        db.session.commit()
    return made


def test_an_open_tally_of_my_team_is_one_tap_away(cast: Cast, visit: Visit, tally_id: int) -> None:
    page = visit(cast.practitioner).get("/me")
    assert page.link(f"Tap an answer to “{QUESTION}”") == f"/tallies/{tally_id}"
    heads = [words(head) for head in page.soup.select("main h2")]
    assert heads.index("Tallies this week") < heads.index("News for you")
    assert heads.index("Tallies this week") < heads.index("My ideas")


def test_numbers_to_add_stand_before_the_tallies(
    app: Flask, cast: Cast, visit: Visit, tally_id: int
) -> None:
    with app.app_context():
        make_measure(
            cast,
            name="Visits on time",
            numbers=[(40, 50)],
            first_on=NOW.date() - timedelta(days=NOW.weekday() + 21),
        )
        db.session.commit()
    page = visit(cast.practitioner).get("/me")
    heads = [words(head) for head in page.soup.select("main h2")]
    assert heads.index("Numbers to add") < heads.index("Tallies this week")


def test_nothing_is_said_where_nothing_is_tapped(
    app: Flask, cast: Cast, visit: Visit, tally_id: int
) -> None:
    for person in (cast.other_manager, cast.leader, cast.administrator, cast.outsider, cast.guest):
        assert "Tallies this week" not in visit(person).get("/me").main
    with app.app_context():
        actor = cast.actor("manager")
        seen = queries.tally(actor, tally_id).version
        service.close_tally(actor, tally_id=tally_id, seen_version=seen)
        db.session.commit()
    assert "Tallies this week" not in visit(cast.practitioner).get("/me").main


def test_my_page_takes_eight_statements_at_most(
    app: Flask,
    cast: Cast,
    visit: Visit,
    tally_id: int,
    statements: Watch,
) -> None:
    for question in ("Was the plan read together?", "Did the child choose the place?"):
        make(app, cast, question)
    with app.app_context():
        make_idea(cast, text="Ring back by a time we name")
        make_measure(cast, numbers=[(40, 50)], first_on=date(2026, 3, 2))
        db.session.commit()
    manager = visit(cast.manager)
    with statements() as seen:
        manager.get("/me")
    assert len(seen) <= 8, "\n".join(seen)
