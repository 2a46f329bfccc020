"""A large table in a real browser, with script and without; a number from a phone in two taps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from improve.measures.table_import import period_start
from improve.shared import clock
from improve.shared.db import db
from tests.benchmarks.importing import TABLE
from tests.browser.conftest import Person, Site
from tests.factories import make_measure

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
SAM, AMINA = "sam.alder@larchdale.example", "amina.birch@larchdale.example"
#: Twenty thousand rows take their time where others are at work.
AT_MOST = 60_000


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_a_large_table_shows_how_far_it_is(site: Site, people: People, javascript: bool) -> None:
    with site.app.app_context():
        measure_id = make_measure(site.cast, recorded="value", frequency="day")
        db.session.commit()
    person = people(javascript=javascript, width=390)
    person.sign_in(SAM)
    person.open(f"/measures/{measure_id}/import")
    content = TABLE.encode()
    person.page.get_by_label("Or choose a file").set_input_files(
        {"name": "days.csv", "mimeType": "text/csv", "buffer": content}
    )
    if javascript:
        person.measures(
            """() => {
                const words = document.querySelector("[data-import-words]");
                new MutationObserver(() => sessionStorage.setItem("said",
                    (sessionStorage.getItem("said") || "") + words.textContent + "|"))
                    .observe(words, {childList: true, characterData: true, subtree: true});
            }"""
        )
    person.page.get_by_role("button", name="Look through the rows").click()
    expect(person.page.get_by_role("heading", name="Check before you add")).to_be_visible(
        timeout=AT_MOST
    )
    if javascript:
        said = person.measures("() => sessionStorage.getItem('said')")
        assert said.startswith("Sending")
        assert "Checking 20,000 rows…" in said
    person.check_with_axe()
    person.page.get_by_role("button", name="Add 20,000").click()
    expect(person.page.get_by_text("20,000 numbers added").first).to_be_visible(timeout=AT_MOST)


def test_what_cannot_be_read_is_told_with_script_too(site: Site, people: People) -> None:
    with site.app.app_context():
        measure_id = make_measure(site.cast, recorded="count")
        db.session.commit()
    person = people(width=390)
    person.sign_in(SAM)
    person.open(f"/measures/{measure_id}/import")
    person.page.get_by_label("Paste the rows").fill("only words")
    person.page.get_by_role("button", name="Look through the rows").click()
    expect(
        person.page.get_by_role("heading", name="There is something to put right")
    ).to_be_visible()
    expect(person.page.get_by_label("Paste the rows")).to_have_value("only words")
    person.check_with_axe()


def test_two_taps_on_a_phone(site: Site, people: People) -> None:
    this_week = period_start(clock.today(), "week")
    with site.app.app_context():
        make_measure(
            site.cast, name="Visits on time", numbers=[(40, 50), (45, 50)],
            first_on=this_week - timedelta(weeks=3),
        )  # fmt: skip
        db.session.commit()
    person = people(javascript=False, width=390, height=844)
    person.sign_in(AMINA)
    person.open("/me")
    person.goes(person.page.get_by_role("link", name="Visits on time"))
    person.check_fits()
    person.page.get_by_label("How many").fill("48")
    person.page.get_by_label("Out of").fill("52")
    person.sends("Add")
    expect(person.page.get_by_role("heading", name="Added")).to_be_visible()
    expect(person.page.get_by_text("92% added for")).to_have_count(1)
