"""What is heard on the main pages, from top to end, as the browser's own tree tells it to a screen reader."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.browser.conftest import Person
from tests.browser.every_page import address
from tests.browser.screen_reader import headings, heard, landmarks, place
from tests.browser.the_demo import DemoSite

BOARD = "/teams/safeguarding-and-court/board"
PRESSED = {"link", "button", "radio", "textbox", "checkbox", "combobox"}
#: (who, page, the headings that are heard in this order among all of them)
MAIN_PAGES: list[tuple[str | None, str, list[str]]] = [
    ("Tess", BOARD, ["Safeguarding and Court", "Ideas", "Plan", "Do", "Study", "Act", "Done"]),
    ("Tess", "/ideas/{IDEA-007}", ["Book the whole year", "Reflective supervision", "Cycles", "Comments"]),
    ("Tess", "/measures/{cp_visits_on_time}", ["Child protection visits on time", "Add a point"]),
    ("Tess", "/teams/safeguarding-and-court/huddles/start", ["Safeguarding and Court huddle"]),
    ("Florence", "/review", ["All finished work", "What finished, newest first"]),
    ("Florence", "/review/month", ["This month, from you"]),
    ("Tess", "/me", ["Good morning, Tess", "What you said you would do", "News for you"]),
    (None, "/say/kite", ["Tell us what it’s like"]),
    (None, "/report/merrowdale-council", ["Tell us what happened", "Who reads it"]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("who", "path", "said"), MAIN_PAGES, ids=[path for _, path, _ in MAIN_PAGES]
)
def test_page_is_heard_in_order(
    demo: DemoSite, demo_people: Callable[..., Person], who: str | None, path: str, said: list[str]
) -> None:
    person = demo_people(who)
    person.open(address(path, demo))
    things = heard(person)
    assert not [one for one in things if one.role in PRESSED and not one.name]
    places = [place(things, "heading", words) for words in said]
    assert places == sorted(places)
    levels = [level for level, _ in headings(person)]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels)), levels
    found = landmarks(person)
    assert len(found) == len(set(found)), found
    assert [role for role, _ in found].count("main") == 1


def test_a_card_is_heard_from_its_title_on(
    demo: DemoSite, demo_people: Callable[..., Person]
) -> None:
    """Its age and all else come after: nobody hears six days before they hear of what."""
    tess = demo_people("Tess")
    tess.open(BOARD)
    things = heard(tess)
    title = place(things, "heading", "Tell children who is coming")
    after = [one.name for one in things[title + 1 : title + 4]]
    assert [name for name in after if "day" in name], after
    assert "day" not in things[title - 1].name
