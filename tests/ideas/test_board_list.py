"""The board as a list, and everything that ever finished."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import insert

from improve.ideas import service
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.ideas.models import Idea
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, make_idea, take
from tests.pages import Page, Visitor, words
from tests.statements import Watch

LIST = "/teams/riverside/board?view=list"
FINISHED = "/teams/riverside/finished"


@pytest.fixture
def some(app: Flask, cast: Cast) -> dict[str, int]:
    """Four ideas: waiting, planned, tried and kept."""
    with app.app_context():
        with clock.moved(datetime(2026, 11, 18, 10, tzinfo=UTC)):
            waiting = make_idea(cast, text="Calendar for core groups")
        made = {
            "waiting": waiting,
            "planned": idea_in(cast, Stage.PLAN, text="ask for the room"),
            "tried": idea_in(cast, Stage.DO, text="Book the interpreter"),
            "kept": idea_in(cast, Stage.ACT, text="Read it together"),
        }
        take(
            cast,
            made["kept"],
            Way.KEEP,
            answers={"decision_why": "It worked for all five"},
            note="",
        )
        service.choose_lead(actor(cast.manager), idea_id=made["tried"], lead_id=cast.colleague)
        db.session.commit()
    return made


def rows(page: Page) -> list[list[str]]:
    """Return the cells of each row, as read."""
    table = page.soup.find("table")
    assert isinstance(table, Tag)
    body = table.find("tbody")
    assert isinstance(body, Tag)
    return [[words(cell) for cell in row.find_all(["th", "td"])] for row in body.find_all("tr")]


def first_cells(page: Page) -> list[str]:
    """Return the titles from top to bottom."""
    return [row[0] for row in rows(page)]


def test_the_list_says_what_the_board_says(
    cast: Cast, visit: Callable[..., Visitor], some: dict[str, int]
) -> None:
    sam = visit(cast.manager)
    page = sam.follow(sam.get("/teams/riverside/board"), "List view")
    assert page.heading == "Riverside"
    heads = page.soup.find_all("th", attrs={"scope": "col"})
    assert [words(head) for head in heads] == [
        "Idea , sort",
        "Stage , sort",
        "Age , sort",
        "Lead , sort",
        "Verdict , sort",
        "Next step , sort",
        "Move",
    ]
    assert all(isinstance(r, Tag) for r in page.soup.find_all("th", attrs={"scope": "row"}))
    waiting, _planned, tried, kept = rows(page)
    assert waiting[:4] == ["Calendar for core groups", "Ideas", "6 days , usual 2", "Amina"]
    assert waiting[5] == "Waiting 4 working days for a first reply"
    assert waiting[6] == "Reply Move"
    assert tried[1:4] == ["1 Do", "Today", "Jo"]  # the ring’s number is hidden from readers
    assert tried[5].startswith("Study on ")
    assert kept[2] == "Kept 24 Nov"
    assert kept[5] == "Kept. We learned: A photo is enough. Send it two days before."
    assert kept[6] == ""
    assert page.link("Move Book the interpreter") == f"/ideas/{some['tried']}/stage"
    assert page.soup.find(id=f"card-{some['tried']}") is not None
    assert sam.follow(page, "Board view").soup.find(class_="board") is not None


@pytest.mark.parametrize(
    "case",
    [
        ("Idea", "ask for the room", "Read it together"),
        ("Stage", "Calendar for core groups", "Read it together"),
        ("Age", "ask for the room", "Calendar for core groups"),
        ("Lead", "Calendar for core groups", "Book the interpreter"),
    ],
)
def test_each_head_sorts_both_ways(
    cast: Cast, visit: Callable[..., Visitor], some: dict[str, int], case: tuple[str, str, str]
) -> None:
    head, first, last = case
    sam = visit(cast.manager)
    up = sam.follow(sam.get(LIST), f"{head} , sort")
    assert (first_cells(up)[0], first_cells(up)[-1]) == (first, last)
    sorted_head = up.soup.find("th", attrs={"aria-sort": True})
    assert isinstance(sorted_head, Tag)
    assert sorted_head["aria-sort"] == "ascending"
    down = sam.follow(up, f"{head} , sort")
    assert first_cells(down)[0] == last
    sorted_head = down.soup.find("th", attrs={"aria-sort": True})
    assert isinstance(sorted_head, Tag)
    assert sorted_head["aria-sort"] == "descending"


def test_filters_work_in_the_list(
    cast: Cast, visit: Callable[..., Visitor], some: dict[str, int]
) -> None:
    sam = visit(cast.manager)
    page = sam.get(f"{LIST}&show=needs-reply")
    assert first_cells(page) == ["Calendar for core groups"]
    assert "Showing 1 of 4." in page.main
    cleared = sam.follow(page, "Clear filters")
    assert len(rows(cleared)) == 4
    form = cleared.form("/board", button="Show these")
    none = sam.send(form, {"text": "no such words"}, button="Show these")
    assert "No idea matches these filters." in none.main


def test_an_empty_list_has_a_way_on(cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = visit(cast.practitioner).get(LIST)
    assert page.link("Log the first idea") == "/log"


def test_a_blocked_idea_says_so_in_the_list(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], some: dict[str, int]
) -> None:
    with app.app_context():
        service.mark_blocked(
            actor(cast.manager), idea_id=some["tried"], reason="A contract", who="Jo"
        )
        db.session.commit()
    assert "Book the interpreter Blocked" in first_cells(visit(cast.manager).get(LIST))


def finish_many(cast: Cast, count: int) -> None:
    """Write finished ideas at once, past the services."""
    values = []
    for number in range(count):
        at = NOW - timedelta(days=number)
        values.append(
            {
                "organisation_id": cast.organisation,
                "team_id": cast.team,
                "author_id": cast.practitioner,
                "title": f"Finished {number:03}",
                "suggestion": "x",
                "form_token": f"finished-{number}",
                "created_at": at,
                "stage": "done",
                "outcome": "abandoned" if number % 2 else "adopted",
                "stage_entered_at": at,
                "finished_at": at,
                "lesson": f"Lesson {number:03}",
                "cycle_number": 1,
            }
        )
    db.session.execute(insert(Idea), values)
    db.session.commit()


def test_all_finished_fifty_a_page(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    with app.app_context():
        finish_many(cast, 120)
    amina = visit(cast.practitioner)
    board = amina.get("/teams/riverside/board")
    with statements() as seen:
        page = amina.follow(board, "All finished (120)")
    assert len(seen) <= 5
    assert page.heading == "All finished"
    assert "120 ideas" in page.main
    assert "Finished 000" in page.main
    assert "Lesson 049" in page.main
    assert "Finished 050" not in page.main
    assert "Kept 24 Nov" in page.main
    assert "Stopped 23 Nov" in page.main
    second = amina.follow(page, "Next page")
    assert "Page 2 of 3" in second.main
    assert "Finished 050" in second.main
    third = amina.follow(second, "Next page")
    assert "Finished 119" in third.main
    assert not third.links("Next page")
    assert amina.get(f"{FINISHED}?page=4").status == 404
    assert amina.get(f"{FINISHED}?page=nonsense").status == 200


def test_nothing_finished_yet(cast: Cast, visit: Callable[..., Visitor]) -> None:
    page = visit(cast.practitioner).get(FINISHED)
    assert "Nothing finished yet." in page.main


def test_what_ended_without_a_test_is_there_too(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        make_idea(
            cast,
            text="A bigger car park",
            reply=ReplyKind.NOT_NOW,
            look_again_on=clock.today() + timedelta(days=90),
        )
        db.session.commit()
    page = visit(cast.practitioner).get(FINISHED)
    assert "A bigger car park" in page.main
    assert "Not now 24 Nov" in page.main


def test_another_councils_finished_ideas_are_not_found(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        finish_many(cast, 3)
    assert "Finished" not in visit(cast.outsider).get(FINISHED).main.replace("All finished", "")
    assert visit(cast.outsider).get("/teams/hillside/finished").status == 404


def test_three_thousand_rows_are_sorted_over_all_pages(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    with app.app_context():
        facts = {"organisation_id": cast.organisation, "team_id": cast.team, "suggestion": "x"}
        db.session.execute(
            insert(Idea),
            [
                {
                    **facts,
                    "author_id": cast.practitioner,
                    "title": f"Change {3000 - number:04}",
                    "form_token": f"row-{number}",
                    "created_at": NOW,
                    "stage_entered_at": NOW - timedelta(days=number % 40),
                    "stage": ("plan", "do", "study")[number % 3],
                    "cycle_number": 1,
                }
                for number in range(3000)
            ],
        )
        db.session.commit()
    sam = visit(cast.manager)
    with statements() as seen:
        page = sam.get(f"{LIST}&sort=idea")
    assert len(seen) <= 4, seen
    assert "Ideas 1 to 100 of 3,000" in page.main
    assert first_cells(page)[0] == "Change 0001"
    last = sam.get(f"{LIST}&sort=idea&page=30")
    assert first_cells(last)[-1] == "Change 3000"
    # What only this page could sort is not offered.
    assert page.links("Age , sort")
    assert not page.links("Next step , sort")
    assert sam.get(f"{LIST}&page=31").status == 404
