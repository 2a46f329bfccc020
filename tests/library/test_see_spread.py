"""The tree of who took an idea up: its shape, its words, and its statements whatever the size."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from flask import Flask
from sqlalchemy import insert, text

from improve.library import queries
from improve.library.models import Spread
from improve.library.spread import DEEPEST, Place, Step, sentence_of, tree_of, tried_text
from improve.shared import clock
from improve.shared.db import db
from tests.benchmarks.seeding import add_ideas
from tests.factories import Cast, finish_cycle
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
ROOT = Place("idea-1", "Riverside", "Kept")


def place(key: str, **more: object) -> Place:
    return Place(key, key, "Trying", **more)  # type: ignore[arg-type]


def outline(steps: tuple[Step, ...]) -> str:
    found = ""
    for step in steps:
        found += step.place.key + ("(" if step.opens else "") + ")" * step.closes + " "
    return found.strip()


def test_places_stand_under_those_they_took_it_from() -> None:
    links = [("idea-1", "a", place("a")), ("a", "b", place("b")), ("idea-1", "c", place("c"))]
    assert outline(tree_of(ROOT, links).steps) == "idea-1( a( b) c)"
    assert outline(tree_of(ROOT, []).steps) == "idea-1"
    # What was taken from an idea that may not be shown stands where that one would.
    hidden = tree_of(ROOT, [("x", "b", place("b"))], hidden={"x": "idea-1"})
    assert outline(hidden.steps) == "idea-1( b)"
    # A loop ends, and one beside the tree is left out.
    loop = [("idea-1", "a", place("a")), ("y", "x", place("x")), ("x", "y", place("y"))]
    assert outline(tree_of(ROOT, loop).steps) == "idea-1( a)"


def test_a_long_chain_is_indented_no_further_and_says_where_from() -> None:
    keys = ["idea-1", *(f"p{n}" for n in range(400))]
    links = [(above, key, place(key)) for above, key in pairwise(keys)]
    steps = tree_of(ROOT, links).steps
    assert len(steps) == 401
    assert sum(step.opens for step in steps) == DEEPEST == sum(step.closes for step in steps)
    assert not steps[DEEPEST].place.under
    assert steps[DEEPEST + 1].place.under == steps[DEEPEST].place.name


@pytest.mark.parametrize(
    ("count", "stopped", "words"),
    [
        (1, 0, "One place so far: where it began."),
        (3, 0, "Three places. In the order they began."),
        (
            6,
            1,
            (
                "Six places. In the order they began. It did not work in one of them, and that "
                "page is as useful as the first."
            ),
        ),
        (
            30,
            2,
            (
                "30 places. In the order they began. It did not work in two of them, and those "
                "pages are as useful as the first."
            ),
        ),
    ],
)
def test_the_sentence(count: int, stopped: int, words: str) -> None:
    places = [place(f"p{n}", did_not_work=n < stopped) for n in range(count)]
    assert sentence_of(places[::-1]) == words


def test_the_sentence_where_it_did_not_work_at_first() -> None:
    places = [place("a", did_not_work=True), place("b")]
    assert sentence_of(places).endswith("It did not work where it began, and that page is as "
                                        "useful as any.")  # fmt: skip


def test_what_the_form_begins_with() -> None:
    assert tried_text("A photo", "Send it before", 2_000) == "A photo\n\nSend it before"
    assert tried_text("A photo", "A photo, sent two days before", 2_000).startswith("A photo, sent")
    assert tried_text("A photo", "word " * 900, 100).endswith("word…")
    assert len(tried_text("A photo", "word " * 900, 100)) <= 100


def test_three_hundred_places_take_the_statements_of_one(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        root = finish_cycle(cast, "adopt", title="A photo two days before")
        db.session.commit()
    jo = visit(cast.colleague)
    with statements() as few:
        jo.get(f"/ideas/{root}/spread")
    with app.app_context():
        add_ideas(
            organisation_id=cast.organisation,
            team_id=cast.other_team,
            author_id=cast.other_manager,
            count=300,
        )
        ids = list(
            db.session.execute(
                text("SELECT id FROM ideas WHERE team_id = :t ORDER BY id"), {"t": cast.other_team}
            ).scalars()
        )
        at, above, rows = clock.now(), root, []
        for number, idea in enumerate(ids):
            rows.append(
                {
                    "organisation_id": cast.organisation,
                    "idea_id": idea,
                    "parent_idea_id": above,
                    "place": "",
                    "adaptation": "x" * 200,
                    "told_ending": "",
                    "told_words": "",
                    "by_id": cast.colleague,
                    "created_at": at,
                    "form_token": f"f{number}",
                    "version": 1,
                }
            )
            above = idea if number < 60 else root
        db.session.execute(insert(Spread), rows)
        db.session.commit()
        assert queries.spread_counts(cast.actor("coach"), [root]) == {root: len(ids)}
    with statements() as many:
        page = jo.get(f"/ideas/{ids[-1]}/spread")
    assert "301 places." in page.main
    assert len(many) == len(few) <= 8
    assert "Taken up in 300 other places" in jo.get(f"/ideas/{root}").main
