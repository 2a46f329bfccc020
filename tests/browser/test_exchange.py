"""A page goes from one council to another: sent, looked through, known by its digits, tried."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect

from improve.accounts.roles import Role
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import PASSWORD, make_person
from tests.library.published import kept_page

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)
PRIYA, NIA = "priya.hazel@larchdale.example", "nia.tarn@fenwick.example"


def test_a_page_is_sent_and_another_council_tries_it_in_a_team(
    site: Site, people: Callable[..., Person], tmp_path: Path
) -> None:
    with site.app.app_context():
        kept_page(site.cast, title="A photo before the first visit")
        make_person(
            site.cast.other_organisation,
            name="Nia Tarn",
            email=NIA,
            role=Role.COACH,
            password=PASSWORD,
        )
        db.session.commit()
    priya = people()
    priya.sign_in(PRIYA)
    priya.open("/library/exchange")
    priya.check_with_axe()
    digits = priya.reads(priya.page.get_by_label(re.compile("The fingerprint of your key")))
    with priya.page.expect_download() as waiting:
        priya.page.get_by_role("button", name="Download the signed file").click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    nia = people(width=390)
    page = nia.page
    nia.sign_in(NIA)
    nia.open("/library/exchange")
    nia.check_fits()
    page.get_by_label("The file").set_input_files(file)
    nia.sends("Look through the pages")
    nia.sees("Nobody here has compared this signature")
    nia.check_with_axe()
    nia.check_fits()
    nia.goes(page.get_by_role("link", name="type the digits that they read out"))
    expect(page.get_by_label("Council")).to_have_value("Larchdale Council")
    page.get_by_label("The 40 digits").fill(digits)
    page.get_by_label("How did you compare them?").fill("By telephone, through their switchboard")
    nia.check_with_axe()
    nia.sends("The digits are the same: add it")
    nia.sees("Their signature is known here now.")
    nia.goes(page.get_by_role("link", name=re.compile("^Go on")))
    nia.sees("with the key that was compared with them")
    nia.sends("Bring in the ticked pages")
    nia.sees("1 page brought in.")
    nia.open("/library")
    nia.goes(page.get_by_role("link", name="A photo before the first visit"))
    nia.sees("Larchdale Council’s chart said", "Read here by our own rules")
    nia.check_with_axe()
    nia.check_fits()
    nia.goes(page.get_by_role("link", name="Try this in my team"))
    page.get_by_label("Which team?").select_option(label="Riverside")
    nia.sends("Send it to the board")
    nia.sees("is on the Riverside board")
