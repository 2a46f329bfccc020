"""A stopped idea travels: tried in another team, changed there, read in the tree; and a look later."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import text

from improve.library import service
from improve.library.sustaining import SUSTAIN_DAYS
from improve.shared import clock
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import finish_cycle

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

LEAH = "leah.rowan@larchdale.example"
SAM = "sam.alder@larchdale.example"
PHOTO = "A photo two days before"


def test_try_a_stopped_idea_elsewhere(site: Site, people: Callable[..., Person]) -> None:
    with site.app.app_context():
        idea = finish_cycle(site.cast, "abandon", title=PHOTO, why="Court dates left no hour")
        db.session.commit()
        db.session.remove()
    leah = people()
    leah.sign_in(LEAH)
    leah.open(f"/ideas/{idea}")
    leah.page.get_by_role("link", name="Try this in my team").click()
    leah.page.get_by_label("What would you change for your team?").fill("At the first visit")
    leah.page.get_by_role("button", name="Send it to the board").click()
    leah.sees("Hillside", within="main")
    leah.open(f"/ideas/{idea}/spread")
    leah.sees("Two places. In the order they began.", within="main")
    leah.page.get_by_role("link", name="Change the words of Hillside").click()
    leah.page.get_by_label("What did you change for your team?").fill("By text message")
    leah.page.get_by_role("button", name="Save").click()
    expect(leah.page.locator("main")).to_contain_text("Changed: By text message")
    expect(leah.page.locator("main")).to_contain_text("It did not work here:")
    for width, dark in ((320, False), (1440, False), (1440, True)):
        leah.looks_at(width, dark=dark)
        leah.check_fits(f"the tree at {width}")
        leah.check_with_axe(f"the tree at {width} {'dark' if dark else 'light'}")


def test_answer_a_look_without_script(site: Site, people: Callable[..., Person]) -> None:
    with site.app.app_context():
        idea = finish_cycle(site.cast, "adopt", title=PHOTO)
        at = clock.at_local(clock.today() - timedelta(days=SUSTAIN_DAYS), 12)
        db.session.execute(
            text("UPDATE ideas SET finished_at = :at WHERE id = :id"),
            {"at": at.strftime("%Y-%m-%d %H:%M:%S.%f"), "id": idea},
        )
        service.remind_of_sustaining()
        db.session.commit()
        db.session.remove()
    sam = people(javascript=False)
    sam.sign_in(SAM)
    sam.open("/me")
    sam.page.locator("#sustains ~ ul").get_by_role("link", name=PHOTO).click()
    sam.page.get_by_role("radio", name="No, it is not done any more").check()
    sam.page.get_by_label("What is it like now?").fill("The camera broke")
    sam.page.get_by_role("button", name="Save the answer").click()
    expect(sam.page.locator("main")).to_contain_text("Did not hold after six months")
    expect(sam.page.get_by_role("link", name="Start a new cycle")).to_be_visible()
    for width, dark in ((320, False), (1440, True)):
        sam.looks_at(width, dark=dark)
        sam.check_fits(f"the look at {width}")
        sam.check_with_axe(f"the look at {width}")
