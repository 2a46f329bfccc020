"""Pages of an idea with lines that people drew and other tests beside it: still eight statements."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.library import service as library
from improve.measures.models import Measure
from improve.measures.queries import windows_of_idea
from improve.measures.service import lines
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, idea_in, make_measure, take
from tests.ideas.judged import THIS_WEEK, judged_idea, keep
from tests.library.pages import WORDS
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
TAILS = ("", "/learned", "/learning", "/sustained", "/try", "/spread")


def laid(cast: Cast) -> tuple[int, int]:
    """Return an idea that was kept, and its page: two measures, a context, lines, others."""
    manager = cast.actor("manager")
    idea = judged_idea(cast, "improvement", beside="no_signal", text="Ring ahead")
    windows = windows_of_idea(manager, idea)
    main = windows[0].measure_id
    under = make_measure(cast, name="Referrals", numbers=[(30 + n % 5, 50) for n in range(30)])
    db.session.execute(update(Measure).where(Measure.id == main).values(context_id=under))
    for one in {window.measure_id for window in windows}:
        lines.draw_middle_line(
            cast.actor("coach"),
            measure_id=one,
            starts_on=THIS_WEEK - timedelta(weeks=19),
            answers=dict.fromkeys(lines.FOUR_QUESTIONS, True),
            reason="We know what changed",
            seen=0,
        )
    other = idea_in(cast, Stage.PLAN, text="Text ahead")
    ideas.choose_measures(manager, idea_id=other, main_id=main, beside_id=None)
    with clock.moved(NOW - timedelta(weeks=10)):
        take(cast, other, Way.DO)
    keep(cast, idea, anyway="It helps")
    library.link_to_origin(manager, idea_id=other, origin_id=idea, form_token="link")
    page = library.write_page(cast.actor("practitioner"), idea_id=idea, words=WORDS, share=True)
    return idea, page


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_drawn_lines_cost_no_more_than_eight_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        idea, page = laid(cast)
        db.session.commit()
    paths = [*(f"/ideas/{idea}{tail}" for tail in TAILS), f"/library/{page}"]
    beyond = {}
    for who in (cast.manager, cast.practitioner, cast.leader, cast.coach):
        reader = visit(who)
        for path in paths:
            with statements() as seen:
                shown = reader.get(path)
            if path == f"/ideas/{idea}":
                # All that costs a statement of its own is there.
                assert "overlaps this one: Text ahead" in shown.main
                assert any("middle_lines" in one for one in seen)
            if len(seen) > 8:
                beyond[who, path] = [one[-200:] for one in seen]
    assert not beyond, beyond
