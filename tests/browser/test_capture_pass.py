"""A phone with a pass, in a real browser: an idea and taps without a sign-in, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Site
from tests.browser.test_tally import AMINA, ask, taps_have_gone

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

People = Callable[..., Person]
SIZES = ((320, False), (390, True), (1440, False))


def with_pass(people: People, **more: object) -> Person:
    """Return a phone on which Amina made a pass and signed out."""
    phone = people(width=390, height=844, **more)
    phone.sign_in(AMINA)
    phone.open("/me/settings")
    phone.check_with_axe("my page")
    phone.sends("Make a pass for this phone")
    phone.check_with_axe("my devices")
    phone.check_fits("my devices")
    phone.goes(phone.page.get_by_role("button", name="Sign out", exact=True).last)
    return phone


@pytest.mark.parametrize("javascript", [True, False])
def test_an_idea_and_taps_without_a_sign_in(site: Site, people: People, javascript: bool) -> None:
    manager = people(javascript=javascript)
    path = ask(manager)
    phone = with_pass(people, javascript=javascript)
    page = phone.page

    phone.open("/log")
    for width, dark in SIZES:
        phone.looks_at(width, height=844, dark=dark)
        phone.check_fits(f"log an idea at {width}")
        phone.check_with_axe(f"log an idea at {width}")
    page.set_viewport_size({"width": 390, "height": 844})
    phone.sends("Send idea")
    expect(page.locator(".error-summary")).to_contain_text("Write your idea")
    phone.check_with_axe("refused")
    page.get_by_label("What is your idea?").fill("Send the plan before the meeting")
    phone.sends("Send idea")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent. Thank you.")
    phone.check_with_axe("sent")

    phone.open(path)
    for width, dark in SIZES:
        phone.looks_at(width, height=844, dark=dark)
        phone.check_fits(f"tally at {width}")
        phone.check_with_axe(f"tally at {width}")
    page.set_viewport_size({"width": 390, "height": 844})
    said = page.locator("#tally-said")
    for answer in ("Yes", "No"):
        page.get_by_role("button", name=answer, exact=True).click()
        expect(said).to_contain_text(f"Counted: {answer}")
    page.get_by_role("button", name="Undo last tap").click()
    expect(said).to_contain_text("Taken back")
    taps_have_gone(phone)
    manager.page.reload()
    expect(manager.page.locator(".tally-words")).to_contain_text("1 yes of 1 answer.")
    manager.open("/teams/riverside/board")
    manager.sees("Send the plan before the meeting", within="main")
