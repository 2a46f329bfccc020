"""Every page and state of the demo: axe finds nothing, nothing scrolls sideways, nothing complains.

Light and dark, from a small phone to a wall.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import DemoSite, Person, close_browsers, open_browser
from tests.browser.every_page import PAGES, address

#: The small phone, the desk in the dark, the wall: each width once.
LOOKS = [(320, False), (1440, True), (2560, False)]
#: axe looks at each theme once; a wall is the desk with more room.
AXE_MOST = 1440


def look_at(person: Person, path: str, name: str) -> None:
    """Open a page, and raise where it does not fit in some look or axe finds a fault.

    It is opened once: what is wide or dark is for the styles alone, no script asks when it starts.
    """
    person.open(path)
    look(person, name)


def look(person: Person, name: str) -> None:
    """Raise where the page as it stands does not fit in some look or axe finds a fault."""
    for width, dark in LOOKS:
        person.looks_at(width, dark=dark)
        person.check_fits(f"{name} at {width}")
        if width <= AXE_MOST:
            person.check_with_axe(f"{name} at {width} {'dark' if dark else 'light'}")


@pytest.mark.security(22, 26)
@pytest.mark.parametrize(("who", "path"), PAGES, ids=[f"{w or 'nobody'} {p}" for w, p in PAGES])
def test_page_is_fit_for_everybody(
    demo: DemoSite, demo_people: Callable[..., Person], who: str | None, path: str
) -> None:
    look_at(demo_people(who), address(path, demo), path)


def test_each_question_is_fit_for_everybody(
    own_demo: DemoSite, chromium: Browser, request: pytest.FixtureRequest
) -> None:
    """Answers so far are kept for a day, so it is a demo of its own: each question with a draft."""
    child = open_browser(chromium, own_demo.url)
    request.addfinalizer(lambda: close_browsers([child]))
    child.open("/say/kite")
    child.sends("Start")
    for said in ("I am a child", "8 to 11", "My social worker", "Good", None, None, "Yes"):
        expect(child.page.locator(".say-go")).to_be_visible()
        look(child, child.path)
        if said:
            child.page.get_by_text(said, exact=True).click()
        else:
            child.page.get_by_role("textbox").fill("They came when they said.")
        if said != "Yes":
            child.sends("Next")


@pytest.mark.parametrize(
    ("measure", "table"),
    [
        (
            "cp_visits_on_time",
            "week,numerator,denominator\n03/01/2022,30,40\n10/01/2022,forty,40\n17/01/2022,31,39",
        ),
        ("handover_first_visit", "Week,North,South\n03/01/2022,5,6\n10/01/2022,7,4"),
    ],
    ids=["rows", "wide"],
)
def test_preview_of_a_table_is_fit_for_everybody(
    demo: DemoSite, demo_people: Callable[..., Person], measure: str, table: str
) -> None:
    """Rows are looked through and not added: the demo stays as it is."""
    person = demo_people("Tess")
    person.open(address(f"/measures/{{{measure}}}/import", demo))
    person.page.get_by_label("Paste").first.fill(table)
    person.page.get_by_role("button", name="Look through the rows").click()
    expect(person.page).to_have_url(re.compile("/import/."))
    look_at(person, person.path, f"preview for {measure}")


def test_a_picture_of_a_chart_has_a_name(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    """It is a file to put into a report, so it is looked at in a page of its own."""
    person = demo_people("Tess")
    answer = person.context.request.get(
        demo.url + address("/measures/{cp_visits_on_time}/chart.svg", demo)
    )
    assert answer.headers["content-type"].startswith("image/svg+xml")
    picture = answer.text()
    picture = picture[picture.index("<svg") :]
    person.page.set_content(
        f"<!doctype html><html lang=en><title>Chart</title><main><h1>Chart</h1>{picture}</main>"
    )
    person.check_with_axe("chart.svg")


def test_what_opens_on_an_idea_is_fit_too(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    person = demo_people("Tess")
    person.open(address("/ideas/{IDEA-007}", demo))
    folded = person.page.locator(".measure-panel details:not([open]) > summary")
    while person.has(folded):
        folded.first.click()
    expect(person.page.get_by_text("Which points fired which rule").first).to_be_visible()
    look(person, "opened")


def test_pages_reflow_at_four_hundred_percent(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    """A window of 1280 px at 400% is a window of 320 by 256."""
    person = demo_people("Tess", width=320, height=256)
    for path in ("/teams/safeguarding-and-court/board", "/ideas/{IDEA-009}", "/log"):
        person.open(address(path, demo))
        person.check_fits(path)


def test_pages_print_without_navigation(demo: DemoSite, demo_people: Callable[..., Person]) -> None:
    person = demo_people("Tess")
    person.open(address("/ideas/{IDEA-001}", demo))
    person.page.emulate_media(media="print")
    expect(person.page.get_by_role("heading", level=1)).to_be_visible()
    expect(person.page.get_by_role("navigation", name="Main")).not_to_be_visible()
