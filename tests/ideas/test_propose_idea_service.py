"""Logging an idea."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from improve.ideas import queries, service
from improve.ideas.kinds import Answerer, Source, Stage, Way
from improve.ideas.models import Idea
from improve.ideas.queries import similar
from improve.ideas.titles import title_of
from improve.shared import audit, clock, limits, search
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from tests.conftest import NOW
from tests.factories import make_cast
from tests.ideas import journeys

pytestmark = pytest.mark.usefixtures("context")


def test_idea_is_on_its_board_and_waits_for_a_reply(cast):
    author = cast.actor("practitioner")
    idea_id = journeys.log(
        author,
        cast.team,
        "Text families a photo of the worker",
        benefit="They know who comes",
        source=Source.CHILD,
    )
    idea = journeys.idea(idea_id)
    assert idea.stage == Stage.SUGGESTED
    assert idea.title == "Text families a photo of the worker"
    assert idea.waiting_since is not None
    card = queries.card(cast.actor("colleague"), idea_id)
    assert card.next_words == "Needs a first reply by Thu\u00a026\u00a0Nov"
    assert card.author == "Amina"
    assert card.badge is not None
    assert card.badge.words == "Young person"


def test_form_sent_twice_makes_one_idea(cast):
    author = cast.actor("practitioner")
    first = service.propose_idea(author, text="Once", team_id=cast.team, form_token="same")
    second = service.propose_idea(author, text="Once", team_id=cast.team, form_token="same")
    assert (second.idea_id, second.is_new) == (first.idea_id, False)
    assert db.session.execute(select(func.count()).select_from(Idea)).scalar() == 1


def test_empty_and_too_long_ideas_are_refused_in_words(cast):
    author = cast.actor("practitioner")
    with pytest.raises(RuleBroken, match="Write your idea in a sentence or two"):
        journeys.log(author, cast.team, "   ")
    with pytest.raises(RuleBroken, match="over the limit"):
        journeys.log(author, cast.team, "x" * (limits.length("idea_text") + 1))


def test_team_of_another_council_is_not_found(cast):
    with pytest.raises(NotFound):
        journeys.log(cast.actor("practitioner"), cast.outsider_team)


def test_coach_answered_idea_stays_off_the_board_until_its_author_agrees(cast):
    author = cast.actor("practitioner")
    idea_id = journeys.log(author, cast.team, answerer=Answerer.COACH)
    for name in ("colleague", "manager", "leader"):
        with pytest.raises(NotFound):
            queries.card(cast.actor(name), idea_id)
    assert queries.card(cast.actor("coach"), idea_id).needs_reply
    assert [i.id for i in queries.waiting_for_reply(cast.actor("coach"))] == [idea_id]
    assert queries.waiting_for_reply(cast.actor("manager")) == []
    service.put_on_board(author, idea_id=idea_id)
    assert queries.card(cast.actor("colleague"), idea_id).id == idea_id


def test_hidden_name_is_hidden_on_boards_and_known_to_manager_and_coach(cast):
    idea_id = journeys.log(cast.actor("practitioner"), cast.team, hides_name=True)
    assert queries.card(cast.actor("manager"), idea_id).author == "A colleague"
    assert queries.idea_page(cast.actor("colleague"), idea_id).author.name == "A colleague"
    assert queries.idea_page(cast.actor("manager"), idea_id).author.name == "Amina Birch"
    names = [line.who for line in queries.history(cast.actor("colleague"), idea_id)]
    assert names == ["A colleague"]


def test_logging_is_audited_without_words(cast):
    journeys.log(cast.actor("practitioner"), cast.team, "Secret words")
    db.session.commit()
    entry = db.session.execute(
        select(audit.AuditEntry).where(audit.AuditEntry.action == "idea_logged")
    ).scalar_one()
    assert "Secret" not in str(entry.facts)


def test_sent_page_says_who_answers_and_by_when(cast):
    author = cast.actor("practitioner")
    idea_id = journeys.log(author, cast.team)
    sent = queries.sent(author, idea_id)
    assert [p.first_name for p in sent.answerers] == ["Sam"]
    assert sent.reply_due_on.isoformat() == "2026-11-26"
    with pytest.raises(NotFound):
        queries.sent(cast.actor("colleague"), idea_id)


def test_similar_ideas_bring_the_lesson_of_a_stopped_one(cast):
    idea_id = journeys.bring_to(cast, Stage.PLAN, text="Send a welcome card before visits")
    journeys.move(
        cast.actor("manager"),
        idea_id,
        Way.STOP,
        answers={"learned": "Cards came too late", "decision_why": "Post takes four days"},
    )
    found = queries.similar_ideas(
        cast.actor("colleague"), "A card of welcome before we visit 100%_"
    )
    assert [(s.id, s.lesson) for s in found] == [(idea_id, "Cards came too late")]
    assert queries.similar_ideas(cast.actor("outsider"), "A card of welcome before we visit") == []
    assert queries.similar_ideas(cast.actor("colleague"), "A card") == []


def test_similar_ideas_are_found_beyond_the_newest_that_are_looked_through(cast, monkeypatch):
    monkeypatch.setattr(search, "NEWEST", 2)
    monkeypatch.setattr(similar, "SIMILAR_AMONG", 1)
    text = "Send a welcome card before visits"
    stopped = journeys.bring_to(cast, Stage.PLAN, text=text)
    words = {"learned": "Cards came too late", "decision_why": "Post takes four days"}
    journeys.move(cast.actor("manager"), stopped, Way.STOP, answers=words)
    journeys.idea(stopped).finished_at -= timedelta(days=30)
    newer = journeys.log(cast.actor("colleague"), cast.team, text=text)
    again = {"note": "After the move", "look_again_on": clock.today() + timedelta(days=30)}
    for _ in range(2):
        other = journeys.log(cast.actor("practitioner"), cast.team, text="A chair for the hall")
        journeys.move(cast.actor("manager"), other, Way.NOT_NOW, **again)
    db.session.flush()
    found = queries.similar_ideas(cast.actor("manager"), text)
    assert [s.id for s in found] == [newer, stopped]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Short one.", "Short one"),
        ("First line\nsecond line", "First line"),
        ("word " * 40, "word " * 22 + "word…"),
        ("x" * 300, "x" * 119 + "…"),
    ],
)
def test_title_is_cut_at_a_word(text, title):
    made = title_of(text.strip())
    assert made == title
    assert len(made) <= limits.length("title")


def test_form_sent_twice_at_the_same_moment_makes_one_idea(app):
    with app.app_context():
        made = make_cast()
        author = made.actor("practitioner")
        db.session.commit()
    gate = threading.Barrier(2)

    def send(_number: int) -> int:
        with app.app_context(), clock.moved(NOW):
            gate.wait()
            proposed = service.propose_idea(
                author, text="Once", team_id=made.team, form_token="same"
            )
            db.session.commit()
            return proposed.idea_id

    with ThreadPoolExecutor(2) as pool:
        ids = list(pool.map(send, range(2)))
    assert ids[0] == ids[1]


def test_another_persons_token_is_no_obstacle(cast):
    first = service.propose_idea(
        cast.actor("practitioner"), text="Mine", team_id=cast.team, form_token="t" * 300
    )
    second = service.propose_idea(
        cast.actor("colleague"), text="Theirs", team_id=cast.team, form_token="t" * 300
    )
    assert second.is_new
    assert first.idea_id != second.idea_id
