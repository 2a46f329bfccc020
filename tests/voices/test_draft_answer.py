"""Drafting: a manager or a coach writes from settled words, and only a reader gives it out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Stale
from improve.voices.models import VoiceAnswer
from improve.voices.queries.receipt import told
from improve.voices.service.answer import AnswerWords, give_answer
from improve.voices.service.draft_answer import draft_answer
from tests.at_once import at_once
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_shared_voice

Visit = Callable[..., Visitor]
WORDS = "Nobody told me that my worker had left."
DRAFT = AnswerWords("Thank you. We now tell you first.")


def made(cast: Cast, **facts: Any) -> str:
    key = make_shared_voice(
        cast.organisation,
        by_id=cast.voices_reader,
        **{"words": WORDS, "reader_id": cast.voices_reader, **facts},
    )
    db.session.commit()
    return key


def test_a_manager_drafts_and_a_reader_gives_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        key = made(cast, happened="Saoirse left.")
    manager, path = visit(cast.manager), f"/voices/drafts/{key}"
    listed = manager.get("/voices/drafts")
    assert WORDS in listed.main
    page = manager.follow(listed, "Draft an answer : A young person")
    assert "Saoirse" not in str(page.soup)
    for _ in range(2):
        new = {"words": DRAFT.words, "ending": "trying"}
        assert manager.send(page.form(path), new, follow=False).status == 303
    page = manager.get(path)
    assert DRAFT.words in page.main, "their own draft comes back to change"
    assert manager.send(page.form(path), {"words": "Better words."}, follow=False).status == 303
    with app.app_context():
        assert not told(key).answers, "nobody is told a draft"
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    page = reader.get(here)
    assert "Better words." in page.main
    (draft,) = [link for link in page.links() if "?draft=" in str(link.get("href"))]
    page = reader.get(str(draft["href"]))
    assert reader.send(page.form(here), {}, follow=False).status == 303
    with app.app_context():
        (answer,) = db.session.scalars(select(VoiceAnswer)).all()
        assert (answer.written_by_id, answer.given_by_id) == (cast.manager, cast.voices_reader)
        assert answer.given_on == clock.today()
    assert WORDS not in manager.get("/voices/drafts").main
    assert visit(cast.practitioner).get(path).status == 403


def test_both_texts_where_the_drafter_was_faster(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        key, coach = made(cast), cast.actor("coach")
        draft = draft_answer(coach, key=key, answer=DRAFT, seen_version=0)
        db.session.commit()
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    form = reader.get(f"{here}?draft={draft}").form(here)
    with app.app_context():
        draft_answer(coach, key=key, answer=AnswerWords("Newer words."), seen_version=1)
        db.session.commit()
    page = reader.send(form, {"words": "Words of the reader."}, follow=False)
    assert page.status == 409
    assert "Newer words." in page.main
    assert "Words of the reader." in page.main
    with app.app_context():
        db.session.execute(text("DELETE FROM voice_answers"))
        db.session.commit()
    page = reader.send(page.form(here), {}, follow=False)
    assert page.status == 409, "a draft that is gone loses no words either"
    assert reader.send(page.form(here), {}, follow=False).status == 303


@pytest.mark.parametrize(
    "facts",
    [
        {"locked_at": clock.now(), "state": "safeguarding"},
        {"hidden_at": clock.now()},
        {"state": "set_aside"},
        {"shared_at": None, "state": "reading"},
        {"is_theme_only": True, "shared_at": None},
    ],
)
def test_nobody_drafts_for_what_others_may_not_read(
    app: Flask, cast: Cast, visit: Visit, facts: dict[str, Any]
) -> None:
    with app.app_context():
        key, manager = made(cast, **facts), cast.actor("manager")
        with pytest.raises(NotFound):
            draft_answer(manager, key=key, answer=DRAFT, seen_version=0)
    assert visit(cast.manager).get(f"/voices/drafts/{key}").status == 404
    assert WORDS not in visit(cast.manager).get("/voices/drafts").main


def test_who_drafts_and_on_what_state(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = made(cast)
        with pytest.raises(Forbidden):
            draft_answer(cast.actor("practitioner"), key=key, answer=DRAFT, seen_version=0)
        with pytest.raises(Stale):
            draft_answer(cast.actor("coach"), key=key, answer=DRAFT, seen_version=3)


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
def test_what_a_reader_gives_meanwhile_is_not_drafted_over(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = made(cast)
        draft = draft_answer(cast.actor("coach"), key=key, answer=DRAFT, seen_version=0)
        db.session.commit()
    given = AnswerWords("Words that a reader saw.")
    gave = at_once(
        app,
        lambda: give_answer(
            cast.actor("voices_reader"),
            key=key,
            answer=given,
            seen_version=1,
            draft_id=draft,
            draft_version=1,
        ),
        lambda: draft_answer(
            cast.actor("coach"), key=key, answer=AnswerWords("Nobody saw these."), seen_version=1
        ),
    )
    assert isinstance(gave, Stale)
    with app.app_context():
        (answer,) = db.session.scalars(select(VoiceAnswer)).all()
        assert (answer.words, answer.given_by_id) == (given.words, cast.voices_reader)


def test_a_reader_gives_it_first_and_the_drafter_is_told(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key, coach = made(cast), cast.actor("coach")
        draft = draft_answer(coach, key=key, answer=DRAFT, seen_version=0)
        given = {"draft_id": draft, "draft_version": 1}
        give_answer(cast.actor("voices_reader"), key=key, answer=DRAFT, seen_version=1, **given)
        with pytest.raises(Stale):
            draft_answer(coach, key=key, answer=AnswerWords("Newer words."), seen_version=1)
