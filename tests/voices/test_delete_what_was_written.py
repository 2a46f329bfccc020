"""What was written is gone after the council's days, also from the file; the rest stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.shared import audit, clock
from improve.shared.db import db
from improve.voices.kinds import StepKind
from improve.voices.models import Voice, VoiceAnswer, VoiceDraft, VoiceSetup, VoiceStep
from improve.voices.service.danger import lock_for_danger
from improve.voices.service.hide import hide_words
from improve.voices.service.retention import delete_what_was_written
from tests.factories import Cast
from tests.pages import Visitor
from tests.voices.make import make_answer, make_shared_voice, make_voice


def came(days_ago: int) -> dict[str, Any]:
    return {"came_on": clock.today() - timedelta(days=days_ago)}


def sealed_of(key: str) -> bytes | None:
    return db.session.scalars(select(Voice.sealed).where(Voice.key == key)).one()


def postgres_holds(sealed: bytes) -> bool:
    """Return whether the files of the table hold any end of it, after a full vacuum."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM FULL voices"))
        connection.execute(text("CHECKPOINT"))
        files = connection.execute(
            text(
                "SELECT pg_read_binary_file(pg_relation_filepath(one)) FROM (SELECT oid AS one"
                " FROM pg_class WHERE relname = 'voices' UNION SELECT reltoastrelid"
                " FROM pg_class WHERE relname = 'voices') AS both_files"
            )
        ).scalars()
        kept = [bytes(one) for one in files]
    return any(part in one for part in (sealed[40:72], sealed[-40:]) for one in kept)


def test_words_go_after_ninety_days_or_the_councils_own(app: Flask, cast: Cast) -> None:
    with app.app_context():
        old = make_shared_voice(
            cast.organisation, by_id=cast.voices_reader, words="A worker rang.", **came(90)
        )
        young = make_voice(cast.organisation, **came(89))
        db.session.commit()
        assert delete_what_was_written() == 1
        db.session.commit()
        assert (sealed_of(old), sealed_of(young) is None) == (None, False)
        kept = db.session.scalars(select(Voice.shareable).where(Voice.key == old)).one()
        assert kept == "A worker rang."
        db.session.add(VoiceSetup(organisation_id=cast.organisation, keep_days=30))
        db.session.flush()
        assert delete_what_was_written() == 1
        assert delete_what_was_written() == 0


def words_of(key: str) -> tuple[str, list[Any]]:
    found = select(Voice.shareable, Voice.changes).where(Voice.key == key)
    shareable, changes = db.session.execute(found).one()
    return shareable, changes


def test_begun_and_hidden_words_go_with_the_original(app: Flask, cast: Cast) -> None:
    words, reader = "The boy of Mill Lane waited.", cast.voices_reader
    changes = [{"n": 1, "kind": "replaced", "to": "The boy", "rule": "names"}]
    begun: dict[str, Any] = {"shareable": words, "changes": changes, "state": "reading"}
    hidden = {**begun, "hidden_at": clock.now(), "hidden_by_id": cast.practitioner}
    with app.app_context():
        gone = [
            make_voice(cast.organisation, **begun, **came(90)),
            make_voice(cast.organisation, **{**begun, "state": "set_aside"}, **came(90)),
            make_voice(cast.organisation, **hidden, **came(90)),
        ]
        young = make_voice(cast.organisation, **begun, **came(89))
        settled = make_shared_voice(
            cast.organisation, by_id=reader, words=words, changes=changes, **came(200)
        )
        db.session.commit()
        delete_what_was_written()
        db.session.commit()
        assert [words_of(key) for key in gone] == [("", [])] * len(gone)
        assert [sealed_of(key) for key in (*gone, settled)] == [None] * 4
        assert [words_of(key) for key in (young, settled)] == [(words, changes)] * 2
        counted = select(audit.AuditEntry.facts).where(
            audit.AuditEntry.action == "voice_words_emptied"
        )
        assert db.session.scalars(counted).all() == [{"count": len(gone)}]


