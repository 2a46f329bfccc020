"""The dot: in a huddle a week's taps become a point on the wall, and its sentence changes by itself."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.huddles.dot_scene import NAME, TITLE, make_dot_scene

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)

SAM = "sam.alder@larchdale.example"
AMINA = "amina.birch@larchdale.example"
People = Callable[..., Person]
#: A wall asks every five seconds.
SOON = 60_000


@pytest.fixture
def huddle(site: Site) -> str:
    """The address of a huddle that stands at an idea with four points of seven."""
    with site.app.app_context():
        scene = make_dot_scene(site.cast)
        db.session.commit()
        db.session.remove()
    return f"/teams/riverside/huddles/{scene.huddle_id}"


def finds(wall: Person, words: str) -> None:
    """Wait until the wall says this largest."""
    expect(wall.page.locator(".hw-finding")).to_have_text(words, use_inner_text=True)


def size_of(wall: Person, selector: str) -> float:
    """The size of words on the screen, in pixels; of a drawing's as it is shown."""
    return float(
        wall.measures(
            """(found) => {
                const svg = found.closest("svg");
                const size = parseFloat(getComputedStyle(found).fontSize);
                return svg ? size * svg.getScreenCTM().a : size;
            }""",
            wall.page.locator(selector).first,
        )
    )


def test_the_dot(site: Site, people: People, huddle: str) -> None:
    driver, wall = people(width=1440, height=1000), people(width=1920, height=1080)
    driver.sign_in(SAM)
    wall.sign_in(AMINA)
    wall.open(f"{huddle}/wall")
    wall.sees(TITLE, within="main")
    finds(wall, "4 of 7 points. Too early to say.")
    expect(wall.page.locator(".hw-svg:visible .c-fresh")).to_have_count(0)
    expect(wall.page.locator(".huddle-pips .pip-filled")).to_have_count(4)
    expect(wall.page.locator(".taps-square.is-yes")).to_have_count(13)
    expect(wall.page.locator(".hw-taps")).to_contain_text("13\u00a0of\u00a018 yes")

    driver.open(f"{huddle}/study")
    driver.page.get_by_role("button", name="Bring this week’s taps in").click()
    main = driver.page.locator("main")
    expect(main).to_contain_text("This week’s taps are on the chart: 13\u00a0of\u00a018 this week.")
    expect(main).to_contain_text("It was 4\u00a0of\u00a07 until just now")
    expect(driver.page.get_by_role("button", name="Bring this week’s taps in")).to_have_count(0)

    # Nobody touches the wall.
    ring = wall.page.locator(".hw-svg:visible .c-fresh")
    expect(ring).to_have_count(1, timeout=SOON)
    finds(wall, "5 of 7 points. Too early to say.")
    expect(ring).to_contain_text("72% this week")
    expect(wall.page.locator(".huddle-pips")).to_contain_text(
        "It was 4\u00a0of\u00a07 until just now"
    )
    expect(wall.page.locator(".huddle-pips .pip-filled")).to_have_count(5)
    expect(wall.page.locator(".huddle-pips .pip-fresh")).to_have_count(1)
    expect(wall.page.locator(".hw-taps")).to_contain_text("This week’s taps have just come in")
    expect(wall.page.locator(".hw-svg:visible")).to_contain_text("usual before: 46%")
    expect(wall.page.locator(".hw-svg:visible")).to_contain_text("Cycle 1 starts, 26\u00a0Oct")
    expect(wall.page.locator(".hw-chart .huddle-beside")).to_contain_text(
        "Watched beside it: assessments finished in 45 days"
    )
    expect(wall.page.get_by_role("img", name=NAME)).to_have_count(1)
    wall.check_with_axe("the wall with the dot")
    wall.check_fits("the wall with the dot")
    driver.check_with_axe("the page with the dot")


def test_read_from_three_metres(site: Site, people: People, huddle: str) -> None:
    """The finding is the largest thing; nothing is under 22 px; dark colours and small screens."""
    wall = people(width=1920, height=1080)
    wall.sign_in(SAM)
    wall.open(f"{huddle}/study")
    wall.page.get_by_role("button", name="Bring this week’s taps in").click()
    wall.sees("This week’s taps are on the chart", within="main")
    wall.open(f"{huddle}/wall")
    assert size_of(wall, ".hw-finding") == 60
    words = [".hw-svg:visible text", ".hw-svg:visible .c-fresh text", ".hw-chart figcaption span", ".hw-taps p",
             ".hw-taps h3", ".hw-chart .huddle-beside p", ".hw-chart .verdict-short",
             ".hw-found .huddle-pips p"]  # fmt: skip
    for selector in words:
        assert 22 <= size_of(wall, selector) < 60, selector
    for width, height in ((2560, 1440), (1440, 900), (1280, 720), (390, 844), (320, 640)):
        for dark in ("", "?dark=1"):
            wall.looks_at(width, height=height)
            wall.open(f"{huddle}/wall{dark}")
            wall.check_fits(f"the wall at {width}{dark}")
            wall.check_with_axe(f"the wall at {width}{dark}", colours_only=bool(dark))
            # One chart is seen, whatever the width, and its words are never under 15 px.
            expect(wall.page.locator(".hw-chart svg[role=img]:visible")).to_have_count(1)
            assert size_of(wall, ".hw-chart svg[role=img]:visible .c-text2 text") >= 15


def test_still_for_whom_motion_hurts(site: Site, people: People, huddle: str) -> None:
    person = people(width=390, height=844)
    person.sign_in(SAM)
    person.page.emulate_media(reduced_motion="reduce")
    person.open(f"{huddle}/study")
    person.page.get_by_role("button", name="Bring this week’s taps in").click()
    fresh = person.page.locator(".c-fresh:visible")
    expect(fresh).to_have_count(1)
    expect(fresh).to_have_css("animation-name", "none")
    person.check_fits("the page with the dot on a phone")
    person.check_with_axe("the page with the dot on a phone")


def test_without_script(site: Site, people: People, huddle: str) -> None:
    driver = people(javascript=False)
    driver.sign_in(SAM)
    driver.open(f"{huddle}/study")
    driver.page.get_by_role("button", name="Bring this week’s taps in").click()
    driver.sees("This week’s taps are on the chart", within="main")
    driver.open(f"{huddle}/wall")
    finds(driver, "5 of 7 points. Too early to say.")
