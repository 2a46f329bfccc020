"""The readers' desk, clicked: from the first question to an idea, to duty, and to a second reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import DemoSite, Person, close_browsers, open_browser

Reader = Callable[..., Person]
WIDTHS = ((320, False), (1440, True))


@pytest.fixture
def reader(chromium: Browser, own_demo: DemoSite) -> Iterator[Reader]:
    """``reader("Tamsin")``: a reader of the demo council at a browser of their own."""
    made: list[Person] = []

    def sign_in(name: str, *, javascript: bool = True) -> Person:
        made.append(open_browser(chromium, own_demo.url, javascript=javascript))
        made[-1].sign_in_to_demo(name)
        return made[-1]

    yield sign_in
    close_browsers(made)


def row(person: Person, title: str, *, holds: str = "") -> Locator:
    """Return the row of the desk with this title."""
    return person.page.locator(".desk-rows > li", has_text=title).filter(has_text=holds).first


def begin(person: Person, title: str, *, holds: str = "") -> None:
    """Open a voice that waits."""
    person.open("/voices/desk")
    person.goes(row(person, title, holds=holds).get_by_role("link").first)
    person.sends("Open it")


def follow(person: Person, name: str | re.Pattern[str]) -> None:
    """Click a link."""
    person.goes(person.page.get_by_role("link", name=name).first)


def check(person: Person, name: str) -> None:
    """Look at the page on a small phone and on a desk in the dark."""
    for width, dark in WIDTHS:
        person.looks_at(width, dark=dark)
        person.check_fits(f"{name} at {width}")
        person.check_with_axe(f"{name} at {width}")


def write(person: Person, words: str) -> None:
    """Write what others may read, and say why for each change."""
    follow(person, re.compile("Write what others may read|Write them for readers"))
    person.page.get_by_label("What others may read").fill(words)
    person.sends("Compare the two")
    change = 1
    while person.has(why := person.page.get_by_label(f"Why change {change}:")):
        why.select_option(index=1)
        change += 1
    assert change > 1


def test_a_voice_becomes_words_a_theme_and_an_idea(reader: Reader) -> None:
    tamsin = reader("Tamsin")
    page = tamsin.page
    begin(tamsin, "A parent or carer, about visits", holds="Came today")
    tamsin.sees(
        "First: could anyone be in danger?", "Answer by", "Opening this was recorded: Tamsin"
    )
    hints = page.locator(".they-wrote .hint-mark")
    expect(hints.filter(has_text="Saoirse")).to_have_count(1)
    expect(hints.filter(has_text="01632 960155")).to_have_count(1)
    check(tamsin, "danger")
    tamsin.sends("No")
    tamsin.sees("Is it an allegation about a member of staff?")
    tamsin.sends("No")
    tamsin.sees("Could it be a complaint?")
    check(tamsin, "complaint")
    tamsin.sends("No")
    write(tamsin, "A worker was brilliant with our children.")
    check(tamsin, "compare")
    # No rule left out, and their own worker must not be able to tell.
    page.get_by_label("Why change 1:").select_option(index=0)
    page.get_by_label("No", exact=True).check(force=True)
    tamsin.sends("Use these words")
    tamsin.sees("Choose why, for each change.", within=".error-summary")
    page.get_by_label("Why change 1:").select_option(value="names")
    tamsin.sends("Use these words")
    tamsin.sees("What we do with it", within="#use")
    check(tamsin, "use")
    follow(tamsin, "Give to a team")
    page.get_by_label("Team").select_option(index=1)
    check(tamsin, "team")
    tamsin.sends("Give it to them")
    tamsin.sees("The team has the words, and its people are told.")
    follow(tamsin, "Choose the theme")
    page.get_by_role("textbox").fill("Workers who are good with children")
    check(tamsin, "theme")
    tamsin.sends("Keep it")
    tamsin.sees("Workers who are good with children", within="#use")
    follow(tamsin, "Start an idea")
    box = page.get_by_role("textbox")
    expect(box).to_have_value("")
    box.fill("A worker was brilliant with our children")
    page.get_by_label("Team").select_option(index=1)
    tamsin.sends("Start the idea")
    tamsin.sees("This says it as they did.", within=".error-summary")
    check(tamsin, "idea")
    box.fill("Ask those whom families praise to show the rest of us how they begin")
    tamsin.sends("Start the idea")
    tamsin.sees("Ask those whom families praise", within="#use")
    tamsin.sees("started an idea", within=".read-log")


def test_a_danger_is_rung_and_locked_away(reader: Reader) -> None:
    tamsin = reader("Tamsin", javascript=False)
    begin(tamsin, "A young person, about home")
    tamsin.goes(tamsin.page.get_by_role("link", name=re.compile("^Yes or not sure")))
    expect(tamsin.page.locator("main a[href^='tel:']").first).to_be_visible()
    tamsin.sends("Lock it away")
    tamsin.sees("Say who you rang, when, and what was agreed.", within=".error-summary")
    agreed = "Rang the duty manager at 10:20. A worker visits today."
    tamsin.page.get_by_role("textbox").fill(agreed)
    tamsin.sends("Lock it away")
    tamsin.sees("Locked: with safeguarding", agreed)
    here = tamsin.path
    tamsin.open("/voices/desk")
    expect(tamsin.page.get_by_role("heading", level=1)).to_have_text("Waiting to be read")
    expect(tamsin.page.locator(f"a[href$='{here}']")).to_have_count(0)
    stellan = reader("Stellan")
    stellan.open("/voices/desk?show=locked")
    stellan.goes(stellan.page.locator(f"a[href$='{here}']"))
    stellan.sees("Locked: with safeguarding", "Open it to read it")
    stellan.never_holds("gets scared")
    check(stellan, "locked")


def test_a_complaint_is_kept_and_a_second_reader_says_yes(reader: Reader) -> None:
    tamsin, title = reader("Tamsin"), "A parent or carer, about meetings"
    begin(tamsin, title)
    tamsin.sends("No")
    tamsin.sends("No")
    follow(tamsin, "Yes, it may be")
    tamsin.page.get_by_label("No, nobody can be reached").check(force=True)
    check(tamsin, "complaint kept")
    tamsin.sends("Keep it as a complaint")
    tamsin.sees("Kept as a complaint", "No way to reach them: our answer says how to complain.")
    write(tamsin, "It was hard to get there.")
    tamsin.sends("Ask the other reader")
    tamsin.sees("It is on the desk for another reader.")
    expect(row(tamsin, title, holds="could their own worker tell")).to_be_visible()
    check(tamsin, "desk")
    stellan = reader("Stellan")
    begin(stellan, title, holds="could their own worker tell")
    stellan.sees("Tamsin Loxwood asks for a second look")
    follow(stellan, "Compare")
    stellan.page.get_by_label("Yes, theme only").check(force=True)
    stellan.sends("Use these words")
    stellan.sees("The theme only: their own worker could tell who this is.")
    stellan.sees("kept the theme only", within=".read-log")
