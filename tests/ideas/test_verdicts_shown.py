"""Every verdict reads the same wherever it stands, and never alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from bs4 import Tag
from flask import Flask
from sqlalchemy import update

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.ideas.models import Idea
from improve.measures.models import Measure
from improve.measures.queries import WindowView, windows_of_idea
from improve.measures.spc.words import CODES
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, actor, enter_numbers, idea_in, make_measure, take
from tests.ideas.judged import SERIES, THIS_WEEK, judged_idea, keep, measure_that_says
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]
BOARD = "/teams/riverside/board"
TONES = {
    "improvement": ("better", "trending-up"),
    "deterioration": ("worse", "trending-down"),
    "mixed": ("changed", "diamond"),
    "improvement_not_held": ("changed", "diamond"),
    "deterioration_ended": ("changed", "diamond"),
    "changed_higher": ("changed", "diamond"),
    "changed_lower": ("changed", "diamond"),
    "changed_ended": ("changed", "diamond"),
    "no_signal": ("nochange", "minus"),
    "unusual_point": ("nochange", "minus"),
    "no_baseline": ("nochange", "list-check"),
    "baseline_unstable": ("nochange", "list-check"),
    "too_early": ("nochange", "list-check"),
}


def said(node: Tag | None, tone: str, icon: str) -> str:
    """Return what a verdict of this tone says, having checked that its icon stands with it."""
    assert node is not None
    found = [
        n
        for n in node.select(f".tone-{tone}")
        if n.select_one(f'use[href*="#{icon}"]') and words(n)
    ]
    assert found, f"no {tone} verdict with {icon} in {words(node)}"
    return words(found[0])


def test_every_code_is_walked_here() -> None:
    assert set(SERIES) | {"small_test"} == set(CODES) == set(TONES) | {"small_test"}


@pytest.fixture
def told(
    cast: Cast, lay: Callable[[str, Callable[[], dict[str, int]]], dict[str, int]]
) -> dict[str, int]:
    """One idea for each verdict, in Study."""
    return lay("verdicts", lambda: {code: judged_idea(cast, code) for code in SERIES})


def test_every_code_stands_with_words_and_icon_everywhere(
    app: Flask, cast: Cast, visit: Visit, told: dict[str, int]
) -> None:
    sam, leader = visit(cast.manager), visit(cast.leader)
    labels = {}
    with app.app_context():
        for code, idea_id in told.items():
            (window,) = windows_of_idea(actor(cast.manager), idea_id)
            assert window.verdict_code == code
            assert window.words is not None
            labels[code] = window.words
    board, listed = sam.get(BOARD), sam.get(f"{BOARD}?view=list")
    for code, idea_id in told.items():
        tone, icon = TONES[code]
        page = sam.get(f"/ideas/{idea_id}")
        panel = page.soup.select_one(".measure-panel")
        plain = {n: getattr(labels[code], n).replace("\u00a0", " ") for n in ("label", "sentence")}
        assert said(panel, tone, icon) == f"{plain['label']}: {plain['sentence']}"
        card = board.soup.find(id=f"card-{idea_id}")
        assert isinstance(card, Tag)
        assert said(card, tone, icon).startswith(f"{plain['label']}: ")
        row = listed.soup.find(id=f"card-{idea_id}")
        assert isinstance(row, Tag)
        assert said(row, tone, icon) == plain["label"]
    with app.app_context():
        for code, idea_id in told.items():
            keep(cast, idea_id, anyway="" if code == "improvement" else "It costs nothing")
        db.session.commit()
    finished, done = leader.get("/review"), sam.get(BOARD)
    for code, idea_id in told.items():
        tone, icon = TONES[code]
        link = finished.soup.select_one(f'.review-row a[href="/ideas/{idea_id}/learned"]')
        assert link is not None
        row = link.find_parent(class_="review-row")
        assert isinstance(row, Tag)
        label = labels[code].label.replace("\u00a0", " ")
        assert said(row, tone, icon).startswith(f"{label}: ")
        assert ("It costs nothing" in words(row)) == (code != "improvement")
        card = done.soup.find(id=f"card-{idea_id}")
        assert ("Kept anyway: It costs nothing" in words(card)) == (code != "improvement")


def test_small_test_stands_with_its_counts_everywhere(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.STUDY, text="A photo before the visit")
        measure = make_measure(cast, name="Visits on time", numbers=[(40, 50)] * 12)
        ideas.choose_measures(actor(cast.manager), idea_id=idea_id, main_id=measure, beside_id=None)
        db.session.commit()
    sam = visit(cast.manager)
    for path in (BOARD, f"{BOARD}?view=list"):
        card = sam.get(path).soup.find(id=f"card-{idea_id}")
        assert "Tried small" in words(card)
    page = sam.get(f"/ideas/{idea_id}")
    assert "Expected" in page.main
    assert "Beside it, might get worse Nothing chosen yet." in page.main
    assert page.link("Choose what to watch") == f"/ideas/{idea_id}/measures"
    with app.app_context():
        keep(cast, idea_id)
        db.session.commit()
    row = visit(cast.leader).get("/review").soup.select_one(".review-row")
    assert "Tried small: expected 4 of 5, saw 5 of 5" in words(row).replace(" :", ":")


def test_improvement_beside_a_worse_measure_never_stands_alone(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "improvement", beside="deterioration", text="Ring ahead")
        db.session.commit()
    sam = visit(cast.manager)
    places = {
        "page": sam.get(f"/ideas/{idea_id}").soup.select_one(".measure-panel"),
        "card": sam.get(BOARD).soup.find(id=f"card-{idea_id}"),
        "row": sam.get(f"{BOARD}?view=list").soup.find(id=f"card-{idea_id}"),
    }
    with app.app_context():
        take(cast, idea_id, Way.ACT)
        db.session.commit()
    places["move"] = sam.get(f"/ideas/{idea_id}/stage?to=keep").soup.select_one(".move-part")
    with app.app_context():
        take(cast, idea_id, Way.KEEP, answers={"decision_why": "It helps"}, note="")
        db.session.commit()
    places["finished"] = visit(cast.leader).get("/review").soup.select_one(".review-row")
    places["done"] = sam.get(BOARD).soup.find(id=f"card-{idea_id}")
    places["listed"] = sam.get(f"{BOARD}?view=list").soup.find(id=f"card-{idea_id}")
    for place, node in places.items():
        assert isinstance(node, Tag), place
        assert said(node, "better", "trending-up").startswith("Improvement"), place
        assert said(node, "worse", "trending-down").startswith("It got worse"), place


def test_before_and_since_stand_side_by_side(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "improvement", beside="no_signal")
        db.session.commit()
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    parts = [words(level) for level in page.soup.select(".levels")]
    before = "Usual before 50 visits 22 points, 2 Feb to 29 Jun"
    assert parts == [
        f"{before} Since 6 Jul 53.7 visits 7 points, 6 Jul to 17 Aug",
        f"{before} Since 6 Jul 50.1 visits 10 points, 6 Jul to 7 Sep",
    ]
    assert "Tested Cycle 1: since 6 Jul" in page.main
    assert "How sure can we be?" in page.main
    (window, _) = _windows(app, cast, idea_id)
    assert page.link("Which points fired which rule on " + window.measure_name).endswith(
        f"/measures/{window.measure_id}?by={window.id}"
    )


def _windows(app: Flask, cast: Cast, idea_id: int) -> list[WindowView]:
    with app.app_context():
        return windows_of_idea(actor(cast.manager), idea_id)


def test_other_tests_are_named_to_those_who_may_know_of_them(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "improvement", text="Ring ahead")
        main = windows_of_idea(actor(cast.manager), idea_id)[0].measure_id
        for title, is_hidden in (("Text ahead", False), ("Ask a coach first", True)):
            other = idea_in(cast, Stage.PLAN, text=title)
            ideas.choose_measures(actor(cast.manager), idea_id=other, main_id=main, beside_id=None)
            with clock.moved(NOW - timedelta(weeks=10)):
                take(cast, other, Way.DO)
            if is_hidden:
                _hide(other)
        db.session.commit()
    page = visit(cast.colleague).get(f"/ideas/{idea_id}")
    assert "Two other tests overlap this one: Text ahead and 1 more." in page.main
    assert "Ask a coach first" not in page.text
    coach = visit(cast.coach).get(f"/ideas/{idea_id}")
    assert "overlap this one: Text ahead , Ask a coach first ." in coach.main


def _hide(idea_id: int) -> None:
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(is_on_board=False))


def test_what_was_going_on_is_drawn_under_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "no_signal", beside="no_signal")
        context = make_measure(
            cast,
            name="Referrals",
            recorded="count",
            kind="context",
            better_when="neither",
            numbers=[30 + n % 5 for n in range(40)],
            first_on=THIS_WEEK - timedelta(weeks=40),
        )
        _tie(windows_of_idea(actor(cast.manager), idea_id)[0].measure_id, context_id=context)
        db.session.commit()
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    assert "What was going on: Referrals" in page.main
    assert len(page.soup.select(".measure-part:first-child .chart-frame")) == 2
    assert len(page.soup.select(".measure-part.beside .chart-frame")) == 1


def _tie(measure_id: int, **ids: int) -> None:
    """Name a measure's partner or context."""
    db.session.execute(update(Measure).where(Measure.id == measure_id).values(**ids))


