"""A card dropped on a column, pinned where it stands, and what a board tells of others meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import text

from improve.ideas import service
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.shared.db import db
from tests.factories import Cast, actor, idea_in, make_idea, take
from tests.pages import Page, Visitor, words

Visit = Callable[..., Visitor]
BOARD = "/teams/riverside/board"
FROM_BOARD = {"HX-Current-URL": f"http://localhost{BOARD}"}


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO, text="Hand over together")
        db.session.commit()
    return made


def send(visitor: Visitor, path: str, fields: dict[str, Any], headers: dict[str, str]) -> Page:
    """Post as htmx does, with the headers of a board's page."""
    answer = visitor.client.post(
        path,
        data={**fields, "csrf_token": visitor.csrf_token()},
        headers={"HX-Request": "true", **headers},
    )
    return Page(answer, path, is_part=True)


def drop(visitor: Visitor, idea_id: int, stage: str, **more: Any) -> Page:
    """Drop a card on a column, as the page's script sends it."""
    page = visitor.get(BOARD)
    card = page.soup.find(id=f"card-{idea_id}")
    assert isinstance(card, Tag)
    column = card.find_parent("section")
    assert isinstance(column, Tag)
    ways = {d.split("=")[0]: d.split("=")[-1] for d in str(card["data-drops"]).split()}
    news = page.soup.find(id="board-news")
    assert isinstance(news, Tag)
    fields = {
        "version": card["data-version"], "from_stage": column["id"], "to": ways[stage],
        "asked_for": ways[stage], "shown": "", "carried": "", "dropped": "1", "in_dialog": "1",
        "back": BOARD, **more,
    }  # fmt: skip
    headers = {**FROM_BOARD, "X-Board-Seen": str(news["data-seen"])}
    return send(visitor, f"/ideas/{idea_id}/stage", fields, headers)


def stage_of(app: Flask, idea_id: int) -> str:
    with app.app_context():
        return str(
            db.session.execute(
                text("SELECT stage FROM ideas WHERE id = :id"), {"id": idea_id}
            ).scalar_one()
        )