def test_words_hidden_after_the_original_went_wait_for_a_reader_as_long(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        db.session.add(VoiceSetup(organisation_id=cast.organisation, keep_days=30))
        facts = {"by_id": cast.voices_reader, "words": "The boy waited.", "sealed": None}
        hidden, elsewhere = (
            make_shared_voice(council, **facts, **came(40))
            for council in (cast.organisation, cast.other_organisation)
        )
        hide_words(cast.actor("practitioner"), key=hidden)
        step = db.session.scalars(select(VoiceStep).where(VoiceStep.voice_key == hidden)).one()
        for days, left in ((29, "The boy waited."), (30, "")):
            step.at = made(days)
            db.session.commit()
            delete_what_was_written()
            assert words_of(hidden)[0] == left, days
        assert words_of(elsewhere)[0] == "The boy waited."


def test_a_draft_goes_after_a_day(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for days, name in ((0, "a"), (1, "b"), (2, "c")):
            db.session.add(
                VoiceDraft(
                    token_hash=name,
                    organisation_id=cast.organisation,
                    began_on=clock.today() - timedelta(days=days),
                    sealed=b"sealed",
                )
            )
        db.session.flush()
        delete_what_was_written()
        left = db.session.scalars(select(VoiceDraft.token_hash).order_by(VoiceDraft.token_hash))
        assert list(left) == ["a", "b"]


def made(days_ago: int) -> datetime:
    return clock.at_local(clock.today() - timedelta(days=days_ago), 23)


def test_a_draft_of_an_answer_goes_where_nobody_gave_it(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = make_voice(cast.organisation)
        old, young, given = (
            make_answer(key, by_id=cast.coach, given_on=given_on, words=words)
            for words, given_on in (("old", None), ("young", None), ("given", clock.today()))
        )
        for one, days in ((old, 90), (young, 89), (given, 200)):
            db.session.get_one(VoiceAnswer, one).created_at = made(days)
        db.session.commit()
        assert delete_what_was_written() == 1
        db.session.commit()
        left = db.session.scalars(select(VoiceAnswer.words).order_by(VoiceAnswer.id))
        assert list(left) == ["young", "given"]
        entry = db.session.scalars(
            select(audit.AuditEntry).order_by(audit.AuditEntry.id.desc())
        ).first()
        assert entry is not None
        assert (entry.action, entry.facts) == ("voice_answer_drafts_deleted", {"count": 1})


@pytest.mark.parametrize("is_locked", [True, False])
def test_notes_go_and_that_it_was_done_stays(app: Flask, cast: Cast, is_locked: bool) -> None:
    kind = StepKind.DANGER_YES if is_locked else StepKind.COMPLAINT_YES
    with app.app_context():
        db.session.add(VoiceSetup(organisation_id=cast.organisation, keep_days=30))
        facts = {"locked_at": clock.now(), "state": "safeguarding"} if is_locked else {}
        key = make_voice(cast.organisation, **facts)
        for days, words in ((30, "Rang duty."), (29, "Rang them again.")):
            db.session.add(
                VoiceStep(
                    organisation_id=cast.organisation,
                    voice_key=key,
                    kind=kind.value,
                    words=words,
                    person_id=cast.voices_reader,
                    at=made(days),
                )
            )
        db.session.commit()
        assert delete_what_was_written() == 1
        kept = db.session.execute(select(VoiceStep.kind, VoiceStep.words).order_by(VoiceStep.id))
        assert [tuple(row) for row in kept] == [(kind, ""), (kind, "Rang them again.")]
        assert delete_what_was_written() == 0


def test_a_note_that_had_its_days_is_said_on_the_page(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        key = make_voice(
            cast.organisation, is_danger=True, locked_at=clock.now(), state="safeguarding"
        )
        db.session.commit()
    page = visit(cast.voices_reader).get(f"/voices/desk/{key}")
    assert "It stands in your council’s own record." in page.text


def test_what_was_said_for_everybody_goes_as_a_voice_is_locked(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = make_voice(cast.organisation)
        public = {"said": "Our worker left.", "tried": "We write.", "happened": "They know."}
        given = make_answer(key, by_id=cast.coach, is_public=True, **public)
        draft = make_answer(key, by_id=cast.coach, given_on=None, **public)
        db.session.commit()
        lock_for_danger(cast.actor("voices_reader"), key=key, agreed="Rang duty; they go today.")
        db.session.commit()
        row = db.session.get_one(VoiceAnswer, given)
        assert (row.said, row.tried, row.happened, row.is_public) == ("", "", "", False)
        assert row.words, "what was answered to the person stays"
        assert db.session.get(VoiceAnswer, draft) is None


@pytest.mark.security(85)
def test_a_dry_run_counts_each_class_and_deletes_nothing(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = make_voice(cast.organisation, **came(91))
        db.session.commit()
        dry = app.test_cli_runner().invoke(args=["purge", "--dry-run"])
        assert dry.exit_code == 0, dry.output
        assert "1  voices whose original has had its days" in dry.output
        assert "1  in all; nothing was cleared." in dry.output
        assert sealed_of(key) is not None
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["purge"])
        assert (done.exit_code, "1  in all cleared." in done.output) == (0, True)
        assert sealed_of(key) is None


def test_no_byte_of_it_is_left_in_the_file(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = make_voice(cast.organisation, happened="x" * 6000, **came(91))
        db.session.commit()
        sealed = sealed_of(key)
        assert sealed is not None
        db.session.commit()
        if db.engine.dialect.name != "sqlite":
            assert postgres_holds(sealed), "the test must see what is there"
        delete_what_was_written()
        db.session.commit()
        if db.engine.dialect.name != "sqlite":
            assert not postgres_holds(sealed), "a full vacuum leaves nothing of it"
            return
        path = Path(str(db.engine.url.database))
        files = [path, *path.parent.glob(f"{path.name}-wal")]
        # The end of the text lies in other pages of the file than its beginning.
        for part in (sealed[40:72], sealed[-40:]):
            assert not any(part in one.read_bytes() for one in files)
