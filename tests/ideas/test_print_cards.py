"""Cards for a board of paper: which ideas, how many to a sheet, and what they do not tell."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.benchmarks.seeding import add_ideas
from tests.factories import Cast, finish_cycle, idea_in, make_idea
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
PATH = "/teams/riverside/board/cards"


def titles(page: Any) -> list[str]:
    return [node.get_text(strip=True) for node in page.soup.select(".paper-title")]


def test_cards_of_the_board(app: Flask, cast: Cast, visit: Visit) -> None:
    jo = visit(cast.colleague)
    assert "No idea stands in these columns." in jo.get(PATH).main
    with app.app_context():
        make_idea(cast, text="Ring before a visit", hides_name=True)
        idea_in(cast, Stage.DO, text="Name who comes")
        finish_cycle(cast, "adopt", title="Send a photo")
        db.session.commit()
    page = jo.get(PATH)
    assert titles(page) == ["Ring before a visit", "Name who comes"]
    assert len(page.soup.select(".sheet")) == 1
    assert len(page.soup.select(".paper-code path")) == 2
    assert "2 cards on 1 sheet" in page.main
    # A hidden author is named on no paper.
    assert "Amina" not in page.soup.select(".paper-card")[0].get_text()
    done = jo.get(f"{PATH}?stage=done&stage=do")
    assert titles(done) == ["Name who comes", "Send a photo"]
    assert titles(jo.get(f"{PATH}?text=photo&stage=done")) == ["Send a photo"]
    assert visit(cast.outsider).get("/teams/hillside/board/cards").status == 404


def test_three_hundred_cards(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    with app.app_context():
        add_ideas(
            organisation_id=cast.organisation,
            team_id=cast.team,
            author_id=cast.practitioner,
            count=330,
        )
        db.session.commit()
    jo = visit(cast.colleague)
    with statements() as seen:
        page = jo.get(PATH)
    assert len(seen) <= 4
    assert len(page.soup.select(".sheet")) == -(-len(titles(page)) // 4)
    assert "Of each column the first 50" in page.main
