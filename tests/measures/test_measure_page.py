"""One measure's page and a team's page of small charts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from improve.measures import service
from improve.measures.queries import PAGE_SIZE
from improve.shared import contributions
from improve.shared.db import db
from tests.factories import Cast, enter_numbers, make_measure
from tests.pages import Visitor, words
from tests.statements import Watch

Visit = Callable[..., Visitor]
FIRST = date(2026, 1, 5)
STEADY = [
    (40 + step, 50) for step in (0, 2, -1, 1, -2, 0, 1, -1, 2, -2, 1, 0, -1, 2, 0, -2, 1, -1, 0, 1)
]
CHANGED = FIRST + timedelta(weeks=len(STEADY))


def judged(cast: Cast, name: str, after: list[tuple[int, int]], **details: Any) -> int:
    """A measure with a judged test of idea 7."""
    measure_id = make_measure(cast, name=name, numbers=STEADY, first_on=FIRST, **details)
    service.open_window(
        cast.actor("manager"),
        measure_id=measure_id,
        idea_id=7,
        cycle_number=1,
        place="main" if name != "Seen alone" else "beside",
        label="Cycle 1, whole team",
        starts_on=CHANGED,
        is_judged=True,
    )
    enter_numbers(cast, measure_id, after, first_on=CHANGED)
    return measure_id


@pytest.fixture
def measure_id(app: Flask, cast: Cast) -> int:
    """An improvement with another measure beside it."""
    with app.app_context():
        beside = judged(cast, "Seen alone", [(40, 50), (41, 50)] * 5, kind="balancing")
        made = judged(cast, "Visits on time", [(47, 50)] * 9, partner_id=beside)
        db.session.commit()
    return made


def test_verdict_comes_first_in_words(cast: Cast, measure_id: int, visit: Visit) -> None:
    page = visit(cast.practitioner).get(f"/measures/{measure_id}")
    verdict = words(page.soup.select_one(".verdict-large"))
    assert verdict.startswith("Improvement: the last 9 points are all better")
    assert page.text.index("Improvement:") < page.text.index("Why this verdict")
    settled = page.soup.select_one(".check-settled")
    assert "9 in a row" in words(settled)
    assert "The chart shows that it changed, not why." in page.text
    assert "Making Data Count rules on a p chart, run of 7." in page.text
    beside = words(page.soup.select_one(".beside-strip"))
    assert "Beside it: Seen alone" in beside
    assert "No signal yet: 10 points look like the usual ups and downs." in beside
    assert page.soup.select(".chart-frame-measure svg[role=img]")
    assert page.soup.select(".chart-frame-strip svg[role=img]")


def test_eight_statements_at_most(
    app: Flask, cast: Cast, measure_id: int, visit: Visit, statements: Watch
) -> None:
    person = visit(cast.practitioner)
    for path in (
        f"/measures/{measure_id}",
        f"/measures/{measure_id}?view=table",
        f"/measures/{measure_id}?since=01/06/2026",
        "/teams/riverside/measures",
        "/teams/riverside/measures/new",
        "/how-we-decide",
    ):
        with statements() as seen:
            person.get(path)
        assert len(seen) <= 8, f"{path}: {len(seen)}"


def test_without_a_test_there_is_no_verdict(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_measure(cast, numbers=STEADY)
        db.session.commit()
    page = visit(cast.practitioner).get(f"/measures/{made}")
    assert "No test of change on this measure yet." in page.text
    assert "The 20 points look like the usual ups and downs, around 80%." in page.text
    assert "Why this verdict" not in page.text


def test_an_empty_measure_invites_the_first_number(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_measure(cast)
        db.session.commit()
    page = visit(cast.practitioner).get(f"/measures/{made}")
    assert "Add your first number. Put in the last few from paper" in page.text
    assert not page.soup.select("svg.chart")


def test_run_chart_and_table_by_address(cast: Cast, measure_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = person.get(f"/measures/{measure_id}")
    run = person.follow(page, "Run chart")
    assert "Drawn here as a run chart" in run.text
    assert "Improvement: the last 9 points" in run.text
    table = person.follow(page, "Table")
    assert len(table.soup.select(".table-numbers tbody tr")) == 29
    assert not table.soup.select("svg.chart")
    assert person.get(f"/measures/{measure_id}?view=nonsense").status == 200


def test_a_long_table_has_pages(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        made = make_measure(
            cast,
            recorded="value",
            frequency="day",
            numbers=[1.0, 2.0] * 150,
            first_on=date(2025, 1, 1),
        )
        db.session.commit()
    person = visit(cast.practitioner)
    page = person.get(f"/measures/{made}?view=table")
    assert len(page.soup.select(".table-numbers tbody tr")) == 200
    page = person.follow(page, "Next page")
    assert len(page.soup.select(".table-numbers tbody tr")) == 100
    assert person.get(f"/measures/{made}?view=table&page=99").status == 200


def test_a_day_of_ones_own(cast: Cast, measure_id: int, visit: Visit) -> None:
    person = visit(cast.practitioner)
    page = person.get(f"/measures/{measure_id}?since=01/04/2026")
    assert "Read as if something had begun on 1 Apr 2026." in page.text
    assert "A day chosen after seeing the points" in page.text
    unsteady = person.get(f"/measures/{measure_id}?since=20/07/2026")
    told = words(unsteady.soup.select_one(".verdict-large"))
    assert "already changing before that day" in told
    wrong = person.get(f"/measures/{measure_id}?since=31/02/2026")
    assert wrong.status == 200
    assert "There is no 31 February" in wrong.text
    assert "Improvement:" in wrong.text


def test_decided_is_shown_where_it_differs(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    with app.app_context():
        service.keep_decided(cast.actor("manager"), idea_id=7, cycle_number=1)
        enter_numbers(cast, measure_id, [(39, 50)] * 3, first_on=CHANGED + timedelta(weeks=9))
        db.session.commit()
    page = visit(cast.leader).get(f"/measures/{measure_id}")
    assert "Improved, then went back:" in words(page.soup.select_one(".verdict-large"))
    assert "When it was decided, 24 Nov 2026" in page.text
    assert "When decided: Improvement" in page.text


def test_tests_are_listed_by_the_names_of_their_ideas(
    app: Flask, cast: Cast, measure_id: int, visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        contributions,
        "gather",
        lambda _kind: [lambda _actor, ids: {i: f"Idea of {i}" for i in ids}],
    )
    page = visit(cast.practitioner).get(f"/measures/{measure_id}")
    assert page.link("Idea of 7") == "/ideas/7"


def test_another_council_finds_nothing(cast: Cast, measure_id: int, visit: Visit) -> None:
    outsider = visit(cast.outsider)
    assert outsider.get(f"/measures/{measure_id}").status == 404
    assert outsider.get(f"/measures/{measure_id}/data.csv").status == 404
    assert "Visits on time" not in outsider.get("/teams/riverside/measures").text


def test_team_page_groups_small_charts(cast: Cast, measure_id: int, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/teams/riverside/measures")
    headings = [words(h) for h in page.soup.select("main h2")]
    assert headings == ["Are we doing what we said?", "What might get worse, and what explains it"]
    card = page.soup.find(id=f"measure-{measure_id}")
    assert "94%" in words(card)
    assert "Improvement: last 9 points better than usual" in words(card)
    assert "Beside it: Seen alone. No signal yet: 10 points look like" in words(card)


def test_team_without_measures(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/teams/hillside/measures")
    assert "No measures yet." in page.text
    assert "A manager of the team or a coach can add the first." in page.text


def test_a_full_page_of_measures(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for number in range(PAGE_SIZE + 2):
            make_measure(cast, name=f"Measure {number:02}")
        db.session.commit()
    person = visit(cast.practitioner)
    page = person.get("/teams/riverside/measures")
    assert len(page.soup.select(".measure-card")) == PAGE_SIZE
    assert len(person.follow(page, "Next page").soup.select(".measure-card")) == 2


def test_people_without_a_team_choose_one(cast: Cast, visit: Visit) -> None:
    page = visit(cast.leader).get("/measures")
    assert [words(a) for a in page.soup.select("main .rows a")] == ["Hillside", "Riverside"]


def test_how_we_decide_shows_charts_that_agree_with_their_words(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/how-we-decide")
    cards = {
        words(c.h3): words(c.select_one(".verdict")) for c in page.soup.select(".measure-card")
    }
    assert cards["A change that held"].startswith("Improvement:")
    assert cards["The usual ups and downs"].startswith("No signal yet:")
    assert cards["Better, then back"].startswith("Improved, then went back:")
    assert cards["Worse"].startswith("It got worse:")
    assert cards["One unusual week"].startswith("One unusual week:")
    assert cards["Too early"].startswith("Too early:")
    for figure in ("8 in 100 with 12", "17 in 100 with 24", "38 in 100 with 52"):
        assert figure in page.text


def test_several_tests_on_one_measure(
    app: Flask, cast: Cast, measure_id: int, visit: Visit
) -> None:
    """The newest is read first; the older can be chosen; each names the other as a rival."""
    with app.app_context():
        for idea, place, weeks in ((8, "main", 4), (9, "beside", -9)):
            service.open_window(
                cast.actor("manager"),
                measure_id=measure_id,
                idea_id=idea,
                cycle_number=1,
                place=place,
                label=f"Cycle 1 of {idea}",
                starts_on=CHANGED + timedelta(weeks=weeks),
                is_judged=idea == 8,
            )
        db.session.commit()
    person = visit(cast.practitioner)
    page = person.get(f"/measures/{measure_id}")
    assert words(page.soup.select_one(".verdict-large")).startswith("Already changing:")
    assert "Two other tests overlap this one." in page.text
    chart = page.soup.select_one("svg.chart-w1328").get_text()
    assert "Cycle 1 of 8" in chart
    assert "whole team" not in chart
    older = person.follow(page, "Read the chart by this test")
    assert words(older.soup.select_one(".verdict-large")).startswith("Improvement:")
    assert person.get(f"/measures/{measure_id}?by=nonsense").status == 200


def test_what_was_going_on_is_drawn_under_it(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        contacts = make_measure(
            cast, name="Contacts", recorded="count", numbers=[200, 230, 190] * 6, kind="context"
        )
        made = make_measure(cast, name="Visits", numbers=STEADY, context_id=contacts)
        db.session.commit()
    person = visit(cast.practitioner)
    page = person.get(f"/measures/{made}")
    assert "What was going on: Contacts" in page.text
    assert page.link("Contacts") == f"/measures/{contacts}"
    assert len(page.soup.select(".chart-frame-strip")) == 1


def test_points_that_stand_out_are_told_in_words(cast: Cast, measure_id: int, visit: Visit) -> None:
    page = visit(cast.practitioner).get(f"/measures/{measure_id}")
    assert "9 points that stand out, in words" in page.text
    lines = [words(li) for li in page.soup.select(".special-points li")]
    assert [line.replace(" : ", ": ") for line in lines] == [
        "25 May to 20 July: nine points in a row near the upper limit.",
        "25 May to 20 July: 9 in a row above the usual level before (80%).",
    ]
    ids = [li.get("id") for li in page.soup.select(".special-points li")]
    assert ids == ["point-2026-05-25", None]


def test_files_are_offered_as_the_page_is_read(cast: Cast, measure_id: int, visit: Visit) -> None:
    page = visit(cast.practitioner).get(f"/measures/{measure_id}?view=run&since=01/06/2026")
    address = page.link("SVG, any size")
    assert "chart=run" in address
    assert "since=01/06/2026" in address.replace("%2F", "/")
    assert page.links("CSV, the numbers")


def test_numbers_of_rare_events_are_not_called_days(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        rare = make_measure(cast, recorded="days_between", frequency="day")
        weekly = make_measure(cast, name="Weekly", numbers=STEADY, first_on=FIRST)
        enter_numbers(cast, rare, [30.0, 41.0], first_on=FIRST)
        db.session.commit()
    reader = visit(cast.practitioner)
    headings = [words(h) for h in reader.get(f"/measures/{rare}").soup.find_all("h2")]
    assert "Last five" in headings
    headings = [words(h) for h in reader.get(f"/measures/{weekly}").soup.find_all("h2")]
    assert "Last five weeks" in headings
