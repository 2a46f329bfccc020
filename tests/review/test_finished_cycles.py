"""Anybody on the staff reads finished cycles, by team and period."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from types import SimpleNamespace

import pytest
from flask import Flask

from improve.review.summary import summary_sentence
from improve.shared.db import db
from tests.factories import Cast, finish_cycle
from tests.pages import Visitor

Visit = Callable[..., Visitor]


def test_sentence_stands_alone_in_print() -> None:
    counts = SimpleNamespace(total=18, kept=9, changed=6, stopped=3)
    said = summary_sentence(
        counts, first=date(2026, 9, 1), last=date(2026, 11, 24), team="Riverside"
    )
    assert said.replace("\u00a0", " ") == (
        "18 cycles finished in Riverside, 1 Sep 2026 to 24 Nov 2026: 9 kept, 6 changed, "
        "3 stopped with what was learned."
    )


def test_sentence_for_nothing_counts_nothing() -> None:
    counts = SimpleNamespace(total=0, kept=0, changed=0, stopped=0)
    said = summary_sentence(counts, first=None, last=None, team=None)
    assert said.replace("\u00a0", " ") == "0 cycles finished."


def test_kept_and_stopped_stand_side_by_side(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back by a time we name")
        finish_cycle(cast, "abandon", title="A longer form")
        db.session.commit()
    page = visit(cast.leader).get("/review")
    assert page.heading == "Finished cycles"
    assert "2 cycles finished" in page.main
    assert "1 kept, 0 changed, 1 stopped with what was learned." in page.main
    assert "Stopped, and this is what we learned" in page.main
    assert page.links("Ring back by a time we name")
    assert page.links("A longer form")


def test_empty_period_says_so(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get("/review?decided_from=1/1/2020&decided_to=31/1/2020")
    assert "No cycles finished in this period." in page.main


def test_filter_by_team_period_and_ending(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back")
        finish_cycle(cast, "adapt", title="Hello visit")
        db.session.commit()
    leader = visit(cast.leader)
    assert "Hello visit" not in leader.get("/review?decision=adopt").main
    assert "Ring back" in leader.get("/review?team=riverside").main
    assert "Ring back" not in leader.get("/review?team=hillside").main
    assert "Ring back" not in leader.get("/review?decided_to=1/10/2026").main


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("decided_from=31/02/2026", "There is no 31 February"),
        ("decided_from=soon", "soon"),
        ("decided_from=1/11/2026&decided_to=1/10/2026", "before the first"),
    ],
)
def test_a_day_that_cannot_be_read_is_said_beside_it(
    cast: Cast, visit: Visit, query: str, says: str
) -> None:
    page = visit(cast.leader).get(f"/review?{query}")
    assert page.status == 422
    assert any(says in error for error in page.errors)


def test_an_address_that_asks_for_nothing_there_shows_all(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get("/review?team=no-such-team&decision=burn&page=x")
    assert page.status == 200
    assert "cycles finished" in page.main


def test_another_council_sees_none_of_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        finish_cycle(cast, "adopt", title="Ring back")
        db.session.commit()
    assert "Ring back" not in visit(cast.outsider).get("/review").text


def test_at_most_eight_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Callable[[], object]
) -> None:
    with app.app_context():
        for number in range(12):
            finish_cycle(cast, "adopt", title=f"Idea {number}")
        db.session.commit()
    leader = visit(cast.leader)
    with statements() as seen:  # type: ignore[attr-defined]
        leader.get("/review")
    assert len(seen) <= 8
