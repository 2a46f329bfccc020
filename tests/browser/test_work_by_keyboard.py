"""A working week by keyboard alone: signing in with a phone, an idea, a move, a number, a month.

Each press shows where one is (``Keyboard``); here, besides: where the focus is after each answer,
that Escape closes what was opened and gives the focus back, and that no page is a trap.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from improve.ideas.kinds import Stage
from improve.shared import clock
from improve.shared.db import db
from tests.browser.conftest import Person, Site, code_of
from tests.browser.keyboard import Keyboard
from tests.browser.test_first_cycle import go_on
from tests.browser.test_month import FLORENCE, MONTH, lay
from tests.browser.test_phone_codes import ROBIN
from tests.browser.test_tally import AMINA, SAM
from tests.factories import PASSWORD, idea_in, make_measure

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

People = Callable[..., Person]
BOARD = "/teams/riverside/board"
IDEA = "Ring the day before each first visit"
HOW = pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])


def heading(person: Person, words: str) -> None:
    """Wait until the page is called this."""
    expect(person.page.get_by_role("heading", level=1)).to_have_text(words)


def open_up(keys: Keyboard, summary: str) -> None:
    """Reach what is folded away, and unfold it."""
    folded = keys.page.locator("summary", has_text=summary).first
    keys.reach(folded)
    keys.page.keyboard.press("Enter")
    expect(folded.locator("xpath=..")).to_have_attribute("open", "")
    expect(folded).to_be_focused()


def test_an_administrator_sets_up_a_phone_and_invites(site: Site, people: People) -> None:
    robin = people()
    keys = Keyboard(robin)
    robin.open("/sign-in")
    keys.reach_everything()
    keys.sign_in(ROBIN, PASSWORD)
    keys.press("Show the picture")
    heading(robin, "Set up your phone")
    keys.reach_everything()
    open_up(keys, "The app cannot read the picture")
    key = robin.key_shown()
    keys.type("Code", "12345")
    keys.press("Check the code")
    robin.sees("That code is not right", within=".error-summary")
    expect(robin.page.locator(".error-summary")).to_be_focused()
    keys.jump("That code is not right", exact=False, to=robin.page.get_by_label("Code", exact=True))
    keys.type("Code", code_of(key))
    keys.press("Check the code")
    heading(robin, "Your recovery codes")
    keys.press("I have written them down")
    keys.press("Sign out")

    # Half a minute later, with a fresh code.
    keys.sign_in(ROBIN, PASSWORD)
    heading(robin, "A code from your phone")
    with clock.moved(clock.now() + timedelta(seconds=30)):
        later = code_of(key)
    keys.type("Code", later)
    keys.press("Sign in")

    # A new colleague, after a list that was not one.
    keys.follow("Administration")
    keys.follow("Invite people")
    keys.press("See the list")
    expect(robin.page.locator(".error-summary")).to_be_focused()
    keys.type("E-mail addresses", "Nell Ashby <nell.ashby@larchdale.example>")
    keys.select("Team", "Riverside")
    keys.press("See the list")
    heading(robin, "Check the list")
    keys.reach_everything()
    keys.press("Invite 1 person")
    heading(robin, "Links to hand over")
    robin.sees("Nell Ashby, nell.ashby@larchdale.example", within="main")

    # A colleague becomes the manager of a team.
    keys.follow("People")
    keys.follow("Jo Sedge")
    heading(robin, "Jo Sedge")
    keys.reach_everything()
    keys.select("Riverside", "Manager")
    keys.press("Save")
    robin.sees("Manager", within="main")


@HOW
def test_an_idea_is_logged_at_a_desk_and_on_a_phone(
    site: Site, people: People, javascript: bool
) -> None:
    amina = people(javascript=javascript)
    keys, page = Keyboard(amina), amina.page
    keys.sign_in(AMINA, PASSWORD)
    amina.open(BOARD)
    keys.follow("Log an idea")
    heading(amina, "Log an idea")
    keys.reach_everything()
    keys.press("Send idea")
    if javascript:
        expect(page.locator(".error-summary")).to_be_focused()
    box = page.get_by_role("textbox", name="What is your idea?")
    keys.jump("Write your idea in a sentence or two", to=box)
    keys.type_into(box, IDEA)
    open_up(keys, "More places it came from")
    keys.choose("Supervision or a team talk")
    keys.tick("Do not show my name on boards")
    keys.press("Send idea")
    amina.sees("Sent. Thank you, Amina.", within="h1")

    # The bar at the foot of a phone covers nothing that one comes to.
    amina.looks_at(390, height=700)
    keys.follow("See it on the board")
    keys.reach_everything()
    keys.follow("Log idea")
    keys.reach_everything()
    keys.type_into(box, "Ask who should be at the meeting")
    keys.press("Send idea")
    amina.sees("Sent. Thank you, Amina.", within="h1")
    keys.jump("More", to=page.get_by_role("navigation", name="More pages"))


def test_an_idea_is_moved_and_stopped_from_the_board(site: Site, people: People) -> None:
    with site.app.app_context():
        idea_id = idea_in(site.cast, Stage.DO, text=IDEA)
        db.session.commit()
        db.session.remove()
    sam = people()
    keys, page = Keyboard(sam), sam.page
    dialog = page.locator("#dialog")
    move = page.get_by_role("link", name=f"Move {IDEA}")
    keys.sign_in(SAM, PASSWORD)
    sam.open(BOARD)
    sam.wait_for_htmx()

    # The filter drops down over the board.
    filters = page.locator("#filter > summary")
    open_up(keys, "Filter")
    expect(page.get_by_role("heading", name="Saved views")).to_be_visible()
    keys.reach(page.get_by_role("button", name="Show these"))
    keys.leave(back_to=filters)
    expect(page.get_by_role("button", name="Show these")).to_be_hidden()

    # The dialog takes the focus, keeps it, and gives it back; words are asked about once.
    keys.reach(move)
    keys.enter()
    expect(dialog.get_by_role("heading", level=2)).to_be_focused()
    keys.reach_everything()
    keys.leave(back_to=move)
    keys.enter()
    keys.choose("Study")
    keys.type("What happened when you tried it?", "Six calls, six open doors")
    page.keyboard.press("Escape")
    sam.sees("Your words are not sent yet.", within="#dialog")
    expect(page.get_by_role("textbox", name="What happened when you tried it?")).to_be_focused()
    keys.leave(back_to=move)

    # Moved, the card has the focus in its new place; and it can be undone.
    keys.enter()
    keys.choose("Study")
    keys.type("What happened when you tried it?", "Six calls, six open doors")
    keys.choose("Yes")
    keys.tick("No number this time")
    go_on(keys, "Move to Study", "All six are made")
    expect(page.locator(f"#study #card-{idea_id}")).to_be_visible()
    expect(page.locator(f"#card-{idea_id} .card-title a")).to_be_focused()
    keys.press("Undo", exact=False)
    expect(page.locator(f"#do #card-{idea_id}")).to_be_visible()

    # Stopped, with what was learned: a page of its own.
    sam.wait_for_htmx()
    keys.reach(move)
    keys.enter()
    keys.choose("Stop")
    keys.reach(page.get_by_role("button", name="Stop it"))
    page.keyboard.press("Enter")
    expect(dialog.locator(".error-summary")).to_be_focused()
    keys.type("What should the next team know?", "Families do not answer unknown numbers")
    keys.type("Why?", "A text does the same")
    keys.press("Stop it")
    heading(sam, "Families do not answer unknown numbers")
    keys.reach_everything()


@HOW
def test_a_number_and_a_note_come_to_a_chart(site: Site, people: People, javascript: bool) -> None:
    with site.app.app_context():
        measure_id = make_measure(site.cast, numbers=[(n % 4 + 5, 10) for n in range(14)])
        db.session.commit()
        db.session.remove()
    sam = people(javascript=javascript)
    keys, page = Keyboard(sam), sam.page
    keys.sign_in(SAM, PASSWORD)
    sam.open(f"/measures/{measure_id}")
    keys.jump("Skip to adding a point", to=page.get_by_role("heading", name="Add a point"))
    top, bottom = page.locator("#numerator"), page.locator("#denominator")
    add = page.get_by_role("button", name="Add", exact=True)
    keys.type_into(top, "12")
    keys.type_into(bottom, "10")
    keys.reach(add)
    page.keyboard.press("Enter")
    sam.sees("There is something to put right", within="main")
    if javascript:
        expect(page.locator(".error-summary")).to_be_focused()
    keys.type_into(top, "9")
    keys.reach(add)
    page.keyboard.press("Enter")
    sam.sees("90%", within="section[aria-labelledby=last]")
    if javascript:
        expect(top).to_be_focused()
    keys.reach_everything()
    open_up(keys, "Add a note")
    keys.type("What happened", "A new letter went out")
    keys.press("Save the note")
    sam.sees("A new letter went out", within=".flags")


@HOW
def test_a_leader_answers_in_place(site: Site, people: People, javascript: bool) -> None:
    lay(site)
    florence = people(javascript=javascript)
    keys, page = Keyboard(florence), florence.page
    keys.sign_in(FLORENCE, PASSWORD)
    florence.open(MONTH)
    keys.reach_everything()
    line = page.locator("#line-blocked")
    decide = line.get_by_role("link", name=re.compile("^Decide"))
    keys.reach(decide)
    page.keyboard.press("Enter")
    box = page.get_by_role("textbox", name="What do you decide?")
    expect(box).to_be_visible()
    if javascript:
        expect(line.locator(".month-form-head")).to_be_focused()
        # Whoever thinks better of it is on the same line again.
        keys.reach(line.get_by_role("link", name="Cancel"))
        page.keyboard.press("Enter")
        expect(decide).to_be_visible()
        expect(line).to_be_focused()
        keys.reach(decide)
        page.keyboard.press("Enter")
        expect(box).to_be_visible()
    keys.type_into(box, "I will sign it on Thursday.")
    keys.reach(page.get_by_role("button", name="Send the answer"))
    page.keyboard.press("Enter")
    florence.sees("You answered today", within="#line-blocked")
    if javascript:
        # Tab goes on from here, and not from the first line of the month.
        expect(line).to_be_focused()
