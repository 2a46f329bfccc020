"""The page of one idea, in every stage, for everyone who may or may not see it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.factories import Cast, idea_in
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.parametrize("stage", [s for s in Stage if s is not Stage.DONE])
def test_page_shows_every_stage(app: Flask, cast: Cast, visit: Visit, stage: Stage) -> None:
    with app.app_context():
        idea_id = idea_in(cast, stage, text="Send a photo before the first visit")
        db.session.commit()
    for person in (cast.practitioner, cast.manager, cast.leader, cast.colleague):
        page = visit(person).get(f"/ideas/{idea_id}")
        assert page.status == 200
        assert page.heading == "Send a photo before the first visit"
        assert "Next step" in page.main
