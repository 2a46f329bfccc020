"""Searching by keyboard and without script; building an aim; its diagram on one sheet of paper."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.ideas.kinds import Stage
from improve.ideas.service.aims import AimDetails, make_aim
from improve.ideas.service.drivers import add_driver, hang_idea
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.browser.keyboard import Keyboard
from tests.factories import idea_in, make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
People = Callable[..., Person]
SAM, FLORENCE = "sam.alder@larchdale.example", "florence.ash@larchdale.example"


@pytest.mark.parametrize("has_script", [True, False])
def test_words_are_looked_for_by_keyboard(has_script: bool, site: Site, people: People) -> None:
    with site.app.app_context():
        make_idea(site.cast, text="Send a photo before the first visit")
        make_idea(site.cast, text="Ring on Friday", benefit="Fewer visits for nothing")
        db.session.commit()
    person = people(width=390, javascript=has_script)
    person.sign_in(SAM)
    page = person.page
    keyboard = Keyboard(person)
    keyboard.follow("Search")
    box = page.get_by_role("searchbox", name="Words to look for")
    expect(box).to_be_focused()
    page.keyboard.type("visits")
    page.keyboard.press("Enter")
    hits = page.locator(".search-hit h3")
    expect(hits).to_have_count(2)
    expect(hits.first).to_contain_text("Send a photo before the first visit")
    expect(page.locator("mark").first).to_have_text("visit")
    keyboard.reach(page.get_by_role("link", name=re.compile("Ring on Friday")))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ring on Friday")


def test_an_aim_is_built_and_an_idea_hung_on_it(site: Site, people: People) -> None:
    with site.app.app_context():
        idea = make_idea(site.cast, text="Send a photo first")
        db.session.commit()
    leader = people(width=1280)
    leader.sign_in(FLORENCE)
    leader.open("/aims")
    page = leader.page
    leader.goes(page.get_by_role("link", name="Add the first aim"))
    page.get_by_label("What does good look like?").fill("Every child knows what happens next")
    leader.sends("Add the aim")
    for name in ("A handover, not a gap", "We say who we are"):
        leader.goes(page.get_by_role("link", name="Add what makes the difference"))
        page.get_by_label("What makes the difference?").fill(name)
        leader.sends("Add it")
    leader.sends("Move up: We say who we are")
    expect(page.locator(".driver h2")).to_have_text(["We say who we are", "A handover, not a gap"])
    expect(page.get_by_text("Under 2 of 2 nothing is being tried now.")).to_be_visible()
    manager = people(width=390)
    manager.sign_in(SAM)
    manager.open(f"/ideas/{idea}")
    manager.goes(manager.page.get_by_role("link", name="Choose what it is meant to move"))
    manager.page.get_by_label("What is it meant to move?").select_option("We say who we are")
    manager.sends("Save")
    expect(manager.page.get_by_role("link", name="We say who we are")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="Send a photo first")).to_be_visible()
    leader.check_fits()


def test_eleven_ideas_print_on_one_sheet(site: Site, people: People) -> None:
    with site.app.app_context():
        coach = site.cast.actor("coach")
        aim = make_aim(coach, details=AimDetails("Every child knows what happens next"))
        named = (
            "We say who we are and why we come",
            "A handover, not a gap",
            "Meetings fit the child’s life",
        )
        drivers = [add_driver(coach, aim_id=aim, name=name) for name in named]
        for number in range(11):
            made = make_idea(
                site.cast, text=f"Text families a photo before the first visit {number}"
            )
            hang_idea(coach, idea_id=made, driver_id=drivers[number % 3])
        hang_idea(coach, idea_id=idea_in(site.cast, Stage.DO), driver_id=drivers[0])
        db.session.commit()
    person = people(width=1280)
    person.sign_in(FLORENCE)
    person.open(f"/aims/{aim}/diagram")
    page = person.page
    expect(page.locator(".dd-ideas > li")).to_have_count(12)
    # Every curve ends at the middle of the row that it leads to.
    gaps = person.measures(
        """() => [...document.querySelectorAll(".dd-leaf")].flatMap((leaf) => {
            const svg = leaf.querySelector("svg"), top = svg.getBoundingClientRect().top
            const rows = [...leaf.querySelectorAll("li")].map((row) => {
                const box = row.getBoundingClientRect(); return (box.top + box.bottom) / 2 - top })
            return [...svg.querySelectorAll("path")].map((path, n) =>
                Math.abs(path.getPointAtLength(path.getTotalLength()).y - rows[n])) })"""
    )
    assert len(gaps) == 12
    assert max(gaps) < 1.5
    printed = page.pdf(prefer_css_page_size=True)
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
    person.looks_at(320, height=700)
    region = page.get_by_role("region", name="Driver diagram")
    person.until(
        lambda: person.measures("node => node.scrollWidth > node.clientWidth", region),
        "the diagram does not scroll by itself",
    )
    person.check_fits("the diagram")
