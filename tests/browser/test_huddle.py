"""A huddle by a driver, a phone that loses its signal, and a wall that follows both."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SAM = "sam.alder@larchdale.example"
AMINA = "amina.birch@larchdale.example"
NO_SIGNAL = "No connection. Your words are still here. Send again when you have signal."

People = Callable[..., Person]


@pytest.fixture
def two_ideas(site: Site) -> Site:
    """A team with two suggestions that nobody has answered."""
    with site.app.app_context():
        make_idea(site.cast, text="Read the duty note back to the family")
        make_idea(site.cast, text="One calendar for core groups", by=site.cast.colleague)
        db.session.commit()
        db.session.remove()
    return site


def begin(driver: Person) -> str:
    """Have the manager start a huddle; return the path of it."""
    driver.sign_in(SAM)
    driver.open("/teams/riverside/huddles/start")
    driver.page.get_by_role("checkbox", name="Amina Birch").check()
    driver.check_with_axe("the start")
    driver.sends("Start the huddle")
    expect(driver.page).to_have_url(re.compile(r"/new(\?|$)"))
    return driver.path.removesuffix("/new")


def test_a_driver_a_phone_without_signal_and_a_wall(two_ideas: Site, people: People) -> None:
    driver, phone = people(width=1440, height=900), people(width=390, height=844)
    wall = people(width=1920, height=1080)
    here = begin(driver)
    expect(driver.page.locator("#part-title")).to_be_focused()
    driver.check_with_axe("a part")
    wall.sign_in(AMINA)
    wall.open(f"{here}/wall")
    expect(wall.page.locator(".hw-title h2")).to_have_text("Read the duty note back to the family")
    wall.check_with_axe("the wall")

    phone.sign_in(AMINA)
    phone.open(f"{here}/add")
    phone.check_with_axe("the phone")
    phone.page.get_by_label("What will be done?").fill("Ask the clerk for the start times")
    phone.page.get_by_role("radio", name="Jo").check()
    phone.context.set_offline(True)
    phone.page.get_by_role("button", name="Add the action").click()
    expect(phone.page.locator("#offline-bar")).to_have_text(NO_SIGNAL)
    expect(phone.page.get_by_label("What will be done?")).to_have_value(
        "Ask the clerk for the start times"
    )
    phone.context.set_offline(False)
    phone.page.get_by_role("button", name="Add the action").click()
    expect(phone.page.locator(".message")).to_contain_text("Added for Jo")
    expect(phone.page.locator(".message")).to_be_focused()

    driver.page.get_by_label("Your reply to Amina").fill("Yes. Try it with your next two families.")
    driver.page.get_by_text("We will try it").click()
    driver.page.get_by_role("button", name="Send the reply").click()
    expect(driver.page.locator(".message").first).to_contain_text("The reply is sent")
    expect(driver.page.locator("#item-title")).to_have_text("One calendar for core groups")
    # Nobody touches the wall.
    expect(wall.page.locator(".hw-title h2")).to_have_text("One calendar for core groups")
    driver.sees_once("Ask the clerk", within=".so-far")


def test_words_that_are_refused_come_back_under_the_same_address(
    two_ideas: Site, people: People
) -> None:
    driver = people(width=1440, height=900)
    here = begin(driver)
    driver.wait_for_htmx()
    card = driver.page.locator("details[data-teach]")
    card.locator("summary").click()
    driver.page.get_by_label("Your reply to Amina").fill("Only words")
    driver.page.get_by_role("button", name="Send the reply").click()
    expect(driver.page.locator("#error-summary")).to_be_focused()
    expect(driver.page.get_by_label("Your reply to Amina")).to_have_value("Only words")
    expect(driver.page).to_have_url(re.compile(rf"{here}/new(\?|$)"))
    # Put away is put away, also on the page that came back.
    expect(card).not_to_have_attribute("open", "")


def test_the_driver_walks_by_keyboard_and_without_script(two_ideas: Site, people: People) -> None:
    driver = people(width=1440, height=900, javascript=False)
    here = begin(driver)
    following = driver.page.get_by_role("button", name="Next: thanks and close")
    following.focus()
    driver.page.keyboard.press("Enter")
    driver.page.wait_for_url("**/close*")
    back = driver.page.get_by_role("button", name="New ideas").last
    back.focus()
    driver.page.keyboard.press("Enter")
    driver.page.wait_for_url(f"**{here}/new*")
