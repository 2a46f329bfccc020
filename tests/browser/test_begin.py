"""A council begins: from the first administrator to the first idea, and into an example and out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Site, look
from tests.factories import PASSWORD

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def begin(person: Person, link: str) -> None:
    """Take up an invitation."""
    person.open(link)
    person.page.get_by_label("Choose a password").fill(PASSWORD)
    person.sends("Save and start")


def test_a_council_from_nothing_to_its_first_idea(
    site: Site, people: Callable[..., Person]
) -> None:
    words = ("--organisation", "Alder Council", "--name", "Robin Ash", "--email", "r@alder.example")
    said = site.app.test_cli_runner().invoke(args=["first-administrator", *words]).output
    link = re.search(r"/invitation/[\w-]{32}", said)
    assert link, said
    robin = people(javascript=False)
    begin(robin, link[0])
    robin.set_up_phone()
    expect(robin.page.get_by_role("heading", level=1)).to_have_text("Three things to know, Robin")
    look(robin, "three cards")
    robin.goes(robin.page.get_by_role("link", name="Add the first team"))
    robin.page.get_by_label("Name").fill("Hillside")
    robin.sends("Add the team")
    look(robin, "teams")
    robin.open("/admin/people/invite")
    robin.page.get_by_label("Addresses").fill("Nadia Fern <nadia@alder.example>")
    robin.page.get_by_label("Team", exact=True).select_option(label="Hillside")
    robin.page.get_by_role("checkbox", name="Manager").check()
    robin.sends("See the list")
    robin.sends("Invite 1\N{NO-BREAK SPACE}person")
    handed = robin.page.locator(".once-link")
    expect(handed).to_have_count(1)

    nadia = people()
    begin(nadia, robin.reads(handed).removeprefix("http://localhost"))
    nadia.goes(nadia.page.get_by_role("link", name="Go on to the board"))
    expect(nadia.page.get_by_role("heading", level=1)).to_have_text(
        "Hillside’s board is ready, and empty"
    )
    look(nadia, "an empty board")
    nadia.sends("Load an example board")
    nadia.sees("This is an example.", "Example team")
    expect(nadia.page.locator(".card")).to_have_count(12)
    look(nadia, "an example")
    nadia.open("/me")
    nadia.sees("This is not part of the example.")
    look(nadia, "what is closed in an example")
    nadia.sends("Back to your board")
    nadia.never_sees("This is an example.")
    nadia.sends("Load an example board")
    nadia.sends("Remove the example")
    nadia.sees("The example is removed. Nothing of it is left.")

    nadia.goes(nadia.page.get_by_role("link", name="Log the first idea"))
    nadia.page.get_by_label("What is your idea?").fill("Ring the evening before each visit")
    nadia.sends("Send idea")
    nadia.sees("Sent. Thank you, Nadia.")
    nadia.goes(nadia.page.get_by_role("link", name="See it on the board"))
    done = nadia.page.locator(".five-thing.is-done")
    expect(done).to_have_count(1)
    expect(done).to_contain_text("Log one idea")
    look(nadia, "a board that has begun")
