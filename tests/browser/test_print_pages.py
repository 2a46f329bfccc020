"""What an idea's and a measure's page come to on paper: words and numbers, and no ways to change them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import make_idea, make_measure

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
SAM = "sam.alder@larchdale.example"


def print_page(person: Person, path: str) -> None:
    """Open a page as it comes out on paper."""
    person.open(path)
    person.page.emulate_media(media="print")


def test_a_measure_prints_without_its_controls(site: Site, people: People) -> None:
    with site.app.app_context():
        measure_id = make_measure(site.cast, name="Visits on time", numbers=[(40, 50)] * 14)
        db.session.commit()
    person = people(width=1280)
    person.sign_in(SAM)
    print_page(person, f"/measures/{measure_id}")
    person.sees("Visits on time", "What is counted", "Last five weeks", within="main")
    person.never_sees(
        "Change what is counted", "Notes on the chart", "Add a point", "Save it as a file",
        "Why this chart?", "All 14", "History of this measure", "New middle line", within="main",
    )  # fmt: skip


def test_an_idea_prints_without_empty_headings(site: Site, people: People) -> None:
    with site.app.app_context():
        idea_id = make_idea(site.cast, text="Ring back by a time we name")
        db.session.commit()
    person = people(width=1280)
    person.sign_in(SAM)
    print_page(person, f"/ideas/{idea_id}")
    person.sees("Ring back by a time we name", within="main")
    person.never_sees(
        "Document", "Comments", "Next step", "Change the title", "History: moves", within="main"
    )
