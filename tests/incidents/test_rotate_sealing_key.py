"""A new sealing key: each report's own key is sealed anew under it, and so are the answers."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from improve.incidents.contents import Words, words_of
from improve.incidents.models import Incident, IncidentAnswer
from improve.incidents.sealing import ReportKey
from improve.incidents.service.answers import add_answer, words_in
from improve.incidents.service.look_up import look_up
from improve.shared.db import db
from improve.shared.sealing import CannotOpen
from tests.factories import Cast
from tests.incidents.make import HAPPENED, make_report
from tests.incidents.open_council import opened

NEW = "a new key of a council, kept apart from its backups"
RECEIPT = "green otter lamp amber acorn green otter lamp"


def read() -> tuple[str, str]:
    """Return what was reported and answered, with the keys that are here."""
    row = db.session.scalars(select(Incident)).one()
    own = ReportKey.unwrap(row.wrapped_key, about=row.key)
    answer = db.session.scalars(select(IncidentAnswer)).one()
    words = Words.of(own.open(row.sealed_words, about=words_of(row.key)))
    return words.happened, words_in(answer.sealed, key=answer.key)


@pytest.mark.security(73)
def test_own_keys_and_answers_are_sealed_anew_and_words_stay_as_they_are(
    context: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = opened(cast.organisation, cast.incident_reviewer)
    key = make_report(at.organisation, at.group, receipt=RECEIPT)
    row = db.session.get_one(Incident, key)
    add_answer(row, words="We ring first now.")
    before = bytes(row.wrapped_key or b""), bytes(row.sealed_words or b"")
    db.session.commit()
    old: tuple[str, ...] = context.config["SEALING_KEYS"]

    monkeypatch.setitem(context.config, "SEALING_KEYS", (NEW,))
    with pytest.raises(CannotOpen):
        read()
    db.session.rollback()
    monkeypatch.setitem(context.config, "SEALING_KEYS", (NEW, *old))
    done = context.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert done.exit_code == 0, done.output
    assert "1  keys of reports sealed anew" in done.output
    assert "1  answers to reports sealed anew" in done.output
    needed = "1  words to come back to a report with: as long as their answers are to be read"
    assert needed in done.output
    assert look_up(typed=RECEIPT) == key
    db.session.rollback()

    monkeypatch.setitem(context.config, "SEALING_KEYS", (NEW,))
    assert read() == (HAPPENED, "We ring first now.")
    row = db.session.scalars(select(Incident)).one()
    assert bytes(row.wrapped_key or b"") != before[0]
    assert bytes(row.sealed_words or b"") == before[1]
