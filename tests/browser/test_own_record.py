"""A record with one's own reflection and a Word file; a list brought in; a page that is shared."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from docx import Document
from playwright.sync_api import expect

from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import finish_cycle, make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
SAM, AMINA = "sam.alder@larchdale.example", "amina.birch@larchdale.example"
LOG = "\n".join(
    (
        "Idea\tDate\tWho\tStatus",
        "Text families a photo\t2/3/2026\tAmina Birch\tdone",
        "Ring before the visit\t31/04/2026\t\tin progress",
        "Two at the first visit\t\t\tperhaps",
    )
)


def test_make_a_record_write_a_reflection_and_take_it_as_word(
    site: Site, people: People, tmp_path: Path
) -> None:
    with site.app.app_context():
        finish_cycle(site.cast, "adopt", title="Send a photo first")
        db.session.commit()
    amina = people(width=390)
    page = amina.page
    amina.sign_in(AMINA)
    amina.open("/me")
    amina.sends("Make my record")
    expect(page.get_by_label("Send a photo first, cycle 1")).to_be_checked()
    amina.check_with_axe()
    amina.sends("Make my record")
    expect(page.get_by_text("My own reflection, still to write").first).to_be_visible()
    amina.check_with_axe()
    amina.check_fits()
    amina.goes(page.get_by_role("link", name="Edit"))
    reflection = page.get_by_label("My own reflection")
    expect(reflection).to_have_value("")
    reflection.fill("I used to explain. Now I ask first.")
    amina.check_with_axe()
    amina.sends("Save")
    expect(page.get_by_text("My own reflection, written").first).to_be_visible()
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Word file").click()
    kept = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(kept)
    said = [paragraph.text for paragraph in Document(str(kept)).paragraphs]
    assert "1. PDSA cycle: Send a photo first" in said
    assert "I used to explain. Now I ask first." in said


def test_bring_in_a_list_with_two_rows_to_put_right(site: Site, people: People) -> None:
    sam = people(width=390)
    page = sam.page
    sam.sign_in(SAM)
    sam.open("/teams/riverside/board")
    sam.goes(page.get_by_role("link", name="Bring in a list you have"))
    page.get_by_label("Paste the rows").fill(LOG)
    sam.sends("Look through the rows")
    sam.check_with_axe()
    sam.sends("Show every row")
    expect(page.get_by_text("There is no 31 April")).to_be_visible()
    sam.check_with_axe()
    sam.check_fits()
    page.get_by_label("Row 3, Date logged").fill("30/4/2026")
    page.get_by_label("Row 4, Status").fill("new")
    sam.sends("Check again")
    sam.sends("Bring in 3")
    expect(page.get_by_text("3 ideas brought in.")).to_be_visible()
    expect(page.get_by_role("link", name="Two at the first visit", exact=True)).to_be_visible()


def test_a_page_for_supervision_is_shared_and_stopped(site: Site, people: People) -> None:
    with site.app.app_context():
        make_idea(site.cast, text="Ring before the visit")
        db.session.commit()
    amina, sam = people(), people(width=390)
    amina.sign_in(AMINA)
    amina.open("/me")
    amina.goes(amina.page.get_by_role("link", name="Bring to supervision"))
    amina.sends("Make a page")
    amina.page.get_by_label("What I ask").fill("An hour on Thursday.")
    amina.check_with_axe()
    amina.sends("Save")
    amina.goes(amina.page.get_by_role("link", name="Share it with one person"))
    amina.page.get_by_label("Who may read it?").select_option(label="Sam Alder, Social worker")
    amina.sends("Share it")
    expect(amina.page.get_by_text("You and Sam Alder.")).to_be_visible()
    sam.sign_in(SAM)
    sam.open("/me/supervision")
    sam.goes(sam.page.get_by_role("link", name="Amina Birch"))
    expect(sam.page.get_by_text("An hour on Thursday.")).to_be_visible()
    sam.check_with_axe()
    amina.sends("Stop sharing")
    expect(amina.page.get_by_text("Only you.")).to_be_visible()
    sam.page.reload()
    expect(sam.page.get_by_text("An hour on Thursday.")).to_have_count(0)
