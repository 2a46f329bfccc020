"""A leader answers what a team waits for: in place, read by the team at once, and once only."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.accounts.roles import Role
from improve.ideas import service as ideas
from improve.ideas.kinds import Unblocker
from improve.shared.db import db
from tests.browser.conftest import PASSWORD, Person, Site
from tests.browser.test_states import SAM
from tests.factories import actor, idea_in, make_person

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

FLORENCE = "florence.ash@larchdale.example"
GIDEON = "gideon.marsh@larchdale.example"
MONTH = "/review/month"
WORDS = "I will sign it on Thursday and ring you."


def lay(site: Site) -> int:
    """Return an idea that waits for a director, in a council with two leaders."""
    with site.app.app_context():
        idea_id = idea_in(site.cast, "do")
        ideas.mark_blocked(
            actor(site.cast.manager),
            idea_id=idea_id,
            reason="One signature on the licence.",
            who="The director",
            level=Unblocker.DIRECTOR,
        )
        make_person(
            site.cast.organisation,
            name="Gideon Marsh",
            email=GIDEON,
            role=Role.LEADER,
            password=PASSWORD,
        )
        db.session.commit()
        db.session.remove()
    return idea_id


def test_two_leaders_and_the_team(site: Site, people: Callable[..., Person]) -> None:
    idea_id = lay(site)
    gideon = people()
    gideon.sign_in(GIDEON)
    gideon.open(f"{MONTH}/answer/blocked/{idea_id}/give")

    florence = people()
    florence.sign_in(FLORENCE)
    florence.open(MONTH)
    line = florence.page.locator("#line-blocked")
    expect(florence.page.locator("#month-count")).to_contain_text("0\u00a0answered")
    florence.wait_for_htmx()
    line.get_by_role("link", name="Decide").click()
    box = line.get_by_label("What do you decide?")
    box.fill(WORDS)
    line.get_by_role("button", name="Send the answer").click()
    expect(line).to_contain_text("You answered today")
    expect(line).to_contain_text(WORDS)
    expect(florence.page.locator("#month-count")).to_contain_text("1\u00a0answered")
    expect(florence.page).to_have_url(f"{florence.url}{MONTH}")

    gideon.page.get_by_label("What money, or whose name?").fill("Take it from my budget.")
    gideon.page.get_by_role("button", name="Send the answer").click()
    main = gideon.page.locator("main")
    expect(main).to_contain_text("Florence answered this while you had it open.")
    expect(main).to_contain_text(WORDS)
    expect(main).to_contain_text("Take it from my budget.")

    sam = people()
    sam.sign_in(SAM)
    sam.open(f"/ideas/{idea_id}")
    expect(sam.page.locator("main")).to_contain_text(WORDS)
    sam.open("/leaders-did")
    expect(sam.page.locator("main")).to_contain_text(f"Florence answered: {WORDS}")


def test_it_works_without_script(site: Site, people: Callable[..., Person]) -> None:
    lay(site)
    florence = people(javascript=False)
    florence.sign_in(FLORENCE)
    florence.open(MONTH)
    line = florence.page.locator("#line-blocked")
    line.get_by_role("link", name="Say no, because").click()
    florence.page.get_by_label("Because").fill("The licence ends in March.")
    florence.page.get_by_role("button", name="Send the answer").click()
    expect(line).to_contain_text("No, because: The licence ends in March.")
