"""Coaches, leaders and reviewers see patterns in safe numbers; a report changes none of them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask

from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.learnings import make_learning
from tests.pages import Visitor

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.database
PAGE = "/reports/patterns"


def learned(organisation_id: int, count: int, month: int, *factors: str, kind: str) -> None:
    for _ in range(count):
        week = date(2026, month, 7)
        make_learning(organisation_id, settled_week=week, factors=list(factors), kind=kind)


def a_lot(organisation_id: int) -> None:
    """44 reports of May and June: 16 with both conditions, 6 and 6 with one, 16 with neither."""
    learned(organisation_id, 16, 5, "F07", "F08", kind="near_miss")
    learned(organisation_id, 6, 5, "F07", kind="went_well")
    learned(organisation_id, 6, 6, "F08", kind="no_harm")
    learned(organisation_id, 16, 6, kind="some_harm")


def cells(page_rows: list[list[str]], what: str) -> list[list[str]]:
    return [row for row in page_rows if row[2] == what]


@pytest.mark.security(64)
def test_what_may_be_shown_stands_there_and_in_the_file(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        a_lot(cast.organisation)
        learned(cast.organisation, 3, 9, "F01", kind="near_miss")
        db.session.commit()
    leader = visit(cast.leader)
    page = leader.get(PAGE)
    assert page.status == 200
    assert "May to Jun 2026" in page.main
    assert (
        "“Workload and staffing” with “Handover and continuity” 16 of 44 reports, May to Jun 2026"
        in page.main
    )
    assert "22 of 44" in page.main
    pair = "“Workload and staffing” + “Handover and continuity”"
    assert f"{pair} 16 of 44" in page.main
    # September has too few for a lot: none of it shows.
    assert "Sep 2026" not in page.main
    assert "47" not in page.main
    answer = leader.get("/reports/patterns.csv").response
    assert answer.mimetype == "text/csv"
    rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
    assert cells(rows, "Workload and staffing") == [
        ["Conditions", "May to Jun 2026", "Workload and staffing", "22", "44"]
    ]
    assert cells(rows, "Something nearly went wrong")[0][3:] == ["16", "44"]


@pytest.mark.security(65)
def test_neither_teams_nor_people_can_be_asked_for(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        a_lot(cast.organisation)
        db.session.commit()
    coach = visit(cast.coach)
    plain = coach.get(PAGE).main
    for asked in ("team=1", "group=1", "kind=some_harm", "from=2026-05", "person=1"):
        assert coach.get(f"{PAGE}?{asked}").main == plain
    assert not coach.get(PAGE).soup.select("main select, main input[type=search]")


def test_a_report_that_is_signed_off_today_changes_nothing(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        a_lot(cast.organisation)
        db.session.commit()
    leader = visit(cast.leader)
    before = [leader.get(path).main for path in (PAGE, "/reports")]
    file = leader.get("/reports/patterns.csv").response.get_data()
    with app.app_context():
        for n in range(35):
            make_learning(
                cast.organisation,
                settled_week=clock.today(),
                week=clock.today() - timedelta(days=n),
                theme="Settled today",
                shown_month=date(2026, 12, 1) if n else date(2027, 1, 1),
            )
        db.session.commit()
    assert [leader.get(path).main for path in (PAGE, "/reports")] == before
    assert leader.get("/reports/patterns.csv").response.get_data() == file


def test_a_council_sees_its_own_and_an_empty_one_reads_why(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        a_lot(cast.other_organisation)
        db.session.commit()
    page = visit(cast.incident_reviewer).get(PAGE)
    assert "Counting begins with 30 reports" in page.main
    assert "A chart begins with 12 points. So far: 0 points." in page.main
    assert "No month is over yet" in page.main


def test_a_chart_stands_there_once_it_has_twelve_points(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for month in range(14):
            week = date(2025 + month // 12, month % 12 + 1, 7)
            for _ in range(6):
                make_learning(cast.organisation, week=week, settled_week=week + timedelta(days=14))
        db.session.commit()
    page = visit(cast.coach).get(PAGE)
    assert page.soup.select_one("#between-near-miss svg.chart")
    assert "usual ups and downs" in page.main
    assert "Making Data Count rules on a t chart" in page.main
    assert not page.soup.select_one("#between-some-harm svg.chart")


def test_others_do_not_see_them(cast: Cast, visit: Visit) -> None:
    for person in (cast.practitioner, cast.manager, cast.voices_reader, cast.administrator):
        for path in (PAGE, "/reports/patterns.csv"):
            assert visit(person).get(path).status == 403
    assert not visit(cast.practitioner).get("/reports").links("Patterns")
    assert visit(cast.leader).get("/reports").links("Patterns")