def test_a_drop_that_misses_something_opens_the_form(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    asked = drop(sam, idea_id, "study")
    assert asked.status == 422
    assert "It is still in Do. To go on it needs:" in asked.text
    form = asked.form("/stage")
    values = dict(form.values)
    assert values["to"] == values["asked_for"] == "study"
    assert "dropped" not in values
    assert stage_of(app, idea_id) == "do"
    sent = form.with_values(
        {
            "what_happened": "Six visits",
            "as_planned": "yes",
            "has_no_number": "y",
            "note": "It is over",
        }
    )
    moved = send(sam, f"/ideas/{idea_id}/stage", dict(sent), FROM_BOARD)
    assert moved.status == 200
    assert stage_of(app, idea_id) == "study"
    assert "Undo" in moved.text


def test_a_drop_back_asks_why_and_one_on_done_asks_how_it_ends(
    cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    back = drop(sam, idea_id, "plan")
    assert back.status == 422
    assert "To go on it needs: say in one line why" in back.text
    done = drop(sam, idea_id, "done")
    assert done.status == 422
    assert done.form("/stage").button("Stop it") is not None


def test_a_card_of_act_dropped_on_done_does_not_say_how_it_ends(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        ready = idea_in(cast, Stage.ACT, text="One calendar")
        db.session.commit()
    asked = drop(visit(cast.manager), ready, "done")
    assert asked.status == 422
    assert "It is still in Act." in asked.text
    assert not asked.soup.select("input[name=to][checked]")
    assert asked.form("/stage").button("Go on") is not None
    assert stage_of(app, ready) == "act"


def test_a_drop_that_misses_nothing_moves_the_card(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        ready = make_idea(cast, text="One calendar")
        service.reply_first(
            actor(cast.manager),
            idea_id=ready,
            kind=ReplyKind.WILL_TRY,
            words="Yes",
            seen_version=1,
        )
        service.choose_lead(actor(cast.manager), idea_id=ready, lead_id=cast.colleague)
        service.edit_field(
            actor(cast.manager), idea_id=ready, field="improves", value="Fewer clashes",
            seen_version=9,
        )  # fmt: skip
        db.session.commit()
    sam = visit(cast.manager)
    moved = drop(sam, ready, "plan")
    assert moved.status == 200, moved.text
    assert moved.response.headers["HX-Trigger"] == "improve:close-dialog"
    assert "One calendar moved from Ideas to Plan, position 1 of 1" in moved.text
    assert "Undo" in moved.text
    card = moved.soup.find(id=f"card-{ready}")
    assert card is not None
    news = moved.soup.find(id="board-news")
    assert isinstance(news, Tag)
    # What the person did is no news to them; what somebody else does, is.
    assert sam.get(str(news["hx-get"]), htmx=True).status == 204
    with app.app_context():
        make_idea(cast, text="Somebody else’s")
        db.session.commit()
    assert sam.get(str(news["hx-get"]), htmx=True).text == "1 change. Show it"


def test_what_others_did_before_ones_own_act_is_still_told(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    news = sam.get(BOARD).soup.find(id="board-news")
    assert isinstance(news, Tag)
    with app.app_context():
        make_idea(cast, text="Somebody else’s")
        db.session.commit()
    headers = {"X-Board-Seen": str(news["data-seen"]), "HX-Target": f"li#card-{idea_id}"}
    pinned = send(sam, f"/ideas/{idea_id}/pin", {"back": BOARD}, headers)
    assert pinned.status == 200
    news = pinned.soup.find(id="board-news")
    assert isinstance(news, Tag)
    assert sam.get(str(news["hx-get"]), htmx=True).text == "1 change. Show it"
    fresh = sam.get(BOARD, htmx=True)
    assert fresh.soup.find(id="board-page")
    assert "data-focus" in str(fresh.soup.find("h1"))
    quiet = sam.get(BOARD, htmx=True, headers={"X-Keep-Focus": "1"})
    assert "data-focus" not in str(quiet.soup.find("h1"))


def test_one_more_than_the_limit_asks_why_and_keeps_it(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for number in range(4):
            idea_in(cast, Stage.STUDY, text=f"In study {number}")
        made = idea_in(cast, Stage.DO, text="One more")
        service.save_answers(
            actor(cast.manager), idea_id=made, seen_version=1000,
            answers={"what_happened": "Tried", "as_planned": "yes", "has_no_number": True},
        )  # fmt: skip
        db.session.execute(text("UPDATE cycles SET study_by_on = '2026-11-20'"))
        db.session.commit()
    sam = visit(cast.manager)
    asked = drop(sam, made, "study")
    assert asked.status == 422
    assert "Study would hold 5; the team’s own limit is 4." in asked.text
    sent = asked.form("/stage").with_values({"why_now": "Two of these wait for the court"})
    assert send(sam, f"/ideas/{made}/stage", dict(sent), FROM_BOARD).status == 200
    history = sam.get(f"/ideas/{made}/history")
    assert "Why another now: Two of these wait for the court" in history.main
    assert "5 of 4, over limit" in sam.get(BOARD).main


def test_why_another_is_no_reason_to_go_on_without(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/stage?to=study").form("/stage")
    sent = [*form.with_values({}), ("why_now", "We have room")]
    refused = sam.post(f"/ideas/{idea_id}/stage", dict(sent))
    assert refused.status == 422
    assert stage_of(app, idea_id) == "do"


def test_a_stale_drop_shows_what_happened_meanwhile(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    with app.app_context():
        take(cast, idea_id, Way.PLAN, note="Too early")
        db.session.commit()
    page = drop(sam, idea_id, "do", version="1", from_stage="do", to="study", asked_for="study")
    assert page.status == 409
    assert "moved this to Plan" in page.text


def test_only_what_may_move_can_be_dragged(cast: Cast, visit: Visit, idea_id: int) -> None:
    board = visit(cast.manager).get(BOARD)
    card = board.soup.find(id=f"card-{idea_id}")
    assert isinstance(card, Tag)
    assert card["data-drops"] == "study plan done=stop"
    others = visit(cast.colleague).get(BOARD).soup.find(id=f"card-{idea_id}")
    assert isinstance(others, Tag)
    assert not others.has_attr("data-drops")
    refused = visit(cast.colleague).post(
        f"/ideas/{idea_id}/stage",
        {"version": "3", "from_stage": "do", "to": "study", "asked_for": "study", "dropped": "1"},
    )
    assert refused.status in {403, 409, 422}
    listed = visit(cast.manager).get(f"{BOARD}?view=list")
    assert not listed.soup.find(attrs={"data-drops": True})


def test_a_pin_on_the_card_answers_with_the_card(cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.get(BOARD).form(f"/ideas/{idea_id}/pin")
    whole = jo.send(form)  # without script: the board again, with a message
    assert whole.path == BOARD
    assert "The next huddle talks about it." in whole.main
    form = jo.get(BOARD).form(f"/ideas/{idea_id}/unpin")
    target = {"HX-Target": f"li#card-{idea_id}"}
    part = send(jo, form.action, dict(form.values), target)
    button = part.soup.find("button", attrs={"data-focus": True})
    assert words(button) == "Pin"
    assert "Next huddle" not in part.text
