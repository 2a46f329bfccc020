"""Working lives in a browser: a busy time, a deputy on the day, somebody who leaves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.accounts import service
from improve.ideas import service as ideas_service
from improve.shared import clock
from improve.shared.db import db
from tests.browser.conftest import Person, Site, look
from tests.factories import idea_in, make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SAM = "sam.alder@larchdale.example"
JO = "jo.sedge@larchdale.example"
WHY = "Two of us are ill and the school year begins."


def test_a_busy_time_from_saying_so_to_ending_it(site: Site, people: Callable[..., Person]) -> None:
    sam = people(javascript=False)
    sam.sign_in(SAM)
    sam.open("/teams/riverside/busy")
    look(sam, "busy time")
    sam.page.get_by_label("Why?").fill(WHY)
    sam.sends("Pause the clocks")
    expect(sam.page.get_by_text("Clocks are paused until")).to_be_visible()
    sam.sees(WHY, within="main")
    look(sam, "a busy team’s board")
    sam.goes(sam.page.get_by_role("link", name="End it, or make it longer"))
    look(sam, "a busy time that goes on")
    sam.sends("End it now")
    expect(sam.page.get_by_text("The busy time is over.")).to_be_visible()
    sam.never_sees(WHY, within="main")


def test_a_deputy_can_reply_on_the_day(site: Site, people: Callable[..., Person]) -> None:
    with site.app.app_context():
        cast = site.cast
        idea_id = make_idea(cast, text="Ask each child who they want at the meeting")
        service.name_deputy(
            cast.actor("manager"),
            team_id=cast.team,
            person_id=cast.manager,
            deputy_id=cast.colleague,
            from_on=clock.today(),
            to_on=clock.today(),
        )
        db.session.commit()
        db.session.remove()
    jo = people()
    jo.sign_in(JO)
    jo.open(f"/ideas/{idea_id}/reply")
    jo.page.get_by_role("radio", name="We will try it").check()
    jo.page.locator("textarea").first.fill("Yes. Ask the next three.")
    jo.page.locator("main form button[type=submit]").last.click()
    expect(jo.page).not_to_have_url(re.compile("/reply"))
    expect(jo.page.get_by_text("Yes. Ask the next three.").first).to_be_visible()


def test_somebody_who_leaves_by_keyboard(site: Site, people: Callable[..., Person]) -> None:
    with site.app.app_context():
        cast = site.cast
        idea_id = idea_in(cast, "do", text="Names first")
        ideas_service.choose_lead(cast.actor("manager"), idea_id=idea_id, lead_id=cast.colleague)
        db.session.commit()
        db.session.remove()
    robin = people()
    robin.sign_in("robin.elm@larchdale.example")
    robin.open(f"/admin/people/{cast.colleague}/close")
    look(robin, "closing an account")
    robin.page.get_by_label("Names first").focus()
    robin.page.keyboard.press("ArrowDown")
    expect(robin.page.get_by_label("Names first")).not_to_have_value("")
    robin.page.keyboard.press("Tab")
    robin.page.keyboard.press("Enter")
    expect(robin.page.get_by_text("1 thing handed over.")).to_be_visible()
    robin.open(f"/admin/people/{cast.colleague}")
    robin.sees("This account is closed.", within="main")
