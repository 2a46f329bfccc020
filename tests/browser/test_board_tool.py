"""A board as a team's tool: found again, dragged, seen by two, kept by name; by mouse and by keys."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from improve.ideas.kinds import Stage
from improve.shared.db import db
from tests.browser.conftest import Person, Site
from tests.factories import idea_in, make_idea

People = Callable[..., Person]
BOARD = "/teams/riverside/board"


@pytest.fixture
def idea_id(site: Site) -> int:
    with site.app.app_context():
        made = idea_in(site.cast, Stage.DO, text="Hand over together")
        make_idea(site.cast, text="One calendar for core groups")
        db.session.commit()
        db.session.remove()
    return made


def email_of(site: Site, person_id: int) -> str:
    with site.app.app_context():
        found = db.session.execute(
            db.text("SELECT email FROM people WHERE id = :id"), {"id": person_id}
        ).scalar_one()
        db.session.remove()
    return str(found)


def drag(person: Person, idea_id: int, stage: str, *, let_go: bool = True) -> None:
    """Drag a card to a column with a mouse."""
    page = person.page
    box = person.box(page.locator(f"#card-{idea_id} .card-head"))
    to = person.box(page.locator(f"#{stage} .column-head"))
    page.mouse.move(box["x"] + 60, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 90, box["y"] + 30, steps=3)
    page.mouse.move(to["x"] + 60, to["y"] + 60, steps=4)
    if let_go:
        page.mouse.up()


def ask_for_news(person: Person) -> None:
    """Look for news of the board at once, not in half a minute, and wait for the answer."""
    person.measures(
        "() => htmx.ajax('GET', document.querySelector('#board-news').getAttribute('hx-get'),"
        " { source: '#board-news', target: '#board-news', swap: 'innerHTML' })"
    )
    person.settle()


@pytest.mark.parametrize("javascript", [True, False])
def test_filter_open_a_card_come_back_and_keep_the_view(
    site: Site, people: People, idea_id: int, javascript: bool
) -> None:
    sam = people(javascript=javascript)
    sam.sign_in(email_of(site, site.cast.manager))
    sam.open(BOARD)
    page = sam.page
    # By keys alone: open the filter, choose, send.
    page.locator("#filter summary").focus()
    page.keyboard.press("Enter")
    if javascript:
        sam.wait_for_htmx()
        expect(page.get_by_role("heading", name="Saved views")).to_be_visible()
    page.locator("#filter-show").select_option("needs-reply")
    page.get_by_role("button", name="Show these").press("Enter")
    expect(page.get_by_text("Showing 1 of 2.")).to_be_visible()
    page.get_by_role("link", name="One calendar for core groups", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("One calendar")
    page.get_by_role("link", name="Riverside board").press("Enter")
    expect(page.get_by_text("Showing 1 of 2.")).to_be_visible()
    page.locator("#filter summary").press("Enter")
    if not javascript:
        page.get_by_role("link", name="Aims, drivers and saved views").click()
    page.get_by_label("Save what is shown now as").fill("Waiting")
    page.get_by_role("button", name="Save this view").press("Enter")
    expect(page.get_by_text("Saved as “Waiting”.")).to_be_visible()
    sam.check_with_axe("board with a filter")
    sam.open(f"{BOARD}/filter")
    sam.check_with_axe("filter")
    sam.check_fits()
    page.get_by_role("link", name="Waiting", exact=True).press("Enter")
    expect(page.get_by_text("Showing 1 of 2.")).to_be_visible()


def test_drag_with_a_missing_gate_asks_and_loses_nothing(
    site: Site, people: People, idea_id: int
) -> None:
    sam = people()
    sam.sign_in(email_of(site, site.cast.manager))
    sam.open(BOARD)
    sam.wait_for_htmx()
    page = sam.page
    drag(sam, idea_id, "study", let_go=False)
    expect(page.locator("#study .drop-words")).to_have_text("Move to Study")
    expect(page.locator("#act")).to_have_class("column stage-act no-drop")
    page.keyboard.press("Escape")
    expect(page.locator(".drop-words")).to_have_count(0)
    page.mouse.up()
    expect(page.locator(f"#do #card-{idea_id}")).to_be_visible()
    drag(sam, idea_id, "study")
    dialog = page.locator("#dialog")
    expect(dialog.get_by_text("It is still in Do.")).to_be_visible()
    sam.check_with_axe("what a drop asks")
    dialog.get_by_label("What happened when you tried it?").fill("Six visits, all together")
    dialog.get_by_label("Yes").check()
    dialog.get_by_label("No number this time").check()
    dialog.get_by_label("Why", exact=False).last.fill("Ready early")
    dialog.get_by_role("button", name="Move to Study").click()
    expect(page.locator(f"#study #card-{idea_id}")).to_be_visible()
    expect(page.locator(f"#card-{idea_id} .card-title a")).to_be_focused()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()


def test_two_at_once_see_each_other(site: Site, people: People, idea_id: int) -> None:
    sam, jo = people(), people()
    sam.sign_in(email_of(site, site.cast.manager))
    jo.sign_in(email_of(site, site.cast.colleague))
    for one in (sam, jo):
        one.open(BOARD)
        one.wait_for_htmx()
    # Sam's focus is on the board: nothing moves under it.
    sam.page.locator(f"#card-{idea_id} .card-title a").focus()
    pin = jo.page.locator(f"#card-{idea_id}").get_by_role("button", name="Pin", exact=False)
    pin.press("Enter")
    expect(jo.page.locator(f"#card-{idea_id} .card-foot button")).to_have_text("Unpin")
    expect(jo.page.locator(f"#card-{idea_id} .card-foot button")).to_be_focused()
    jo.page.locator(f"#card-{idea_id} .card-foot button").press("Enter")
    expect(jo.page.locator(f"#card-{idea_id} .card-foot button")).to_have_text("Pin")
    ask_for_news(sam)
    show = sam.page.get_by_role("link", name="2 changes. Show them")
    expect(show).to_be_visible()
    expect(sam.page.locator(f"#card-{idea_id} .card-title a")).to_be_focused()
    sam.check_with_axe("board with news")
    show.press("Enter")
    expect(show).to_have_count(0)
    expect(sam.page.get_by_role("heading", level=1)).to_be_focused()
    # Nobody's focus is on the board now: it is drawn anew by itself, and nothing is focused.
    sam.measures("() => document.activeElement.blur()")
    jo.page.locator(f"#card-{idea_id} .card-foot button").press("Enter")
    expect(jo.page.locator(f"#card-{idea_id} .card-foot button")).to_have_text("Unpin")
    ask_for_news(sam)
    expect(sam.page.locator(f"#card-{idea_id} .card-foot button")).to_have_text("Unpin")
    expect(sam.page.locator("#announce")).to_have_text("The board shows 1 change.")
    expect(sam.page.get_by_role("heading", level=1)).not_to_be_focused()
    # Jo did it all: no news to Jo.
    expect(jo.page.locator("#board-news")).to_have_attribute("data-seen", re.compile(r"\d"))
    ask_for_news(jo)
    expect(jo.page.locator("#board-news a")).to_have_count(0)


def test_a_finger_scrolls_and_all_teams_stand_on_one_page(
    site: Site, people: People, idea_id: int
) -> None:
    sam = people(width=390, height=800, has_touch=True, is_mobile=True)
    sam.sign_in(email_of(site, site.cast.manager))
    sam.open(BOARD)
    sam.wait_for_htmx()
    sam.check_fits()
    box = sam.box(sam.page.locator(f"#card-{idea_id} .card-head"))
    sam.page.touchscreen.tap(box["x"] + 60, box["y"] + 10)
    expect(sam.page.locator(".drag-ghost")).to_have_count(0)
    sam.open("/board")
    sam.check_fits()
    sam.check_with_axe("all teams")
    sam.wait_for_htmx()
    closed = sam.page.locator("#lane-hillside")
    closed.locator("summary").tap()
    expect(closed.get_by_role("link", name="Open the board", exact=False)).to_be_visible()
