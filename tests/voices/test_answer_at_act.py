"""What comes of an idea drafts the answer for everybody whose words led to it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.ideas import service as ideas
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.measures.spc.words import LABELS
from improve.shared import clock
from improve.shared.db import db
from improve.voices.child_verdict import (
    HELD_SAID,
    NOT_KNOWN,
    Came,
    answer_said,
    happened_said,
    verdict_said,
)
from improve.voices.models import VoiceAnswer
from improve.voices.service.answer import AnswerWords
from improve.voices.service.draft_answer import draft_answer
from tests.factories import Cast, idea_in, make_idea, take
from tests.pages import Visitor
from tests.reading_age import reading_age
from tests.voices.make import make_shared_voice

Visit = Callable[..., Visitor]


def made(cast: Cast, idea_id: int, **facts: Any) -> str:
    return make_shared_voice(
        cast.organisation,
        by_id=cast.voices_reader,
        **{
            "words": "Nobody told me.",
            "reader_id": cast.voices_reader,
            "idea_id": idea_id,
            **facts,
        },
    )


def drafts(key: str) -> list[VoiceAnswer]:
    found = select(VoiceAnswer).where(VoiceAnswer.voice_key == key).order_by(VoiceAnswer.id)
    return list(db.session.scalars(found))


def decide(cast: Cast, idea_id: int, way: Way) -> Any:
    return take(cast, idea_id, way, answers={"decision_why": "It worked for all five"}, note="")


def test_kept_and_stopped_draft_what_was_tried_and_what_happened(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for way, ending in ((Way.KEEP, "kept"), (Way.STOP, "stopped")):
            idea = idea_in(cast, Stage.ACT)
            keys = [made(cast, idea), made(cast, idea, may_show="no", topic="plan")]
            locked = made(cast, idea, locked_at=db.func.now(), state="safeguarding")
            decide(cast, idea, way)
            assert not drafts(locked)
            said = ("Nobody told me.", "Somebody told us about the plan.")
            for key, words in zip(keys, said, strict=True):
                (draft,) = drafts(key)
                assert (draft.ending, draft.said, draft.given_on) == (ending, words, None)
                assert draft.tried
                assert draft.happened
                assert draft.drafted_for_id == idea


def test_words_that_are_hidden_are_not_quoted_in_a_draft(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        facts = {"shared_at": None, "shared_by_id": None, "state": "reading", "topic": "plan"}
        key = made(cast, idea, hidden_at=clock.now(), **facts)
        decide(cast, idea, Way.KEEP)
        (draft,) = drafts(key)
        assert draft.said == "Somebody told us about the plan."


def test_undoing_takes_the_unchanged_draft_alone(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        key, coach = made(cast, idea), cast.actor("coach")
        draft_answer(coach, key=key, answer=AnswerWords("My own words."), seen_version=0)
        moved = decide(cast, idea, Way.KEEP)
        assert len(drafts(key)) == 2
        ideas.undo_move(cast.actor("manager"), idea_id=idea, move_id=moved.move_id)
        assert [draft.words for draft in drafts(key)] == ["My own words."]


def test_a_change_drafts_that_we_still_try_and_the_end_replaces_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        key = made(cast, idea)
        moved = decide(cast, idea, Way.CHANGE)
        (draft,) = drafts(key)
        assert draft.ending == "trying"
        assert "trying again" in draft.happened
        ideas.undo_move(cast.actor("manager"), idea_id=idea, move_id=moved.move_id)
        assert not drafts(key)
        decide(cast, idea, Way.KEEP)
        assert [draft.ending for draft in drafts(key)] == ["kept"]


def test_a_quick_fix_and_not_now_are_said_honestly(app: Flask, cast: Cast) -> None:
    with app.app_context():
        fixed, waiting = make_idea(cast), make_idea(cast)
        one, other = made(cast, fixed), made(cast, waiting)
        take(
            cast, fixed, Way.QUICK_FIX, answers={"what_happened": "A sign on the door"}, note="Done"
        )
        ideas.reply_first(
            cast.actor("manager"),
            idea_id=waiting,
            kind=ReplyKind.NOT_NOW,
            words="We are full.",
            seen_version=1,
            look_again_on=clock.today() + timedelta(days=60),
        )
        assert [draft.ending for draft in drafts(one)] == ["changed"]
        (draft,) = drafts(other)
        assert draft.ending == "listening"
        assert "We will look at it again in" in draft.words


def test_joined_ideas_carry_their_voices_to_the_end(app: Flask, cast: Cast) -> None:
    with app.app_context():
        idea, into = make_idea(cast), idea_in(cast, Stage.ACT)
        key = made(cast, idea)
        ideas.join_ideas(
            cast.actor("coach"), idea_id=idea, into_id=into, words="The same thing", seen_version=1
        )
        assert [draft.ending for draft in drafts(key)] == ["trying"]
        decide(cast, into, Way.KEEP)
        assert "kept" in [draft.ending for draft in drafts(key)]


def test_a_reader_finds_the_draft_and_gives_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        idea = idea_in(cast, Stage.ACT)
        key = made(cast, idea, state="answered")
        decide(cast, idea, Way.STOP)
        db.session.commit()
    reader, here = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    assert key in str(reader.get("/voices/desk?show=to-answer").soup)
    page = reader.get(here)
    assert "From the idea" in page.main
    (link,) = [link for link in page.links() if "?draft=" in str(link.get("href"))]
    page = reader.get(str(link["href"]))
    assert reader.send(page.form(here), {}, follow=False).status == 303
    with app.app_context():
        (given,) = drafts(key)
        assert (given.given_by_id, given.ending) == (cast.voices_reader, "stopped")


def test_every_verdict_is_said_as_a_child_would() -> None:
    said = {code: verdict_said(code) for code in LABELS}
    assert all(said.values())
    assert not verdict_said(None)
    for words in said.values():
        assert "because" not in words
        assert reading_age(words) <= 9, words
    for came in Came:
        assert reading_age(answer_said(came, "improvement", look_again="May 2027")) <= 9, came
        assert happened_said(came, "We rang first.", "improvement")


@pytest.mark.parametrize(
    ("came", "code", "held", "said"),
    [
        (Came.KEPT, "improvement", "yes", "It got better, and it does not look like luck."),
        (Came.KEPT, "no_signal", "yes", "We can’t see a change yet."),
        (Came.KEPT, "too_early", "yes", "It is too soon to tell."),
        (Came.STOPPED, "deterioration", "no", "It got worse."),
        (Came.STOPPED, "improvement_not_held", "partly", "Then it went back."),
        (Came.KEPT, None, "yes", "It went as we thought it would."),
        (Came.STOPPED, None, "no", "It did not go as we thought."),
        (Came.STOPPED, None, "partly", "Some of it did not."),
    ],
)
def test_what_did_not_help_is_said_as_plainly_as_what_did(
    came: Came, code: str | None, held: str, said: str
) -> None:
    """What a chart says goes before what the team thinks, and no wish is put in its place."""
    told = "Five visits. Two children knew."
    happened, words = happened_said(came, told, code, held=held), answer_said(came, code, held=held)
    assert happened.startswith(f"{told}\n\n")
    for text in (happened, words):
        assert said in text
        assert ("got better" in text) == (code in {"improvement", "improvement_not_held"})
        assert reading_age(text) <= 9, text
    assert ("we stopped" in words) == (came is Came.STOPPED)


def test_nothing_known_is_said_to_be_unknown() -> None:
    for came in (Came.KEPT, Came.STOPPED):
        assert happened_said(came, "") == NOT_KNOWN
    for words in (*HELD_SAID.values(), NOT_KNOWN):
        assert reading_age(words) <= 9, words
