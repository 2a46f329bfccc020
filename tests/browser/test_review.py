"""A leader narrows what finished, ticks a stop with a word; its author reads it the same day."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import finish_cycle

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
FLORENCE, AMINA = "florence.ash@larchdale.example", "amina.birch@larchdale.example"
WORDS = "The second sentence is what I take to the board."


def test_narrow_read_and_write_to_its_people(site: Site, people: People, tmp_path: Path) -> None:
    with site.app.app_context():
        finish_cycle(site.cast, "abandon", title="A longer form")
        finish_cycle(site.cast, "adopt", title="Ring back by a time we name")
        db.session.commit()
    florence = people(width=390)
    page = florence.page
    florence.sign_in(FLORENCE)
    florence.open("/review")
    florence.check_with_axe()
    florence.check_fits()
    florence.goes(page.get_by_role("link", name="Choose what to show"))
    page.get_by_label("How it ended").select_option("Stopped")
    florence.sends("Apply")
    expect(page.get_by_role("heading", name="only those stopped")).to_be_focused()
    expect(page.get_by_role("link", name="Ring back by a time we name", exact=True)).to_have_count(
        0
    )
    florence.check_with_axe()
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV of all that is found").click()
    kept = tmp_path / "finished.csv"
    waiting.value.save_as(kept)
    assert "A longer form" in kept.read_text("utf-8-sig")
    assert "Ring back" not in kept.read_text("utf-8-sig")
    florence.goes(page.get_by_role("link", name="Write to them about A longer form"))
    florence.check_with_axe()
    page.get_by_label("A word to them").fill(WORDS)
    florence.sends("I have read it: send")
    expect(page.get_by_text(f"“{WORDS}”")).to_be_visible()
    expect(page.get_by_role("heading", name="only those stopped")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#filter")).to_be_hidden()
    expect(page.get_by_role("heading", name="only those stopped")).to_be_visible()
    expect(page.get_by_text("What was asked for stands in the sentence below.")).to_be_visible()

    amina = people(width=1280)
    amina.sign_in(AMINA)
    amina.open("/me/news")
    amina.sees("Florence read what came of")
    amina.goes(amina.page.get_by_role("link", name="A longer form").first)
    expect(amina.page.get_by_text(f"“{WORDS}”")).to_be_visible()
    amina.check_with_axe()
