"""Staff read what was learned: words that were settled, by the month shown, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask

from improve.incidents.models import IncidentDisclosure, IncidentWording
from improve.shared import clock
from improve.shared.db import db
from tests.factories import Cast
from tests.incidents.learnings import make_learning
from tests.pages import Visitor
from tests.statements import Watch

Visit = Callable[..., Visitor]
pytestmark = pytest.mark.database


def shown(organisation_id: int, month: int = 11, **facts: Any) -> str:
    facts.setdefault("settled_week", date(2026, month - 1, 12))
    return make_learning(organisation_id, shown_month=date(2026, month, 1), **facts)


def test_staff_read_words_theme_and_note_under_their_month(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        shown(
            cast.organisation,
            shareable="A plan was written, and a school did not get it.",
            theme="Plans that do not arrive",
            note="Ask who else needs the plan before you close it.",
            kind="some_harm",
            factors=["F13"],
        )
        shown(cast.organisation, 10, theme="Handing over at night")
        db.session.commit()
    page = visit(cast.practitioner).get("/reports")
    assert page.status == 200
    months = [h2.text for h2 in page.soup.select(".learned-month h2")]
    assert months == ["November 2026", "October 2026"]
    for words in ("A plan was written", "Plans that do not arrive", "Ask who else needs"):
        assert words in page.main
    # Neither kind nor conditions stand beside a story: who counts along would count them out.
    assert "some harm" not in page.main
    assert "Targets" not in page.main


@pytest.mark.security(63)
def test_what_is_to_come_hidden_empty_or_of_another_council_is_not_there(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        shown(cast.organisation, 12, shareable="Not before December.")
        make_learning(cast.organisation, shareable="Never to be read.", shown_month=None)
        shown(cast.organisation)
        shown(cast.other_organisation, shareable="Of the other council.")
        db.session.commit()
    page = visit(cast.practitioner).get("/reports")
    assert "Nothing to read yet" in page.main
    for words in ("December", "Never to be", "other council"):
        assert words not in page.main
    assert "Of the other council." in visit(cast.outsider).get("/reports").main


@pytest.mark.security(62)
def test_order_within_a_month_tells_no_week(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for n, key in enumerate("cabed"):
            shown(cast.organisation, key=key * 22, theme=f"Theme {key}", week=date(2026, 9, 7 + n))
        db.session.commit()
    page = visit(cast.practitioner).get("/reports")
    themes = [h3.text for h3 in page.soup.select(".learned-list h3")]
    assert themes == [f"Theme {key}" for key in "abcde"]
    assert not re.search(r"(Sep|September|week of)", page.main)


def test_the_same_words_of_two_reports_stand_there_once(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        for month in (10, 11, 11):
            shown(cast.organisation, month, theme="Plans that do not arrive")
        db.session.commit()
    page = visit(cast.practitioner).get("/reports")
    assert len(page.soup.select(".learned-list > li")) == 1
    assert [h2.text for h2 in page.soup.select(".learned-month h2")] == ["October 2026"]


def test_pages_of_thirty(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        for n in range(31):
            shown(cast.organisation, theme=f"Theme {n}")
        db.session.commit()
    reader = visit(cast.practitioner)
    first = reader.get("/reports")
    assert len(first.soup.select(".learned-list > li")) == 30
    second = reader.follow(first, "Older")
    assert len(second.soup.select(".learned-list > li")) == 1
    assert "Nothing more to read" in reader.get("/reports?page=9").main
    assert reader.get("/reports?page=x").status == 200


def test_staff_see_how_often_an_identity_came_out_and_where_to_read_of_fairness(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    reader = visit(cast.practitioner)
    page = reader.get("/reports")
    assert "never came out who had reported" in page.main
    fair = page.link("Being fair, by NHS England")
    assert fair.startswith("https://www.england.nhs.uk/")
    with app.app_context():
        for organisation in (cast.organisation, cast.other_organisation):
            db.session.add(
                IncidentDisclosure(
                    organisation_id=organisation,
                    noticed_on=clock.today(),
                    words="We told them first.",
                    entered_by_id=cast.incident_reviewer,
                )
            )
        db.session.add(
            IncidentWording(
                organisation_id=cast.organisation,
                name="learned.fair",
                version=1,
                words="Ring our own HR.",
                changed_by_id=cast.administrator,
                changed_at=clock.now(),
            )
        )
        db.session.commit()
    page = reader.get("/reports")
    assert "Identities disclosed 1" in page.main
    assert "Ring our own HR." in page.main
    assert not page.links("Enter one")


def test_guests_and_administrators_do_not_read_it(cast: Cast, visit: Visit) -> None:
    for person in (cast.guest, cast.administrator):
        for path in ("/reports", "/reports/notes", "/reports/patterns", "/reports/patterns.csv"):
            assert visit(person).get(path).status == 403, path
    assert visit().get("/reports").path.startswith("/sign-in")
    assert visit(cast.practitioner).post("/reports", {}).status == 405


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_it_takes_few_statements(app: Flask, cast: Cast, visit: Visit, statements: Watch) -> None:
    with app.app_context():
        for n in range(40):
            shown(cast.organisation, theme=f"Theme {n}")
        db.session.commit()
    reader = visit(cast.incident_reviewer)
    for path in ("/reports", "/reports/notes", "/reports/patterns", "/reports/notes/write/2026-11"):
        with statements() as seen:
            assert reader.get(path).status == 200
        assert len(seen) <= 8, path
