"""A team's huddles that are over: in order, in pages, searchable; the others are simply absent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import insert

from improve.huddles import service
from improve.huddles.models import Decision, Huddle
from improve.huddles.queries import past as queries
from improve.ideas.kinds import Stage
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, idea_in
from tests.huddles.scene import Scene
from tests.huddles.test_finish_huddle import finish
from tests.pages import Visitor

Visit = Callable[..., Visitor]
HISTORY = "/teams/riverside/huddles"


def hold(
    cast: Cast, at: datetime, *decisions: str, action: str = "", news: str = "", team: int = 0
) -> int:
    """Hold a huddle of five minutes with these words; the caller commits."""
    manager = cast.actor("manager" if not team else "other_manager")
    with clock.moved(at):
        huddle_id = service.start_huddle(
            manager, team_id=team or cast.team, form_token=f"start {at}"
        ).huddle_id
        for number, words in enumerate(decisions):
            service.decide(
                manager, huddle_id=huddle_id, words=words, form_token=f"{huddle_id} {number}"
            )
        if action:
            service.add_action(
                manager,
                huddle_id=huddle_id,
                what=action,
                owner_id=cast.colleague,
                due_on=at.date() + timedelta(days=3),
                form_token=f"action {huddle_id}",
            )
    with clock.moved(at + timedelta(minutes=5)):
        if team:
            service.finish_huddle(
                manager,
                slug="hillside",
                huddle_id=huddle_id,
                closing=service.Closing(good_news=news),
                form_token="x",
                address_of=str,
            )
        else:
            finish(Scene(cast, huddle_id, 0, 0, 0), good_news=news)
    return huddle_id


@pytest.fixture
def weeks(app: Flask, cast: Cast) -> list[int]:
    """Three weeks of huddles, the first first."""
    with app.app_context():
        held = [
            hold(cast, NOW - timedelta(weeks=3), "Ask parents which café they like"),
            hold(cast, NOW - timedelta(weeks=2), "Two phones", action="Buy 100% cotton_bags"),
            hold(cast, NOW - timedelta(weeks=1), "Go on", "And on", news="The hook is up"),
        ]
        hold(cast, NOW - timedelta(weeks=1), "Café elsewhere", team=cast.other_team)
        db.session.commit()
    return held


def found(cast: Cast, text: str = "", page: int = 1) -> list[int]:
    actor = cast.actor("practitioner")
    return [h.id for h in queries.past_huddles(actor, cast.team, text=text, page=page).huddles]


def test_the_newest_stand_first_and_other_teams_are_not_there(
    context: Flask, cast: Cast, weeks: list[int]
) -> None:
    assert found(cast) == weeks[::-1]
    newest = queries.past_huddles(cast.actor("coach"), cast.team).huddles[0]
    assert (newest.minutes, newest.driver, newest.decisions, newest.actions) == (5, "Sam", 2, 0)
    assert [line.words for line in newest.lines] == ["Go on"]


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("café", [0]),
        ("CAFé parents", [0]),
        ("café phones", []),
        ("cotton", [1]),
        ("100%", [1]),
        ("n_b", [1]),
        ("%", [1]),
        ("_", [1]),
        ("hook", [2]),
        ("on", [2, 1]),
        ("' OR 1=1 --", []),
        ("\\", []),
        ("<script>", []),
        ("  ", [2, 1, 0]),
        ("x" * 500, []),
    ],
)
def test_a_search_finds_words_in_decisions_actions_and_news(
    context: Flask, cast: Cast, weeks: list[int], text: str, which: list[int]
) -> None:
    assert found(cast, text) == [weeks[n] for n in which]


def test_one_with_very_much_to_say_leaves_the_others_their_lines(
    context: Flask, cast: Cast, weeks: list[int]
) -> None:
    said = {"organisation_id": cast.organisation, "team_id": cast.team, "huddle_id": weeks[0]}
    said |= {"kind": "said", "words": "Go on", "by_id": cast.manager, "at": NOW}
    rows = [{**said, "form_token": f"much {number}"} for number in range(1_100)]
    db.session.execute(insert(Decision), rows)
    page = queries.past_huddles(cast.actor("practitioner"), cast.team, text="on")
    lines = {one.id: [line.words for line in one.lines] for one in page.huddles}
    assert lines[weeks[0]] == ["Go on"] * 3
    assert lines[weeks[2]] == ["Go on", "And on"]


def test_a_search_finds_the_name_of_an_idea(context: Flask, cast: Cast) -> None:
    idea = idea_in(cast, Stage.DO, text="Text families a photo")
    manager = cast.actor("manager")
    from improve.ideas import service as ideas

    ideas.pin(manager, idea_id=idea)
    huddle_id = service.start_huddle(manager, team_id=cast.team, form_token="s").huddle_id
    scene = Scene(cast, huddle_id, 0, 0, idea)
    service.decide(
        manager,
        huddle_id=huddle_id,
        words="Go on",
        item_id=scene.item_id(idea),
        form_token="d",
    )
    finish(scene)
    page = queries.past_huddles(manager, cast.team, text="photo")
    assert [line.title for line in page.huddles[0].lines] == ["Text families a photo"]


def test_the_page_finds_and_shows_what_it_found(cast: Cast, weeks: list[int], visit: Visit) -> None:
    reader = visit(cast.practitioner)
    page = reader.get(HISTORY)
    assert page.heading == "Riverside: huddles"
    assert len(page.soup.select(".past-list > li")) == 3
    page = reader.get(f"{HISTORY}?text=cotton")
    assert "1 huddle found" in page.main
    assert "Buy 100% cotton_bags" in page.main
    page = reader.get(f"{HISTORY}?text=%3Cscript%3E")
    assert "No huddle holds all these words" in page.main
    assert reader.get(f"{HISTORY}?text={'z' * 300}").status == 422
    assert "There is no page 9" in reader.get(f"{HISTORY}?page=9").main


def test_fifty_stand_on_a_page(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        first = hold(cast, NOW - timedelta(days=200), "The first one")
        row = db.session.get_one(Huddle, first)
        facts = {c.name: getattr(row, c.name) for c in Huddle.__table__.columns if c.name != "id"}
        for number in range(1, 61):
            later = timedelta(days=number)
            facts |= {
                "form_token": f"copy {number}",
                "started_at": row.started_at + later,
                "finished_at": row.started_at + later + timedelta(minutes=9),
            }
            db.session.add(Huddle(**facts))
        db.session.commit()
    reader = visit(cast.practitioner)
    page = reader.get(HISTORY)
    assert len(page.soup.select(".past-list > li")) == 50
    page = reader.get(page.link("Next page"))
    assert len(page.soup.select(".past-list > li")) == 11
    assert "The first one" in page.main


def test_an_empty_history_invites(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get(HISTORY)
    assert "The first one takes ten to fifteen minutes" in page.main
    assert page.link("Start your first huddle").endswith("/huddles/start")
    assert "has held no huddle yet" in visit(cast.leader).get(HISTORY).main


def test_who_may_read_it(cast: Cast, weeks: list[int], visit: Visit) -> None:
    assert visit(cast.coach).get(HISTORY).status == 200
    assert visit(cast.leader).get(HISTORY).status == 200
    assert visit(cast.other_manager).get(HISTORY).status == 403
    assert "The hook is up" not in visit(cast.outsider).get(HISTORY).main
    assert visit(cast.practitioner).get("/teams/nowhere/huddles").status == 404
