"""The form of a report, from its first page to the eight words.

By the link without script on the smallest phone, as a screen reader has it; from inside as it looks,
with the way out by three presses of Shift.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from improve.incidents.models import Incident, IncidentDraft
from improve.incidents.service import send
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.browser.screen_reader import check_named, fields, heard, place
from tests.factories import give_numbers_to_ring
from tests.incidents.open_council import open_council

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
#: In seconds: what is sent sooner by the link is a machine's.
FASTEST = send.SOONEST.total_seconds() + 0.2
#: Stands for the page about the weather, which is on another host.
NEUTRAL = "/healthz"


@dataclass(frozen=True)
class Asked:
    """One question as somebody meets it. ``picks``: what they choose; else they write or skip."""

    heading: str
    picks: str = ""
    writes: str = ""
    button: str = "Next"


QUESTIONS = [
    Asked("Is every child in this safe now?", "Yes, or no child was involved"),
    Asked("What kind of thing was it?", "Something nearly went wrong"),
    Asked("What happened?", writes="The plan was lost between two teams."),
    Asked("What made it more likely?", "Handover and continuity"),
    Asked("What helped, or what would have?", writes="A call."),
    Asked("Which part of the service is it from?", "Social work teams, north"),
    Asked("Roughly when was it?", button="Skip this question"),
    Asked("What would you try?", button="Skip this question"),
    Asked("May one reviewer call you back?"),
    Asked("Is there anyone who should not read it?", button="Skip this question"),
]


@pytest.fixture
def council(site: Site) -> Site:
    """A council that takes reports, with numbers to ring."""
    with site.app.app_context():
        give_numbers_to_ring(site.cast)
        db.session.commit()
    open_council(site.app, site.cast, leave_url=f"{site.url}{NEUTRAL}")
    return site


def _answer(person: Person, question: Asked) -> None:
    page = person.page
    if question.picks:
        page.get_by_text(question.picks, exact=True).click()
        expect(page.locator("main input:checked")).to_have_count(1)
    if question.writes:
        page.get_by_role("textbox", name=question.heading).fill(question.writes)
    person.sends(question.button)


def _hears(person: Person, question: Asked) -> None:
    """Check what is heard of a question, and in which order."""
    expect(person.page.get_by_role("heading", level=1)).to_have_text(question.heading)
    person.check_fits()
    things = heard(person)
    check_named(things)
    assert things[0] == ("link", "Skip to the main part", "")
    assert place(things, "link", "Leave this page") <= 2
    asked, go_on = place(things, "heading", question.heading), place(things, "button", "Next")
    assert place(things, "link", "Back") < asked < go_on
    assert fields(things)
    if not question.writes and "try" not in question.heading:
        assert place(things, "group", question.heading) < asked


@pytest.mark.security(71)
def test_by_the_link_without_script(council: Site, people: People) -> None:
    person, hosts = people(javascript=False, width=320, height=640), set()
    person.context.on("request", lambda sent: hosts.add("/".join(sent.url.split("/")[:3])))
    person.open("/report/larchdale-council")
    things = heard(person)
    check_named(things)
    assert fields(things) == []
    numbers = [place(things, "link", name) for name in ("999", "01632 960100", "01632 960199")]
    title = place(things, "heading", "Tell us what happened")
    heads = [
        "Who reads it",
        "What we promise",
        "What we can’t promise",
        "Anonymous",
        "What this is",
    ]
    order = [*numbers, title, *(place(things, "heading", head) for head in heads)]
    assert order == sorted(order)
    person.sends("Start")
    began = time.monotonic()
    for question in QUESTIONS:
        _hears(person, question)
        _answer(person, question)
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    person.check_fits()
    person.sees("The plan was lost between two teams.", "Nothing has been sent yet", within="main")
    person.until(lambda: time.monotonic() - began > FASTEST, "time goes")
    # A nervous thumb taps twice: the words are there all the same.
    person.page.get_by_role("button", name="Send it").dblclick()
    expect(person.page.get_by_role("heading", level=1)).to_have_text("Thank you. It is sent.")
    person.check_fits()
    expect(person.page.locator("#receipt li")).to_have_count(8)
    words = person.reads(person.page.locator("#receipt")).split()
    assert all(re.fullmatch(r"[a-z]+", word) for word in words), words
    assert person.context.cookies() == [], "the browser forgets what led here"
    assert hosts <= {council.url}
    person.page.reload()
    person.sees("There are no answers here", within="main")
    person.never_holds(" ".join(words[:2]))
    with council.app.app_context():
        assert db.session.scalars(select(Incident)).one().state == "waiting"


def test_from_inside_as_it_looks_and_out_by_three_keys(council: Site, people: People) -> None:
    person = people(width=390, height=800)
    person.sign_in("amina.birch@larchdale.example")
    person.open("/reports/tell")
    person.check_with_axe()
    person.sends("Start")
    person.sends("Next")
    expect(person.page.locator("#error-summary")).to_be_focused()
    for question in QUESTIONS[:7]:
        expect(person.page.get_by_role("heading", level=1)).to_have_text(question.heading)
        person.check_with_axe()
        person.looks_at(390, dark=True)
        person.check_with_axe(colours_only=True)
        person.looks_at(390)
        _answer(person, question)
    expect(person.page.get_by_role("heading", level=1)).to_have_text("What would you try?")
    kept = person.measures("() => localStorage.length + sessionStorage.length")
    assert kept == 0, "nothing is kept in the browser"
    for _ in range(3):
        person.page.keyboard.press("Shift")
    expect(person.page).to_have_url(f"{council.url}{NEUTRAL}")
    with council.app.app_context():
        assert db.session.scalars(select(IncidentDraft)).first() is None
        assert db.session.scalars(select(Incident)).first() is None
    person.open("/reports/tell/try")
    person.sees("There are no answers here", within="main")
