"""After the night the files tell neither in which order voices came nor what was deleted."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, delete, text, update
from sqlalchemy.exc import TimeoutError

from improve.shared import clock, rewriting
from improve.shared.db import db
from improve.voices.models import Voice, VoiceReply, VoiceStep, VoiceSurvey, VoiceSurveyCode
from improve.voices.service.retention import tables_of_voices
from tests.factories import Cast
from tests.voices.files import files_hold, gone_with_the_nights
from tests.voices.make import make_answer, make_voice

#: In no order: as they come.
KEYS = tuple(f"{letter}_{'k' * 18}" for letter in "mzbqaft")


def came_in_turn(cast: Cast) -> None:
    """Send seven voices, each in a transaction with the code that brought it."""
    survey = VoiceSurvey(
        organisation_id=cast.organisation,
        name="Everybody reviewed",
        opens_on=clock.today(),
        closes_on=clock.today(),
        made_by_id=cast.practitioner,
        created_at=clock.now(),
    )
    db.session.add(survey)
    db.session.flush()
    for key in KEYS:
        db.session.add(VoiceSurveyCode(code_hash=key[::-1], survey_id=survey.id))
    db.session.commit()
    for key in KEYS:
        make_voice(cast.organisation, key=key, survey_id=survey.id)
        db.session.execute(
            update(VoiceSurveyCode)
            .where(VoiceSurveyCode.code_hash == key[::-1])
            .values(is_used=True)
        )
        db.session.commit()


def on_postgres(words: str) -> list[Any]:
    found = list(db.session.execute(text(words)).scalars())
    db.session.commit()
    return found


def places_in_page(table: str, keys: tuple[str, ...]) -> list[int]:
    """Return where each key lies in the page of a small SQLite table."""
    path = Path(str(db.engine.url.database))
    with db.engine.connect() as connection:
        size = connection.exec_driver_sql("PRAGMA page_size").scalar_one()
        root = connection.execute(
            text("SELECT rootpage FROM sqlite_schema WHERE name = :name"), {"name": table}
        ).scalar_one()
    page = path.read_bytes()[(root - 1) * size : root * size]
    return [page.find(key.encode()) for key in keys]


def test_nothing_tells_which_code_brought_which_voice(app: Flask, cast: Cast) -> None:
    with app.app_context():
        came_in_turn(cast)
        joined = (
            "SELECT voices.key FROM voices JOIN voice_survey_codes"
            " ON voices.xmin = voice_survey_codes.xmin WHERE code_hash = '{}'"
        )
        is_postgres = db.engine.dialect.name == "postgresql"
        if is_postgres:
            assert on_postgres(joined.format(KEYS[0][::-1])) == [KEYS[0]], "what is to be hidden"
            assert on_postgres("SELECT key FROM voices ORDER BY ctid") != sorted(KEYS)
        assert rewriting.write_anew(tables_of_voices()) == []
        if is_postgres:
            assert len(on_postgres(joined.format(KEYS[0][::-1]))) == len(KEYS)
            for table, key in (("voices", "key"), ("voice_survey_codes", "code_hash")):
                by_place = on_postgres(f"SELECT {key} FROM {table} ORDER BY ctid")
                assert by_place == on_postgres(f"SELECT {key} FROM {table} ORDER BY {key}")
        else:
            places = places_in_page("voices", tuple(sorted(KEYS)))
            assert -1 not in places
            assert places == sorted(places, reverse=True), "as they came: by no other order"


def test_everything_is_there_as_before(app: Flask, cast: Cast) -> None:
    with app.app_context():
        came_in_turn(cast)
        answer = make_answer(KEYS[0], by_id=cast.practitioner)
        db.session.add(
            VoiceReply(
                key="r" * 22,
                organisation_id=cast.organisation,
                voice_key=KEYS[0],
                answer_id=answer,
                came_on=clock.today(),
                said="yes",
                sealed=b"\x00\xff sealed",
            )
        )
        db.session.commit()

        def rows() -> str:
            found = [
                [dict(row) for row in db.session.execute(text(f"SELECT * FROM {name}")).mappings()]
                for name in tables_of_voices()
            ]
            db.session.commit()
            told = json.dumps(found, default=repr, sort_keys=True)
            return "".join(sorted(told))

        before = rows()
        assert rewriting.write_anew(tables_of_voices()) == []
        assert rows() == before
        # What belongs to a voice goes with it, as before.
        db.session.execute(delete(Voice).where(Voice.key == KEYS[0]))
        assert db.session.execute(text("SELECT count(*) FROM voice_replies")).scalar_one() == 0


def test_words_taken_away_leave_the_files(app: Flask, cast: Cast) -> None:
    words = "Rang the duty manager, who goes there today."
    with app.app_context():
        key = make_voice(cast.organisation, happened="x" * 6000)
        db.session.add(
            VoiceStep(
                organisation_id=cast.organisation,
                voice_key=key,
                kind="danger_yes",
                words=words,
                person_id=cast.practitioner,
                at=clock.now() - timedelta(days=1),
            )
        )
        db.session.commit()
        voice = db.session.get_one(Voice, key)
        sealed = bytes(voice.sealed or b"")
        ends = (
            ("voices", sealed[40:72]),
            ("voices", sealed[-40:]),
            ("voice_steps", words.encode()),
        )
        if db.engine.dialect.name == "postgresql":
            db.session.commit()
            assert all(files_hold(*end) for end in ends), "the test must see what is there"
        voice.sealed = None
        db.session.execute(update(VoiceStep).values(words=""))
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            assert all(files_hold(*end) for end in ends), "deleted, but not from the files"
        assert gone_with_the_nights(tables_of_voices(), *ends)


def test_no_sample_of_words_is_kept_for_plans(app: Flask, cast: Cast) -> None:
    with app.app_context():
        if db.engine.dialect.name != "postgresql":
            return  # SQLite samples numbers of rows alone
        came_in_turn(cast)
        db.session.execute(text("ANALYZE voices"))
        db.session.commit()
        names = on_postgres("SELECT attname FROM pg_stats WHERE tablename = 'voices'")
        assert "came_on" in names
        assert not {"sealed", "shareable", "changes"} & set(names)


def test_a_table_that_something_holds_is_left_for_the_next_night(
    app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "TRIES", 1)
    monkeypatch.setattr(rewriting, "WAITS", 1)
    with app.app_context():
        came_in_turn(cast)
        if db.engine.dialect.name == "sqlite":
            return  # there a writer is waited for, as by everybody
        with db.engine.connect() as backup:
            backup.execute(text("SELECT count(*) FROM voices"))
            assert rewriting.write_anew(tables_of_voices()) == ["voices"]
        assert rewriting.write_anew(tables_of_voices()) == []


def test_the_nightly_run_does_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        came_in_turn(cast)
        done = app.test_cli_runner().invoke(args=["nightly"])
        assert done.exit_code == 0, done.output
        assert "Not written anew" not in done.output
        if db.engine.dialect.name == "postgresql":
            assert len(on_postgres("SELECT DISTINCT xmin::text FROM voices")) == 1


def test_where_no_connection_is_free_it_is_left_for_the_night(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is done after the commit: whatever came out of it would look as if nothing was kept."""

    def none_is_free(_engine: Engine) -> None:
        raise TimeoutError

    engine = type(db.engine)
    with monkeypatch.context() as held:
        held.setattr(engine, "raw_connection", none_is_free)
        assert rewriting.write_anew(["voices"], tries=1) == ["voices"]
        rewriting._checkpoint()
    rewriting._checkpoint()
    assert rewriting.write_anew(["voices"], tries=1) == []
