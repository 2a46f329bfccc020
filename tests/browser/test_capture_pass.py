"""A phone with a pass, in a real browser: an idea and taps without a sign-in, with and without script."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Person, Site
from tests.browser.test_tally import AMINA, ask

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

People = Callable[..., Person]
SIZES = ((320, False), (390, True), (1440, False))


def with_pass(people: People, **more: object) -> Person:
    """Return a phone on which Amina made a pass and signed out."""
    phone = people(width=390, height=844, **more)
    phone.sign_in(AMINA)
    phone.open("/me/settings")
    phone.check_with_axe("my page")
    phone.page.get_by_role("button", name="Make a pass for this phone").click()
    phone.page.wait_for_load_state("load")
    phone.check_with_axe("my devices")
    phone.check_fits("my devices")
    phone.page.get_by_role("button", name="Sign out", exact=True).last.click()
    phone.page.wait_for_load_state("load")
    return phone


@pytest.mark.parametrize("javascript", [True, False])
def test_an_idea_and_taps_without_a_sign_in(site: Site, people: People, javascript: bool) -> None:
    manager = people(javascript=javascript)
    path = ask(manager)
    phone = with_pass(people, javascript=javascript)
    page = phone.page

    phone.open("/log")
    for width, dark in SIZES:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if dark else "light")
        phone.check_fits(f"log an idea at {width}")
        phone.check_with_axe(f"log an idea at {width}")
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Send idea").click()
    page.wait_for_load_state("load")
    expect(page.locator(".error-summary")).to_contain_text("Write your idea")
    phone.check_with_axe("refused")
    page.get_by_label("What is your idea?").fill("Send the plan before the meeting")
    page.get_by_role("button", name="Send idea").click()
    page.wait_for_load_state("load")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sent. Thank you.")
    phone.check_with_axe("sent")

    phone.open(path)
    for width, dark in SIZES:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme="dark" if dark else "light")
        phone.check_fits(f"tally at {width}")
        phone.check_with_axe(f"tally at {width}")
    page.set_viewport_size({"width": 390, "height": 844})
    said = page.locator("#tally-said")
    for answer in ("Yes", "No"):
        page.get_by_role("button", name=answer, exact=True).click()
        page.wait_for_load_state("load")
        expect(said).to_contain_text(f"Counted: {answer}")
    page.get_by_role("button", name="Undo last tap").click()
    page.wait_for_load_state("load")
    expect(said).to_contain_text("Taken back")
    page.wait_for_timeout(500)
    manager.page.reload()
    expect(manager.page.locator(".tally-words")).to_contain_text("1 yes of 1 answer.")
    manager.open("/teams/riverside/board")
    assert "Send the plan before the meeting" in manager.page.locator("main").inner_text()
