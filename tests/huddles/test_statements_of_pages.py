"""Pages of a huddle that show a chart and taps read the database eight times at most."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from improve.huddles.models import Huddle
from improve.shared.db import db
from tests.factories import Cast
from tests.huddles.dot_scene import make_dot_scene
from tests.pages import Visitor

Visit = Callable[..., Visitor]
MOST = 8


@pytest.mark.parametrize(
    "page", ["study", "wall", "signals", "due", "new", "close", "add", "wall?dark=1"]
)
def test_at_most_eight(
    app: Flask, cast: Cast, visit: Visit, statements: Callable[[], Any], page: str
) -> None:
    with app.app_context():
        scene = make_dot_scene(cast)
        db.session.commit()
    visitor = visit(cast.manager)
    address = f"/teams/riverside/huddles/{scene.huddle_id}/{page}"
    assert visitor.get(address).status == 200
    with statements() as seen:
        visitor.get(address)
    assert len(seen) <= MOST, "\n".join(seen)


def test_before_a_huddle(
    app: Flask, cast: Cast, visit: Visit, statements: Callable[[], Any]
) -> None:
    with app.app_context():
        scene = make_dot_scene(cast)
        huddle = db.session.get_one(Huddle, scene.huddle_id)
        huddle.finished_at = huddle.first_finished_at = huddle.acted_at
        db.session.commit()
    visitor = visit(cast.manager)
    assert visitor.get("/teams/riverside/huddles/start").status == 200
    with statements() as seen:
        visitor.get("/teams/riverside/huddles/start")
    assert len(seen) <= MOST, "\n".join(seen)
