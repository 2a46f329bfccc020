"""Pages of a huddle that show a chart and taps read the database eight times at most."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.huddles.models import Action, Decision, Huddle
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast
from tests.huddles.dot_scene import make_dot_scene
from tests.huddles.scene import make_scene
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
MOST = 8


@pytest.mark.parametrize(
    "page", ["study", "wall", "signals", "due", "new", "close", "add", "wall?dark=1"]
)
def test_at_most_eight(app: Flask, cast: Cast, visit: Visit, statements: Watch, page: str) -> None:
    with app.app_context():
        scene = make_dot_scene(cast)
        db.session.commit()
    visitor = visit(cast.manager)
    address = f"/teams/riverside/huddles/{scene.huddle_id}/{page}"
    assert visitor.get(address).status == 200
    with statements() as seen:
        visitor.get(address)
    assert len(seen) <= MOST, "\n".join(seen)


def test_before_a_huddle(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
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


@pytest.mark.parametrize("n", [0, 60])
def test_however_much_was_said(
    app: Flask, cast: Cast, visit: Visit, statements: Watch, n: int
) -> None:
    with app.app_context():
        scene = make_scene(cast)
        said = {"organisation_id": cast.organisation, "team_id": cast.team}
        said["huddle_id"] = scene.huddle_id
        action = {**said, "what": "Ring IT", "owner_id": cast.manager, "due_on": NOW.date()}
        action |= {"first_due_on": NOW.date(), "added_by_id": cast.manager, "created_at": NOW}
        line = {**said, "kind": "said", "words": "Go on", "by_id": cast.manager, "at": NOW}
        line["idea_id"] = scene.blocked
        for number in range(n):
            db.session.add(Action(**action, form_token=f"a{number}"))
            db.session.add(Decision(**line, form_token=f"d{number}"))
        db.session.commit()
    visitor = visit(cast.manager)
    home = "/teams/riverside/huddles"
    running = f"{home}/{scene.huddle_id}"
    pages = [f"{running}/{page}" for page in ("close", "blocked", "add", "here", "finish", "wall")]
    seen_at = _count(visitor, statements, [*pages, home, f"{home}/settings", f"{home}/hour", "/me"])
    with app.app_context():
        scene.end()
        db.session.commit()
    seen_at |= _count(visitor, statements, [f"{running}/notes", f"{running}/actions.csv"])
    assert not {page: seen for page, seen in seen_at.items() if seen > MOST}


def _count(visitor: Visitor, statements: Watch, pages: list[str]) -> dict[str, int]:
    found = {}
    for page in pages:
        with statements() as seen:
            assert visitor.client.get(page).status_code == 200, page
        found[page] = len(seen)
    return found
