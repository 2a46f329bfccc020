"""In a real browser: a coach is asked and answers, a guest comes by mail, a prompt is put away."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from improve.ideas import service as ideas
from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.browser.keyboard import Keyboard
from tests.browser.test_tally import AMINA, JO, SAM
from tests.factories import PASSWORD, idea_in, make_idea
from tests.mail.waiting import whole_letters

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

People = Callable[..., Person]
PRIYA = "priya.hazel@larchdale.example"
ANSWER = "What would one family tell you by Friday?"


def open_idea(site: Site, *, stage: Stage | None = None) -> str:
    """Return the path of an idea of Amina's."""
    with site.app.app_context():
        made = idea_in(site.cast, stage) if stage else make_idea(site.cast)
        db.session.commit()
    return f"/ideas/{made}"


@pytest.mark.parametrize("javascript", [True, False])
def test_ask_answer_and_read(site: Site, people: People, javascript: bool) -> None:
    path = open_idea(site)
    jo, priya = (people(javascript=javascript) for _ in range(2))
    jo.sign_in(JO)
    jo.open(path)
    jo.goes(jo.page.get_by_role("link", name="Ask a coach"))
    jo.page.get_by_label("What would you like help with?").fill("Is five too many?")
    jo.page.get_by_role("button", name="Ask a coach").click()
    expect(jo.page.locator("main")).to_contain_text("A coach is asked")
    jo.check_with_axe("asked")

    priya.sign_in(PRIYA)
    priya.open("/coaching")
    priya.check_with_axe("coaching")
    priya.looks_at(320, height=700)
    priya.check_fits("coaching at 320")
    asked = priya.page.locator("section", has=priya.page.locator("#asked"))
    expect(asked).to_contain_text("Is five too many?")
    asked.get_by_role("link").first.click()
    priya.page.get_by_role("link", name="Answer as a coach").click()
    priya.page.get_by_label("Your answer").fill(ANSWER)
    priya.page.get_by_role("button", name="Send the answer").click()
    expect(priya.page.locator("main")).to_contain_text("It stands in the conversation")

    jo.open("/me")
    expect(jo.page.locator("main")).to_contain_text("Priya answered as a coach")
    jo.open(path)
    expect(jo.page.locator("#comments")).to_contain_text(ANSWER)


def test_a_guest_from_a_mail_to_a_comment(site: Site, people: People) -> None:
    path = open_idea(site)
    site.app.config["MAIL_URL"] = "smtp://mail.example"
    sam = people()
    try:
        sam.sign_in(SAM)
        sam.open(path)
        sam.page.get_by_text("More for this idea").click()
        sam.goes(sam.page.get_by_role("link", name="Invite guests"))
        sam.check_with_axe("guests")
        sam.page.get_by_label("Their name").fill("Nell Ashby")
        sam.page.get_by_label("Their e-mail address").fill("nell@ashlode.example")
        sam.page.get_by_label("Where do they come from?").fill("Ashlode School")
        sam.page.get_by_role("button", name="Invite", exact=True).click()
        expect(sam.page.locator("main")).to_contain_text("Nell Ashby is invited until")
    finally:
        site.app.config["MAIL_URL"] = ""
    (mail,) = whole_letters(site.app)
    link = re.search(r"/invitation/\S+", mail)
    assert link is not None

    nell = people(width=390, height=844, may_complain=True)
    nell.open(link.group(0))
    nell.page.get_by_label("password", exact=False).first.fill(f"{PASSWORD} two")
    nell.goes(nell.page.locator("main form button[type=submit]").first)
    nell.check_with_axe("three things to know, for a guest")
    nell.goes(nell.page.get_by_role("link", name="Go on"))
    nell.goes(nell.page.get_by_role("link", name=re.compile("Small change")).first)
    expect(nell.page.get_by_role("navigation", name="Main")).to_have_count(0)
    nell.check_with_axe("a guest's page")
    nell.check_fits("a guest's page")
    nell.page.get_by_label("Add a comment").fill("Our children would like that.")
    nell.page.get_by_role("button", name="Add a comment").click()
    expect(nell.page.locator("#comments")).to_contain_text("(guest, Ashlode School)")
    nell.open("/teams/riverside/board")
    expect(nell.page.get_by_role("heading", level=1)).not_to_have_text("Riverside")
    nell.never_sees("Small change", within="main")


def test_a_prompt_is_put_away_by_keyboard(site: Site, people: People) -> None:
    path = open_idea(site, stage=Stage.PLAN)
    with site.app.app_context():
        actor = site.cast.actor("practitioner")
        idea_id = int(path.rsplit("/", 1)[1])
        version = db.session.execute(
            text("SELECT version FROM ideas WHERE id = :i"), {"i": idea_id}
        ).scalar_one()
        ideas.save_answers(
            actor,
            idea_id=idea_id,
            seen_version=version,
            answers={"change_to_try": "A photo", "expected_count": 4},
        )
        db.session.commit()
    amina = people()
    amina.sign_in(AMINA)
    amina.open(f"{path}/plan")
    amina.wait_for_htmx()
    page = amina.page
    expect(page.locator("#prompt")).to_contain_text("What might get worse?")
    page.get_by_label("Your own words").fill("A photo, and two lines about me")
    amina.measures("() => document.activeElement.blur()")
    keyboard = Keyboard(amina)
    keyboard.reach(page.get_by_role("button", name=re.compile("^Not now")))
    page.keyboard.press("Enter")
    expect(page.locator("#prompt")).to_have_text("Put away for this cycle.")
    # What was typed below is still there.
    expect(page.get_by_label("Your own words")).to_have_value("A photo, and two lines about me")
    amina.check_with_axe("put away")
    amina.open(path)
    expect(page.locator("#prompt")).to_have_count(0)
