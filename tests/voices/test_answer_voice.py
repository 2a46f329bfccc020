"""Answering: words to the person, a story for everybody, no quote without a yes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.shared.db import db
from improve.shared.errors import RuleBroken, Stale
from improve.voices.answer_rules import said_for, says_how_to_complain
from improve.voices.models import VoiceAnswer, VoiceSetup
from improve.voices.queries.changed import changed
from improve.voices.queries.receipt import told
from improve.voices.service.answer import AnswerWords, give_answer
from improve.voices.service.hide import hide_words
from improve.voices.service.put_right import say_put_right
from improve.voices.service.replies import read_reply
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_answer, make_shared_voice, voice_of

Visit = Callable[..., Visitor]
WORDS = "We waited some weeks for the first visit and no one told us why."
GIVEN = AnswerWords("Thank you. We now say how long it takes.")
HOW = "Ring our complaints team on 01632 960200. An advocate can help you: 01632 960201."


def made(cast: Cast, **facts: Any) -> str:
    key = make_shared_voice(
        cast.organisation,
        by_id=cast.voices_reader,
        **{"words": WORDS, "reader_id": cast.voices_reader, "theme_id": None, **facts},
    )
    db.session.commit()
    return key


def test_an_answer_is_given_on_a_day_and_read_by_receipt(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        key = made(cast)
    reader, path = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    page = reader.get(path)
    assert page.soup.find("textarea", {"name": "said"}).get_text(strip=True) == WORDS
    form = page.form(path)
    assert reader.send(form, {"words": ""}, follow=False).status == 422
    new = {
        "words": "Thank you. We now ring first.",
        "tried": "A call before each visit",
        "happened": "Families knew",
        "ending": "kept",
        "is_public": "y",
    }
    for _ in range(2):
        assert reader.send(form, new, follow=False).status == 303
    with app.app_context():
        (answer,) = told(key).answers
        assert answer.words == "Thank you. We now ring first."
        (story,) = changed("larchdale-council", group="", page=1).stories
        assert (story.said, story.is_quote) == (WORDS, True)
        voice = voice_of(key)
        assert (voice.state, voice.answered_on) == ("answered", answer.given_on)
        count = text("SELECT count(*) FROM audit_entries WHERE action = 'voice_answered'")
        assert db.session.scalars(count).one() == 1, "twice is given once"


def test_their_words_are_shown_only_where_they_said_yes(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        hidden = "Saoirse came to 14 Alder Row on Tuesday"
        for may_show, said, is_refused in (
            ("yes", WORDS, False),
            ("no", WORDS, True),
            ("unknown", "no one told us, WHY waited some weeks for the first visit", True),
            ("no", "Somebody waited for a visit.", False),
            ("yes", hidden, True),
        ):
            key = made(cast, may_show=may_show, happened=hidden)
            answer = AnswerWords("Thank you.", said, "", "", "listening", is_public=True)
            if is_refused:
                with pytest.raises(RuleBroken):
                    give_answer(reader, key=key, answer=answer, seen_version=1)
            else:
                give_answer(reader, key=key, answer=answer, seen_version=1)


def test_what_is_not_their_words_is_no_quote(app: Flask, cast: Cast) -> None:
    with app.app_context():
        answer = AnswerWords("Thank you.", "Waiting without a word", is_public=True)
        give_answer(cast.actor("voices_reader"), key=made(cast), answer=answer, seen_version=1)
        (story,) = changed("larchdale-council", group="", page=1).stories
        assert not story.is_quote


def test_a_complaint_is_told_how_to_complain(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        db.session.add(VoiceSetup(organisation_id=cast.organisation, complaints=HOW))
        key = made(cast, is_complaint=True)
        with pytest.raises(RuleBroken):
            give_answer(cast.actor("voices_reader"), key=key, answer=GIVEN, seen_version=1)
        db.session.rollback()
    reader, path = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    form = reader.get(path).form(path)
    sent = reader.send(form, {"ending": "listening"}, follow=False)
    assert sent.status == 303, "the words of the setup stand there, and are nobody’s number"


def test_a_no_leads_back_to_a_new_answer(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader, key = cast.actor("voices_reader"), made(cast)
        first = give_answer(reader, key=key, answer=GIVEN, seen_version=1)
        keys = app.config["SEALING_KEYS"]
        say_put_right(keys=keys, voice_key=key, answer_id=first, said="no", words="Nobody rang.")
        db.session.commit()
        again = AnswerWords("We are sorry. We will ring on Monday.")
        version = voice_of(key).version
        with pytest.raises(RuleBroken):
            give_answer(reader, key=key, answer=again, seen_version=version)
        reply = db.session.execute(text("SELECT key FROM voice_replies")).scalar_one()
        read_reply(reader, key=key, reply_key=reply)
        assert voice_of(key).state == "to_answer"
        version = voice_of(key).version
        give_answer(reader, key=key, answer=again, seen_version=version)
        assert [one.words for one in told(key).answers] == [again.words, GIVEN.words]
        assert told(key).said == "", "the newest answer is asked about anew"


def say(app: Flask, key: str, answer: int, said: str, words: str = "") -> None:
    keys = app.config["SEALING_KEYS"]
    say_put_right(keys=keys, voice_key=key, answer_id=answer, said=said, words=words)


def unread(key: str) -> str:
    found = "SELECT key FROM voice_replies WHERE read_at IS NULL AND said != 'yes'"
    return str(db.session.execute(text(found)).scalar_one())


def test_a_yes_after_a_no_leaves_nothing_to_do(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader, key = cast.actor("voices_reader"), made(cast)
        first = give_answer(reader, key=key, answer=GIVEN, seen_version=1)
        say(app, key, first, "no")
        assert voice_of(key).state == "again"
        say(app, key, first, "yes")
        assert voice_of(key).state == "answered"
        # With words it is read, and then nothing is owed either.
        say(app, key, first, "no", "Nobody rang.")
        say(app, key, first, "yes", "Now they did.")
        assert voice_of(key).state == "again"
        reply = db.session.execute(text("SELECT key FROM voice_replies")).scalar_one()
        read_reply(reader, key=key, reply_key=reply)
        assert voice_of(key).state == "answered"
        # What was hidden meanwhile is settled first, and stands on the desk until then.
        say(app, key, first, "no", "Nobody rang again.")
        hide_words(reader, key=key)
        say(app, key, first, "partly", "One rang.")
        assert voice_of(key).state == "again"
        read_reply(reader, key=key, reply_key=reply)
        assert voice_of(key).state == "reading"


def test_a_yes_of_an_earlier_answer_holds_nothing_up(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader, key = cast.actor("voices_reader"), made(cast)
        first = give_answer(reader, key=key, answer=GIVEN, seen_version=1)
        say(app, key, first, "yes")
        more = AnswerWords("We now ring on Mondays.")
        second = give_answer(reader, key=key, answer=more, seen_version=voice_of(key).version)
        say(app, key, second, "no", "Nobody rang.")
        read_reply(reader, key=key, reply_key=unread(key))
        assert voice_of(key).state == "to_answer"


def test_both_texts_where_another_was_faster(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        key = made(cast)
    reader, path = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    form = reader.get(path).form(path)
    with app.app_context():
        give_answer(cast.actor("voices_reader"), key=key, answer=GIVEN, seen_version=1)
        db.session.commit()
    mine = {"words": "We will come on Monday.", "ending": "trying"}
    page = reader.send(form, mine, follow=False)
    assert page.status == 409
    assert GIVEN.words in page.main
    assert "We will come on Monday." in page.main
    assert reader.send(page.form(path), {}, follow=False).status == 303


def test_only_the_reader_who_opened_it_answers(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = made(cast, reader_id=None)
        with pytest.raises(RuleBroken):
            give_answer(cast.actor("voices_reader"), key=key, answer=GIVEN, seen_version=1)
        with pytest.raises(Stale):
            give_answer(cast.actor("voices_reader"), key=made(cast), answer=GIVEN, seen_version=7)
        assert not db.session.scalars(select(VoiceAnswer.id)).all()


def test_rules_of_words() -> None:
    assert says_how_to_complain("Ring 01632960200 to complain.", HOW)
    assert not says_how_to_complain("You can complain.", HOW)
    assert says_how_to_complain("You can complain.", "")
    assert said_for(may_quote=False, shareable=WORDS, topic="plan") == (
        "Somebody told us about the plan."
    )


@pytest.mark.parametrize("number", ["3000000000", "1" + "0" * 20, "-5", "one"])
def test_a_number_that_no_draft_has_loses_no_words(
    app: Flask, cast: Cast, visit: Visit, number: str
) -> None:
    with app.app_context():
        key = made(cast)
        draft = make_answer(key, by_id=cast.coach, given_on=None)
        db.session.commit()
    reader, path = visit(cast.voices_reader), f"/voices/desk/{key}/answer"
    form = reader.get(f"{path}?draft={draft}").form(path)
    page = reader.send(form, {"draft_id": number, "words": "My own words."}, follow=False)
    assert page.status == 409
    assert "My own words." in page.main
    assert reader.send(page.form(path), {}, follow=False).status == 303
