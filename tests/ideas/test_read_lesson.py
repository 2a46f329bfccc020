"""The page of what an idea taught: for every ending the same, and for nobody else’s eyes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.ideas.learned_views import HEADING_MOST, parted, size_of
from improve.shared import limits
from improve.shared.db import db
from tests.factories import Cast, finish_cycle, idea_in, make_idea, take
from tests.pages import Visitor

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("lesson", "heading", "rest"),
    [
        ("A photo is enough. Send it two days before.", "A photo is enough", "Send it two days before."),
        ("A photo is enough.", "A photo is enough", ""),
        ("Is a photo enough? Yes.", "Is a photo enough?", "Yes."),
        ("x" * 200, "x" * 200, ""),
        ("x" * 200 + ". Then more.", "x" * 200 + ". Then more.", ""),
    ],
)  # fmt: skip
def test_the_first_sentence_stands_alone(lesson: str, heading: str, rest: str) -> None:
    assert parted(lesson) == (heading, rest)


def test_a_longer_lesson_is_set_smaller() -> None:
    sizes = [size_of("x" * n) for n in (10, 61, HEADING_MOST, 300, 1000)]
    assert sizes == ["shortest", "short", "long", "longest", "longest"]


def test_stopping_asks_and_answers_with_the_lesson(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT, text="A longer form for every visit")
        db.session.commit()
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea}/stage?to=stop")
    assert "What should the next team know?" in form.main
    lesson = "A longer form made us slower and no wiser. Talk it through for ten minutes first."
    page = sam.send(
        form.form("/stage"),
        {"learned": lesson, "decision_why": "Families waited."},
        button="Stop it",
    )
    assert page.path == f"/ideas/{idea}/learned"
    assert page.heading == "A longer form made us slower and no wiser"
    assert "Talk it through for ten minutes first." in page.main
    assert "Stopped, and this is what we learned" in page.main
    assert "The idea was Amina Birch’s. Sam Alder stopped it." in page.main
    assert "Families waited." in page.main
    # With htmx, from a board, the whole page answers too.
    with app.app_context():
        other = idea_in(cast, Stage.ACT, text="Another form")
        db.session.commit()
    form = sam.get(f"/ideas/{other}/stage?to=stop&back=/teams/riverside/board")
    sent = sam.send(form.form("/stage"), {"decision_why": "No"}, button="Stop it", htmx=True)
    assert sent.response.headers["HX-Redirect"].startswith(f"/ideas/{other}/learned")


@pytest.mark.parametrize("decision", ["adopt", "abandon"])
def test_every_ending_has_the_same_page(
    decision: str, app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea = finish_cycle(cast, decision, title="Photos first")
        db.session.commit()
    page = visit(cast.leader).get(f"/ideas/{idea}/learned")
    assert page.heading == "A photo is enough"
    assert "What we hoped The child knows my name when I arrive" in page.main
    assert "What we tried Send each child a photo two days before" in page.main
    assert "What happened Five photos sent." in page.main
    assert visit(cast.outsider).get(f"/ideas/{idea}/learned").status == 404
    assert f"/ideas/{idea}/learned" in visit(cast.leader).get(f"/ideas/{idea}").soup.decode()


def test_the_longest_lesson_is_shown_whole(app: Flask, cast: Cast, visit: Visit) -> None:
    lesson = "word " * 199 + "end"
    assert len(lesson) <= limits.length("learned")
    with app.app_context():
        idea = idea_in(cast, Stage.ACT, text="Photos")
        take(cast, idea, Way.STOP, answers={"learned": lesson, "decision_why": "No"}, note="")
        db.session.commit()
    page = visit(cast.practitioner).get(f"/ideas/{idea}/learned")
    assert page.heading == lesson


def test_what_was_written_of_it_stands_beside_the_lesson(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        idea = finish_cycle(cast, "abandon", title="Photos")
        ideas.say_thanks(
            cast.actor("leader"),
            to_id=cast.practitioner,
            words="Well stopped.",
            idea_id=idea,
            form_token="t",
        )
        db.session.commit()
    amina = visit(cast.practitioner)
    lesson = amina.get(f"/ideas/{idea}/learned")
    assert "“Well stopped.”" in lesson.main
    form = amina.follow(lesson, "Write what it taught").form("/learning")
    amina.send(form, {"use_when": "Somebody is new."}, button="Share it with all staff")
    again = visit(cast.leader).get(f"/ideas/{idea}/learned")
    assert "Use this when Somebody is new." in again.main
    assert "Read its learning page" in again.main
    assert "Try this another way in my team" in again.main


def test_a_hidden_author_stays_hidden(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT, text="Photos", hides_name=True)
        take(cast, idea, Way.STOP, answers={"decision_why": "No"}, note="")
        db.session.commit()
    page = visit(cast.leader).get(f"/ideas/{idea}/learned")
    assert "The idea was a colleague’s." in page.main
    assert "Amina" not in page.soup.decode()
    assert "Amina Birch" in visit(cast.manager).get(f"/ideas/{idea}/learned").main


def test_what_goes_on_or_was_joined_leads_elsewhere(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        stopped = finish_cycle(cast, "abandon", title="Photos before visits")
        open_one = make_idea(cast, text="Something else")
        joined = make_idea(cast, text="Photos before visits, again")
        ideas.join_ideas(
            cast.actor("manager"),
            idea_id=joined,
            into_id=open_one,
            words="The same",
            seen_version=1,
        )
        db.session.commit()
    amina = visit(cast.practitioner)
    assert amina.get(f"/ideas/{open_one}/learned").path == f"/ideas/{open_one}"
    assert amina.get(f"/ideas/{joined}/learned").path == f"/ideas/{open_one}"
    # Who types a similar idea is led to the lesson, with script and without.
    typed = {"text": "Photos before visits for children", "team_id": str(cast.team)}
    similar = amina.get("/ideas/similar?text=Photos+before+visits+for+children", htmx=True)
    assert f'/ideas/{stopped}/learned"' in similar.soup.decode()
    form = amina.get("/log").form("/log")
    paused = amina.send(form, {"text": typed["text"]})
    assert f'/ideas/{stopped}/learned"' in paused.soup.decode()
