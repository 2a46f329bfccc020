"""“Did we get it right?”: only by receipt, twice is once, and “no” goes back to the desk."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import current_app
from sqlalchemy import select

from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import Sealer
from improve.voices.models import Voice, VoiceReply
from improve.voices.queries.to_do import voices_rows
from tests.pages import Page, Visitor
from tests.voices.test_look_up_answer import RECEIPT, look_up, told
from tests.world import Cast

pytestmark = pytest.mark.usefixtures("context")


def answered(cast: Cast) -> str:
    return told(cast, {"words": "We ring first."}, state="answered", opened_on=clock.today())


def say(visitor: Visitor, page: Page, said: str, more: str = "") -> Page:
    return visitor.send(page.form(button="Send"), {"said": said or None, "more": more})


def kept(key: str) -> tuple[Voice, list[VoiceReply]]:
    db.session.rollback()
    db.session.expire_all()
    voice = db.session.scalars(select(Voice).where(Voice.key == key)).one()
    replies = db.session.scalars(select(VoiceReply).where(VoiceReply.voice_key == key)).all()
    return voice, list(replies)


@pytest.mark.parametrize(
    ("said", "state"), [("yes", "answered"), ("partly", "again"), ("no", "again")]
)
def test_it_is_kept_once(cast: Cast, visit: Callable[..., Visitor], said: str, state: str) -> None:
    key, visitor = answered(cast), visit()
    page = look_up(visitor)
    for _ in range(2):
        after = say(visitor, page, said, "It still takes long.")
        assert after.status == 200
        assert "Thank you" in after.text
        assert ("We will read what you said, and answer again." in after.text) == (said != "yes")
        assert "You said:" in after.text
        assert "We ring first." in after.text
    voice, replies = kept(key)
    assert (voice.put_right, voice.state, len(replies)) == (said, state, 1)
    assert replies[0].sealed is not None
    opened = Sealer(current_app.config["SEALING_KEYS"], "voices").open(
        replies[0].sealed, about=replies[0].key
    )
    assert json.loads(opened) == {"words": "It still takes long."}
    assert not voice.may_be_danger


def test_a_mind_can_be_changed(cast: Cast, visit: Callable[..., Visitor]) -> None:
    key, visitor = answered(cast), visit()
    say(visitor, say(visitor, look_up(visitor), "yes"), "no")
    voice, replies = kept(key)
    assert (voice.put_right, voice.state, [r.said for r in replies]) == ("no", "again", ["no"])


def test_a_hint_raises_possible_danger(cast: Cast, visit: Callable[..., Visitor]) -> None:
    key, visitor = answered(cast), visit()
    say(visitor, look_up(visitor), "no", "Ring me on 07700 900123")
    voice, replies = kept(key)
    assert voice.may_be_danger
    assert replies[0].may_be_danger


def test_nothing_chosen_is_refused_and_words_stay(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    answered(cast)
    visitor = visit()
    page = say(visitor, look_up(visitor), "", "My words")
    assert page.status == 422
    assert "Choose yes, partly or no." in page.text
    assert "My words" in str(page.soup)


def test_a_page_of_nobody_or_locked_since_keeps_nothing(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    key, visitor = answered(cast), visit()
    page = look_up(visitor)
    forged = {"said": "yes", "held": "bm90aGluZw=="}
    assert visitor.send(page.form(button="Send"), forged).status == 422
    voice, _ = kept(key)
    voice.state, voice.locked_at = "safeguarding", clock.now()
    db.session.commit()
    assert say(visitor, page, "yes").status == 404
    assert kept(key)[1] == []


def test_a_page_open_for_too_long_keeps_what_was_typed(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    key, visitor = answered(cast), visit()
    page = look_up(visitor)
    db.session.rollback()
    with clock.moved(clock.now() + timedelta(hours=25)):
        page = say(visitor, page, "no", "It still takes long.")
        assert page.status == 422
        assert "Type your code again." in page.text
        assert "It still takes long." in str(page.soup)
        db.session.rollback()
        page = visitor.send(page.form(button="Read my answer"), {"code": RECEIPT})
        assert "We ring first." in page.text
        db.session.rollback()
        after = visitor.send(page.form(button="Send"))
        assert "We will read what you said" in after.text
    voice, replies = kept(key)
    assert (voice.put_right, len(replies)) == ("no", 1)
    assert replies[0].sealed is not None


@pytest.mark.parametrize("number", ["3000000000", "1" + "0" * 20, "", "one"])
def test_a_number_that_no_answer_has_keeps_nothing(
    cast: Cast, visit: Callable[..., Visitor], number: str
) -> None:
    key, visitor = answered(cast), visit()
    forged = {"said": "yes", "answer_id": number}
    assert visitor.send(look_up(visitor).form(button="Send"), forged).status == 404
    assert kept(key)[1] == []


def test_a_yes_with_words_waits_on_a_readers_own_page(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    answered(cast)
    visitor, reader = visit(), cast.actor("voices_reader")
    assert db.session.execute(voices_rows(reader)).first() is None
    db.session.rollback()
    page = say(visitor, look_up(visitor), "yes")
    assert db.session.execute(voices_rows(reader)).first() is None
    db.session.rollback()
    say(visitor, page, "yes", "It is nice now.")
    row = db.session.execute(voices_rows(reader)).one()
    assert (row.subject_id, row.version, row.words) == (1, 0, "0")
