"""A report followed to its end: told, read by two, destroyed, an idea, tried, answered by receipt.

A practitioner, two reviewers and a manager at their own browsers. Nobody is helped by a service:
each step is clicked by the person whose step it is; the batch of a Monday runs in the night.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect

from improve.app import create_app
from improve.incidents.checklist import Line
from improve.incidents.service.propose import propose_waiting
from improve.shared import clock
from improve.shared.db import db
from tests.browser.conftest import DemoSite, Person, close_browsers, open_browser
from tests.browser.test_follow_voice import follow, try_it
from tests.conftest import test_settings

HAPPENED = (
    "The first worker had the new plan, and the school had the old one. We found out by chance."
)
HELPED = "The school asked which of the two was right."
SHARED = (
    "A school worked with an older plan than the team did. It was noticed when the school asked."
)
IDEA = "Put the day of the plan on its first line"
ANSWER = "Thank you. We are trying a small change, and you can read here what came of it."
ENDED = "Teams kept it: each plan now says its day on the first line."
#: From signing off until the batch has been proposed.
LATER = timedelta(days=22)


@dataclass
class Four:
    """Who follows it."""

    teller: Person
    first: Person
    second: Person
    manager: Person


@pytest.fixture
def four(chromium: Browser, own_demo: DemoSite) -> Iterator[Four]:
    """Kofi who reports, Tamsin and Stellan who review, Helena who leads a team."""
    people = [open_browser(chromium, own_demo.url, javascript=js) for js in (False, True, False, False)]  # fmt: skip
    for person, name in zip(people, ("Kofi", "Tamsin", "Stellan", "Helena"), strict=True):
        person.sign_in_to_demo(name)
    yield Four(*people)
    close_browsers(people)


def pick(person: Person, label: str) -> None:
    """Pick a choice and go on."""
    person.page.get_by_text(label, exact=True).first.click()
    person.sends("Next")


def tell(teller: Person) -> str:
    """Report from inside, and return the eight words."""
    follow(teller, "Report")
    teller.sees("Confidential", "999")
    teller.sends("Start")
    pick(teller, "Yes, or no child was involved")
    pick(teller, "Something went wrong, and nobody was harmed")
    teller.page.get_by_role("textbox").first.fill(HAPPENED)
    teller.sends("Next")
    pick(teller, "Records, IT and places of work")
    teller.page.get_by_role("textbox").first.fill(HELPED)
    teller.sends("Next")
    pick(teller, "Children’s social work teams")
    for _ in range(2):
        teller.sends("Skip this question")
    teller.sends("Next")  # no call back
    teller.sends("Skip this question")
    teller.sees("Check your answers", HAPPENED)
    teller.sends("Send it")
    teller.sees("Thank you. It is sent.")
    return " ".join(teller.reads(teller.page.locator("#receipt")).split())


def find_on_desk(reviewer: Person) -> None:
    """Find what nobody was harmed by: the demo has one such report that waits, this one."""
    follow(reviewer, "Reports")
    row = reviewer.page.locator("main li", has_text="nobody was harmed").first
    reviewer.goes(row.get_by_role("link").first)


def open_from_desk(reviewer: Person) -> None:
    """Open it: that is recorded."""
    find_on_desk(reviewer)
    reviewer.sends("Open it")
    # What may point to somebody is marked in between.
    reviewer.sees("found out by chance", within="main")


def code(reviewer: Person) -> None:
    """Choose the kind and the factors by oneself."""
    follow(reviewer, re.compile("^Kind and factors"))
    page = reviewer.page
    page.get_by_role("radio", name=re.compile("nobody was harmed")).check(force=True)
    page.get_by_role("checkbox", name=re.compile("^Records, IT")).check(force=True)
    reviewer.sends("Keep it")


def agree(reviewer: Person) -> None:
    """Give each change its rule, tick each line, and agree to the words."""
    page = reviewer.page
    page.get_by_label("Why, for each that has none chosen").select_option(index=1)
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(len(Line))
    for number in range(len(Line)):
        boxes.nth(number).check(force=True)
    page.get_by_role("radio", name="No", exact=True).check(force=True)
    reviewer.sends("I agree to these words")


def test_from_a_report_to_its_answer(
    four: Four, own_demo: DemoSite, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = tell(four.teller)
    assert len(receipt.split()) == 8

    # Two reviewers read it, code it apart, and agree on words that point to nobody.
    open_from_desk(four.first)
    four.first.sends("No")
    code(four.first)
    open_from_desk(four.second)
    code(four.second)
    four.second.sees("You agree on 1 of 1 factor", within="main")
    four.second.sends("Keep what we agree on")
    find_on_desk(four.first)
    follow(four.first, "What others may read")
    four.first.page.get_by_role("textbox", name="What others may read").fill(SHARED)
    four.first.sends("Compare the two")
    agree(four.first)
    follow(four.second, "What others may read")
    follow(four.second, "Compare and agree")
    agree(four.second)
    follow(four.second, "Sign off")
    four.second.sees("This is destroyed", SHARED)
    four.second.page.get_by_role("checkbox").check(force=True)
    four.second.sends("Sign off and destroy")
    four.second.never_sees("found out by chance")

    # An idea in fresh words waits for its batch; the answer is given at once.
    follow(four.second, "What we do with it")
    four.second.never_sees("found out by chance")
    follow(four.second, "Write an idea")
    four.second.page.get_by_role("textbox").first.fill(IDEA)
    four.second.page.get_by_label("Team").select_option(label="Assessment North")
    four.second.sends("Let it wait for its batch")
    follow(four.second, "Answer")
    four.second.page.get_by_role("textbox").first.fill(ANSWER)
    four.second.sends("Give this answer")

    # Three weeks later it stands on the board like any idea of the learning team.
    now = clock.now
    monkeypatch.setattr(clock, "now", lambda: now() + LATER)
    app = create_app(test_settings(f"sqlite:///{tmp_path}/own-demo.sqlite3"))
    with app.app_context():
        assert propose_waiting() >= 1
        db.session.commit()
        db.engine.dispose()
    for person, name in ((four.second, "Stellan"), (four.manager, "Helena")):
        person.page.context.clear_cookies()
        person.sign_in_to_demo(name)
    try_it(four.manager, IDEA, ())

    # Its end asks for an answer, and whoever reported reads both by the eight words alone.
    follow(four.second, "Reports")
    follow(four.second, "Destroyed, to be answered")
    row = four.second.page.locator("main li", has_text="nobody was harmed").first
    four.second.goes(row.get_by_role("link").first)
    four.second.sees("The idea has ended", within="main")
    four.second.page.get_by_role("textbox").first.fill(ENDED)
    four.second.sends("Give this answer")
    # The address stands on the receipt, to be typed in.
    four.teller.page.context.clear_cookies()
    four.teller.open("/report-answer")
    four.teller.page.get_by_role("textbox").first.fill(receipt.upper())
    four.teller.sends("Read the answer")
    four.teller.sees(ANSWER, ENDED, within="main")
    expect(four.teller.page.locator("main")).not_to_contain_text("found out by chance")
