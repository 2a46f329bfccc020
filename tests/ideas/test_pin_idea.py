"""“Talk about it in the next huddle”: pinned, shown on the card, first in its column, let go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts.queries import team_by_slug
from improve.ideas import queries, service
from improve.ideas.board import COLUMN_SIZE
from improve.ideas.kinds import Stage, Way
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.benchmarks.seeding import add_ideas
from tests.factories import Cast, actor, finish_cycle, idea_in
from tests.ideas.journeys import move
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO)
        db.session.commit()
    return made


def test_pinned_and_taken_off_again(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    assert "Next huddle" not in jo.get("/teams/riverside/board").main
    pinned = jo.send(jo.get(f"/ideas/{idea_id}").form("/pin"))
    assert "The next huddle talks about it. Jo asked for that, today 09:30." in pinned.main
    assert "Next huddle" in jo.get("/teams/riverside/board").main
    assert jo.post(f"/ideas/{idea_id}/pin").status == 303  # twice is harmless
    assert "asked to talk about it in the next huddle" in jo.get(f"/ideas/{idea_id}/history").main
    free = jo.send(pinned.form("/unpin"))
    assert "Taken off the next huddle." in free.main
    assert "The next huddle talks about it" not in free.main
    assert jo.post(f"/ideas/{idea_id}/unpin").status == 303
    assert "Next huddle" not in jo.get("/teams/riverside/board").main
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("idea_pinned") == acts.count("idea_unpinned") == 1


def test_an_open_form_of_a_colleague_stays_good(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/edit/benefit").form("/edit/benefit")
    visit(cast.colleague).post(f"/ideas/{idea_id}/pin")
    assert sam.send(form, {"value": "Children know who is coming"}).status == 200


def test_a_finished_idea_is_not_pinned_and_an_ending_lets_go(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    with app.app_context():
        done = finish_cycle(cast, "adopt")
        service.pin(actor(cast.manager), idea_id=idea_id)
        move(
            actor(cast.manager),
            idea_id,
            Way.STOP,
            answers={"learned": "Too long", "decision_why": "No room"},
        )
        db.session.commit()
        assert queries.huddle_idea(actor(cast.manager), idea_id).is_pinned is False
    jo = visit(cast.colleague)
    assert "Pin it for" not in jo.get(f"/ideas/{done}").main
    refused = jo.post(f"/ideas/{done}/pin")
    assert refused.status == 422
    assert "This idea is finished." in refused.main


def test_a_huddle_that_talked_about_it_says_so_in_its_history(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.DO)
        service.pin(actor(cast.manager), idea_id=idea_id)
        service.unpin_talked_about(actor(cast.manager), idea_ids=[idea_id])
        said = [line.words for line in queries.history(actor(cast.manager), idea_id)]
        assert "talked about it in a huddle with the team" in said


def test_who_may_not(cast: Cast, visit: Visit, idea_id: int) -> None:
    for person, status in (
        (cast.leader, 403),
        (cast.other_manager, 403),
        (cast.guest, 403),
        (cast.outsider, 404),
    ):
        visitor = visit(person)
        assert visitor.post(f"/ideas/{idea_id}/pin").status == status
        assert visitor.post(f"/ideas/{idea_id}/unpin").status == status
    assert "Pin it for" not in visit(cast.leader).get(f"/ideas/{idea_id}").main


def test_it_stands_first_however_far_down_it_would_stand(
    app: Flask, cast: Cast, statements: Watch
) -> None:
    with app.app_context():
        manager = actor(cast.manager)
        add_ideas(
            organisation_id=manager.organisation_id,
            team_id=cast.team,
            author_id=manager.person_id,
            count=5 * (COLUMN_SIZE + 20),
        )
        db.session.commit()
        team = team_by_slug(manager, "riverside")

        def column(page: int) -> list[int]:
            board = queries.board(manager, team, more_of=Stage.PLAN, page=page)
            return [c.id for c in next(c for c in board.columns if c.stage is Stage.PLAN).cards]

        whole = column(1) + column(2)
        early, late = whole[3], whole[-1]
        for idea_id in (late, early):
            service.pin(manager, idea_id=idea_id)
        db.session.commit()
        first, second = column(1), column(2)
        assert first[:2] == [early, late]
        assert sorted(first + second) == sorted(whole)
        assert first[2:] == [i for i in whole[:COLUMN_SIZE] if i != early]
        with statements() as seen:
            queries.board(manager, team)
        assert len(seen) == 2


def test_words_for_after_the_huddle_stand_in_the_move_form(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    words = "To do after the huddle: <b>a measure</b>, Kofi, Fri 27 Nov"
    page = visit(cast.manager).get(
        f"/ideas/{idea_id}/stage", query_string={"to": "do", "note": words}
    )
    assert page.soup.find(id="note")["value"] == words
    assert "Missing: choose how you will know" in page.main
    long = visit(cast.manager).get(f"/ideas/{idea_id}/stage", query_string={"note": "x" * 2000})
    assert len(long.soup.find(id="note")["value"]) == 300
    plain = visit(cast.manager).get(f"/ideas/{idea_id}/stage")
    assert not plain.soup.find(id="note") or not plain.soup.find(id="note").get("value")


def test_no_more_are_pinned_than_a_huddle_looks_at(app: Flask, cast: Cast, idea_id: int) -> None:
    with app.app_context():
        add_ideas(
            organisation_id=cast.organisation,
            team_id=cast.team,
            author_id=cast.manager,
            count=30,
        )
        others, jo = {"id": idea_id}, cast.actor("colleague")
        db.session.execute(text("UPDATE ideas SET pinned_at = created_at WHERE id <> :id"), others)
        with pytest.raises(RuleBroken, match="30 ideas wait for the next huddle"):
            service.pin(jo, idea_id=idea_id)
        service.unpin(
            jo, idea_id=db.session.execute(text("SELECT max(id) FROM ideas")).scalar_one()
        )
        service.pin(jo, idea_id=idea_id)
