"""A whole huddle of the demo council: a driver, a phone that loses its signal, and a wall."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DemoSite, Person, close_browsers, open_browser

NO_SIGNAL = "No connection. Your words are still here. Send again when you have signal."
THANKS = "Kofi, you rang the boy’s gran back the same night."


@pytest.fixture
def three(chromium: Browser, own_demo: DemoSite) -> Iterator[list[Person]]:
    """Helena at a laptop, Kofi with a phone, and the wall of their room."""
    driver = open_browser(chromium, own_demo.url, width=1440, height=1000)
    phone = open_browser(chromium, own_demo.url, width=390, height=844)
    wall = open_browser(chromium, own_demo.url, width=1920, height=1080)
    # A huddle on the wall looks for itself every few seconds, a board every half minute.
    wall.hastens()
    for person, name in ((driver, "Helena"), (phone, "Kofi")):
        person.sign_in_to_demo(name)
        expect(person.page).to_have_url(re.compile("/board$"))
    yield [driver, phone, wall]
    close_browsers([driver, phone, wall])


def test_a_whole_huddle(three: list[Person]) -> None:
    driver, phone, wall = three
    team = "/teams/assessment-north"

    # The wall is let in by its code.
    driver.open(f"{team}/walls")
    driver.page.get_by_label("Name of the screen").fill("Room 2")
    driver.sends("Make a code")
    code = driver.reads(driver.page.locator(".wall-code-large [aria-hidden]"))
    wall.open("/wall")
    wall.page.get_by_label("Code").fill(code)
    wall.page.get_by_role("textbox").press("Enter")
    expect(wall.page.get_by_role("heading", level=1)).to_contain_text("Assessment North")

    driver.open(f"{team}/board")
    driver.goes(driver.page.get_by_role("link", name="Start huddle"))
    driver.page.get_by_role("checkbox", name="Kofi").check()
    driver.sends("Start the huddle")
    expect(driver.page).to_have_url(re.compile(r"/huddles/\d+/"))
    here = re.sub(r"(/huddles/\d+)/.*", r"\1", driver.path)

    # A part in which nothing waits says so, and the wall has turned to the huddle by itself.
    driver.page.get_by_role("button", name=re.compile("New ideas")).first.click()
    driver.page.wait_for_url("**/new*")
    expect(wall.page.locator("main")).to_contain_text("Every idea has its answer. Good.")

    # A phone adds an action; the signal drops in between.
    phone.open(f"{here}/add")
    phone.page.get_by_label("What will be done?").fill("Ask one family what came through")
    phone.page.get_by_role("radio", name="Me").check(force=True)
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="Add the action").click()
    expect(phone.page.locator("#offline-bar")).to_have_text(NO_SIGNAL)
    expect(phone.page.get_by_label("What will be done?")).to_have_value(
        "Ask one family what came through"
    )
    phone.context.set_offline(False)
    phone.page.get_by_role("button", name="Add the action").click()
    expect(phone.page.locator(".message")).to_contain_text("Added for")

    # The dot.
    driver.page.get_by_role("button", name=re.compile("Due to study")).first.click()
    driver.page.wait_for_url("**/study*")
    expect(wall.page.locator(".hw-finding")).to_contain_text("4\u00a0of\u00a07 points")
    driver.page.get_by_role("button", name="Bring this week’s taps in").click()
    expect(wall.page.locator(".hw-finding")).to_contain_text("5\u00a0of\u00a07 points")
    expect(wall.page.locator(".hw-svg:visible .c-fresh")).to_have_count(1)

    # Out the door.
    driver.page.get_by_role("button", name=re.compile("Thanks and close")).first.click()
    driver.page.wait_for_url("**/close*")
    who = driver.page.get_by_label("Who do you thank?")
    kofi = driver.measures("one => one.value", who.locator("option", has_text="Kofi").first)
    who.select_option(kofi)
    driver.page.locator("[name=thanks_words]").fill(THANKS)
    driver.page.get_by_role("button", name="Say thanks").click()
    expect(driver.page.locator("main")).to_contain_text(THANKS)
    driver.page.get_by_role("link", name=re.compile("Finish")).first.click()
    driver.page.wait_for_url("**/finish*")
    driver.page.get_by_role("button", name=re.compile("Finish")).click()
    driver.page.wait_for_url("**/notes*")
    notes = driver.page.locator("main")
    expect(notes).to_contain_text("These are the notes.")
    expect(notes).to_contain_text("Ask one family what came through")
    driver.sees_once("Ask one family what came through", within="main")
    expect(notes).to_contain_text(THANKS)
    driver.check_with_axe("the notes")

    # The wall is the board's again, and the action and the thanks are on Kofi's page.
    expect(wall.page.get_by_role("heading", name="Ideas")).to_be_visible()
    expect(wall.page.locator("body")).to_contain_text("Next huddle")
    phone.open("/me")
    expect(phone.page.locator("main")).to_contain_text("Ask one family what came through")
    expect(phone.page.locator("main")).to_contain_text(THANKS)
