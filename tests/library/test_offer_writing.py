"""One's own page offers to write down what an idea taught, while it is fresh and nothing stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from flask import Flask

from improve.ideas.kinds import Way
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, finish_cycle, take
from tests.library.pages import written_page
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
OFFER = "Write what it taught"


def test_it_is_offered_until_it_is_written(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        idea = finish_cycle(cast, "abandon", title="Photos")
        db.session.commit()
    ines = visit(cast.practitioner)
    with statements() as seen:
        mine = ines.get("/me")
    assert len(seen) <= 8
    form = ines.follow(mine, f"{OFFER} : Photos")
    assert form.path == f"/ideas/{idea}/learning"
    # Nobody else is asked: not the manager who decided it, nor a colleague or a guest.
    for other in (cast.manager, cast.colleague, cast.leader, cast.guest):
        assert OFFER not in visit(other).get("/me").main
    with app.app_context():
        written_page(cast, idea_id=idea)
        db.session.commit()
    assert OFFER not in ines.get("/me").main


def test_it_is_offered_of_what_is_over_and_fresh_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        with clock.moved(NOW - timedelta(days=40)):
            finish_cycle(cast, "adopt", title="Long ago")
        again = finish_cycle(cast, "adopt", title="Goes on")
        take(cast, again, Way.AGAIN)
        db.session.commit()
    assert OFFER not in visit(cast.practitioner).get("/me").main
