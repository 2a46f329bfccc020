"""Destroyed: the key and all that it sealed leave the files; the plain words never were there."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from improve.incidents.contents import Message, Work, message_of, work_of
from improve.incidents.kinds import State
from improve.incidents.learning_days import week_of
from improve.incidents.models import (
    Incident,
    IncidentContact,
    IncidentMessage,
    IncidentReading,
)
from improve.incidents.queries import receipt as read
from improve.incidents.sealing import ReportKey
from improve.incidents.service.answers import add_answer
from improve.incidents.service.destroy import (
    FROZEN,
    destroy,
    destroy_these,
    tables_of_reports,
)
from improve.incidents.service.look_up import look_up
from improve.shared import clock, rewriting
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from improve.shared.rewriting import write_anew
from tests.factories import Cast
from tests.incidents.files import in_log, in_tables, settle
from tests.incidents.make import make_report
from tests.incidents.open_council import opened
from tests.incidents.test_settle_words import (
    SHARED,
    WRITTEN,
    both_agree,
    not_reached,
    two,
    write,
)
from tests.pages import Visitor

RECEIPT = "green otter lamp amber acorn green otter lamp"
#: What nobody may find anywhere, at any time.
PLAIN = (
    "The zebrafinch plan lay in the wrong tray",
    "Ring 07700 900123 after the zebrafinch",
    "Was the zebrafinch seen that week?",
    "A zebrafinch was in a first plan",
    "A colleague asked about the zebrafinch",
    RECEIPT,
)


@dataclass
class Kept:
    """One report as it is kept, and bytes of all that must go."""

    key: str
    parts: list[bytes]


def kept(cast: Cast, **columns: object) -> Kept:
    """Make a report with all that one may have, long and short; commits."""
    council = opened(cast.organisation, cast.incident_reviewer)
    filler = " and nobody had looked" * 60
    key = make_report(
        council.organisation,
        council.group,
        happened=PLAIN[0] + filler,
        contact=PLAIN[1],
        helped=PLAIN[4],
        receipt=RECEIPT,
        columns=dict(columns),
    )
    row = db.session.get_one(Incident, key)
    own = ReportKey.unwrap(row.wrapped_key, about=key)
    row.sealed_work = own.seal(Work(shareable=PLAIN[3] + filler).facts(), about=work_of(key))
    said = Message(words=PLAIN[2], day=clock.today().isoformat(), n=1)
    db.session.add_all(
        [
            IncidentMessage(
                key="m" * 22,
                organisation_id=council.organisation,
                incident_key=key,
                by="reviewer",
                sealed=own.seal(said.facts(), about=message_of(key, "m" * 22)),
            ),
            IncidentReading(
                incident_key=key,
                reviewer_id=cast.incident_reviewer,
                organisation_id=council.organisation,
                position="first",
            ),
        ]
    )
    db.session.commit()
    sealed = [row.wrapped_key, row.sealed_head, row.sealed_words, row.sealed_work]
    sealed += db.session.scalars(select(IncidentContact.sealed)).all()
    sealed += db.session.scalars(select(IncidentMessage.sealed)).all()
    db.session.commit()
    assert len(sealed) == 6
    # Both ends: long values are cut into pieces by either engine.
    parts = [part for one in sealed for part in (bytes(one or b"")[12:52], bytes(one or b"")[-40:])]
    return Kept(key, parts)


def place_of_table() -> object:
    """Return where the table of reports lies in PostgreSQL; SQLite empties pages where they are."""
    if db.engine.dialect.name == "sqlite":
        return object()
    with db.engine.connect() as server:
        return server.execute(text("SELECT pg_relation_filepath('incidents')")).scalar_one()


def are_gone(parts: list[bytes]) -> bool:
    """Return whether none is in the files of the tables; with SQLite not in its log, either.

    PostgreSQL's own sweeping up may look at what was before: it keeps old rows as long, and the
    next night takes them. Its log of before ages out: improve/docs/reports.md says when.
    """
    if db.engine.dialect.name == "sqlite":
        return not in_tables(parts) and not in_log(parts)
    for night in range(20):
        if night:
            time.sleep(0.5)
            write_anew(tables_of_reports())
            settle()
        if not in_tables(parts):
            return True
    return False


def plain_parts() -> list[bytes]:
    """Return the plain words as a file could hold them."""
    return [words.encode(code) for words in PLAIN for code in ("utf-8", "utf-16-le")]


@pytest.mark.security(59)
def test_key_and_all_that_it_sealed_leave_the_files_and_plain_words_never_were_there(
    context: Flask, cast: Cast, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    report = kept(cast)
    settle()
    assert in_tables(report.parts) == report.parts, "the search must see what is there"
    # A piece that lies across two pages of PostgreSQL's log is not seen there.
    assert len(in_log(report.parts)) >= len(report.parts) - 2, "and in the log"
    assert in_tables(plain_parts()) == in_log(plain_parts()) == []

    row = db.session.get_one(Incident, report.key)
    answer = add_answer(row, words="We now ring the school.", given_week=clock.today())
    assert answer.sealed is not None
    before = place_of_table()
    assert destroy([row], state=State.SIGNED_OFF) == 1
    db.session.commit()
    assert place_of_table() != before, "written anew at once, not in the night"
    settle()

    assert are_gone(report.parts)
    assert in_tables(plain_parts()) == in_log(plain_parts()) == []
    told = caplog.text
    assert not [words for words in PLAIN if words in told]
    assert "not written anew" not in told
    row = db.session.get_one(Incident, report.key)
    assert (row.wrapped_key, row.sealed_head, row.sealed_words, row.sealed_work) == (None,) * 4
    for table in (IncidentContact, IncidentMessage, IncidentReading):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    told_now = read.told(look_up(typed=RECEIPT))
    assert told_now.state is State.SIGNED_OFF
    assert told_now.ended_week == week_of(clock.today())
    assert [one.words for one in told_now.answers] == ["We now ring the school."]


@pytest.mark.security(59)
def test_what_each_step_sealed_leaves_the_files_as_two_sign_off_on_their_pages(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    """Words that were changed on the way were sealed each time: the old ones go, too."""
    here, first, second = two(app, cast, visit, contact=PLAIN[1])
    caplog.clear()
    seen = sealed_now(app)
    for words in (PLAIN[3], SHARED):
        write(first, here, words)
        seen |= sealed_now(app)
    assert len(seen) == 7, "wrapped key, head, words and contact, and the work as it was thrice"
    parts = [part for one in seen for part in (one[12:52], one[-40:])]
    both_agree(first, second, here)
    not_reached(second, here)
    page = second.get(f"{here}/sign-off")
    now = {one[12:52] for one in sealed_now(app) & seen}
    with app.app_context():
        settle()
        assert now <= {*in_tables(parts), *in_log(parts)}
    done = second.send(page.form(f"{here}/sign-off"), {"sure": "y"})
    assert "It is destroyed" in done.main
    plain = [WRITTEN, "Aoibheann", PLAIN[1], PLAIN[3]]
    with app.app_context():
        settle()
        assert are_gone(parts)
        assert in_tables(words.encode() for words in plain) == []
        assert in_log(words.encode() for words in plain) == []
        assert in_tables([SHARED.encode()]), "what others may read is there, plainly"
    assert not [words for words in plain if words in caplog.text]


def sealed_now(app: Flask) -> set[bytes]:
    """Return all that is sealed of reports now, with their wrapped keys."""
    of_report = (
        Incident.wrapped_key,
        Incident.sealed_head,
        Incident.sealed_words,
        Incident.sealed_work,
    )
    with app.app_context():
        return {
            bytes(sealed)
            for column in (*of_report, IncidentContact.sealed, IncidentMessage.sealed)
            for sealed in db.session.scalars(select(column))
            if sealed is not None
        }


def test_the_search_finds_what_is_only_set_to_nothing(context: Flask, cast: Cast) -> None:
    """The proof of the search: without the writing anew, bytes stay in the files."""
    report = kept(cast)
    settle()
    row = db.session.get_one(Incident, report.key)
    row.wrapped_key = row.sealed_words = None
    db.session.commit()
    assert in_tables(report.parts) or in_log(report.parts)


def test_where_something_holds_a_table_it_is_said_and_the_night_does_it(
    context: Flask, cast: Cast, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rewriting, "WAITS", 1)
    report = kept(cast)
    if db.engine.dialect.name == "sqlite":
        return  # there a writer is waited for, as by everybody
    with db.engine.connect() as backup:
        backup.execute(text("SELECT count(*) FROM incident_contacts"))
        destroy([db.session.get_one(Incident, report.key)], state=State.SIGNED_OFF)
        db.session.commit()
        said = "not written anew yet, the nightly run does it: incident_contacts"
        assert said in caplog.text
        settle()
        assert in_tables(report.parts), "what something looks at cannot go"
    assert context.test_cli_runner().invoke(args=["nightly"]).exit_code == 0
    assert are_gone(report.parts)


def test_a_rollback_destroys_nothing(context: Flask, cast: Cast) -> None:
    report = kept(cast)
    destroy([db.session.get_one(Incident, report.key)], state=State.SIGNED_OFF)
    db.session.rollback()
    row = db.session.get_one(Incident, report.key)
    assert ReportKey.unwrap(row.wrapped_key, about=report.key)
    assert db.session.scalar(select(func.count()).select_from(IncidentContact)) == 1


def test_joined_ones_go_with_it_and_twice_is_harmless(context: Flask, cast: Cast) -> None:
    report = kept(cast)
    row = db.session.get_one(Incident, report.key)
    joined = make_report(
        row.organisation_id, row.group_id, contact="By post", columns={"joined_into": report.key}
    )
    other = make_report(row.organisation_id, row.group_id, contact="By bell")
    db.session.commit()
    assert destroy([row], state=State.PASSED_ON) == 2
    db.session.commit()
    assert destroy([row], state=State.SIGNED_OFF) == 0
    assert {row.state, db.session.get_one(Incident, joined).state} == {"passed_on"}
    assert db.session.get_one(Incident, other).state == "waiting"
    assert db.session.scalar(select(func.count()).select_from(IncidentContact)) == 1


def test_a_lawful_order_keeps_all_that_are_joined(context: Flask, cast: Cast) -> None:
    report = kept(cast)
    row = db.session.get_one(Incident, report.key)
    keeps = {"frozen_by_id": cast.incident_reviewer, "frozen_also_by_id": cast.coach}
    joined = {"joined_into": report.key, **keeps}
    make_report(row.organisation_id, row.group_id, columns=joined)
    with pytest.raises(RuleBroken) as refused:
        destroy([row], state=State.SIGNED_OFF)
    assert [reason.words for reason in refused.value.reasons] == [FROZEN]
    with pytest.raises(ValueError, match="reading"):
        destroy_these([row], state=State.READING)