def test_partner_is_offered_and_then_read_by_the_same_days(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "improvement", text="Ring ahead")
        partner = measure_that_says(
            cast, "deterioration", starts_on=THIS_WEEK - timedelta(weeks=20), name="Seen alone"
        )
        main = windows_of_idea(actor(cast.manager), idea_id)[0].measure_id
        _tie(main, partner_id=partner)
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.get(f"/ideas/{idea_id}")
    assert "Nothing chosen yet. When one thing gets better, another can get worse." in page.main
    watched = sam.send(page.form("/measures", button="Watch “Seen alone”"))
    assert "It got worse" in words(watched.soup.select_one(".measure-panel .beside"))
    card = sam.get(BOARD).soup.find(id=f"card-{idea_id}")
    assert "Beside it, seen alone: It got worse" in words(card)


def test_decided_and_now_with_what_changed_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "improvement", beside="no_signal", weeks=9)
        keep(cast, idea_id)
        main = windows_of_idea(actor(cast.manager), idea_id)[0].measure_id
        enter_numbers(cast, main, [41.0], first_on=THIS_WEEK - timedelta(weeks=2))
        db.session.commit()
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    panel = words(page.soup.select_one(".measure-panel"))
    assert "Now Improved, then went back" in panel
    assert "When it was decided, 24 Nov 2026 Improvement: the last 7 points" in panel
    assert "22 points before (50 visits), 7 since (53.7 visits)" in panel
    assert (
        "the chart now says “Improved, then went back” instead of “Improvement”: "
        "numbers were added" in panel
    )
    cycle = words(page.soup.find(id="cycle-1"))
    assert "The chart then Improvement" in cycle
    assert "The chart now Improved, then went back" in cycle
    row = words(visit(cast.leader).get("/review").soup.select_one(".review-row"))
    assert "When decided: improvement; beside it, no signal yet" in row
    history = visit(cast.practitioner).get(f"/ideas/{idea_id}/history?show=verdicts")
    assert "moved it to" not in history.main
    assert "The chart of cycle 1 now says “Improved, then went back”" in history.main


