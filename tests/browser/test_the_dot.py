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
SOON = 20_000


@pytest.fixture
def huddle(site: Site) -> str:
    """The address of a huddle that stands at an idea with four points of seven."""
    with site.app.app_context():
        scene = make_dot_scene(site.cast)
        db.session.commit()
        db.session.remove()
    return f"/teams/riverside/huddles/{scene.huddle_id}"


def finding(wall: Person) -> str:
    """What the wall says largest."""
    return wall.page.locator(".hw-finding").inner_text().replace("\u00a0", " ").strip()


def size_of(wall: Person, selector: str) -> float:
    """The size of words on the screen, in pixels; of a drawing's as it is shown."""
    return float(
        wall.page.locator(selector).first.evaluate(
            """(found) => {
                const svg = found.closest("svg");
                const size = parseFloat(getComputedStyle(found).fontSize);
                return svg ? size * svg.getScreenCTM().a : size;
            }"""
        )
    )


def test_the_dot(site: Site, people: People, huddle: str) -> None:
    driver, wall = people(width=1440, height=1000), people(width=1920, height=1080)
    driver.sign_in(SAM)
    wall.sign_in(AMINA)
    wall.open(f"{huddle}/wall")
    assert TITLE in wall.page.locator("main").inner_text()
    assert finding(wall) == "4 of 7 points. Too early to say."
    assert wall.page.locator(".hw-svg:visible .c-fresh").count() == 0
    assert wall.page.locator(".huddle-pips .pip-filled").count() == 4
    assert wall.page.locator(".taps-square.is-yes").count() == 13
    expect(wall.page.locator(".hw-taps")).to_contain_text("13\u00a0of\u00a018 yes")

    driver.open(f"{huddle}/study")
    driver.page.get_by_role("button", name="Bring this week’s taps in").click()
    driver.page.wait_for_load_state("load")
    main = driver.page.locator("main")
    expect(main).to_contain_text("This week’s taps are on the chart: 13\u00a0of\u00a018 this week.")
    expect(main).to_contain_text("It was 4\u00a0of\u00a07 until just now")
    assert driver.page.get_by_role("button", name="Bring this week’s taps in").count() == 0

    # Nobody touches the wall.
    ring = wall.page.locator(".hw-svg:visible .c-fresh")
    expect(ring).to_have_count(1, timeout=SOON)
    assert finding(wall) == "5 of 7 points. Too early to say."
    expect(ring).to_contain_text("72% this week")
    expect(wall.page.locator(".huddle-pips")).to_contain_text(
        "It was 4\u00a0of\u00a07 until just now"
    )
    assert wall.page.locator(".huddle-pips .pip-filled").count() == 5
    assert wall.page.locator(".huddle-pips .pip-fresh").count() == 1
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
    wall.page.wait_for_load_state("load")
    wall.open(f"{huddle}/wall")
    assert size_of(wall, ".hw-finding") == 60
    words = [".hw-svg:visible text", ".hw-svg:visible .c-fresh text", ".hw-chart figcaption span", ".hw-taps p",
             ".hw-taps h3", ".hw-chart .huddle-beside p", ".hw-chart .verdict-short",
             ".hw-found .huddle-pips p"]  # fmt: skip
    for selector in words:
        assert 22 <= size_of(wall, selector) < 60, selector
    for width, height in ((2560, 1440), (1440, 900), (1280, 720), (390, 844), (320, 640)):
        for dark in ("", "?dark=1"):
            wall.page.set_viewport_size({"width": width, "height": height})
            wall.open(f"{huddle}/wall{dark}")
            wall.check_fits(f"the wall at {width}{dark}")
            wall.check_with_axe(f"the wall at {width}{dark}")
            # One chart is seen, whatever the width, and its words are never under 15 px.
            seen = wall.page.locator(".hw-chart svg[role=img]:visible")
            assert seen.count() == 1
            assert size_of(wall, ".hw-chart svg[role=img]:visible .c-text2 text") >= 15


def test_still_for_whom_motion_hurts(site: Site, people: People, huddle: str) -> None:
    person = people(width=390, height=844)
    person.sign_in(SAM)
    person.page.emulate_media(reduced_motion="reduce")
    person.open(f"{huddle}/study")
    person.page.get_by_role("button", name="Bring this week’s taps in").click()
    person.page.wait_for_load_state("load")
    fresh = person.page.locator(".c-fresh:visible")
    expect(fresh).to_have_count(1)
    assert fresh.evaluate("(found) => getComputedStyle(found).animationName") == "none"
    person.check_fits("the page with the dot on a phone")
    person.check_with_axe("the page with the dot on a phone")


def test_without_script(site: Site, people: People, huddle: str) -> None:
    driver = people(javascript=False)
    driver.sign_in(SAM)
    driver.open(f"{huddle}/study")
    driver.page.get_by_role("button", name="Bring this week’s taps in").click()
    driver.page.wait_for_load_state("load")
    assert "This week’s taps are on the chart" in driver.page.locator("main").inner_text()
    driver.open(f"{huddle}/wall")
    assert finding(driver) == "5 of 7 points. Too early to say."
