"""A screen becomes a team's wall by a typed code, follows the board by itself, and is signed out."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import idea_in, make_idea

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SAM = "sam.alder@larchdale.example"
JO = "jo.sedge@larchdale.example"

People = Callable[..., Person]


@pytest.fixture
def board(site: Site) -> Site:
    """A team with a suggestion, a test under way and a longer column."""
    with site.app.app_context():
        make_idea(site.cast, text="Read the duty note back to the family")
        idea_in(site.cast, Stage.DO, text="Text families a photo before the first visit")
        for number in range(6):
            idea_in(site.cast, Stage.PLAN, text=f"One calendar for core groups, part {number}")
        db.session.commit()
        db.session.remove()
    return site


def make_screen(manager: Person, name: str) -> str:
    """Have the manager make a screen; return its code as it is shown."""
    if not manager.path.endswith("/walls"):
        manager.open("/teams/riverside/walls")
    manager.page.get_by_label("Name of the screen").fill(name)
    manager.sends("Make a code")
    expect(manager.page.get_by_role("heading", name=f"Code for {name}")).to_be_focused()
    return manager.reads(manager.page.locator(".wall-code-large [aria-hidden]"))


def look_often(screen: Person) -> None:
    """Let half a minute be half a second: the page itself says how often it looks."""

    def hasten(route: Route) -> None:
        answer = route.fetch()
        body = answer.text().replace('data-wall-every="30"', 'data-wall-every="0.5"')
        route.fulfill(response=answer, body=body)

    screen.page.route(
        re.compile(r"/wall(\?|$)"),
        lambda route: hasten(route) if route.request.method == "GET" else route.fallback(),
    )


def test_a_screen_is_made_follows_the_board_and_is_signed_out(board: Site, people: People) -> None:
    manager, colleague = people(width=1440, height=900), people(width=390, height=844)
    screen = people(width=1920, height=1080)
    manager.sign_in(SAM)
    manager.open("/teams/riverside/huddles")
    manager.page.get_by_role("link", name="Days and agenda").click()
    expect(manager.page.get_by_role("heading", level=1)).to_contain_text("days and parts")
    manager.check_with_axe("the days of a team")
    manager.page.get_by_role("link", name="Wall screens").click()
    expect(manager.page.get_by_role("heading", level=1)).to_contain_text("Wall screens")
    manager.check_with_axe("the screens of a team")
    code = make_screen(manager, "Kitchen TV")
    manager.check_with_axe("the code")

    look_often(screen)
    screen.open("/wall")
    screen.check_with_axe("the page that asks for a code")
    screen.page.get_by_label("Code").fill("KXRM 4T7Q")
    screen.page.keyboard.press("Enter")
    expect(screen.page.locator("#error-summary")).to_be_focused()
    screen.check_with_axe("a wrong code")
    screen.page.get_by_label("Code").fill(code.lower())
    screen.page.keyboard.press("Enter")
    expect(screen.page).to_have_url(re.compile("/wall$"))
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("Riverside")
    expect(screen.page.get_by_text("Read the duty note back to the family")).to_be_visible()
    screen.check_with_axe("the wall")
    screen.check_fits("the wall")

    screen.open("/wall")
    colleague.sign_in(JO)
    colleague.open("/log")
    colleague.page.get_by_label("What is your idea?").fill("Bring crayons and paper along")
    colleague.page.get_by_role("button", name="Send idea", exact=True).click()
    # Nobody touches the wall.
    expect(screen.page.get_by_text("Bring crayons and paper along")).to_be_visible()
    expect(screen.page.locator("#announce")).to_have_text("The wall has changed.")

    manager.open("/teams/riverside/walls")
    manager.page.get_by_role("link", name="End Kitchen TV").click()
    expect(manager.page.get_by_role("heading", level=1)).to_have_text("End Kitchen TV?")
    manager.check_with_axe("ending a screen")
    manager.page.get_by_role("button", name="End this screen").click()
    expect(manager.page.locator(".message")).to_contain_text("Kitchen TV is signed out.")
    expect(screen.page.get_by_role("heading", level=1)).to_have_text("This screen was signed out")
    expect(screen.page.get_by_text("Riverside")).to_have_count(0)
    screen.check_with_axe("a screen that was signed out")


@pytest.mark.parametrize(("width", "height"), [(390, 844), (1440, 900), (1920, 1080), (2560, 1440)])
def test_a_wall_is_read_in_dark_and_light_at_every_size(
    board: Site, people: People, width: int, height: int
) -> None:
    manager, screen = people(width=1440, height=900), people(width=width, height=height)
    manager.sign_in(SAM)
    screen.open("/wall")
    screen.page.get_by_label("Code").fill(make_screen(manager, "Hall screen"))
    screen.page.get_by_role("button", name="Show the wall").click()
    for now, then in (("light", "Dark colours"), ("dark", "Light colours")):
        expect(screen.page.locator(f"html[data-theme={now}]")).to_be_visible()
        screen.check_with_axe(f"the wall, {now}")
        screen.check_fits(f"the wall, {now}")
        screen.page.get_by_role("button", name=then).click()
    expect(screen.page.locator("html[data-theme=light]")).to_be_visible()


def test_without_script_it_asks_again_by_itself(board: Site, people: People) -> None:
    manager, screen = people(), people(javascript=False, dark=True)
    manager.sign_in(SAM)
    code = make_screen(manager, "Kitchen TV")
    screen.open(f"/wall/{code.replace(chr(160), '')}")
    screen.page.get_by_role("button", name="Show the wall").click()
    expect(screen.page.get_by_text("Read the duty note back to the family")).to_be_visible()
    refresh = screen.page.locator("noscript meta[http-equiv=refresh], meta[http-equiv=refresh]")
    expect(refresh.first).to_have_attribute("content", "30")
