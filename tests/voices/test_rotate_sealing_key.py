"""A new sealing key: everything sealed is sealed anew, and what cannot be is named."""

from __future__ import annotations

import json
import secrets

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.mail.models import OutboxMessage
from improve.shared import clock, resealing
from improve.shared.db import db
from improve.shared.sealing import CannotOpen, Sealer
from improve.voices.models import HelpRequest, Voice, VoiceReply
from tests.factories import Cast
from tests.voices.make import make_answer, make_voice

NEW = "a new key of a council, kept apart from its backups"
COUNT = 5


@pytest.fixture
def told(context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Five voices, a reply, a wish for help and a mail, all under the key of before."""
    monkeypatch.setattr(resealing, "AT_ONCE", 2)
    old: tuple[str, ...] = context.config["SEALING_KEYS"]
    for _ in range(COUNT):
        receipt = Sealer(old, "voices").hash(secrets.token_hex(8))
        key = make_voice(cast.organisation, receipt_hash=receipt)
    reply = VoiceReply(
        key="r" * 22,
        organisation_id=cast.organisation,
        voice_key=key,
        answer_id=make_answer(key, by_id=cast.coach),
        came_on=clock.today(),
        said="no",
        sealed=Sealer(old, "voices").seal('{"words": "Not yet"}', about="r" * 22),
    )
    wish = HelpRequest(
        key="h" * 22,
        organisation_id=cast.organisation,
        came_on=clock.today(),
        token_hash=Sealer(old, "help wanted").hash("token"),
        sealed=Sealer(old, "help wanted").seal("{}", about="h" * 22),
    )
    mail = OutboxMessage(
        key="help:1",
        to_address="duty@larchdale.example",
        subject="Somebody asks for help",
        body="Open it",
        sealed=Sealer(old, "mail").seal("link", about="help:1"),
        created_at=clock.now(),
        next_try_at=clock.now(),
    )
    db.session.add_all([reply, wish, mail])
    db.session.commit()
    monkeypatch.setitem(context.config, "SEALING_KEYS", (NEW, *old))
    return context


def all_open_with(*keys: str) -> bool:
    """Return whether everything sealed opens with these keys alone."""
    db.session.rollback()
    try:
        for key, sealed in db.session.execute(select(Voice.key, Voice.sealed)).all():
            assert json.loads(Sealer(keys, "voices").open(sealed, about=key))["better"]
        for column, purpose in (
            (VoiceReply, "voices"),
            (HelpRequest, "help wanted"),
            (OutboxMessage, "mail"),
        ):
            for key, sealed in db.session.execute(select(column.key, column.sealed)).all():
                Sealer(keys, purpose).open(sealed, about=key)
    except CannotOpen:
        return False
    finally:
        db.session.rollback()
    return True


@pytest.mark.security(73)
def test_everything_is_sealed_anew_and_hashes_are_named(told: Flask) -> None:
    assert not all_open_with(NEW)
    done = told.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert done.exit_code == 0, done.output
    assert all_open_with(NEW)
    lines = [" ".join(line.split()) for line in done.output.splitlines()]
    assert lines[:4] == [
        f"{COUNT} voices sealed anew",
        "1 replies to answers sealed anew",
        "1 wishes for help sealed anew",
        "1 mails that wait sealed anew",
    ]
    assert f"{COUNT} words to come back with: as long as their voices stand" in lines
    assert f"{COUNT} marks that words came more than once: until the originals go" in lines
    assert "1 links of wishes for help: 28 days" in lines
    assert "Leave the earlier key in SEALING_KEY, after the present one, until then." in lines
    assert "Not written anew" not in done.output


def test_twice_is_harmless_and_a_break_too(told: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    column = resealing.SealedColumn("voices", Voice.key, Voice.sealed, "voices")
    assert resealing.seal_anew(column, told.config["SEALING_KEYS"], after="").done == 2
    db.session.commit()  # and then the power goes
    again = told.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert " ".join(again.output.splitlines()[0].split()) == f"{COUNT - 2} voices sealed anew"
    third = told.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert " ".join(third.output.splitlines()[0].split()) == "0 voices sealed anew"
    assert all_open_with(NEW)


def test_what_no_key_opens_stays_as_it_is_and_is_counted(
    told: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = told.config["SEALING_KEYS"][1:]
    monkeypatch.setitem(told.config, "SEALING_KEYS", (NEW,))
    done = told.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert done.exit_code == 1
    assert f"No key of SEALING_KEY opens {COUNT + 3} of them" in done.output
    assert all_open_with(*old)


def test_nothing_needs_the_earlier_key_where_there_is_nothing(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert db.session.scalar(select(func.count()).select_from(Voice)) == 0
    db.session.rollback()
    present: str = context.config["SEALING_KEYS"][0]
    monkeypatch.setitem(context.config, "SEALING_KEYS", (present, NEW))
    done = context.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert "Nothing needs an earlier key now: take it out of SEALING_KEY." in done.output
    monkeypatch.setitem(context.config, "SEALING_KEYS", (present,))
    done = context.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert "take it out" not in done.output
    assert "SEALING_KEY holds one key, and everything is under it." in done.output
    monkeypatch.setitem(context.config, "SEALING_KEYS", ())
    refused = context.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert refused.exit_code == 2
    assert "SEALING_KEY is not set: there is nothing to seal with." in refused.output
