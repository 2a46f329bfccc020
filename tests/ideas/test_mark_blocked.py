"""Saying that an idea cannot go on, who can help, and that it can again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO)
        db.session.commit()
    return made


def test_blocked_and_on_again(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    page = jo.get(f"/ideas/{idea_id}")
    form = jo.follow(page, "Mark as blocked").form("/blocked")
    blocked = jo.send(form, {"reason": "The room needs a contract", "who": "Head of service"})
    assert "Blocked: The room needs a contract" in blocked.main
    assert "Who can help: Head of service" in blocked.main
    assert "The room needs a contract" in jo.get("/teams/riverside/board").main
    again = jo.send(form, {"reason": "The room needs a contract", "who": "Head of service"})
    assert "Blocked: The room needs a contract" in again.main
    free = jo.send(again.form("/unblock"))
    assert "It can go on again." in free.main
    assert "Who can help" not in free.main
    assert jo.post(f"/ideas/{idea_id}/unblock").status == 303  # twice is harmless
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("idea_blocked") == 1
    assert acts.count("idea_unblocked") == 1


def test_both_lines_are_needed(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    refused = jo.send(jo.get(f"/ideas/{idea_id}/blocked").form("/blocked"), {"reason": "No room"})
    assert refused.status == 422
    assert refused.error_for("who")
    assert "No room" in str(refused.soup.find(id="reason"))


def test_a_finished_idea_cannot_be_blocked(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        done = finish_cycle(cast, "adopt")
        db.session.commit()
    jo = visit(cast.colleague)
    assert jo.post(f"/ideas/{done}/blocked", {"reason": "x", "who": "y"}).status == 422


def test_who_may_not(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    for person, status in ((cast.leader, 403), (cast.outsider, 404), (cast.guest, 403)):
        visitor = visit(person)
        sent = {"reason": "x", "who": "y"}
        assert visitor.post(f"/ideas/{idea_id}/blocked", sent).status == status
        assert visitor.post(f"/ideas/{idea_id}/unblock").status == status
    assert visit(cast.colleague).client.delete(f"/ideas/{idea_id}/blocked").status_code == 405


def test_words_that_may_identify_someone(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    jo = visit(cast.colleague)
    form = jo.get(f"/ideas/{idea_id}/blocked").form("/blocked")
    hint = jo.send(form, {"reason": "Waiting for Mrs Green", "who": "Head of service"})
    assert hint.heading == "This may identify someone"
    page = jo.send(hint.form("/blocked"), button="It’s fine, continue")
    assert "Blocked: Waiting for Mrs Green" in page.main
