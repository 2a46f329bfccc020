"""Taking a move back while nothing happened since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import queries
from improve.ideas.kinds import Stage, Way
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, idea_in, take
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    with app.app_context():
        made = idea_in(cast, Stage.DO)
        db.session.commit()
    return made


def stage(app: Flask, cast: Cast, idea_id: int) -> Stage:
    with app.app_context():
        return queries.idea_page(actor(cast.manager), idea_id).stage


def study(visitor: Visitor, idea_id: int) -> Page:
    form = visitor.get(f"/ideas/{idea_id}/stage?to=study").form("/stage")
    return visitor.send(
        form,
        {"what_happened": "It went well", "as_planned": "yes", "has_no_number": "y", "note": "Now"},
    )


def test_undo_from_the_message(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    sam = visit(cast.manager)
    moved = study(sam, idea_id)
    undone = sam.send(moved.form("/undo"))
    assert "Undone." in undone.main
    assert stage(app, cast, idea_id) is Stage.DO
    assert "It went well" in undone.main  # words stay
    with app.app_context():
        acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert any("undone" in act for act in acts)


def test_undo_from_the_history(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    sam = visit(cast.manager)
    study(sam, idea_id)
    history = sam.get(f"/ideas/{idea_id}/history?show=moves")
    assert "Undone." in sam.send(history.form(button="Undo this move")).main


def test_undo_refused_says_what_happened_since(
    app: Flask, cast: Cast, visit: Visit, idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = study(sam, idea_id).form("/undo")
    with app.app_context():
        take(cast, idea_id, Way.ACT)
        db.session.commit()
    refused = sam.send(form)
    assert refused.status == 422
    assert refused.heading == "This move stays"
    assert "Act" in refused.main
    assert stage(app, cast, idea_id) is Stage.ACT


def test_undo_twice_is_harmless(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    sam = visit(cast.manager)
    form = study(sam, idea_id).form("/undo")
    assert "Undone." in sam.send(form).main
    assert sam.send(form).status == 422
    assert stage(app, cast, idea_id) is Stage.DO


def test_undo_ends_after_a_day(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    sam = visit(cast.manager)
    form = study(sam, idea_id).form("/undo")
    with clock.moved(NOW + timedelta(hours=25)):
        later = visit(cast.manager)
        page = later.post(
            f"/ideas/{idea_id}/undo", dict(form.values) | {"csrf_token": later.csrf_token()}
        )
        assert page.status == 422
    assert stage(app, cast, idea_id) is Stage.STUDY


def test_others_may_not(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    form = study(visit(cast.manager), idea_id).form("/undo")
    move_id = dict(form.values)["move_id"]
    for person, status in (
        (cast.colleague, 403),
        (cast.leader, 403),
        (cast.outsider, 404),
        (cast.guest, 403),
    ):
        assert visit(person).post(f"/ideas/{idea_id}/undo", {"move_id": move_id}).status == status
    assert visit(cast.manager).post(f"/ideas/{idea_id}/undo", {"move_id": "987"}).status == 404
    assert visit(cast.manager).client.get(f"/ideas/{idea_id}/undo").status_code == 405
    assert stage(app, cast, idea_id) is Stage.STUDY