def test_a_test_that_ended_early_is_too_early_no_more(app: Flask, cast: Cast, visit: Visit) -> None:
    """Stopped with four points: nothing more is waited for, and no page says that it is."""
    with app.app_context():
        idea_id = judged_idea(cast, "too_early", weeks=4)
        going_on = judged_idea(cast, "too_early", weeks=4, text="Another that goes on")
        db.session.commit()
    sam = visit(cast.manager)
    assert "Too early" in words(sam.get(BOARD).soup.find(id=f"card-{idea_id}"))
    with app.app_context():
        take(cast, idea_id, Way.ACT)
        take(cast, idea_id, Way.STOP, answers={"decision_why": "Nobody was free"})
        db.session.commit()
    page = visit(cast.practitioner).get(f"/ideas/{idea_id}")
    places = [
        words(sam.get(BOARD).soup.find(id=f"card-{idea_id}")),
        words(page.soup.select_one(".measure-panel")),
        words(page.soup.find(id="cycle-1")),
        words(visit(cast.leader).get("/review").soup.select_one(".review-row")),
    ]
    for place in places:
        assert "Too few points" in place, place
        assert "Too early" not in place, place
    assert "Too early" in words(sam.get(BOARD).soup.find(id=f"card-{going_on}"))


def test_statements_stay_few_with_everything_around_the_chart(
    app: Flask, cast: Cast, visit: Visit, statements: Watch
) -> None:
    with app.app_context():
        idea_id = judged_idea(cast, "improvement", beside="no_signal")
        main = windows_of_idea(actor(cast.manager), idea_id)[0].measure_id
        other = idea_in(cast, Stage.PLAN)
        ideas.choose_measures(actor(cast.manager), idea_id=other, main_id=main, beside_id=None)
        take(cast, other, Way.DO)
        _tie(main, context_id=make_measure(cast, name="Referrals", numbers=[(1, 2)] * 9))
        db.session.commit()
    person, manager = visit(cast.practitioner), visit(cast.manager)
    with statements() as seen:
        page = person.get(f"/ideas/{idea_id}")
    assert "One other test overlaps this one" in page.main
    assert "What was going on" in page.main
    assert len(seen) <= 8
    with statements() as asked:
        manager.get(f"/ideas/{idea_id}/stage?to=act")
    assert len(asked) <= 8
