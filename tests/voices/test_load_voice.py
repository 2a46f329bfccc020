"""One way to load a voice: for readers of its council alone, held, with its steps kept."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, Stale
from improve.voices.kinds import StepKind
from improve.voices.service import one
from tests.factories import Cast
from tests.voices.make import make_voice


def test_only_readers_load_a_voice(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = make_voice(cast.organisation)
        db.session.commit()
        assert one.voice_for_reading(cast.actor("voices_reader"), key).key == key
        for name in ("administrator", "leader", "manager", "practitioner", "coach"):
            with pytest.raises(Forbidden):
                one.voice_for_reading(cast.actor(name), key)
        with pytest.raises(NotFound):
            one.voice_for_reading(cast.actor("voices_reader"), "nobody")


def test_a_step_is_kept_and_makes_an_older_sight_stale(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        voice = one.voice_for_reading(reader, make_voice(cast.organisation))
        seen = voice.version
        one.check_seen(voice, seen)
        one.keep_step(reader, voice, StepKind.DANGER_NO)
        with pytest.raises(Stale):
            one.check_seen(voice, seen)
        db.session.commit()
        acts = text("SELECT count(*) FROM audit_entries WHERE action = 'voice_danger_no'")
        assert db.session.execute(acts).scalar_one() == 1


def test_what_they_wrote_opens_and_is_sealed_again(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader = cast.actor("voices_reader")
        voice = one.voice_for_reading(reader, make_voice(cast.organisation, happened="Było dobrze"))
        one.seal_again(voice, {**one.written(voice), "english": "It was good"})
        assert one.written(voice)["english"] == "It was good"
        voice.sealed = None
        assert one.written(voice) == {}
