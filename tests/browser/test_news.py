"""The reply lands; a mail comes and is stopped; settings by keyboard; all of it without script."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from email.message import EmailMessage

import pytest
from playwright.sync_api import expect

from improve.notifications.pace import READY_AT
from improve.shared import clock
from improve.shared.working_days import add_working_days
from tests.browser.conftest import Person, Site
from tests.browser.keyboard import Keyboard
from tests.browser.test_tally import AMINA, SAM
from tests.mail.server import mail_server

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

People = Callable[..., Person]
IDEA = "Send a photo of the worker before the first visit"
WORDS = "Yes. Nobody likes a stranger at the door. Try it with five families."


def log_and_reply(amina: Person, sam: Person) -> None:
    """Let Amina log an idea and Sam answer it."""
    amina.sign_in(AMINA)
    amina.open("/log")
    amina.page.get_by_label("What is your idea?").fill(IDEA)
    amina.sends("Send idea")
    sam.sign_in(SAM)
    sam.open("/ideas/1/reply")
    sam.page.get_by_role("textbox", name="Your reply").fill(WORDS)
    sam.page.get_by_label("We will try it").check()
    sam.sends("Send reply")
    expect(sam.page).not_to_have_url(re.compile("/reply"))


@pytest.mark.parametrize("javascript", [True, False], ids=["script", "plain"])
def test_the_reply_lands(site: Site, people: People, javascript: bool) -> None:
    amina, sam = people(width=390, height=844, javascript=javascript), people()
    log_and_reply(amina, sam)

    amina.open("/me")
    page = amina.page
    expect(page.get_by_text(WORDS)).to_be_visible()
    expect(page.get_by_text("Sam answered your idea")).to_be_in_viewport()
    expect(page.get_by_role("link", name="I’ll try it")).to_be_in_viewport()
    for width, dark in ((320, True), (390, False), (1440, True), (2560, False)):
        amina.looks_at(width, height=844, dark=dark)
        amina.check_fits(f"my page at {width}")
        amina.check_with_axe(f"my page at {width}")
    page.set_viewport_size({"width": 390, "height": 844})
    amina.goes(page.get_by_role("link", name="I’ll try it"))
    own = page.get_by_role("textbox", name="Your own words, change them if you like")
    expect(own).to_have_value(IDEA)

    amina.open("/me")
    amina.sends("I have read it")
    expect(page.get_by_text(WORDS)).to_have_count(0)


def test_a_mail_comes_and_its_link_stops_the_next(
    site: Site, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    amina, sam, stranger = people(), people(), people(width=320)
    log_and_reply(amina, sam)
    monkeypatch.setitem(site.app.config, "BASE_URL", site.url)

    def say(words: str) -> None:
        sam.open("/ideas/1")
        sam.page.locator(".comment-form textarea").fill(words)
        sam.sends("Add a comment")
        expect(sam.page.get_by_text(words)).to_be_visible()

    def deliver(days: int) -> list[EmailMessage]:
        """Run the mail of a working day's morning."""
        morning = clock.at_local(add_working_days(clock.today(), days), READY_AT)
        with clock.moved(morning + timedelta(minutes=1)):
            done = site.app.test_cli_runner().invoke(args=["deliver-mail"])
        assert done.exit_code == 0, done.output
        came = list(server.taken)
        server.taken.clear()
        return came

    with mail_server() as server:
        monkeypatch.setitem(site.app.config, "MAIL_URL", server.url)
        say("Which families shall we begin with?")
        (letter,) = deliver(1)
        body = letter.get_content()
        assert "- Sam replied to your idea." in body
        assert "- Sam commented." in body
        assert "stranger" not in body
        group = "No more mail of “Other news of ideas that I follow”:"
        lines = body.replace("\r", "").split("\n")
        stranger.page.goto(lines[lines.index(group) + 1])
        stranger.check_fits("stop")
        stranger.check_with_axe("stop")
        stranger.sends("Stop these mails")
        expect(stranger.page.get_by_role("heading", level=1)).to_have_text("Stopped")
        say("Shall we ask the school too?")
        assert deliver(2) == []
        amina.open("/me/settings")
        expect(amina.page.get_by_label("Other news of ideas that I follow")).to_have_value("never")


def test_settings_by_keyboard(site: Site, people: People) -> None:
    amina = people(width=320, height=700)
    amina.sign_in(AMINA)
    keys = Keyboard(amina)
    amina.open("/me")
    keys.follow("Settings")
    page = amina.page
    keys.reach(page.get_by_label("Thanks, notes of huddles, and changes to my team"))
    page.keyboard.press("End")
    keys.reach(page.get_by_label("Usual").first)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    keys.reach(page.get_by_label("Usual").nth(1))
    page.keyboard.press("ArrowDown")
    keys.press("Save my settings")
    expect(page.get_by_text("Your settings are kept.")).to_be_visible()
    expect(page.get_by_label("Thanks, notes of huddles, and changes to my team")).to_have_value(
        "never"
    )
    expect(page.locator("html")).to_have_class("text-largest spacing-wide")
    for path in ("/me/settings", "/me", "/teams/riverside/board", "/log", "/me/news"):
        amina.open(path)
        amina.check_fits(f"{path} with the largest text")
        amina.check_with_axe(f"{path} with the largest text")
