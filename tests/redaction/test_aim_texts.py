"""Words of aims and drivers: hidden and taken out, also in the histories of ideas."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas.service.aims import AimDetails, make_aim
from improve.ideas.service.drivers import add_driver, hang_idea
from improve.redaction import service
from improve.shared.db import db
from tests.factories import Cast, actor, make_idea
from tests.pages import Visitor
from tests.redaction.test_take_words_out import all_words

Visit = Callable[..., Visitor]
SECRET = "Rosalind Quickthorn"
HIDDEN = "until a coach or the data protection lead has read it"


@pytest.fixture
def made(app: Flask, cast: Cast) -> tuple[int, int, int]:
    """Return an aim, a driver of it whose name identifies somebody, and an idea hung on it."""
    with app.app_context():
        coach = actor(cast.coach)
        aim_id = make_aim(coach, details=AimDetails(statement=f"{SECRET} knows what happens next"))
        driver_id = add_driver(coach, aim_id=aim_id, name=f"We write to {SECRET}")
        idea_id = make_idea(cast, text="A letter first")
        hang_idea(actor(cast.manager), idea_id=idea_id, driver_id=driver_id)
        db.session.commit()
    return aim_id, driver_id, idea_id


def test_an_aim_and_what_drives_it_lose_words(
    app: Flask, cast: Cast, visit: Visit, made: tuple[int, int, int]
) -> None:
    aim_id, driver_id, idea_id = made
    jo = visit(cast.colleague)
    listed = jo.get(f"/aims/{aim_id}").link("Words here may identify someone")
    assert f"We write to {SECRET}" in jo.get(listed).main
    assert jo.post(f"/may-identify/driver/{driver_id}/name").status == 303
    assert f"We write to {SECRET}" not in jo.get(f"/aims/{aim_id}").main
    assert HIDDEN in jo.get(f"/aims/{aim_id}/diagram").main
    assert f"We write to {SECRET}" not in jo.get(f"/ideas/{idea_id}/history").text

    dev = visit(cast.data_protection_lead)
    assert "What makes the difference in an aim" in dev.get("/words").main
    with app.app_context():
        hidden_id = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
        service.take_words_out(
            actor(cast.data_protection_lead), hidden_id=hidden_id, phrases=[SECRET], breach="no"
        )
        db.session.commit()
    assert "We write to [words removed by" in jo.get(f"/aims/{aim_id}").main
    assert "knows what happens next" in jo.get(f"/aims/{aim_id}").main
    assert "quickthorn" not in all_words(app).lower(), "the aim and the history as well"


def test_it_is_shown_again_as_it_was_and_never_to_another_council(
    app: Flask, cast: Cast, visit: Visit, made: tuple[int, int, int]
) -> None:
    aim_id, driver_id, _ = made
    for path in (
        f"/may-identify/aim/{aim_id}",
        f"/may-identify/aim/{aim_id}/statement",
        f"/may-identify/driver/{driver_id}/name",
    ):
        assert visit(cast.outsider).get(path).status == 404, path
    before = all_words(app)
    assert visit(cast.colleague).post(f"/may-identify/aim/{aim_id}/statement").status == 303
    assert visit(cast.colleague).get("/aims").status == 200
    with app.app_context():
        hidden_id = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
        service.show_again(actor(cast.coach), hidden_id=hidden_id, why="It is a made-up name")
        db.session.commit()
    assert SECRET in before
    assert f"{SECRET} knows what happens next" in visit(cast.colleague).get(f"/aims/{aim_id}").main
