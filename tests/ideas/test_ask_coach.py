"""Asking a coach: a question on any idea, an answer in the conversation, a question taken back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.shared.db import db
from tests.factories import Cast, actor, finish_cycle, make_idea
from tests.pages import Visitor

Visit = Callable[..., Visitor]

QUESTION = "Is five families too many?"
ANSWER = "What would one family tell you by Friday?"


@pytest.fixture
def request_id(app: Flask, cast: Cast, idea_id: int) -> int:
    with app.app_context():
        made = ideas.ask_coach(actor(cast.colleague), idea_id=idea_id, words=QUESTION)
        db.session.commit()
    return made


def told(app: Flask, person_id: int, kind: str) -> int:
    """Return how often somebody was told of this."""
    with app.app_context():
        counted = db.session.execute(
            text("SELECT count(*) FROM notices WHERE person_id = :p AND kind = :k"),
            {"p": person_id, "k": kind},
        ).scalar_one()
    return int(counted)


def acts(app: Flask) -> list[str]:
    """Return what the log of acts holds."""
    with app.app_context():
        return list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())


def test_ask_answer_and_read(app: Flask, cast: Cast, visit: Visit, idea_id: int) -> None:
    jo = visit(cast.colleague)
    form = jo.follow(jo.get(f"/ideas/{idea_id}"), "Ask a coach").form("/coach")
    page = jo.send(form, {"words": QUESTION})
    assert "A coach is asked" in page.main
    assert "Ask a coach" not in page.main  # one question at a time
    assert jo.send(form, {"words": QUESTION}).main.count(QUESTION) == 1  # twice is one
    assert told(app, cast.coach, "coach_asked") == 1

    priya = visit(cast.coach)
    coaching = priya.get("/coaching")
    assert QUESTION in coaching.main
    asked = priya.get(f"/ideas/{idea_id}")
    answer = priya.follow(asked, "Answer as a coach").form("/answer")
    said = priya.send(answer, {"words": ANSWER})
    assert "Priya Hazel, coach" in said.main
    assert ANSWER in visit(cast.practitioner).get(f"/ideas/{idea_id}").main
    assert told(app, cast.colleague, "coach_answered") == 1
    assert told(app, cast.practitioner, "coach_answered") == 1  # the author follows it
    assert priya.send(answer, {"words": ANSWER}).status == 200  # twice is harmless
    assert "Nobody is waiting" in priya.get("/coaching").main
    assert acts(app).count("coach_asked") == acts(app).count("coach_answered") == 1


def test_no_words_are_needed_and_finished_ideas_may_ask(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        done = finish_cycle(cast, "abandon")
        db.session.commit()
    leader = visit(cast.leader)
    page = leader.send(leader.get(f"/ideas/{done}/coach").form("/coach"), {"words": ""})
    assert "Could a coach have a look?" in page.main


def test_a_second_question_waits_for_the_first(
    cast: Cast, visit: Visit, idea_id: int, request_id: int
) -> None:
    del request_id
    sam = visit(cast.manager)
    refused = sam.post(f"/ideas/{idea_id}/coach", {"words": "And me?"})
    assert refused.status == 422
    assert "was asked about this idea already" in refused.main
    assert "And me?" in refused.main


def test_taken_back(app: Flask, cast: Cast, visit: Visit, idea_id: int, request_id: int) -> None:
    path = f"/ideas/{idea_id}/coach/{request_id}/back"
    assert visit(cast.manager).post(path).status == 403
    jo = visit(cast.colleague)
    page = jo.send(jo.get(f"/ideas/{idea_id}").form("/back"))
    assert QUESTION not in page.main
    assert told(app, cast.coach, "coach_asked") == 0
    assert jo.post(path).status == 303  # twice is harmless
    priya = visit(cast.coach)
    refused = priya.post(f"/ideas/{idea_id}/coach/{request_id}/answer", {"words": ANSWER})
    assert refused.status == 422
    assert "taken back meanwhile" in refused.main
    assert acts(app).count("coach_request_taken_back") == 1
    assert "Ask a coach" in jo.get(f"/ideas/{idea_id}").main


def test_two_coaches_at_once(
    app: Flask, cast: Cast, visit: Visit, idea_id: int, request_id: int
) -> None:
    with app.app_context():
        ideas.answer_as_coach(
            actor(cast.coach), idea_id=idea_id, request_id=request_id, words="First."
        )
        db.session.commit()
    priya = visit(cast.coach)
    refused = priya.post(f"/ideas/{idea_id}/coach/{request_id}/answer", {"words": "Second."})
    assert refused.status == 422
    assert "First." in refused.main
    assert "Second." in refused.main  # what was typed is kept


def test_words_are_checked(cast: Cast, visit: Visit, idea_id: int, request_id: int) -> None:
    priya = visit(cast.coach)
    form = priya.get(f"/ideas/{idea_id}/coach/{request_id}/answer").form("/answer")
    assert priya.send(form, {"words": " "}).error_for("words") == "Error: Write your answer."
    hint = priya.send(form, {"words": "Ring 01632 960122 first"})
    assert hint.heading == "This may identify someone"
    assert "Ring 01632 960122" in priya.send(hint.form("/answer"), button="Change it").main
    long = visit(cast.other_manager).post(f"/ideas/{idea_id}/coach", {"words": "y" * 301})
    assert long.status == 422


def test_who_may_not(cast: Cast, visit: Visit, idea_id: int, request_id: int) -> None:
    answer = f"/ideas/{idea_id}/coach/{request_id}/answer"
    for person, status in ((cast.manager, 403), (cast.leader, 403), (cast.outsider, 403)):
        assert visit(person).post(answer, {"words": "x"}).status == status
        assert visit(person).get(answer).status == status
        assert visit(person).get("/coaching").status == 403
    assert visit(cast.outsider).post(f"/ideas/{idea_id}/coach", {"words": "x"}).status == 404
    assert visit(cast.guest).post(f"/ideas/{idea_id}/coach", {"words": "x"}).status == 404
    assert visit(cast.administrator).get(f"/ideas/{idea_id}/coach").status == 403
    assert visit(cast.coach).get(f"/ideas/{idea_id}/coach/987654/answer").status == 404
    assert visit(cast.colleague).client.get(f"{answer[:-6]}back").status_code == 405


def test_a_hidden_author_who_asks_stays_a_colleague(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_idea(cast, hides_name=True)
        ideas.ask_coach(actor(cast.practitioner), idea_id=made, words=QUESTION)
        db.session.commit()
    assert "Amina" not in visit(cast.colleague).get(f"/ideas/{made}").main
    assert "Amina Birch" in visit(cast.coach).get("/coaching").main  # so that they can answer
    with app.app_context():
        facts = db.session.execute(text("SELECT facts FROM notices")).scalars().all()
    assert "Amina" not in str(facts)
