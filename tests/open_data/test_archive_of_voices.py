"""What children and families told moves house without what they wrote, and without any key."""

from __future__ import annotations

import json
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from improve.shared import audit, clock
from improve.shared.db import db
from improve.voices.models import HelpRequest, VoiceDraft, VoiceReply, VoiceStep, VoiceTheme
from improve.voices.sealed import sealer
from improve.voices.service.measures import count_ended_months
from improve.voices.service.surveys import make_survey
from tests.conftest import NOW
from tests.factories import Cast
from tests.open_data.moving import (
    ANEW,
    House,
    check_same,
    counts_of,
    export,
    news_settled,
    rows_of,
    run,
)
from tests.pages import Visitor
from tests.voices.make import make_answer, make_shared_voice, make_voice
from tests.voices.open_council import open_council

STAY = ("voice_drafts", "voice_survey_codes", "help_requests")


@pytest.fixture
def told(app: Flask, cast: Cast) -> None:
    """A council that listens: voices at every state, a survey, a draft, somebody who wants help."""
    open_council(app, cast, opened_by_id=cast.administrator)
    with app.app_context():
        _tell(cast)
        db.session.commit()


def _tell(cast: Cast) -> None:
    council, reader = cast.organisation, cast.voices_reader
    make_voice(council, happened="quokka in the garden")
    theme = VoiceTheme(organisation_id=council, name="Being told why")
    db.session.add(theme)
    db.session.flush()
    shared = make_shared_voice(council, by_id=reader, words="Tell me why.", theme_id=theme.id)
    changes = [{"n": 0, "kind": "changed", "to": "wallaby", "rule": "name"}]
    facts = {"shared_at": None, "hidden_at": clock.now(), "changes": changes}
    hidden = make_shared_voice(council, by_id=reader, words="zebrafinch", **facts)
    # Hiding took them back from everybody: one was given, one is a draft.
    make_answer(hidden, by_id=reader, said="capybara")
    make_answer(hidden, by_id=reader, said="pangolin", is_public=True, given_on=None)
    locked = make_voice(council, state="safeguarding", locked_at=clock.now(), reader_id=reader)
    words = "Rang duty about axolotl at ten."
    step: dict[str, Any] = {"organisation_id": council, "person_id": reader, "at": clock.now()}
    db.session.add(VoiceStep(voice_key=locked, kind="danger_yes", words=words, **step))
    answer = make_answer(shared, by_id=reader, said="A numbat asks why.", is_public=True)
    db.session.add(
        VoiceReply(
            key="r" * 22,
            organisation_id=council,
            voice_key=shared,
            answer_id=answer,
            came_on=clock.today(),
            said="no",
            sealed=sealer("voice replies").seal("narwhal again", about="r" * 22),
        )
    )
    for n in range(24):
        at = {"came_on": date(2026, 10, 5), "opened_on": date(2026, 10, 6), "team_id": cast.team}
        rating = 1 if n % 2 else 4
        make_voice(council, state="to_answer", reader_id=reader, rating=rating, sealed=None, **at)
    count_ended_months()
    today, month = clock.today(), timedelta(days=30)
    make_survey(
        cast.actor("administrator"),
        name="All reviewed",
        opens_on=today,
        closes_on=today + month,
        count=5,
    )
    db.session.add(
        VoiceDraft(
            token_hash="d" * 40,
            organisation_id=cast.organisation,
            began_on=today,
            sealed=b"a draft",
        )
    )
    db.session.add(
        HelpRequest(key="h" * 22, organisation_id=council, came_on=today, token_hash="h" * 40)
    )


@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_all_is_there_again_but_for_what_stays(
    app: Flask, cast: Cast, told: None, to: str, house: House
) -> None:
    file = house.file("all.zip")
    export(app, file, "larchdale-council", "--with-private")
    pages = ("/voices", "/voices/how-it-goes", "/voices/desk?show=locked")
    with house.empty(to) as other:
        code, said = run(other, "import-archive", file)
        assert code == 0, said
        before = news_settled(rows_of(app, cast.organisation), NOW)
        after = rows_of(other, cast.organisation)
        for name, rows in before.items():
            assert name in ANEW or after[name] == rows, name
        assert len(after["voices"]) == 28
        assert after["voice_measures"]
        held = counts_of(other)
        assert {name: held[name] for name in STAY} == dict.fromkeys(STAY, 0)
        assert {name: counts_of(app)[name] for name in STAY} == dict(
            zip(STAY, (1, 5, 1), strict=True)
        )
        for page in pages:
            here, there = (_read(each, cast.voices_reader, page) for each in (app, other))
            assert here == there, page
        with other.app_context():
            assert audit.find_faults() == []
        again = house.file("again.zip")
        export(other, again, "larchdale-council", "--with-private")
        check_same(file, again)


def _read(app: Flask, person_id: int, path: str) -> str:
    with app.app_context():
        return Visitor(app, person_id).get(path).main


@pytest.mark.parametrize("more", [(), ("--with-private",)])
def test_no_written_word_and_no_key_leaves(
    app: Flask, cast: Cast, told: None, house: House, more: tuple[str, ...]
) -> None:
    file = house.file("plain.zip")
    export(app, file, "larchdale-council", *more)
    with zipfile.ZipFile(file) as packed:
        whole = b"".join(packed.read(name) for name in packed.namelist()).decode()
        voices = [json.loads(line) for line in packed.open("tables/voices.jsonl")]
        replies = [json.loads(line) for line in packed.open("tables/voice_replies.jsonl")]
        names = packed.namelist()
    assert {row["sealed"] for row in (*voices, *replies)} == {None}
    assert {row["words_hash"] for row in voices} == {""}
    assert not any(f"tables/{name}.jsonl" in names for name in STAY)
    assert "quokka" not in whole
    assert "narwhal" not in whole
    assert "Tell me why." in whole
    assert "numbat" in whole
    # Of readers alone: what was agreed of a danger, and words that are hidden.
    is_private = bool(more)
    assert ("axolotl" in whole) is is_private
    for word in ("zebrafinch", "wallaby", "capybara", "pangolin"):
        assert (word in whole) is is_private, word
