"""Words that are taken back stand nowhere for everybody, whatever is settled later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from improve.accounts.actor import Actor
from improve.shared.db import db
from improve.shared.marked_changes import marked_changes
from improve.voices.models import Voice
from improve.voices.queries.desk import original_of
from improve.voices.queries.receipt import told
from improve.voices.service.danger import lock_for_danger
from improve.voices.service.hide import hide_words
from improve.voices.service.one import written
from improve.voices.service.use import choose_theme, keep_theme_only
from improve.voices.service.words import settle_words, write_words
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.files import files_hold, gone_with_the_nights
from tests.voices.make import make_answer, make_shared_voice

SAID = "The boy of Mill Lane was sad"


def _version(key: str) -> int:
    voice = db.session.get(Voice, key)
    assert voice is not None
    return voice.version


def _settle(reader: Actor, key: str, could_tell: str) -> None:
    voice = db.session.get(Voice, key)
    assert voice is not None
    changes = marked_changes(original_of(written(voice)), voice.shareable).changes
    settle_words(
        reader,
        key=key,
        rules=["names"] * len(changes),
        could_tell=could_tell,
        seen_version=voice.version,
    )


def _hide(reader: Actor, key: str) -> None:
    hide_words(reader, key=key)
    write_words(reader, key=key, words="A child was sad.", seen_version=_version(key))
    _settle(reader, key, "no")


def _hide_for_good(reader: Actor, key: str) -> None:
    hide_words(reader, key=key)
    _settle(reader, key, "yes")


def _write_anew(reader: Actor, key: str) -> None:
    write_words(reader, key=key, words="A child was sad.", seen_version=_version(key))
    _settle(reader, key, "no")


def _keep_theme(reader: Actor, key: str) -> None:
    choose_theme(reader, key=key, theme_id=None, name="Waiting", seen_version=_version(key))
    keep_theme_only(reader, key=key, seen_version=_version(key))


def _lock(reader: Actor, key: str) -> None:
    lock_for_danger(reader, key=key, agreed="Rang duty, they go today.")


def test_words_taken_back_are_gone_from_the_file(app: Flask, cast: Cast) -> None:
    with app.app_context():
        reader, said = cast.actor("voices_reader"), "The boy of Quillfeather Lane was sad"
        key = make_shared_voice(cast.organisation, by_id=reader.person_id, words=said)
        db.session.commit()
        assert files_hold("voices", b"Quillfeather")
        _lock(reader, key)
        db.session.commit()
        if db.engine.dialect.name == "postgresql":
            # SQLite forgets at once, PostgreSQL in the night.
            assert gone_with_the_nights(["voices"], ("voices", b"Quillfeather"))
        assert not files_hold("voices", b"Quillfeather")


@pytest.mark.database
@pytest.mark.parametrize("take_back", [_hide, _hide_for_good, _write_anew, _keep_theme, _lock])
def test_words_taken_back_leave_what_everybody_reads(
    app: Flask,
    cast: Cast,
    visit: Callable[..., Visitor],
    take_back: Callable[[Actor, str], None],
) -> None:
    facts: dict[str, Any] = {"reader_id": cast.voices_reader}
    with app.app_context():
        reader = cast.actor("voices_reader")
        key = make_shared_voice(cast.organisation, by_id=reader.person_id, words=SAID, **facts)
        make_answer(key, by_id=reader.person_id, said=SAID, is_public=True, happened="We moved.")
        db.session.commit()
    page = "/changed/larchdale-council"
    assert SAID in visit().get(page).text
    with app.app_context():
        take_back(reader, key)
        db.session.commit()
        is_locked = take_back is _lock
        assert bool(told(key).answers) is not is_locked, "who told it still reads the answer"
    assert SAID not in visit().get(page).text
