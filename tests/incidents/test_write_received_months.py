"""How many reports came is written once a month is over, and a small number is kept nowhere."""

from __future__ import annotations

import secrets
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from improve.incidents.models import Incident, IncidentGroup, IncidentMonth
from improve.incidents.pattern_rows import received_rows
from improve.incidents.queries.patterns import received
from improve.incidents.service.months import kept_of, write_received_months
from improve.shared import clock
from improve.shared.db import db
from improve.shared.suppression import Hidden
from tests.factories import Cast

pytestmark = pytest.mark.database


def came(organisation_id: int, week: date, count: int) -> None:
    group = db.session.scalars(
        select(IncidentGroup).where(IncidentGroup.organisation_id == organisation_id)
    ).first()
    if group is None:
        group = IncidentGroup(organisation_id=organisation_id, name="East")
        db.session.add(group)
        db.session.flush()
    for _ in range(count):
        key = secrets.token_urlsafe(16)
        db.session.add(
            Incident(
                key=key,
                organisation_id=organisation_id,
                week=week,
                group_id=group.id,
                receipt_hash=secrets.token_hex(32),
            )
        )
    db.session.flush()


def at(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 3, 0, tzinfo=ZoneInfo("Europe/London"))


def test_a_month_is_written_once_and_a_report_of_today_changes_nothing(
    app: Flask, cast: Cast
) -> None:
    with app.app_context():
        came(cast.organisation, date(2026, 8, 3), 7)
        came(cast.organisation, date(2026, 10, 5), 3)
        came(cast.other_organisation, date(2026, 10, 5), 6)
        assert write_received_months() == 4
        before = received(cast.actor("coach"))
        assert before == (
            (date(2026, 10, 1), Hidden.FEWER),
            (date(2026, 9, 1), 0),
            (date(2026, 8, 1), 5),
        )
        assert received(cast.actor("outsider")) == ((date(2026, 10, 1), 5),)
        came(cast.organisation, clock.today(), 1)
        came(cast.organisation, date(2026, 10, 26), 4)
        assert write_received_months() == 0
        assert received(cast.actor("coach")) == before


def test_the_month_waits_for_its_last_week(app: Flask, cast: Cast) -> None:
    with app.app_context():
        came(cast.organisation, date(2026, 10, 26), 5)
        with clock.moved(at(11, 7)):
            assert write_received_months() == 0
        with clock.moved(at(11, 8)):
            assert write_received_months() == 1
        assert received(cast.actor("leader")) == ((date(2026, 10, 1), 5),)


def test_the_table_itself_takes_no_small_number(app: Flask, cast: Cast) -> None:
    with app.app_context():
        row = {"organisation_id": cast.organisation, "month": date(2026, 10, 1)}
        for number in (-5, 3, 7):
            db.session.add(IncidentMonth(**row, received=number))
            with pytest.raises(IntegrityError):
                db.session.flush()
            db.session.rollback()


def test_what_one_kind_had_leaves_no_small_number() -> None:
    """Six of one kind stand at its chart: of 7 to 9 in all, the others could be worked out."""
    shown = {
        came: received_rows([(date(2026, 10, 1), kept_of(came) or 0)]) for came in range(5, 10)
    }
    assert set(map(str, shown.values())) == {
        str([("Oct 2026".replace(" ", "\u00a0"), "5 or more")])
    }
    assert [kept_of(came) for came in (0, 1, 4, 5, 14, 15)] == [0, None, None, 5, 10, 15]
