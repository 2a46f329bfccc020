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


def on_paper(person: Person, path: str) -> str:
    """Return the words that the page prints."""
    person.open(path)
    person.page.emulate_media(media="print")
    return person.page.locator("main").inner_text()


def test_a_measure_prints_without_its_controls(site: Site, people: People) -> None:
    with site.app.app_context():
        measure_id = make_measure(site.cast, name="Visits on time", numbers=[(40, 50)] * 14)
        db.session.commit()
    person = people(width=1280)
    person.sign_in(SAM)
    said = on_paper(person, f"/measures/{measure_id}")
    for words in ("Visits on time", "What is counted", "Last five weeks"):
        assert words in said
    for control in (
        "Change what is counted", "Notes on the chart", "Add a point", "Save it as a file",
        "Why this chart?", "All 14", "History of this measure", "New middle line",
    ):  # fmt: skip
        assert control not in said


def test_an_idea_prints_without_empty_headings(site: Site, people: People) -> None:
    with site.app.app_context():
        idea_id = make_idea(site.cast, text="Ring back by a time we name")
        db.session.commit()
    person = people(width=1280)
    person.sign_in(SAM)
    said = on_paper(person, f"/ideas/{idea_id}")
    assert "Ring back by a time we name" in said
    for heading in ("Document", "Comments", "Next step", "Change the title", "History: moves"):
        assert heading not in said
