"""A page when its idea goes on: out of public where the ending is undone, read on where not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.ideas import queries as ideas
from improve.ideas import service as moves
from improve.ideas.kinds import Outcome, Stage, Way
from improve.library import queries, service
from improve.library.service.spread import link_to_origin
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.factories import Cast, finish_cycle, idea_in, make_idea, take
from tests.library.pages import WORDS, published_page, written_page
from tests.pages import Visitor

Visit = Callable[..., Visitor]
COUNCIL = "larchdale-council"


def told(kind: str = "out_of_public") -> list[tuple[int, str]]:
    rows = db.session.execute(
        text("SELECT person_id, facts FROM notices WHERE kind = :kind ORDER BY person_id"),
        {"kind": kind},
    )
    return [(row[0], str(row[1])) for row in rows]


def taken_down() -> list[str]:
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "learning_taken_down").order_by(AuditEntry.id)
    )
    return [entry.facts["because"] for entry in rows]


def undo_stop(cast: Cast, idea: int) -> None:
    undo = ideas.idea_page(cast.actor("manager"), idea).undo
    assert undo is not None
    moves.undo_move(cast.actor("manager"), idea_id=idea, move_id=undo.move_id)


def test_an_undone_ending_takes_its_page_out_of_public(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea = finish_cycle(cast, "abandon", title="Photos")
        page = written_page(cast, idea_id=idea)
        key = published_page(cast, page)
        db.session.commit()
        undo_stop(cast, idea)
        db.session.commit()
    assert visit().get(f"/learning/{COUNCIL}/{key}").status == 410
    reader = visit(cast.leader)
    assert reader.get(f"/library/{page}").status == 404
    # The idea's page leads nowhere that is not there.
    assert f"/library/{page}" not in visit(cast.manager).get(f"/ideas/{idea}").soup.decode()
    news = visit(cast.coach).get("/me/news")
    assert "is not public any more. Sam took its ending back" in news.main
    with app.app_context():
        assert [person for person, _ in told()] == [cast.coach]
        assert taken_down() == ["ending undone"]
        with pytest.raises(NotFound):
            queries.page(cast.actor("coach"), page)
        take(cast, idea, Way.STOP, answers={"decision_why": "Not for us"}, note="")
        # Its words were kept; the public reads them only when somebody decides again.
        view = queries.page(cast.actor("coach"), page)
        assert (view.title, view.public_at, view.public_key) == (WORDS.title, None, key)


def test_a_page_is_read_and_tried_while_its_idea_begins_again(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea = finish_cycle(cast, "adopt", title="Photos")
        page = written_page(cast, idea_id=idea)
        key = published_page(cast, page)
        take(cast, idea, Way.AGAIN)
        assert queries.public_page(COUNCIL, key).page is not None
        assert taken_down() == []
        db.session.commit()
    leah = visit(cast.other_manager)
    link = leah.get(f"/ideas/{idea}").soup.select_one(f"#travels a[href='/library/{page}']")
    assert link is not None
    shown = leah.get(f"/library/{page}")
    trying = leah.follow(shown, "Try this in my team")
    assert trying.status == 200
    assert "Kept, and this is what we learned" in trying.main
    with app.app_context():
        tried = service.try_in_team(
            cast.actor("other_manager"),
            team_id=cast.other_team,
            text="Photos for us",
            form_token="again",
            origin_id=idea,
        )
        assert tried.is_new
        # Put off afterwards it still taught what it taught.
        take(cast, idea, Way.SUGGESTED)
        take(cast, idea, Way.NOT_NOW, look_again_on=clock.today() + timedelta(days=30))
        assert queries.page(cast.actor("leader"), page).outcome is Outcome.ADOPTED


def test_the_page_of_a_quick_fix_stays_when_it_begins_again(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = make_idea(cast, text="A hook for the keys")
        take(cast, idea, Way.QUICK_FIX, answers={"what_happened": "A hook", "learned": "Ask"})
        page = written_page(cast, idea_id=idea)
        take(cast, idea, Way.AGAIN)
        view = queries.page(cast.actor("leader"), page)
        assert view.outcome is Outcome.QUICK_FIX
        assert view.finished_at is not None


def test_whoever_published_hears_that_an_edit_ended_it_but_not_of_their_own(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        page = written_page(cast)
        published_page(cast, page)
        view = queries.page(cast.actor("coach"), page)
        service.write_page(
            cast.actor("practitioner"),
            idea_id=view.idea_id,
            words=WORDS,
            seen_version=view.version,
        )
        assert told() == []  # the same words change nothing
        service.write_page(
            cast.actor("practitioner"),
            idea_id=view.idea_id,
            words=replace(WORDS, beware="Ask first"),
            seen_version=view.version,
        )
        (one,) = told()
        assert one[0] == cast.coach
        published_page(cast, page)
        service.take_down(cast.actor("coach"), page_id=page)
        assert len(told()) == 1
        published_page(cast, page)
        service.take_down(cast.actor("leader"), page_id=page)
        assert len(told()) == 2


def test_a_hidden_author_is_not_named_to_whoever_it_came_from(app: Flask, cast: Cast) -> None:
    with app.app_context():
        origin = finish_cycle(cast, "adopt", title="Photos")
        mine = idea_in(cast, Stage.PLAN, text="Photos for us", by=cast.colleague, hides_name=True)
        link_to_origin(cast.actor("colleague"), idea_id=mine, origin_id=origin, form_token="link")
        db.session.flush()
        ((_, facts), *_) = told("spread_began")
        assert cast.actor("colleague").first_name not in facts
