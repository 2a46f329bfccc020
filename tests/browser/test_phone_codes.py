"""A phone that gives codes: set up because the role asks, used, lost, and set up of one's own accord."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from improve.shared import clock
from tests.browser.conftest import PASSWORD, Person, Site, code_of

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

People = Callable[..., Person]
ROBIN = "robin.elm@larchdale.example"
AMINA = "amina.birch@larchdale.example"


def check(person: Person, name: str) -> None:
    """Look at a page on a small phone by light, and at a desk in the dark."""
    person.looks_at(320, height=844)
    person.check_fits(f"{name} on a phone")
    person.check_with_axe(f"{name} on a phone")
    person.looks_at(1440, dark=True)
    person.check_fits(f"{name} in the dark")
    person.check_with_axe(f"{name} in the dark", colours_only=True)


def heading(person: Person, words: str) -> None:
    expect(person.page.get_by_role("heading", level=1)).to_have_text(words)


def give_password(person: Person, email: str) -> None:
    """Paste the password, as a password manager's users do."""
    person.open("/sign-in")
    person.page.get_by_label("E-mail").fill(email)
    field = person.page.get_by_label("Password", exact=True)
    expect(field).to_have_attribute("type", "password")
    field.focus()
    person.page.keyboard.insert_text(PASSWORD)
    person.sends("Sign in")


def type_code(person: Person, label: str, code: str, button: str = "Sign in") -> None:
    person.page.get_by_label(label, exact=True).fill(code)
    person.sends(button)


@pytest.mark.security(38, 43)
def test_an_administrator_sets_up_a_phone_uses_it_and_loses_it(site: Site, people: People) -> None:
    robin = people()
    give_password(robin, ROBIN)
    heading(robin, "Set up your phone")
    check(robin, "why a phone")
    robin.open("/admin/people")
    heading(robin, "Set up your phone")
    robin.sends("Show the picture")
    check(robin, "the picture")
    robin.page.get_by_text("The app cannot read the picture").click()
    expect(robin.page.locator(".factor-key")).to_be_visible()
    key = robin.key_shown()
    robin.page.reload()
    assert robin.key_shown() == key, "a phone that comes back from its app finds it"
    type_code(robin, "Code", "12345", "Check the code")
    expect(robin.page.locator(".error-summary")).to_contain_text("That code is not right")
    type_code(robin, "Code", code_of(key), "Check the code")
    heading(robin, "Your recovery codes")
    check(robin, "recovery codes")
    recovery = robin.reads(robin.page.locator(".factor-codes li").first)
    robin.sends("I have written them down")
    expect(robin.page).to_have_url(re.compile("/admin/people"))

    # Half a minute later, elsewhere and without script.
    elsewhere = people(javascript=False, width=390, height=844)
    give_password(elsewhere, ROBIN)
    heading(elsewhere, "A code from your phone")
    type_code(elsewhere, "Code", "000000")
    expect(elsewhere.page.locator(".error-summary")).to_contain_text("used before")
    with clock.moved(clock.now() + timedelta(seconds=30)):
        later = code_of(key)
    type_code(elsewhere, "Code", later)
    elsewhere.open("/admin")
    heading(elsewhere, "Administration")

    lost = people()
    give_password(lost, ROBIN)
    check(lost, "asked for a code")
    lost.sends("I have lost my phone")
    check(lost, "a lost phone")
    type_code(lost, "Recovery code", recovery.upper())
    heading(lost, "A code from my phone")
    lost.sees("You came in with a recovery code", "9 of 10 recovery codes are left")
    check(lost, "the new phone is asked for")
    lost.page.get_by_label("Your password").fill(PASSWORD)
    lost.sends("Set up another phone")
    type_code(lost, "Code", code_of(lost.key_shown()), "Check the code")
    heading(lost, "My recovery codes")
    elsewhere.open("/admin")
    heading(elsewhere, "Sign in")


def test_anybody_sets_one_up_and_an_administrator_takes_it_away(site: Site, people: People) -> None:
    amina = people()
    amina.sign_in(AMINA)
    amina.open("/me/settings")
    amina.goes(amina.page.get_by_role("link", name="A code from my phone"))
    check(amina, "my phone")
    amina.page.get_by_label("Your password").fill(PASSWORD)
    amina.sends("Set up my phone")
    check(amina, "my picture")
    type_code(amina, "Code", code_of(amina.key_shown()), "Check the code")
    amina.goes(amina.page.get_by_role("link", name="I have written them down"))
    amina.sees("10 of 10 recovery codes are left")

    robin = people()
    robin.sign_in(ROBIN)
    robin.open("/admin/people")
    robin.goes(robin.page.get_by_role("link", name="Amina Birch"))
    check(robin, "her page, with her devices")
    robin.goes(robin.page.get_by_role("link", name="Take a lost phone away"))
    check(robin, "taking it away")
    robin.page.get_by_label("Your password").fill(PASSWORD)
    robin.sends("Take the phone away")
    robin.sees("Amina Birch’s phone gives no codes any more.")
    amina.open("/me")
    heading(amina, "Sign in")
    amina.sign_in(AMINA)
    amina.open("/me")
    amina.sees("Amina")
