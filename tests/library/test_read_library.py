"""The library: what is listed, narrowed and found, whatever its size."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from improve.ideas.kinds import Outcome, Way
from improve.ideas.models import Idea
from improve.library import queries
from improve.library.models import BorrowedPage, LearningPage
from improve.library.views import PAGE_SIZE, LibraryFilter
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.shared.query_words import words_of
from tests.factories import Cast, finish_cycle, take
from tests.library.pages import written_page
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
HOSTILE = '"; DROP TABLE ideas; -- <b>&amp; NEAR( * ^ {x} OR'


def borrow(cast: Cast, title: str, ending: str = "kept") -> int:
    """Return the id of a page of another council, as it stands once brought in."""
    content = {"title": title, "ending": ending, "tried": f"{title} there", "happened": "It went"}
    page = BorrowedPage(
        organisation_id=cast.organisation,
        source_council="Thornmere Council",
        source_key=title[:20],
        source_version=1,
        fingerprint="0" * 40,
        was_trusted=True,
        title=title,
        words=f"{title} there It went",
        content=content,
        brought_in_by_id=cast.coach,
        brought_in_at=clock.now(),
        made_on=clock.today(),
    )
    db.session.add(page)
    db.session.flush()
    return page.id


def titles(cast: Cast, who: str = "leader", **chosen: Any) -> list[str]:
    found = queries.library(cast.actor(who), LibraryFilter(**chosen))
    assert found.total == len(found.pages)
    return [page.title for page in found.pages]


def test_pages_are_narrowed(app: Flask, cast: Cast) -> None:
    with app.app_context():
        kept = written_page(cast, ending="adopt", title="Kept photo", was_hard="Otters")
        written_page(cast, title="Stopped form", is_story=True, changed_for_child="Nothing")
        borrow(cast, "Borrowed walk", "stopped")
        assert titles(cast) == ["Stopped form", "Kept photo", "Borrowed walk"]
        assert titles(cast, ending=Outcome.ADOPTED) == ["Kept photo"]
        assert titles(cast, ending=Outcome.ABANDONED) == ["Stopped form", "Borrowed walk"]
        assert titles(cast, stories=True) == ["Stopped form"]
        assert titles(cast, borrowed=True) == ["Borrowed walk"]
        assert titles(cast, team_id=cast.other_team) == []
        assert titles(cast, team_id=cast.team) == ["Stopped form", "Kept photo"]
        assert titles(cast, words=words_of("otter")) == ["Kept photo"]
        assert titles(cast, words=words_of("walk there")) == ["Borrowed walk"]
        assert titles(cast, verdict="improvement") == []
        assert titles(cast, "outsider") == []
        assert queries.page(cast.actor("leader"), kept).title == "Kept photo"


def test_nothing_one_and_hostile_words(app: Flask, cast: Cast, visit: Visit) -> None:
    reader = visit(cast.leader)
    assert "Here stands what finished ideas taught." in reader.get("/library").main
    with app.app_context():
        written_page(cast, title=HOSTILE)
        db.session.commit()
    for asked in (HOSTILE, "%", "'", "a" * 500, "\\", "NEAR(a b)"):
        page = reader.client.get("/library", query_string={"q": asked, "page": "-1", "team": "x"})
        assert page.status_code == 200, asked
        page.close()
    found = reader.get("/library?q=drop+table")
    assert HOSTILE in found.soup.get_text()
    assert "1 page of what you chose." in found.main
    assert "No page says this." in reader.get("/library?q=otters").main


def test_three_thousand_pages_are_four_statements(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        first = written_page(cast)
        idea = (
            db.session.execute(
                select(*Idea.__table__.columns).where(
                    Idea.id == queries.page(cast.actor("leader"), first).idea_id
                )
            )
            .mappings()
            .one()
        )
        kept = {k: v for k, v in idea.items() if k != "id"}
        count = 3_000
        ids = range(idea["id"] + 1, idea["id"] + 1 + count)
        db.session.execute(
            insert(Idea), [{**kept, "id": n, "form_token": f"many-{n}"} for n in ids]
        )
        row = db.session.execute(select(*LearningPage.__table__.columns)).mappings().one()
        page = {k: v for k, v in row.items() if k != "id"}
        db.session.execute(
            insert(LearningPage),
            [{**page, "idea_id": n, "title": f"Lesson number {n}"} for n in ids],
        )
        db.session.commit()
    reader = visit(cast.leader)
    with statements() as seen:
        shown = reader.get("/library")
    assert len(seen) <= 4, seen
    assert f"{count + 1:,} pages" in shown.main
    assert len(shown.soup.select(".library-card")) == PAGE_SIZE
    last = reader.get("/library?page=101")
    assert len(last.soup.select(".library-card")) == 1
    assert len(reader.get("/library?q=number").soup.select(".library-card")) == PAGE_SIZE


def test_a_page_of_an_idea_off_the_board_is_not_shared(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = finish_cycle(cast, "adopt", title="Photos")
        db.session.execute(
            Idea.__table__.update().where(Idea.__table__.c.id == idea).values(is_on_board=False)
        )
        with pytest.raises(RuleBroken, match="not on its team’s board"):
            written_page(cast, idea_id=idea)


def test_a_page_stays_when_its_idea_begins_again(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = finish_cycle(cast, "adopt", title="Photos")
        page = written_page(cast, idea_id=idea)
        take(cast, idea, Way.AGAIN)
        view = queries.page(cast.actor("leader"), page)
        assert view.outcome is Outcome.ADOPTED
        assert view.finished_at is not None
        assert titles(cast) == [view.title]
