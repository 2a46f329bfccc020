"""Readers on cover are told that something waits: by a job, at whole hours, never what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from improve.notifications.models import Notice
from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceCover, VoiceReply, VoiceSetup
from improve.voices.queries.waiting import waiting_by_council
from improve.voices.service import tell_readers
from improve.voices.service.put_right import say_put_right
from improve.voices.service.tell_readers import tell_of_danger, tell_of_waiting
from tests.factories import Cast
from tests.statements import Watch
from tests.voices.make import make_answer, make_voice

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.database


@pytest.fixture
def council(app: Flask, cast: Cast) -> Any:
    with app.app_context(), clock.moved(datetime(2026, 11, 24, 10, 20, tzinfo=LONDON)):
        db.session.add(VoiceSetup(organisation_id=cast.organisation))
        db.session.add(
            VoiceCover(
                organisation_id=cast.organisation,
                person_id=cast.voices_reader,
                from_on=date(2026, 11, 20),
                to_on=date(2026, 11, 27),
            )
        )
        db.session.flush()
        yield


def notices() -> list[tuple[int, str]]:
    db.session.flush()
    rows = db.session.execute(
        db.select(Notice.person_id, Notice.facts).where(Notice.kind == "voices_wait")
    )
    return [(person, facts["title"]) for person, facts in rows]


def test_the_morning_says_how_many_wait(cast: Cast, council: None) -> None:
    assert tell_of_waiting() == 0
    make_voice(cast.organisation)
    make_voice(cast.organisation)
    make_voice(cast.organisation, state="answered")
    assert tell_of_waiting() == 1
    assert notices() == [(cast.voices_reader, "2 voices wait to be read")]


def test_a_night_that_is_run_again_tells_nobody_twice(cast: Cast, council: None) -> None:
    make_voice(cast.organisation, may_be_danger=True)
    with clock.moved(datetime(2026, 11, 25, 4, 1, tzinfo=LONDON)):
        assert tell_of_danger() == 1
        db.session.flush()
        assert tell_of_waiting() == 1, "that one is in danger is other news"
        db.session.flush()
    with clock.moved(datetime(2026, 11, 25, 7, 30, tzinfo=LONDON)):
        make_voice(cast.organisation)
        assert tell_of_waiting() == 0
    with clock.moved(datetime(2026, 11, 26, 4, 1, tzinfo=LONDON)):
        assert tell_of_waiting() == 1
    assert [title for _, title in notices()][1:] == [
        "1 voice waits to be read",
        "2 voices wait to be read",
    ]


def test_possible_danger_is_told_in_the_next_hour_and_once(cast: Cast, council: None) -> None:
    assert tell_of_danger() == 0  # this hour has had its turn
    make_voice(cast.organisation, may_be_danger=True)
    assert tell_of_danger() == 0
    with clock.moved(datetime(2026, 11, 24, 11, 1, tzinfo=LONDON)):
        assert tell_of_danger() == 1
        assert tell_of_danger() == 0
    assert notices() == [(cast.voices_reader, "1 voice could be about danger. Open it first")]
    with clock.moved(datetime(2026, 11, 24, 12, 1, tzinfo=LONDON)):
        assert tell_of_danger() == 0


def test_with_nobody_on_cover_every_reader_is_told_of_danger(cast: Cast, council: None) -> None:
    later = datetime(2026, 11, 30, 9, 0, tzinfo=LONDON)
    make_voice(cast.organisation, may_be_danger=True)
    with clock.moved(later):
        assert tell_of_waiting() == 0
        assert tell_of_danger() == 1
    assert [person for person, _ in notices()] == [cast.voices_reader]


def test_a_thousand_voices_cost_what_one_does(cast: Cast, council: None, statements: Watch) -> None:
    counts = []
    for hour, many in ((11, 1), (12, 40)):
        for _ in range(many):
            make_voice(cast.organisation, may_be_danger=True)
        # As a job finds them: nothing is in memory.
        db.session.flush()
        db.session.expunge_all()
        with clock.moved(datetime(2026, 11, 24, hour, 1, tzinfo=LONDON)):
            with statements() as seen:
                assert tell_of_danger() == 1
            assert not any("voices.sealed" in one for one in seen)
            counts.append(len(seen))
    assert counts[0] == counts[1]
    assert notices()[-1][1] == "40 voices could be about danger. Open them first"


def test_danger_in_a_reply_is_told_too(app: Flask, cast: Cast, council: None) -> None:
    eleven = datetime(2026, 11, 24, 11, 1, tzinfo=LONDON)
    key = make_voice(cast.organisation, state="answered", may_be_danger=True, is_told=True)
    answer = make_answer(key, by_id=cast.voices_reader)
    with clock.moved(eleven):
        assert tell_of_danger() == 0

    def say(words: str, *, said: str = "no") -> None:
        keys = app.config["SEALING_KEYS"]
        say_put_right(keys=keys, voice_key=key, answer_id=answer, said=said, words=words)

    say("Nobody came.")
    with clock.moved(eleven + timedelta(hours=1)):
        assert tell_of_danger() == 0
    say("Nobody came. He hits me again.")
    assert tell_of_waiting() == 0  # it was opened long ago
    with clock.moved(eleven + timedelta(hours=2)):
        assert tell_of_danger() == 1
        assert tell_of_danger() == 0
    assert notices() == [(cast.voices_reader, "1 voice could be about danger. Open it first")]
    say("He hits me every day.", said="yes")
    db.session.execute(db.update(VoiceReply).values(read_at=clock.now()))
    with clock.moved(eleven + timedelta(hours=3)):
        assert tell_of_danger() == 0  # a reader was faster


def test_two_runs_at_once_tell_once(
    cast: Cast, council: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_voice(cast.organisation, may_be_danger=True, is_told=True)
    # What this run has looked up before the other one told of it.
    seen = [replace(one, untold=1) for one in waiting_by_council()]
    monkeypatch.setattr(tell_readers, "waiting_by_council", lambda: seen)
    assert tell_of_danger() == 0
    assert notices() == []


def test_another_council_is_told_nothing(cast: Cast, council: None) -> None:
    make_voice(cast.other_organisation, may_be_danger=True)
    with clock.moved(datetime(2026, 11, 24, 11, 1, tzinfo=LONDON) + timedelta(hours=1)):
        assert tell_of_danger() == 0
    assert notices() == []
