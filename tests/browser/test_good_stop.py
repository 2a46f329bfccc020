"""The good stop: an idea is stopped, shown whole, and found by whoever types a similar one."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import idea_in

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
SAM, AMINA = "sam.alder@larchdale.example", "amina.birch@larchdale.example"


@pytest.mark.parametrize("has_script", [True, False])
def test_a_stop_is_shown_whole_and_found_again(
    has_script: bool, site: Site, people: People
) -> None:
    with site.app.app_context():
        idea = idea_in(site.cast, Stage.ACT, text="Twelve more prompts on every assessment")
        db.session.commit()
    manager = people(width=1280, javascript=has_script)
    manager.sign_in(SAM)
    manager.open(f"/ideas/{idea}/stage?to=stop")
    page = manager.page
    page.get_by_label("What should the next team know?").fill(
        "A longer form made us slower and no wiser. Talk it through first."
    )
    page.get_by_label("Why?").fill("Families waited longer")
    page.get_by_role("button", name="Stop it").click()
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("A longer form made us slower and no wiser")
    expect(page.get_by_text("Stopped, and this is what we learned")).to_be_visible()
    expect(page.get_by_text("Talk it through first.")).to_be_visible()
    manager.check_fits("the good stop")

    author = people(width=390, javascript=has_script)
    author.sign_in(AMINA)
    author.open("/log")
    page = author.page
    box = page.get_by_label(re.compile("What")).first
    box.click()
    page.keyboard.type("More prompts on every assessment form")
    found = page.get_by_role("link", name="Twelve more prompts on every assessment")
    if not has_script:
        page.get_by_role("button", name=re.compile("^Send")).click()
    expect(found).to_be_visible()
    expect(page.get_by_text("Stopped. We learned:")).to_be_visible()
    found.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "A longer form made us slower and no wiser"
    )
    author.check_fits("the lesson on a phone")
