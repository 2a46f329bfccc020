"""The form opened by a council where nothing stands: what is missing is clicked together, then it opens.

An administrator, a leader and a child without an account, each at their own browser.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import expect

from improve.accounts.roles import Role
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import make_person

DAY = "Front door, 01632 960 123"
NIGHT = "Emergency duty team, 01632 960 456"
NOT_READY = "We are not ready to read this yet"


def follow(person: Person, name: str) -> None:
    """Click a link by its name."""
    person.goes(person.page.get_by_role("link", name=name, exact=True).first)


def fill(person: Person, **typed: str) -> None:
    """Type into the fields with these ids."""
    for field, words in typed.items():
        person.page.locator(f"#{field}").fill(words)


def train(administrator: Person, reader: str) -> None:
    """Enter that a reader was trained."""
    administrator.page.get_by_label("Who?", exact=True).select_option(label=reader)
    fill(administrator, trained_on="1/9/2026", trained_by="Ruth Hale, training lead")
    administrator.sends("Keep the training")
    administrator.sees("Kept. Now say when they read.")


def stands(administrator: Person, needed: str) -> None:
    """See that one thing stands."""
    row = administrator.page.locator("section[aria-labelledby=needs] li", has_text=needed)
    expect(row).to_contain_text("Done:")


def test_a_council_where_nothing_stands_opens_and_closes(
    site: Site, people: Callable[..., Person]
) -> None:
    with site.app.app_context():
        make_person(site.cast.organisation, name="Wren Sallow", role=Role.VOICES_READER)
        db.session.commit()
        db.session.remove()
    administrator, leader = people(), people(javascript=False)
    child = people(javascript=False, width=320, height=640)
    administrator.sign_in("robin.elm@larchdale.example")
    leader.sign_in("florence.ash@larchdale.example")

    # Nothing is taken yet, and it says how to be heard all the same.
    child.open("/say/larchdale-council")
    child.sees(NOT_READY, "999", "0800 1111", "on paper")
    follow(administrator, "Administration")
    follow(administrator, "The form for families")
    administrator.sends("Open the form")
    administrator.sees("Two trained readers: Two more needed.", within="#error-summary")

    train(administrator, "Tom Willow")
    train(administrator, "Wren Sallow")
    stands(administrator, "Two trained readers")

    follow(administrator, "Somebody reads on each of the next ten working days")
    administrator.page.get_by_label("Who reads?").select_option(label="Tom Willow")
    fill(administrator, from_on="24/11/2026", to_on="24/12/2026")
    administrator.sends("Add")
    administrator.never_sees("Nobody yet", within="section[aria-labelledby=days]")
    follow(administrator, "The form for families")
    stands(administrator, "Somebody reads on each of the next ten working days")

    # The numbers are entered where they are kept, then rung.
    follow(administrator, "Day and night numbers rung, and somebody answered")
    fill(administrator, day=DAY, night=NIGHT)
    administrator.sends("Save")
    follow(administrator, "The form for families")
    for name, who in (
        ("dpia", "Dev Poplar"),
        ("legal", "Mina Coe"),
        ("numbers_tried", "Robin Elm"),
    ):
        fill(administrator, **{f"{name}_by": who, f"{name}_on": "1/9/2026"})
    administrator.sends("Save")
    for needed in ("impact assessment signed", "Legal check signed", "numbers rung"):
        stands(administrator, needed)

    follow(administrator, "How to complain, in the form")
    fill(administrator, complaints="Ring 01632 960 789, or write to the Customer Team")
    administrator.sends("Save")
    stands(administrator, "How to complain")

    # Only the leader is missing, who is sent the address of the promise.
    administrator.sends("Open the form")
    administrator.sees_once("A leader", within="#error-summary")
    there = administrator.reads(
        administrator.page.get_by_text(re.compile("Send them this address"))
    )
    leader.open(there[there.index("/voices/promise") :])
    leader.sends("Sign with my name")
    leader.sees("Signed by Florence Ash")

    follow(administrator, "The form for families")
    administrator.sees("Everything stands")
    administrator.sends("Open the form")
    administrator.sees("The form is open.", "Close the form")

    child.open("/say/larchdale-council")
    child.sees("Tom", "Wren", "01632 960 123", "01632 960 456")
    child.sends("Start")
    expect(child.page.get_by_text("I am a child", exact=True)).to_be_visible()

    # Closed again, half-way through too: numbers and paper, and nothing is taken.
    administrator.sends("Close the form")
    administrator.sees("The form is closed.")
    child.page.get_by_text("I am a child", exact=True).click()
    child.sends("Next")
    child.sees(NOT_READY, "999", "01632 960 123", "01632 960 456", "on paper")
    expect(child.page.get_by_role("button")).to_have_count(0)
