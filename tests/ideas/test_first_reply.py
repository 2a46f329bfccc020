"""The first reply: a person's own words and one of three answers. Nothing else stops the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.ideas.kinds import ReplyKind
from improve.ideas.models import Comment, Idea, StageMove
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, make_idea
from tests.pages import Page, Visitor

WORDS = "Yes. Nobody likes a stranger at the door. Try it with your next five families."


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    """An idea that waits."""
    with app.app_context():
        made = make_idea(cast, text="Tell children who is coming", benefit="Calmer first visits")
        db.session.commit()
    return made


def stands(app: Flask, idea_id: int) -> Any:
    """Return the idea's row."""
    with app.app_context():
        row = db.session.execute(select(Idea.__table__).where(Idea.id == idea_id)).one()
        db.session.rollback()
    return row


def reply(visitor: Visitor, idea_id: int, **changed: Any) -> Page:
    """Open the form, fill it in and send it."""
    form = visitor.get(f"/ideas/{idea_id}/reply").form("/reply")
    fields = {"words": WORDS, "kind": "will_try", **changed}
    return visitor.send(form, fields, button="Send reply")


def test_a_reply_leads_on_to_the_next_idea_that_waits(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    with app.app_context():
        other = make_idea(cast, text="One calendar for core groups")
        db.session.commit()
    sam = visit(cast.manager)
    page = sam.follow(reply(sam, idea_id), "Reply to the next: 1 idea waits")
    assert page.path == f"/ideas/{other}/reply"
    assert "Reply to the next" not in reply(sam, other).main


def test_an_idea_that_waits_says_from_whom(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    author = visit(cast.practitioner)
    address = f"/ideas/{idea_id}"
    assert "Needs a first reply by Thu 26 Nov, from Sam" in author.get(address).main.replace(
        "\xa0", " "
    )
    reply(visit(cast.manager), idea_id)
    assert ", from Sam" not in author.get(address).main


def test_whoever_is_late_is_not_named(
    cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    address = f"/ideas/{idea_id}"
    with clock.moved(NOW + timedelta(days=2)):
        assert ", from Sam" in visit(cast.colleague).get(address).main, "the last day"
    with clock.moved(NOW + timedelta(days=3)):
        page = visit(cast.colleague).get(address)
    assert "for a first reply" in page.main
    assert ", from Sam" not in page.main


@pytest.mark.parametrize("hides_name", [False, True])
def test_nobody_waits_for_themselves_and_no_name_comes_out_by_that(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], hides_name: bool
) -> None:
    with app.app_context():
        address = f"/ideas/{make_idea(cast, by=cast.manager, hides_name=hides_name)}"
        db.session.commit()
    assert ", from Sam" not in visit(cast.manager).get(address).main
    assert (", from Sam" in visit(cast.colleague).get(address).main) == hides_name


def test_a_manager_answers_in_own_words(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam = visit(cast.manager)
    board = sam.get("/teams/riverside/board")
    form = sam.follow(board, "Reply to Tell children who is coming")
    assert form.heading == "Give the first reply"
    assert "Tell children who is coming" in form.main
    assert "Calmer first visits" in form.main
    assert "Amina can read it as soon as you send it." in form.main
    page = reply(sam, idea_id)
    assert page.path == f"/ideas/{idea_id}"
    assert "Your reply is sent. Amina can read it now." in page.main
    row = stands(app, idea_id)
    assert (row.first_reply_words, row.first_reply_kind) == (WORDS, "will_try")
    assert (row.first_reply_by_id, row.waiting_since) == (cast.manager, None)
    with app.app_context():
        entry = db.session.execute(
            select(AuditEntry).where(AuditEntry.action == "first_reply_given")
        ).scalar_one()
        assert (entry.actor_id, entry.object_id) == (cast.manager, str(idea_id))
        assert WORDS not in str(entry.facts)
        db.session.rollback()


def test_the_reply_lands_with_its_author(
    cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    reply(visit(cast.manager), idea_id)
    amina = visit(cast.practitioner)
    page = amina.get(f"/ideas/{idea_id}/reply")
    assert page.heading == "Sam replied"
    assert "Your idea, Tell children who is coming" in page.main
    assert "We will try it" in page.main
    assert WORDS in page.main
    assert "Sam Alder" in page.main
    plan = amina.follow(page, "I’ll try it")
    assert plan.path == f"/ideas/{idea_id}/plan"
    assert plan.status == 200
    assert page.link("Write back") == f"/ideas/{idea_id}#comments"


def test_a_reply_without_words_or_answer_is_refused(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    page = reply(visit(cast.manager), idea_id, words=" ", kind=None)
    assert page.status == 422
    assert page.errors == ["Write a sentence in your own words", "Choose one of the three"]
    assert stands(app, idea_id).waiting_since is not None


@pytest.mark.parametrize(
    "case",
    [
        ("", "Say on which day to look at it again"),
        ("soon", "“soon” is not a date"),
        ("24/11/2026", "24 November 2026 is too early"),
        ("31/02/2027", "There is no 31 February"),
        ("01/01/2036", "1 January 2036 is too far ahead"),
    ],
)
def test_not_now_needs_a_day_to_look_again(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int, case: tuple[str, str]
) -> None:
    typed, said = case
    words = "The new contract starts in March."
    page = reply(visit(cast.manager), idea_id, kind="not_now", look_again_on=typed, words=words)
    assert page.status == 422
    assert len(page.errors) == 1
    assert page.errors[0].startswith(said)
    kept = dict(page.form("/reply").values)
    assert (kept["words"], kept["kind"], kept["look_again_on"]) == (words, "not_now", typed)
    assert stands(app, idea_id).stage == "suggested"


def test_not_now_ends_it_until_its_day(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam = visit(cast.manager)
    page = reply(sam, idea_id, kind="not_now", look_again_on="1 Mar 2027", words="Wait for it.")
    assert "Amina can read why, and when you look again." in page.main
    row = stands(app, idea_id)
    assert (row.stage, row.outcome, row.look_again_on) == ("done", "not_now", date(2027, 3, 1))
    lands = visit(cast.practitioner).get(f"/ideas/{idea_id}/reply")
    assert "Wait for it." in lands.main
    assert "We look at it again on Mon 1 Mar 2027." in lands.main
    assert not lands.links("I’ll try it")


def test_need_to_know_leaves_room_for_another_reply(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam = visit(cast.manager)
    reply(sam, idea_id, kind="need_to_know", words="How would we send it?")
    assert stands(app, idea_id).waiting_since is None
    assert visit(cast.practitioner).get(f"/ideas/{idea_id}/reply").heading == "Sam replied"
    again = sam.get(f"/ideas/{idea_id}/reply")
    assert again.heading == "Give the first reply"
    assert "How would we send it?" in again.main
    reply(sam, idea_id, words="Now we know.")
    assert stands(app, idea_id).first_reply_kind == "will_try"


def test_two_reply_at_once(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam, priya = visit(cast.manager), visit(cast.coach)
    theirs = priya.get(f"/ideas/{idea_id}/reply").form("/reply")
    reply(sam, idea_id)
    second = "I can help you to plan it."
    page = priya.send(theirs, {"words": second, "kind": "will_try"}, button="Send reply")
    assert page.status == 409
    assert page.heading == "Sam replied at 09:30"
    assert WORDS in page.main
    assert second in page.main
    assert stands(app, idea_id).first_reply_words == WORDS
    form = page.form("/reply")
    idea = priya.send(form, button="Add mine as a comment")
    assert "Your words are added as a comment." in idea.main
    priya.send(form, button="Add mine as a comment")
    with app.app_context():
        said = db.session.execute(select(Comment.words, Comment.author_id)).all()
        db.session.rollback()
    assert [tuple(row) for row in said] == [(second, cast.coach)]


def test_an_idea_that_changed_meanwhile_is_read_again_first(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam, jo = visit(cast.manager), visit(cast.colleague)
    theirs = sam.get(f"/ideas/{idea_id}/reply").form("/reply")
    edit = jo.get(f"/ideas/{idea_id}/edit/benefit").form("/edit/benefit")
    field = next(name for name, value in edit.values if value == "Calmer first visits")
    jo.send(edit, {field: "Children know the name"})
    page = sam.send(theirs, {"words": WORDS, "kind": "will_try"}, button="Send reply")
    assert page.status == 409
    assert "Jo changed this idea at 09:30." in page.main
    assert "Children know the name" in page.main
    assert dict(page.form("/reply").values)["words"] == WORDS
    sent = sam.send(page.form("/reply"), button="Send reply")
    assert sent.path == f"/ideas/{idea_id}"
    assert stands(app, idea_id).first_reply_words == WORDS


def test_the_same_reply_sent_twice_is_one(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam = visit(cast.manager)
    form = sam.get(f"/ideas/{idea_id}/reply").form("/reply")
    fields = {"words": WORDS, "kind": "not_now", "look_again_on": "1 Mar 2027"}
    first = sam.send(form, fields, button="Send reply")
    again = sam.send(form, fields, button="Send reply")
    assert first.path == again.path == f"/ideas/{idea_id}"
    with app.app_context():
        assert len(db.session.execute(select(StageMove.id)).all()) == 1
        db.session.rollback()


def test_words_that_may_identify_pause_a_reply(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int
) -> None:
    sam = visit(cast.manager)
    page = reply(sam, idea_id, words="Ask Mrs Jones first.")
    assert page.heading == "This may identify someone"
    assert stands(app, idea_id).waiting_since is not None
    back = sam.send(page.form("/reply"), button="Change it")
    assert dict(back.form("/reply").values)["words"] == "Ask Mrs Jones first."
    sent = sam.send(page.form("/reply"), button="It’s fine, continue")
    assert sent.path == f"/ideas/{idea_id}"
    assert stands(app, idea_id).first_reply_kind == "will_try"


@pytest.mark.parametrize("role", ["practitioner", "colleague", "other_manager", "voices_reader"])
def test_a_reader_may_not_reply(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], idea_id: int, role: str
) -> None:
    visitor = visit(getattr(cast, role))
    assert visitor.get(f"/ideas/{idea_id}/reply").status == 403
    fields = {"words": WORDS, "kind": "will_try", "version": "1"}
    page = visitor.post(f"/ideas/{idea_id}/reply", fields)
    assert page.status == 403
    assert stands(app, idea_id).waiting_since is not None


@pytest.mark.parametrize("role", ["coach", "leader"])
def test_a_coach_or_leader_may_reply(
    cast: Cast, visit: Callable[..., Visitor], idea_id: int, role: str
) -> None:
    page = reply(visit(getattr(cast, role)), idea_id)
    assert page.path == f"/ideas/{idea_id}"


def test_an_outsider_finds_nothing(cast: Cast, visit: Callable[..., Visitor], idea_id: int) -> None:
    olive = visit(cast.outsider)
    assert olive.get(f"/ideas/{idea_id}/reply").status == 404
    fields = {"words": WORDS, "kind": "will_try", "version": "1"}
    assert olive.post(f"/ideas/{idea_id}/reply", fields).status == 404
    assert olive.post(f"/ideas/{idea_id}/reply", {**fields, "as_comment": "1"}).status == 404


def test_other_readers_see_the_reply_that_was_given(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        idea_id = make_idea(cast, reply=ReplyKind.WILL_TRY, hides_name=True)
        db.session.commit()
    page = visit(cast.colleague).get(f"/ideas/{idea_id}/reply")
    assert page.heading == "Sam replied"
    assert "Your idea" not in page.main
    assert "Amina" not in page.main
