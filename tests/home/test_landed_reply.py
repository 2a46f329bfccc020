"""The reply that lands on my page, and what the page costs when everything is on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.huddles import service as huddles
from improve.ideas import service as ideas
from improve.ideas.kinds import ReplyKind, Stage
from improve.measures import service as measures
from improve.notifications import service as notices
from improve.notifications.kinds import NoticeKind
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, idea_in, make_idea, make_measure
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
WORDS = "Nobody likes a stranger at the door."


def reply(app: Flask, cast: Cast, kind: ReplyKind = ReplyKind.WILL_TRY, author: str = "") -> int:
    """Return an idea of the practitioner's that the manager answered."""
    with app.app_context():
        idea_id = make_idea(cast, text="Send a photo before the first visit")
        ideas.reply_first(
            cast.actor("manager"),
            idea_id=idea_id,
            kind=kind,
            words=WORDS,
            seen_version=1,
            look_again_on=date(2027, 3, 1) if kind is ReplyKind.NOT_NOW else None,
        )
        db.session.commit()
    return idea_id


@pytest.mark.parametrize(
    ("kind", "chip"),
    [
        (ReplyKind.WILL_TRY, "We will try it"),
        (ReplyKind.NEED_TO_KNOW, "We need to know more"),
        (ReplyKind.NOT_NOW, "Not now"),
    ],
)
def test_the_managers_own_sentence_stands_first(
    app: Flask, cast: Cast, visit: Visit, kind: ReplyKind, chip: str
) -> None:
    idea_id = reply(app, cast, kind)
    page = visit(cast.practitioner).get("/me")
    card = page.soup.select_one("#landed")
    assert card is not None
    assert f"“{WORDS}”" in card.text
    assert chip in card.text
    assert "Sam answered your idea" in card.text
    has_plan = bool(page.links("I’ll try it"))
    assert has_plan is (kind is ReplyKind.WILL_TRY)
    if has_plan:
        assert page.link("I’ll try it") == f"/ideas/{idea_id}/plan"
    assert page.link("Answer Sam") == f"/ideas/{idea_id}#comments"
    assert "replied to your idea" not in page.main, "not told twice"
    assert "says not now" not in page.main


def test_it_goes_when_it_is_read_and_when_the_idea_goes_on(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reply(app, cast)
    author = visit(cast.practitioner)
    page = author.send(author.get("/me").form(button="I have read it"))
    assert page.soup.select_one("#landed") is None
    second = reply(app, cast)
    assert author.get("/me").soup.select_one("#landed") is not None
    with app.app_context():
        db.session.execute(text("UPDATE ideas SET stage = 'do' WHERE id = :id"), {"id": second})
        db.session.commit()
    page = author.get("/me")
    assert page.soup.select_one("#landed") is None
    assert "Sam replied to your idea" in page.main


def test_nobody_else_meets_it(app: Flask, cast: Cast, visit: Visit) -> None:
    reply(app, cast)
    for person in (cast.colleague, cast.manager, cast.leader, cast.outsider):
        assert WORDS not in visit(person).get("/me").text


def test_tests_to_look_at_stand_by_their_day(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea_id = idea_in(cast, Stage.DO, text="Ring back by a time we name")
        db.session.commit()
    page = visit(cast.practitioner).get("/me")
    assert page.link("Look at what happened: Ring back by a time we name") == f"/ideas/{idea_id}"
    assert "Look at what happened" not in visit(cast.outsider).get("/me").main


def test_a_full_page_takes_eight_statements_at_most(
    app: Flask,
    cast: Cast,
    visit: Visit,
    statements: Watch,
) -> None:
    reply(app, cast)
    first_on = NOW.date() - timedelta(days=NOW.weekday() + 21)
    with app.app_context():
        manager = cast.actor("manager")
        db.session.execute(text("UPDATE ideas SET author_id = :to"), {"to": cast.manager})
        db.session.execute(text("UPDATE notices SET person_id = :to"), {"to": cast.manager})
        for number in range(3):
            make_idea(cast, text=f"Waiting {number}")
        huddle = huddles.start_huddle(manager, team_id=cast.team, form_token="s").huddle_id
        huddles.add_action(
            manager,
            huddle_id=huddle,
            what="Ring the office",
            owner_id=cast.manager,
            due_on=clock.today(),
            form_token="a",
        )
        ideas.say_thanks(
            cast.actor("colleague"),
            to_id=cast.manager,
            words="You rang back the same night.",
            idea_id=None,
            team_id=cast.team,
            form_token="t",
        )
        measures.make_tally(
            manager,
            team_id=cast.team,
            details=measures.TallyDetails(question="Did the family know your name?"),
        )
        make_measure(cast, name="Visits on time", numbers=[(40, 50)], first_on=first_on)
        for number in range(300):
            notices.tell(
                cast.actor("colleague"),
                [cast.manager],
                NoticeKind.COMMENTED,
                subject_id=number,
                facts={"title": f"Idea {number}", "by": "Jo"},
            )
        db.session.flush()
        db.session.execute(text("UPDATE notices SET id = 9999 WHERE kind = 'first_reply'"))
        db.session.commit()
    visitor = visit(cast.manager)
    visitor.get("/me")
    with statements() as seen:
        page = visitor.get("/me")
    assert len(seen) <= 8, "\n".join(seen)
    for words in (
        WORDS, "Ring the office", "Visits on time", "Did the family know your name?",
        "Waiting 2", "You rang back the same night.", "Idea 299", "My CPD record",
    ):  # fmt: skip
        assert words in page.main, words
