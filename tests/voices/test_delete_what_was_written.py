"""What was written is gone after the council's days, also from the file; the rest stays."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, text

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import Voice, VoiceDraft, VoiceSetup
from improve.voices.service.retention import delete_what_was_written
from tests.factories import Cast
from tests.voices.make import make_voice


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
        old = make_voice(cast.organisation, shareable="A worker rang.", **came(90))
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


def test_a_draft_goes_after_a_day(app: Flask, cast: Cast) -> None:
    with app.app_context():
        for days, name in ((0, "a"), (1, "b"), (2, "c")):
            db.session.add(
                VoiceDraft(
                    token_hash=name,
                    began_on=clock.today() - timedelta(days=days),
                    sealed=b"sealed",
                )
            )
        db.session.flush()
        delete_what_was_written()
        left = db.session.scalars(select(VoiceDraft.token_hash).order_by(VoiceDraft.token_hash))
        assert list(left) == ["a", "b"]


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
