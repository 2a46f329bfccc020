"""Reviewers on cover are told that something waits: at nine and at two, never when it came."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, url_for

from improve.accounts.models import Organisation, Person
from improve.incidents import contents
from improve.incidents.desk_address import DESK
from improve.incidents.kinds import Safe
from improve.incidents.models import (
    Incident,
    IncidentCover,
    IncidentMessage,
    IncidentReading,
    IncidentSetup,
)
from improve.incidents.sealing import ReportKey
from improve.incidents.service.tell_reviewers import tell_of_reports
from improve.mail.models import OutboxMessage
from improve.notifications.models import Notice
from improve.shared import clock
from improve.shared.contributions import gather
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.make import make_report
from tests.incidents.open_council import Opened, make_reviewer, opened

LONDON = ZoneInfo("Europe/London")
pytestmark = pytest.mark.database


def at(day: int, hour: int, minute: int = 2) -> datetime:
    """A moment of November 2026: the 24th is a Tuesday."""
    return datetime(2026, 11, day, hour, minute, tzinfo=LONDON)


@pytest.fixture
def council(app: Flask, cast: Cast) -> Iterator[Opened]:
    with app.app_context(), clock.moved(at(24, 10)):
        found = opened(cast.organisation, cast.incident_reviewer)
        make_reviewer(cast.organisation, team_id=found.team)
        db.session.flush()
        yield found


def run(moment: datetime) -> list[int]:
    """Run the job and return who was told by it."""
    before = set(db.session.scalars(db.select(OutboxMessage.id)))
    with clock.moved(moment):
        count = tell_of_reports()
        db.session.flush()
    rows = db.session.execute(
        db.select(OutboxMessage.id, Person.id).join(
            Person, Person.email == OutboxMessage.to_address
        )
    )
    told = sorted(person for row, person in rows if row not in before)
    assert len(told) == count
    # The numbers of notices stand in order: one would tell others that something waits.
    assert db.session.scalars(db.select(Notice.id)).all() == []
    return told


def test_tells_at_fixed_hours_of_working_days(council: Opened, cast: Cast) -> None:
    assert run(at(24, 14)) == []
    make_report(cast.organisation, council.group)
    # This hour has had its turn, when nothing waited.
    assert run(at(24, 14, 59)) == []
    for hour in (15, 18, 23):
        assert run(at(24, hour)) == []
    assert run(at(25, 8, 59)) == []
    assert run(at(25, 9, 1)) == sorted(council.reviewers)
    assert run(at(25, 9, 40)) == []
    assert run(at(25, 14)) == sorted(council.reviewers)
    assert run(at(28, 9)) == run(at(29, 14)) == []
    db.session.get_one(Organisation, cast.organisation).closing_days = ["2026-11-30"]
    db.session.flush()
    assert run(at(30, 9)) == []


@pytest.mark.security(68)
def test_says_nothing_but_that_something_waits(council: Opened, cast: Cast, app: Flask) -> None:
    for _ in range(3):
        make_report(cast.organisation, council.group, happened="A word nobody else says: quokka")
    assert run(at(24, 14)) == sorted(council.reviewers)
    rows = db.session.scalars(db.select(OutboxMessage)).all()
    with app.test_request_context():
        assert url_for("incidents.desk") == DESK
    said = {
        row.body.replace(name.split(" ", 1)[0], "you", 1)
        for row, name in db.session.execute(
            db.select(OutboxMessage, Person.name).join(
                Person, Person.email == OutboxMessage.to_address
            )
        )
    }
    (body,) = said  # of three reports, to each the same
    assert "A report is waiting" in body
    assert app.config["BASE_URL"] + DESK in body
    for row in rows:
        assert row.subject == "A report is waiting"
        assert "quokka" not in row.body
    assert tell_of_reports in gather("hourly")


def test_tells_only_those_on_cover_to_whom_it_is_offered(council: Opened, cast: Cast) -> None:
    first, second = council.reviewers
    make_report(cast.organisation, council.group, not_readers=[first])
    assert run(at(24, 14)) == [second]
    cover = db.session.query(IncidentCover).filter_by(person_id=second).one()
    cover.to_on = at(24, 0).date()
    db.session.flush()
    assert run(at(25, 9)) == []
    # A child may not be safe, and nobody who may read it is there: better one who is away.
    make_report(cast.organisation, council.group, not_readers=[first], safe=Safe.NO)
    assert run(at(25, 14)) == [second]


def test_who_reads_it_is_told_of_its_reporters_message(council: Opened, cast: Cast) -> None:
    first, second = council.reviewers
    key = make_report(cast.organisation, council.group, columns={"state": "reading"})
    here = {"organisation_id": cast.organisation, "incident_key": key}
    db.session.add(IncidentReading(**here, reviewer_id=first, position="first"))
    db.session.flush()
    # A second reader is looked for.
    assert run(at(24, 14)) == [second]
    db.session.add(IncidentReading(**here, reviewer_id=second, position="second"))
    db.session.flush()
    assert run(at(25, 9)) == []
    incident = db.session.get_one(Incident, key)
    own = ReportKey.unwrap(incident.wrapped_key, about=key)
    message = contents.Message("Yes, at the school.", "2026-11-25", 1)
    row = IncidentMessage(
        key="m" * 22,
        **here,
        by="reporter",
        sealed=own.seal(message.facts(), about=contents.message_of(key, "m" * 22)),
    )
    db.session.add(row)
    db.session.flush()
    assert run(at(25, 14)) == sorted([first, second])
    # Nobody else reads it, so that it does not wait until one of them is on cover.
    for cover in db.session.query(IncidentCover):
        cover.to_on = at(25, 0).date()
    db.session.flush()
    assert run(at(26, 9)) == sorted([first, second])
    row.is_read = True
    db.session.flush()
    assert run(at(26, 14)) == []


def test_what_is_over_waits_for_nobody(council: Opened, cast: Cast) -> None:
    first = make_report(cast.organisation, council.group)
    make_report(cast.organisation, council.group, columns={"joined_into": first})
    make_report(cast.organisation, council.group, columns={"state": "signed_off"})
    unreadable = make_report(cast.organisation, council.group)
    db.session.get_one(Incident, first).state = "lapsed"
    db.session.get_one(Incident, unreadable).wrapped_key = b"nothing opens this"
    db.session.flush()
    assert run(at(24, 14)) == []


def test_each_council_by_itself(council: Opened, cast: Cast) -> None:
    with clock.moved(at(24, 10)):
        elsewhere = opened(cast.other_organisation)
    make_report(cast.other_organisation, elsewhere.group)
    assert run(at(24, 14)) == sorted(elsewhere.reviewers)
    told = db.session.scalars(db.select(IncidentSetup.reviewers_told_at)).all()
    assert len(told) == 2
    assert None not in told
