"""The published schedule: what nobody signed off in its days is destroyed, read or not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.incidents.kinds import State
from improve.incidents.models import (
    Incident,
    IncidentAnswer,
    IncidentContact,
    IncidentDraft,
    IncidentSetup,
    IncidentStep,
)
from improve.incidents.queries.receipt import told
from improve.incidents.sealing import KEYS, sealer
from improve.incidents.service.answers import add_answer
from improve.incidents.service.destroy import destroy
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.make import make_report
from tests.incidents.nights import delete_what_was_reported
from tests.incidents.open_council import Opened, opened

#: Mondays before the test's own week, which begins on the 23rd.
OLD, YOUNG = date(2026, 11, 9), date(2026, 11, 16)


def council(cast: Cast, **setup: Any) -> Opened:
    return opened(cast.organisation, cast.incident_reviewer, **setup)


def made(at: Opened, day: date, **facts: Any) -> str:
    return make_report(at.organisation, at.group, day=day, **facts)


def is_gone(key: str) -> bool:
    row = db.session.get_one(Incident, key)
    assert (row.wrapped_key is None) == (row.state == "lapsed") == (row.ended_week is not None)
    return row.wrapped_key is None


def count(table: type[Any]) -> int:
    return int(db.session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.mark.parametrize(("days", "gone"), [(7, True), (8, True), (9, False), (60, False)])
def test_the_days_of_a_council_count_from_the_monday(
    context: Flask, cast: Cast, days: int, gone: bool
) -> None:
    at = council(cast, keep_days=days)
    key = made(at, YOUNG + timedelta(days=6), contact="By bell")
    today = made(at, clock.today())
    assert clock.today() == YOUNG + timedelta(days=8)
    assert delete_what_was_reported() == int(gone)
    db.session.commit()
    assert (is_gone(key), is_gone(today)) == (gone, False)
    assert count(IncidentContact) == int(not gone)


def test_each_council_has_its_own_days_and_sixty_where_it_chose_none(
    context: Flask, cast: Cast
) -> None:
    at = council(cast, keep_days=10)
    elsewhere = opened(cast.other_organisation)
    here, there = made(at, OLD), made(elsewhere, OLD)
    db.session.delete(db.session.get_one(IncidentSetup, elsewhere.organisation))
    long_ago = made(elsewhere, OLD - timedelta(days=49))
    db.session.flush()
    assert delete_what_was_reported() == 2
    assert (is_gone(here), is_gone(there), is_gone(long_ago)) == (True, False, True)


def test_given_answers_stay_and_begun_ones_go(context: Flask, cast: Cast) -> None:
    at = council(cast, keep_days=10)
    key = made(at, OLD)
    row = db.session.get_one(Incident, key)
    add_answer(row, words="We ring first now.", given_week=YOUNG)
    add_answer(row, words="Only begun", moment="end")
    db.session.commit()
    audited = count(AuditEntry)
    assert delete_what_was_reported() == 1
    db.session.commit()
    assert db.session.scalars(select(IncidentAnswer.given_week)).all() == [YOUNG]
    assert count(AuditEntry) == audited, "administrators read that, and how many came is not theirs"


def test_what_was_joined_goes_with_the_older(context: Flask, cast: Cast) -> None:
    at = council(cast, keep_days=10)
    main = made(at, OLD)
    joined = made(at, YOUNG, columns={"joined_into": main})
    older = made(at, OLD, columns={"joined_into": (young := made(at, YOUNG))})
    assert delete_what_was_reported() == 3
    assert (is_gone(main), is_gone(joined), is_gone(older), is_gone(young)) == (
        True,
        True,
        True,
        False,
    )


def test_what_a_lawful_order_keeps_stays_whatever_it_is_joined_to(
    context: Flask, cast: Cast
) -> None:
    at = council(cast, keep_days=10)
    order = {"frozen_by_id": cast.incident_reviewer, "frozen_also_by_id": cast.coach}
    alone = made(at, OLD, columns=order)
    main = made(at, OLD)
    joined = made(at, OLD, columns={"joined_into": main, **order})
    asked = made(at, OLD, columns={"frozen_by_id": cast.coach})
    assert delete_what_was_reported() == 1
    assert (is_gone(alone), is_gone(joined)) == (False, False)
    # One who said so is enough, until it is taken back: there may be no other who may read it.
    assert (is_gone(main), is_gone(asked)) == (True, False)
    assert (told(asked).is_halted, told(asked).is_frozen) == (True, False)
    db.session.get_one(Incident, asked).frozen_by_id = None
    db.session.flush()
    assert delete_what_was_reported() == 1
    assert is_gone(asked)


def test_begun_reports_go_after_a_day_and_steps_after_a_year(context: Flask, cast: Cast) -> None:
    at = council(cast)
    key, today, now = made(at, clock.today()), clock.today(), clock.now()
    destroy([db.session.get_one(Incident, key)], state=State.SIGNED_OFF)
    for days, name in ((0, "now"), (1, "yesterday"), (2, "before")):
        db.session.add(
            IncidentDraft(
                token_hash=name,
                organisation_id=at.organisation,
                began_on=today - timedelta(days=days),
                sealed=b"sealed",
            )
        )
    for days in (0, 365, 366):
        db.session.add(
            IncidentStep(
                organisation_id=at.organisation,
                incident_key=key,
                kind="opened",
                person_id=cast.incident_reviewer,
                at=now - timedelta(days=days),
            )
        )
    db.session.flush()
    assert delete_what_was_reported() == 2
    assert sorted(db.session.scalars(select(IncidentDraft.token_hash))) == ["now", "yesterday"]
    assert count(IncidentStep) == 2


@pytest.mark.security(59)
def test_a_way_to_call_back_to_which_nothing_leads_goes(context: Flask, cast: Cast) -> None:
    at = council(cast)
    made(at, clock.today(), contact="By bell")
    lost = made(at, clock.today())
    alone = IncidentContact(token="t" * 22, organisation_id=at.organisation, sealed=b"sealed")
    db.session.add(alone)
    db.session.flush()
    row = db.session.get_one(Incident, lost)
    wrapped, row.wrapped_key = row.wrapped_key, sealer(KEYS).seal("00" * 32, about="elsewhere")
    db.session.flush()
    assert delete_what_was_reported() == 0, "one that cannot be opened may lead to it"
    row.wrapped_key = wrapped
    db.session.flush()
    assert delete_what_was_reported() == 1
    assert count(IncidentContact) == 1


@pytest.mark.security(85)
def test_purge_says_first_how_many(app: Flask, cast: Cast) -> None:
    with app.app_context():
        key = made(council(cast, keep_days=10), OLD)
        db.session.commit()
        dry = app.test_cli_runner().invoke(args=["purge", "--dry-run"])
        assert "1  reports whose days are over" in dry.output
        assert not is_gone(key)
        db.session.rollback()
        done = app.test_cli_runner().invoke(args=["nightly"])
        assert done.exit_code == 0, done.output
        db.session.expire_all()
        assert is_gone(key)
