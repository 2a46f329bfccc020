"""A leader answers what a month asks: kept once, told at once, changed for a day."""

from __future__ import annotations

from flask import Flask

from improve.ideas import queries as ideas
from improve.ideas import service as idea_service
from improve.ideas.kinds import Unblocker
from improve.notifications.queries import notices
from improve.review import queries, service
from improve.review.month import Asked, Line, Way
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast, idea_in

WORDS = "I will sign it on Thursday and ring Odette."


def blocked(cast: Cast) -> Asked:
    idea_id = idea_in(cast, "do")
    idea_service.mark_blocked(
        cast.actor("manager"),
        idea_id=idea_id,
        reason="One signature on the licence.",
        who="The director",
        level=Unblocker.DIRECTOR,
    )
    db.session.commit()
    return Asked(
        Line.BLOCKED,
        "idea",
        idea_id,
        clock.today(),
        "One signature on the licence.",
        cast.team,
        idea_id,
    )


def test_an_answer_is_kept_told_and_stands_on_the_idea(app: Flask, cast: Cast) -> None:
    with app.app_context():
        asked, leader = blocked(cast), cast.actor("leader")
        made = service.answer_line(leader, asked=asked, way=Way.DECIDE, words=f" {WORDS} ")
        assert service.answer_line(leader, asked=asked, way=Way.DECIDE, words=WORDS) == made
        db.session.commit()
        kept = queries.one_answer(leader, made)
        assert (kept.sentence, kept.by_id, kept.version) == (WORDS, leader.person_id, 1)
        page = ideas.idea_page(cast.actor("manager"), asked.idea_id)
        assert WORDS in str(page)
        for name in ("practitioner", "manager"):
            told = [n for n in notices(cast.actor(name)) if n.kind == "leader_answered"]
            assert len(told) == 1
            assert not [n for n in notices(cast.actor(name)) if n.kind == "commented"]
