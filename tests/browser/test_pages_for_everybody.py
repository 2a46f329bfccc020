"""Every page and state of the demo: axe finds nothing, nothing scrolls sideways, nothing complains.

Light and dark, from a small phone to a wall.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import DemoSite, Person

#: (who, page); {IDEA-000} and {measure:name} stand for the demo's own numbers.
PAGES = [
    (None, "/sign-in"),
    (None, "/help"),
    (None, "/forgot-password"),
    (None, "/no-such-page"),
    ("Tess", "/teams/safeguarding-and-court/board"),
    ("Tess", "/teams/safeguarding-and-court/board?view=list"),
    ("Tess", "/teams/safeguarding-and-court/board?show=needs-reply"),
    ("Tess", "/teams/disabled-childrens-team/board"),
    ("Tess", "/teams/safeguarding-and-court/finished"),
    ("Tess", "/teams/safeguarding-and-court/measures"),
    ("Tess", "/teams/safeguarding-and-court/measures/new"),
    ("Tess", "/measures/{cp_visits_on_time}"),
    ("Tess", "/measures/{cp_visits_on_time}?view=table"),
    ("Tess", "/measures/{cp_visits_on_time}/import"),
    ("Tess", "/measures/{cp_visits_on_time}/edit"),
    ("Tess", "/how-we-decide"),
    ("Tess", "/ideas/{IDEA-001}"),
    ("Tess", "/ideas/{IDEA-001}/history"),
    ("Tess", "/ideas/{IDEA-002}"),
    ("Tess", "/ideas/{IDEA-007}"),
    ("Tess", "/ideas/{IDEA-007}/history?show=verdicts"),
    ("Tess", "/ideas/{IDEA-004}"),
    ("Tess", "/ideas/{IDEA-009}"),
    ("Tess", "/ideas/{IDEA-009}/stage"),
    ("Tess", "/ideas/{IDEA-015}/stage"),
    ("Tess", "/ideas/{IDEA-018}"),
    ("Tess", "/ideas/{IDEA-019}"),
    ("Tess", "/ideas/{IDEA-026}"),
    ("Tess", "/ideas/{IDEA-026}/reply"),
    ("Tess", "/ideas/{IDEA-026}/plan"),
    ("Tess", "/ideas/{IDEA-009}/edit/benefit"),
    ("Tess", "/me"),
    ("Tess", "/me/password"),
    ("Tess", "/me/devices"),
    ("Tess", "/admin/people"),
    ("Ines", "/log"),
    ("Ines", "/safeguarding-worry"),
    ("Miriam", "/teams"),
    ("Florence", "/review"),
    ("Florence", "/review?decided_from=soon"),
    ("Robin", "/admin/people"),
    ("Robin", "/admin/teams"),
    ("Robin", "/admin/permissions"),
    ("Robin", "/admin/invitations"),
]
#: The small phone, the desk in the dark, the wall: each width once, each theme once.
LOOKS = [(320, False), (1440, True), (2560, False)]


def address(page: str, demo: DemoSite) -> str:
    """Return the page with the demo's own numbers in it."""
    return page.format(**demo.ideas, **demo.measures)


@pytest.mark.parametrize(("who", "path"), PAGES, ids=[f"{w or 'nobody'} {p}" for w, p in PAGES])
def test_page_is_fit_for_everybody(
    demo: DemoSite, demo_people: Callable[..., Person], who: str | None, path: str
) -> None:
    person = demo_people(who)
    for width, dark in LOOKS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.emulate_media(color_scheme="dark" if dark else "light")
        person.open(address(path, demo))
        person.check_fits(f"{path} at {width}")
        person.check_with_axe(f"{path} at {width} {'dark' if dark else 'light'}")


def test_what_opens_on_an_idea_is_fit_too(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    person = demo_people("Tess")
    for width, dark in LOOKS:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.emulate_media(color_scheme="dark" if dark else "light")
        person.open(address("/ideas/{IDEA-007}", demo))
        for summary in person.page.locator(".measure-panel summary").all():
            summary.click()
        assert person.page.get_by_text("Which points fired which rule").first.is_visible()
        person.check_fits(f"opened at {width}")
        person.check_with_axe(f"opened at {width}")


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
    assert not person.page.get_by_role("navigation", name="Main").is_visible()
    assert person.page.get_by_role("heading", level=1).is_visible()
