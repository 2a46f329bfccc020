"""A conversation as people have it: a name mentioned, an idea followed, two joined, a good stop."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.ideas import service as ideas
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.browser.test_states import AMINA, PRIYA, SAM, look
from tests.factories import actor, finish_cycle, make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

JO = "jo.sedge@larchdale.example"
LEAH = "leah.rowan@larchdale.example"


def lay(site: Site, make: Callable[[], int]) -> int:
    """Return what ``make`` makes, committed."""
    with site.app.app_context():
        made = make()
        db.session.commit()
        db.session.remove()
    return made


@pytest.mark.parametrize("javascript", [True, False], ids=["by keyboard", "without script"])
def test_mention_somebody_who_then_stops_following(
    site: Site, people: Callable[..., Person], javascript: bool
) -> None:
    idea_id = lay(site, lambda: make_idea(site.cast))
    jo = people(javascript=javascript)
    jo.sign_in(JO)
    jo.open(f"/ideas/{idea_id}")
    box = jo.page.get_by_label("Add a comment")
    box.focus()
    if javascript:
        jo.page.keyboard.type("Could @le")
        expect(jo.page.locator("[data-mention-status]")).to_have_text(
            "1 person. Press Down to choose."
        )
        look(jo, "people to mention")
        jo.page.keyboard.press("ArrowDown")
        jo.page.keyboard.press("Enter")
        expect(box).to_be_focused()
        jo.page.keyboard.type("look?")
        expect(box).to_have_value("Could @leah.rowan look?")
        expect(jo.page.locator("[data-mention-list]")).to_be_hidden()
        jo.page.keyboard.press("Control+Enter")
    else:
        box.fill("Could @leah.rowan look?")
        jo.page.get_by_role("button", name="Add a comment").click()
    expect(jo.page.locator(".comment .mention")).to_have_text("@Leah Rowan")
    expect(jo.page.locator(".follow-line")).to_contain_text("because you commented")
    leah = people(javascript=javascript)
    leah.sign_in(LEAH)
    leah.open("/me")
    expect(leah.page.locator("main")).to_contain_text("Jo mentioned you")
    leah.open(f"/ideas/{idea_id}")
    line = leah.page.locator(".follow-line")
    expect(line).to_contain_text("because somebody mentioned you")
    line.get_by_role("button", name="Stop").click()
    expect(leah.page.locator(".follow-line")).to_have_count(0)
    leah.page.get_by_role("button", name="Follow", exact=True).click()
    expect(leah.page.locator(".follow-line")).to_contain_text("because you chose to")


def test_join_two_ideas_and_take_them_apart(site: Site, people: Callable[..., Person]) -> None:
    def two() -> int:
        first = make_idea(site.cast, text="Text families a photo before the first visit")
        ideas.comment(actor(site.cast.coach), idea_id=first, words="Ours ask too", form_token="a")
        make_idea(site.cast, text="Send a photo card before visits", by=site.cast.colleague)
        return first

    idea_id = lay(site, two)
    sam = people()
    sam.sign_in(SAM)
    sam.open(f"/ideas/{idea_id}")
    look(sam, "idea")
    sam.looks_at(1440)
    sam.goes(sam.page.get_by_role("link", name="This is the same as…"))
    expect(sam.page.get_by_role("link", name="Look at both")).to_be_visible()
    look(sam, "picking the same idea")
    sam.goes(sam.page.get_by_role("link", name="Look at both"))
    sam.page.get_by_label("A sentence to Amina").fill("Jo asked for the same. Thank you both.")
    look(sam, "both ideas")
    sam.page.get_by_role("button", name="Join them").click()
    banner = sam.page.locator(".joined-banner")
    expect(banner).to_contain_text("Jo asked for the same. Thank you both.")
    look(sam, "a joined idea")
    banner.get_by_role("link", name="Send a photo card before visits").click()
    expect(sam.page.locator(".joined-here")).to_contain_text("Ours ask too")
    look(sam, "the idea it was joined to")
    priya = people(javascript=False)
    priya.sign_in(PRIYA)
    priya.open(f"/ideas/{idea_id}")
    priya.goes(priya.page.get_by_role("link", name="Take them apart"))
    priya.sends("Take them apart")
    expect(priya.page.locator(".joined-banner")).to_have_count(0)
    expect(priya.page.locator(".facts")).to_contain_text("Ideas")
    sam.page.reload()
    expect(sam.page.locator(".joined-here")).to_have_count(0)


def test_a_good_stop_appears_while_typing(site: Site, people: Callable[..., Person]) -> None:
    lay(site, lambda: finish_cycle(site.cast, "abandon", title="A longer form for assessments"))
    amina = people()
    amina.sign_in(AMINA)
    amina.open("/log")
    amina.wait_for_htmx()
    amina.page.get_by_label("What is your idea?").press_sequentially("Use a longer form again")
    found = amina.page.locator("#similar")
    expect(found).to_contain_text("Stopped. We learned:")
    expect(found).to_contain_text("A photo is enough. Send it two days before.")
    expect(amina.page.locator("#announce")).to_have_text("1 similar idea")
    look(amina, "a good stop")
