"""States that a page gets into when people work on it: refused, stale, asked back, undone."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.shared.db import db
from tests.browser.conftest import Person, Site, look
from tests.factories import idea_in, make_measure

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SAM = "sam.alder@larchdale.example"
PRIYA = "priya.hazel@larchdale.example"
AMINA = "amina.birch@larchdale.example"


def idea(site: Site, stage: str) -> int:
    """Return an idea that stands in a stage."""
    with site.app.app_context():
        idea_id = idea_in(site.cast, stage)
        db.session.commit()
        db.session.remove()
    return idea_id


@pytest.mark.parametrize("javascript", [True, False], ids=["with script", "without script"])
def test_conflict_keeps_typed_notes(
    site: Site, people: Callable[..., Person], javascript: bool
) -> None:
    idea_id = idea(site, "do")
    sam, priya = (people(javascript=javascript) for _ in range(2))
    for person, email in ((sam, SAM), (priya, PRIYA)):
        person.sign_in(email)
        person.open(f"/ideas/{idea_id}/stage?to=study")
        person.page.get_by_label("What happened when you tried it?").fill(
            f"What {email.split('.')[0]} saw: four of five."
        )
        person.page.get_by_role("radio", name="Yes", exact=True).check()
    for person in (sam, priya):
        person.sends("Move to Study")
        note = person.page.locator("input[name=note]")
        if person.has(note):
            note.fill("All visits are done")
            person.sends("Move to Study")
    heading = priya.page.get_by_role("heading", level=1)
    expect(heading).to_have_text(re.compile("^Sam moved this to Study at"))
    priya.sees("What priya saw: four of five.", within="main")
    if javascript:
        expect(heading).to_be_focused()
    look(priya, "conflict")
    priya.sends("Add my words, leave it in Study")
    priya.sees("What priya saw: four of five.", "What sam saw: four of five.", within="main")


def test_refused_log_says_what_is_missing(site: Site, people: Callable[..., Person]) -> None:
    amina = people()
    amina.sign_in(AMINA)
    amina.open("/log")
    amina.sends("Send idea")
    expect(amina.page).to_have_title(re.compile("^Error: "))
    expect(amina.page.locator("#error-summary")).to_be_focused()
    look(amina, "refused log")
    amina.page.get_by_label("What is your idea?").fill(
        "Ring her mother, her name is Daisy Field, on 01632 960123"
    )
    amina.sends("Send idea")
    expect(amina.page.locator("h1")).to_contain_text("This may identify someone")
    look(amina, "identifier hint")


def test_move_with_a_missing_gate_then_undone(site: Site, people: Callable[..., Person]) -> None:
    idea_id = idea(site, "study")
    sam = people()
    sam.sign_in(SAM)
    sam.open("/teams/riverside/board")
    sam.wait_for_htmx()
    sam.page.locator(f"#card-{idea_id}").get_by_role("link", name="Move", exact=False).click()
    dialog = sam.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Move to Act").click()
    expect(sam.page.locator("#dialog #error-summary")).to_be_visible()
    look(sam, "refused move in the dialog")
    sam.looks_at(1440)
    dialog.get_by_label("What did you learn?").fill("A photo is enough.")
    dialog.get_by_role("radio", name="Yes", exact=True).check()
    note = dialog.get_by_role("textbox", name="Why go on without it?")
    if sam.has(note):
        note.fill("Five visits only")
    dialog.get_by_role("button", name="Move to Act").click()
    expect(sam.page.locator(f".stage-act #card-{idea_id}")).to_be_visible()
    expect(sam.page.locator("#announce")).to_contain_text("Act")
    expect(sam.page.locator(f"#card-{idea_id} h3 a")).to_be_focused()
    look(sam, "board after a move")
    sam.page.get_by_role("button", name="Undo", exact=False).click()
    expect(sam.page.locator(f".stage-study #card-{idea_id}")).to_be_visible()


def test_import_with_rows_to_put_right(site: Site, people: Callable[..., Person]) -> None:
    with site.app.app_context():
        measure_id = make_measure(site.cast)
        db.session.commit()
        db.session.remove()
    sam = people()
    sam.sign_in(SAM)
    sam.open(f"/measures/{measure_id}/import")
    sam.page.get_by_label("Paste the rows").fill(
        "02/11/2026\t40\t50\n09/11/2026\tn/a\t52\n31/04/2026\t41\t50\n16/11/2026\t54\t51"
    )
    sam.page.get_by_role("button", name="Look through the rows").click()
    sam.sees("“n/a” is not a number", "There is no 31 April", within="main")
    look(sam, "import preview")


def test_pages_for_what_goes_wrong(site: Site, people: Callable[..., Person]) -> None:
    amina = people()
    amina.sign_in(AMINA)
    for path, name in (("/admin/people", "forbidden"), ("/ideas/987654", "not there")):
        amina.open(path)
        look(amina, name)
