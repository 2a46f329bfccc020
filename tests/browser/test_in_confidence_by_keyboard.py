"""In confidence by keyboard alone: a voice and a report told to their receipts, and each read by staff.

Each press shows where one is (``Keyboard``). Whoever tells may be watched: the way out is among the
first things that Tab comes to, on every page.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, expect

from improve.incidents.checklist import Line
from improve.shared.db import db
from improve.voices.service.codes import make_code
from tests.browser import test_tell_report as report
from tests.browser import test_tell_voice as voice
from tests.browser.conftest import Person, Site
from tests.browser.keyboard import Keyboard
from tests.browser.test_read_voice import Reader, reader, row
from tests.browser.test_tally import AMINA
from tests.factories import PASSWORD, give_numbers_to_ring
from tests.incidents.open_council import open_council as open_reports
from tests.voices.open_council import open_council as open_voices

__all__ = ["reader"]
People = Callable[..., Person]
SQLITE = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
HOW = pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])


@pytest.fixture
def council(site: Site) -> Site:
    """A council that takes voices and reports, with numbers to ring."""
    with site.app.app_context():
        give_numbers_to_ring(site.cast)
        make_code(site.cast.actor("administrator"), label="Reviews", code="otter-lamp")
        db.session.commit()
    open_voices(site.app, site.cast, leave_url=f"{site.url}{voice.NEUTRAL}")
    open_reports(site.app, site.cast, leave_url=f"{site.url}{report.NEUTRAL}")
    return site


def asked(keys: Keyboard, question: voice.Asked | report.Asked) -> None:
    """Answer a question and go on. The way out comes after the skip link and the form’s own name."""
    expect(keys.page.get_by_role("heading", level=1)).to_have_text(question.heading)
    out = keys.page.get_by_role("link", name="Leave this page")
    for _ in range(2 if isinstance(question, voice.Asked) else 3):
        keys.tab()
    expect(out).to_be_focused()
    if question.writes:
        keys.type(question.heading, question.writes)
    elif keys.person.has(keys.page.get_by_role("checkbox", name=question.picks)):
        keys.tick(question.picks)
    elif question.picks:
        keys.choose(question.picks)
    keys.press(question.button)


def is_put_right(keys: Keyboard) -> None:
    """Send nothing: what is missing is said, has the focus where scripts run, and leads to the field."""
    keys.press("Next")
    summary = keys.page.locator("#error-summary")
    expect(summary).to_be_visible()
    if keys.person.has_script:
        expect(summary).to_be_focused()
    keys.reach(summary.get_by_role("link"))
    keys.page.keyboard.press("Enter")
    expect(keys.page.get_by_role("radio").first).to_be_focused()
    keys.person.open(keys.person.path.split("#")[0])


@HOW
@SQLITE
def test_a_young_person_tells_and_has_a_receipt(
    council: Site, people: People, javascript: bool
) -> None:
    kit = people(width=390, height=800, javascript=javascript)
    keys = Keyboard(kit)
    kit.open(voice.POSTER)
    keys.reach_everything()
    keys.press("Start")
    began = time.monotonic()
    is_put_right(keys)
    *questions, last = voice.WAYS["older"]
    for question in questions:
        asked(keys, question)
    kit.until(lambda: time.monotonic() - began > voice.FASTEST, "time goes")
    asked(keys, last)
    kit.sees("Thank you. We have your words.", within="h1")
    keys.reach_everything()


@HOW
@SQLITE
def test_whoever_is_watched_leaves_by_two_presses(
    council: Site, people: People, javascript: bool
) -> None:
    kit = people(width=390, height=800, javascript=javascript)
    keys = Keyboard(kit)
    kit.open(voice.POSTER)
    keys.press("Start")
    who, *_, happened, _better, _show = voice.WAYS["older"]
    asked(keys, who)
    kit.open(f"{voice.POSTER}/happened")
    keys.type(happened.heading, "It was cold.")
    keys.press("Next")
    kit.page.go_back()
    # Going back by Shift and Tab is no sign to leave.
    for _ in range(4):
        kit.page.keyboard.press("Shift+Tab")
    expect(kit.page.get_by_role("heading", level=1)).to_have_text(happened.heading)
    kit.open(kit.path)
    for _ in range(2):
        keys.tab()
    kit.page.keyboard.press("Enter")
    expect(kit.page).to_have_url(f"{council.url}{voice.NEUTRAL}")
    kit.page.go_back()
    kit.sees("not here any more", within="main")
    kit.never_holds("It was cold.")


@HOW
@SQLITE
def test_a_near_miss_is_reported_and_has_eight_words(
    council: Site, people: People, javascript: bool
) -> None:
    amina = people(javascript=javascript)
    keys = Keyboard(amina)
    keys.sign_in(AMINA, PASSWORD)
    keys.follow("Report")
    keys.reach_everything()
    keys.press("Start")
    began = time.monotonic()
    is_put_right(keys)
    for question in report.QUESTIONS:
        asked(keys, question)
    amina.sees("Check your answers", within="h1")
    keys.reach_everything()
    amina.until(lambda: time.monotonic() - began > report.FASTEST, "time goes")
    keys.press("Send it")
    amina.sees("Thank you. It is sent.", within="h1")
    expect(amina.page.locator("#receipt li")).to_have_count(8)
    keys.reach_everything()


def open_from_desk(keys: Keyboard, waiting: Locator) -> None:
    """Reach what waits, and open it."""
    keys.reach(waiting.get_by_role("link").first)
    keys.enter()
    keys.press("Open it")


def change_why(keys: Keyboard, why: str) -> None:
    """Choose the first rule of a list."""
    keys.reach(keys.page.get_by_label(why).first)
    keys.page.keyboard.press("ArrowDown")


def test_a_reader_takes_names_out_and_answers(reader: Reader) -> None:
    tamsin = reader("Tamsin")
    keys, page = Keyboard(tamsin), tamsin.page
    keys.follow("Voices")
    keys.reach_everything()
    open_from_desk(keys, row(tamsin, "A parent or carer, about visits", holds="Came today"))
    for _ in ("danger", "staff", "complaint"):
        keys.press("No")
    keys.follow("Write what others may read")
    keys.type("What others may read", "A worker was brilliant with our children.")
    keys.press("Compare the two")
    keys.reach_everything()
    keys.press("Use these words")
    expect(page.locator(".error-summary")).to_be_focused()
    change = 1
    while tamsin.has(page.get_by_label(f"Why change {change}:")):
        change_why(keys, f"Why change {change}:")
        change += 1
    keys.choose("No")
    keys.press("Use these words")
    keys.follow("Give to a team")
    change_why(keys, "Team")
    keys.press("Give it to them")
    tamsin.sees("The team has the words, and its people are told.")
    keys.follow("Answer")
    keys.reach_everything()
    keys.type_into(page.locator("#words"), "Thank you. We told the worker’s team.")
    keys.choose("We changed it")
    keys.type_into(page.get_by_label("What happened"), "The team has the words.")
    keys.press("Give this answer")
    tamsin.sees("They read it with their code.")


def test_a_reviewer_takes_a_report_to_its_words(reader: Reader) -> None:
    tamsin = reader("Tamsin")
    keys, page = Keyboard(tamsin), tamsin.page
    keys.follow("Reports")
    keys.reach_everything()
    open_from_desk(keys, page.locator(".report-row", has_text="not opened").first)
    keys.press("No")
    keys.follow("Kind and factors", exact=False)
    keys.reach(page.get_by_role("radio").first)
    page.keyboard.press("Space")
    keys.reach(page.get_by_role("checkbox").first)
    page.keyboard.press("Space")
    keys.reach_everything()
    keys.press("Keep it")
    tamsin.sees("What you chose", within="main")
    # The second reader chooses apart. The words can be written before.
    tamsin.open(tamsin.path.replace("/coding", "/words"))
    keys.type("What others may read", "A plan was lost between two teams, and found by chance.")
    keys.press("Compare the two")
    keys.reach_everything()
    change_why(keys, "Why, for each that has none chosen")
    keys.press("I agree to these words")
    expect(page.locator(".error-summary")).to_be_focused()
    for box in range(len(Line)):
        keys.reach(page.get_by_role("checkbox").nth(box))
        page.keyboard.press("Space")
    keys.choose("No")
    keys.press("I agree to these words")
    # Two agree: what the other has still to do is said, and nothing that was chosen is lost.
    tamsin.sees("Agree on kind and factors first.", within=".error-summary")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_role("checkbox").first).to_be_checked()
