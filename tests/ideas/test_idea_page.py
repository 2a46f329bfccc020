"""The page of one idea, in every stage, for everyone who may or may not see it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from improve.ideas import queries
from improve.ideas import service as ideas
from improve.ideas.kinds import Answerer, Stage, Way
from improve.measures.service import tap
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import (
    Cast,
    actor,
    enter_numbers,
    finish_cycle,
    idea_in,
    make_idea,
    make_measure,
    take,
)
from tests.pages import Visitor, words
from tests.statements import Watch

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


def test_next_step_lists_every_need(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.STUDY)
        db.session.commit()
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    panel = page.soup.find("section", attrs={"aria-labelledby": "next-step"})
    assert panel is not None
    lines = [words(li) for li in panel.find_all("li")]
    assert "What we learned : missing needed before Act" in lines
    assert "What happened : there" in lines
    assert page.link("Write it now").endswith(f"/ideas/{idea_id}/stage?to=act")


def test_no_measure_yet(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN)
        db.session.commit()
    page = visit(cast.manager).get(f"/ideas/{idea_id}")
    assert "No measure yet. One number before and after is enough." in page.main
    assert page.link("Choose a measure") == f"/ideas/{idea_id}/measures"


def wide_test(app: Flask, cast: Cast) -> tuple[int, int, int]:
    """Return an idea in Study after a wide test, its measure and the one beside it."""
    with app.app_context():
        idea_id = idea_in(cast, Stage.PLAN, text="Look ahead at visits on Monday")
        started = clock.today() - timedelta(days=71)
        first = started - timedelta(days=24 * 7)
        before = [(n, 50) for n in (40, 36, 44, 41, 36, 40, 44, 37)] * 3
        main = make_measure(
            cast, name="Visits on time", numbers=[*before, *[(47, 50)] * 9], first_on=first
        )
        beside = make_measure(
            cast, name="Child seen alone", numbers=[*before, *before[:9]], first_on=first
        )
        manager = actor(cast.manager)
        ideas.choose_measures(manager, idea_id=idea_id, main_id=main, beside_id=beside)
        db.session.commit()
        with clock.moved(NOW - timedelta(days=71)):
            take(
                cast,
                idea_id,
                Way.DO,
                answers={
                    "is_wide": True,
                    "scope": "the whole team, nine weeks",
                    "prediction": "Visits on time go up to nine of ten",
                    "study_by_on": clock.today() + timedelta(days=63),
                    "how_known": "write",
                },
            )
            db.session.commit()
        take(cast, idea_id, Way.STUDY)
        db.session.commit()
    return idea_id, main, beside


def test_charts_stand_side_by_side_with_their_words(app: Flask, cast: Cast, visit: Visit) -> None:
    idea_id, main, beside = wide_test(app, cast)
    page = visit(cast.leader).get(f"/ideas/{idea_id}")
    assert page.link("Visits on time") == f"/measures/{main}"
    assert page.link("Child seen alone") == f"/measures/{beside}"
    assert "Improvement: the last 9 points are all better" in page.main
    assert "The chart shows that it changed, not why." in page.main
    assert "Usual before 80% 24 points" in page.main
    assert "94% 9 points" in page.main
    assert "Making Data Count rules" in page.main
    assert "How sure can we be?" in page.main
    tables = [words(caption) for caption in page.soup.find_all("caption")]
    assert tables == ["Visits on time", "Child seen alone"]
    charts = page.soup.find_all("svg", class_="chart")
    assert all(chart.get("role") == "img" for chart in charts)
    assert "Cycle 1: the whole team, nine weeks" in page.main


def test_verdict_when_decided_stays_beside_the_one_now(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    idea_id, main, _ = wide_test(app, cast)
    with app.app_context():
        take(cast, idea_id, Way.ACT)
        take(cast, idea_id, Way.KEEP, answers={"decision_why": "It works"}, note="")
        last = clock.today() - timedelta(days=71) + timedelta(days=9 * 7)
        enter_numbers(cast, main, [(30, 50)], first_on=last)
        db.session.commit()
    page = visit(cast.leader).get(f"/ideas/{idea_id}")
    assert "When it was decided, 24 Nov 2026" in page.main
    assert "Improvement: the last 9 points" in page.main
    assert "Improved, then went back" in page.main


def test_statements_do_not_grow_with_the_data(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    idea_id, _, _ = wide_test(app, cast)
    leader = visit(cast.leader)
    with statements() as few:
        leader.get(f"/ideas/{idea_id}")
    with app.app_context():
        for number in range(12):
            ideas.comment(
                actor(cast.colleague),
                idea_id=idea_id,
                words=f"Comment {number}",
                form_token=f"c{number}",
            )
        take(cast, idea_id, Way.ACT)
        take(cast, idea_id, Way.CHANGE, answers={"decision_why": "Once more"}, note="")
        db.session.commit()
    with statements() as many:
        leader.get(f"/ideas/{idea_id}")
    assert len(few) <= 8
    assert len(many) == len(few)


def test_finished_idea_has_its_lesson_at_the_top(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        kept = finish_cycle(cast, "adopt", title="Ring back by a time we name")
        stopped = finish_cycle(cast, "abandon", title="A longer form", why="It slowed us down")
        db.session.commit()
    lead = visit(cast.leader)
    for idea_id, opening in (
        (kept, "Kept. We learned"),
        (stopped, "Stopped, and this is what we learned"),
    ):
        page = lead.get(f"/ideas/{idea_id}")
        banner = page.soup.find("section", class_="ending")
        assert banner is not None
        assert words(banner).startswith(f"{opening} A photo is enough. Send it two days before.")
        assert "The idea was Amina Birch’s." in words(banner)


def test_old_cycles_are_one_sentence_that_opens(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = finish_cycle(cast, "adapt", why="With the whole team")
        db.session.commit()
    page = visit(cast.manager).get(f"/ideas/{idea_id}")
    cycles = page.soup.find("ol", class_="timeline")
    assert cycles is not None
    first, second = cycles.find_all("li", recursive=False)
    assert first["id"] == "cycle-2"
    past = second.find("details")
    assert past is not None
    assert "Change: With the whole team" in words(past.find("summary"))
    assert "Tried small" in words(past.find("summary"))


def test_hidden_author_is_a_colleague_to_others(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast, hides_name=True)
        db.session.commit()
    assert "Amina" not in visit(cast.colleague).get(f"/ideas/{idea_id}").main
    assert "Amina Birch" in visit(cast.manager).get(f"/ideas/{idea_id}").main


def test_who_may_not_see_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = make_idea(cast)
        quiet = make_idea(cast, answerer=Answerer.COACH)
        db.session.commit()
    assert visit(cast.outsider).get(f"/ideas/{idea_id}").status == 404
    assert visit(cast.outsider).get(f"/ideas/{idea_id}/history").status == 404
    assert visit(cast.administrator).get(f"/ideas/{idea_id}").status == 403
    assert visit(cast.colleague).get(f"/ideas/{quiet}").status == 404
    amina = visit(cast.practitioner)
    page = amina.get(f"/ideas/{quiet}")
    shown = amina.send(page.form("/on-board"))
    assert "It is on the team’s board now." in shown.main
    assert visit(cast.colleague).get(f"/ideas/{quiet}").status == 200
    assert amina.client.post(f"/ideas/{idea_id}").status_code in {400, 405}


def test_history_by_kind(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.DO)
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{idea_id}")
    every = sam.follow(page, "History: moves and edits")
    moves = sam.follow(every, "Moves")
    edits = sam.follow(every, "Edits")
    assert "moved it to Do" in moves.main
    assert "moved it to Do" not in edits.main
    assert "The child knows my name when I arrive" in edits.main


def test_a_tally_stands_in_one_line(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    idea_id, _, _ = wide_test(app, cast)
    manager, leader = visit(cast.manager), visit(cast.leader)
    page = manager.get(f"/ideas/{idea_id}")
    begin = page.link("Count it with a tally")
    assert begin.endswith(f"/tallies/new?idea={idea_id}")
    assert "Count it with a tally" not in leader.get(f"/ideas/{idea_id}").main
    made = manager.send(manager.get(begin).form("/tallies/new"), {"question": "Was it on time?"})
    assert made.status == 200
    with app.app_context():
        (tally,) = queries.idea_page(actor(cast.manager), idea_id).tallies
        assert not tally.counts.taps
        for number, answer in enumerate((1, 1, 0, 2)):
            tap(actor(cast.practitioner), tally_id=tally.id, key=f"{number:032x}", answer=answer)
        db.session.commit()
    with statements() as seen:
        shown = leader.get(f"/ideas/{idea_id}")
    assert len(seen) <= 8
    assert "Tally: Was it on time? 2 of 3 this week." in shown.main
    assert "Tap an answer" not in shown.main
    assert visit(cast.practitioner).get(f"/ideas/{idea_id}").link("Tap an answer")
    with app.app_context():
        other = idea_in(cast, Stage.DO)
        db.session.commit()
        assert not queries.idea_page(actor(cast.manager), other).tallies
