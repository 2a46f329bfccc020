"""A leader ticks a finished cycle as read, with a word to its people; everybody sees who read it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.ideas.kinds import Stage
from improve.notifications.models import Notice
from improve.redaction.service import hide_text
from improve.redaction.texts import Name
from improve.review import queries
from improve.review.models import CycleRead
from improve.review.service import tick_read
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, finish_cycle, idea_in
from tests.pages import Visitor

Visit = Callable[..., Visitor]
WORDS = "The second sentence is what I take to the board."


@pytest.fixture
def finished(app: Flask, cast: Cast) -> int:
    with app.app_context():
        idea_id = finish_cycle(cast, "abandon", title="A longer form")
        db.session.commit()
    return idea_id


def told(kind: str = "leader_read") -> list[tuple[int, Any]]:
    rows = db.session.execute(
        select(Notice.person_id, Notice.facts).where(Notice.kind == kind).order_by(Notice.id)
    )
    return [(row.person_id, row.facts.get("has_words")) for row in rows]


def test_a_tick_stands_on_the_row_and_reaches_its_people(
    app: Flask, cast: Cast, visit: Visit, finished: int
) -> None:
    leader = visit(cast.leader)
    page = leader.get("/review")
    after = leader.send(page.form(f"/review/read/{finished}/1"))
    assert after.path.split("#")[0] == "/review"
    assert "Read by you" in after.main
    assert not after.has_form(f"/review/read/{finished}/1")
    with app.app_context():
        assert told() == [(cast.practitioner, False)]
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.action == "cycle_read")
        ).one()
        assert entry.actor_id == cast.leader
    assert "Read by" in visit(cast.colleague).get("/review").main
    idea = visit(cast.practitioner).get(f"/ideas/{finished}")
    assert "read how cycle 1 ended." in idea.main


def test_words_go_to_its_people_and_can_be_changed(
    app: Flask, cast: Cast, visit: Visit, finished: int
) -> None:
    leader = visit(cast.leader)
    page = leader.get(f"/review/read/{finished}/1")
    after = leader.send(page.form(f"/review/read/{finished}/1"), {"words": WORDS})
    assert f"“{WORDS}”" in after.main
    assert f"“{WORDS}”" in visit(cast.practitioner).get(f"/ideas/{finished}").main
    page = leader.get(f"/review/read/{finished}/1")
    leader.send(page.form(f"/review/read/{finished}/1"), {"words": WORDS + " Thank you."})
    with app.app_context():
        # Told once: of the first words, not of better ones.
        assert told() == [(cast.practitioner, True)]
    assert "Thank you.”" in visit(cast.coach).get("/review").main


def test_a_word_is_written_from_the_page_of_what_was_learned(
    cast: Cast, visit: Visit, finished: int
) -> None:
    leader = visit(cast.leader)
    lesson = leader.get(f"/ideas/{finished}/learned")
    page = leader.follow(lesson, "Write a word to them")
    assert page.links("What it taught")
    after = leader.send(page.form(f"/review/read/{finished}/1"), {"words": WORDS})
    assert after.path.split("#")[0].split("?")[0] == f"/ideas/{finished}/learned"
    assert f"“{WORDS}”" in after.main
    for reader in (cast.manager, cast.coach):
        assert not visit(reader).get(f"/ideas/{finished}/learned").links("Write a word to them")


def test_first_words_after_a_tick_are_told_once_more(app: Flask, cast: Cast, finished: int) -> None:
    with app.app_context():
        leader = cast.actor("leader")
        tick_read(leader, idea_id=finished, cycle_number=1)
        tick_read(leader, idea_id=finished, cycle_number=1)
        db.session.commit()
        tick_read(leader, idea_id=finished, cycle_number=1, words=WORDS, seen_version=1)
        tick_read(leader, idea_id=finished, cycle_number=1, words=WORDS, seen_version=1)
        # A tick alone takes no words back.
        tick_read(leader, idea_id=finished, cycle_number=1)
        db.session.commit()
        assert told() == [(cast.practitioner, False), (cast.practitioner, True)]
        (read,) = queries.reads_of_cycle(leader, finished, 1)
        assert (read.words, read.version) == (WORDS, 2)


def test_who_may_not_and_what_is_not_there(
    app: Flask, cast: Cast, visit: Visit, finished: int
) -> None:
    for person in (cast.manager, cast.coach, cast.practitioner, cast.guest):
        answer = visit(person).post(f"/review/read/{finished}/1", {"quick": "1"})
        assert answer.status == 403
    assert visit(cast.leader).get("/review/read/9999/1").status == 404
    assert visit(cast.leader).get(f"/review/read/{finished}/2").status == 404
    assert "I have read this" not in visit(cast.coach).get("/review").main
    with app.app_context():
        going_on = idea_in(cast, Stage.DO)
        with pytest.raises(NotFound):
            tick_read(cast.actor("leader"), idea_id=going_on, cycle_number=1)
        with pytest.raises(Forbidden):
            tick_read(cast.actor("coach"), idea_id=finished, cycle_number=1)
        with pytest.raises((NotFound, Forbidden)):
            tick_read(cast.actor("outsider"), idea_id=finished, cycle_number=1)


def test_too_long_is_refused_in_words_and_kept(cast: Cast, visit: Visit, finished: int) -> None:
    leader = visit(cast.leader)
    page = leader.get(f"/review/read/{finished}/1")
    after = leader.send(page.form(f"/review/read/{finished}/1"), {"words": "word " * 120})
    assert after.status == 422
    assert any("500 characters or fewer" in error for error in after.errors)
    assert "word word" in after.text


def test_service_refuses_too_long(app: Flask, cast: Cast, finished: int) -> None:
    with app.app_context(), pytest.raises(RuleBroken):
        tick_read(cast.actor("leader"), idea_id=finished, cycle_number=1, words="x" * 501)


def test_stale_words_show_both(app: Flask, cast: Cast, visit: Visit, finished: int) -> None:
    with app.app_context():
        leader = cast.actor("leader")
        tick_read(leader, idea_id=finished, cycle_number=1, words="First words")
        db.session.commit()
        with pytest.raises(Stale):
            tick_read(leader, idea_id=finished, cycle_number=1, words="Other", seen_version=0)
    visitor = visit(cast.leader)
    page = visitor.get(f"/review/read/{finished}/1")
    form = page.form(f"/review/read/{finished}/1")
    with app.app_context():
        tick_read(
            cast.actor("leader"), idea_id=finished, cycle_number=1, words="Second words",
            seen_version=1,
        )  # fmt: skip
        db.session.commit()
    after = visitor.send(form, {"words": "Third words"})
    assert after.status == 409
    assert "“Second words”" in after.main
    assert "Third words" in after.text
    final = visitor.send(after.form(f"/review/read/{finished}/1"))
    assert "“Third words”" in final.main


def test_words_that_may_point_to_a_person_are_read_again(
    cast: Cast, visit: Visit, finished: int
) -> None:
    leader = visit(cast.leader)
    page = leader.get(f"/review/read/{finished}/1")
    asked = leader.send(
        page.form(f"/review/read/{finished}/1"), {"words": "Call 07700 900123 about it"}
    )
    assert "Read by you" not in asked.main
    done = leader.send(asked.form(f"/review/read/{finished}/1"), button="It’s fine, continue")
    assert "Read by you" in done.main


def test_hidden_words_vanish_from_every_page(
    app: Flask, cast: Cast, visit: Visit, finished: int
) -> None:
    with app.app_context():
        tick_read(cast.actor("leader"), idea_id=finished, cycle_number=1, words=WORDS)
        db.session.commit()
        read = db.session.scalars(select(CycleRead)).one()
        hide_text(cast.actor("colleague"), name=Name("cycle_read", read.id, "words"))
        db.session.commit()
    for path in ("/review", f"/ideas/{finished}", "/review/data.csv"):
        assert WORDS not in visit(cast.practitioner).get(path).text
