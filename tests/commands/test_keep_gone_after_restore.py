"""What was destroyed, taken back, hidden, removed or closed since a backup is so after it, too."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.accounts import service as accounts
from improve.accounts.models import Person
from improve.commands.another_database import another_database
from improve.commands.erasing import erase_again
from improve.ideas import service as ideas
from improve.incidents.kinds import State as ReportState
from improve.incidents.models import Incident
from improve.incidents.queries import receipt as receipts
from improve.incidents.service.destroy import destroy
from improve.redaction import service as redaction
from improve.redaction.texts import Name
from improve.shared import audit, clock, gone_marks
from improve.shared.db import db
from improve.shared.gone_marks import note_gone
from improve.voices.kinds import StepKind
from improve.voices.models import HelpRequest, Voice, VoiceStep
from improve.voices.service.hide import hide_words
from tests.commands.test_restore_backup import (
    Run,
    empty,
    erased,
    run,
    tools_of_the_server,
    uri,
)
from tests.factories import Cast, actor, make_idea
from tests.incidents.make import make_report
from tests.incidents.open_council import opened
from tests.pages import Visitor
from tests.voices.make import make_shared_voice, make_voice

__all__ = ["empty", "erased", "run", "tools_of_the_server"]


def settled(cast: Cast, words: str) -> str:
    """A voice whose words a reader settled, so that all staff read them."""
    key = make_shared_voice(cast.organisation, by_id=cast.voices_reader, words=words)
    db.session.add(
        VoiceStep(
            organisation_id=cast.organisation,
            voice_key=key,
            kind=StepKind.WORDS_SETTLED.value,
            person_id=cast.voices_reader,
            at=clock.now(),
        )
    )
    db.session.flush()
    return key


def say(cast: Cast, idea: int, words: str) -> int:
    ideas.comment(actor(cast.colleague), idea_id=idea, words=words, form_token=secrets.token_hex(8))
    return int(db.session.execute(text("SELECT max(id) FROM comments")).scalar_one())


def all_words(idea: int) -> list[str]:
    query = text("SELECT words FROM comments WHERE idea_id = :i ORDER BY id")
    return [str(words) for words in db.session.execute(query, {"i": idea}).scalars()]


@pytest.mark.security(59, 85)
def test_a_restore_brings_nothing_back_that_is_gone(
    run: Run, app: Flask, cast: Cast, empty: str, erased: Path
) -> None:
    with app.app_context():
        council = opened(cast.organisation)
        report, lapsed, stands = (make_report(council.organisation, council.group) for _ in "123")
        emptied, kept = (make_voice(cast.organisation) for _ in "12")
        hidden_voice, shared_voice = settled(cast, "Ring first."), settled(cast, "Be kind.")
        help_key = secrets.token_urlsafe(16)
        db.session.add(
            HelpRequest(
                key=help_key,
                organisation_id=cast.organisation,
                came_on=clock.today(),
                token_hash="h",
                sealed=b"how to reach them",
            )
        )
        idea = make_idea(cast)
        hidden, removed = say(cast, idea, "Zoë Quill told me."), say(cast, idea, "Take this back.")
        say(cast, idea, "This stays.")
        db.session.commit()
    file = erased.with_name("gone.backup")
    assert run("backup", file, "--no-verify").exit_code == 0

    with app.app_context():
        for key, state in ((report, ReportState.SIGNED_OFF), (lapsed, ReportState.LAPSED)):
            assert destroy([db.session.get_one(Incident, key)], state=state) == 1
        db.session.get_one(Voice, emptied).sealed = None
        hide_words(actor(cast.colleague), key=hidden_voice)
        wish = db.session.get_one(HelpRequest, help_key)
        wish.sealed, wish.picked_up_at = None, clock.now()
        redaction.hide_text(actor(cast.practitioner), name=Name("comment", hidden, "words"))
        ideas.remove_comment(actor(cast.colleague), comment_id=removed)
        accounts.disable_person(actor(cast.administrator), person_id=cast.guest)
        db.session.commit()
        assert run("nightly").exit_code == 0
        noted = erased.read_text()
        for told in (report, emptied, help_key, "Zoë", str(clock.today())):
            assert told not in noted
        assert all(list(json.loads(line)) == ["gone"] for line in noted.splitlines())

    done = run("restore", file, "--into", empty)
    assert done.exit_code == 0, done.output
    with app.app_context(), another_database(uri(empty)):
        for key in (report, lapsed):
            assert db.session.get_one(Incident, key).wrapped_key is None
            assert receipts.told(key).is_destroyed
        assert db.session.get_one(Incident, report).state == ReportState.SIGNED_OFF.value
        assert db.session.get_one(Incident, stands).wrapped_key is not None
        assert db.session.get_one(Voice, emptied).sealed is None
        assert db.session.get_one(Voice, kept).sealed is not None
        assert db.session.get_one(Voice, hidden_voice).shared_at is None
        assert db.session.get_one(Voice, hidden_voice).hidden_at is not None
        assert db.session.get_one(Voice, shared_voice).shared_at is not None
        wish = db.session.get_one(HelpRequest, help_key)
        assert wish.sealed is None and wish.picked_up_at is not None  # noqa: PT018
        first, second, third = all_words(idea)
        assert first.startswith("Hidden since ")
        assert (second, third) == ("", "This stays.")
        assert not db.session.get_one(Person, cast.guest).is_active
        assert db.session.get_one(Person, cast.colleague).is_active
        assert audit.find_faults() == []
        # Nothing in the log says that it was a report, nor how many.
        acts = db.session.execute(
            select(audit.AuditEntry.action, audit.AuditEntry.object_kind).where(
                audit.AuditEntry.action.in_(("ended_again", "erased_again"))
            )
        ).all()
        assert [tuple(one) for one in acts] == [("ended_again", "installation")]


def test_the_file_tells_neither_what_nor_when(app: Flask, cast: Cast, erased: Path) -> None:
    with app.app_context():
        council = opened(cast.organisation)
        keys = [make_report(council.organisation, council.group) for _ in range(12)]
        db.session.flush()
        destroy([db.session.get_one(Incident, key) for key in keys], state=ReportState.SIGNED_OFF)
        accounts.disable_person(actor(cast.administrator), person_id=cast.guest)
        db.session.commit()
        written = note_gone()
        lines = [json.loads(line) for line in erased.read_text().splitlines()]
        assert written == len(lines) >= len(keys) + 1
        # A report’s line is as an account’s: one mark, of one length, and nothing else.
        assert {(*line, *map(len, line.values())) for line in lines} == {("gone", 24)}
        # Again is nothing new.
        assert note_gone() == 0
        # Their order says nothing: by chance alone it would be that of the keys once in 12!.
        erased.unlink()
        note_gone()
        assert [json.loads(line) for line in erased.read_text().splitlines()] != lines


def test_what_people_brought_back_themselves_stays(app: Flask, cast: Cast, erased: Path) -> None:
    with app.app_context():
        idea = make_idea(cast)
        comment = say(cast, idea, "A word.")
        redaction.hide_text(actor(cast.practitioner), name=Name("comment", comment, "words"))
        administrator = actor(cast.administrator)
        accounts.disable_person(administrator, person_id=cast.guest)
        db.session.commit()
        assert note_gone() >= 2
        with clock.moved(clock.now() + timedelta(days=1)):
            accounts.enable_person(administrator, person_id=cast.guest)
            hidden = db.session.execute(text("SELECT max(id) FROM hidden_texts")).scalar_one()
            lead = actor(cast.data_protection_lead)
            redaction.show_again(lead, hidden_id=hidden, why="It names nobody.")
            db.session.commit()
            assert note_gone() == 2
        assert erase_again() == 0
        assert db.session.get_one(Person, cast.guest).is_active
        assert all_words(idea) == ["A word."]
        # Closed once more: the last line holds.
        accounts.disable_person(administrator, person_id=cast.guest)
        db.session.commit()
        assert note_gone() == 1


def test_a_comment_that_was_removed_again_says_so(
    app: Flask, cast: Cast, visit: Callable[[int], Visitor], erased: Path
) -> None:
    with app.app_context():
        idea = make_idea(cast)
        comment = say(cast, idea, "Take this back.")
        ideas.remove_comment(actor(cast.colleague), comment_id=comment)
        db.session.commit()
        note_gone()
        before = text("UPDATE comments SET words = 'Take this back.', removed_at = NULL")
        db.session.execute(before)
        db.session.commit()
        assert erase_again() == 1
        assert erase_again() == 0
    page = visit(cast.practitioner).get(f"/ideas/{idea}")
    assert "comment removed by a colleague" in page.text.lower()
    assert "Take this back" not in page.text


def test_marks_that_are_spoilt_end_nothing(app: Flask, cast: Cast, erased: Path) -> None:
    with app.app_context():
        for mark in ("hidden 1 idea:1", "hidden x idea:1 comment:1:words", "hidden", "", "z" * 24):
            with erased.open("a") as file:
                file.write(json.dumps({"gone": mark}) + "\n")
        left: list[str] = []
        assert erase_again(left) == 0
        assert left == []


def test_what_cannot_be_erased_again_by_hand_is_said(
    run: Run, app: Flask, cast: Cast, erased: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> int:
        raise OSError("no space left")

    with monkeypatch.context() as broken:
        broken.setattr(gone_marks, "ways_to_end_again", lambda: [("report", fails)])
        done = run("erase-again")
    assert done.exit_code == 1
    assert "Erased again: 0.\nNot erased again: 1. The log of the server says why." in done.output
    monkeypatch.setitem(app.config, "ERASED_FILE", "")
    refused = run("erase-again")
    said = "ERASED_FILE is not set: nothing says what was erased."
    assert (refused.exit_code, said in refused.output) == (2, True)
