"""htmx comes from a content network that may answer, fail, stay silent, lie or be late.

The page must be there at once in every case, and the move dialog must work soon after.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Route, expect

from improve.shared.db import db
from tests.browser.conftest import Answer, Person, Site, from_the_file
from tests.factories import idea_in

pytestmark = pytest.mark.parametrize("app", ["sqlite"], indirect=True)


def fails(route: Route) -> None:
    """The name cannot be found."""
    route.abort()


def stays_silent(_route: Route) -> None:
    """Accepts and says nothing."""


def lies(route: Route) -> None:
    """Brings other bytes than the integrity promises."""
    route.fulfill(
        body="window.htmx = {}", content_type="application/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )  # fmt: skip


def is_late(route: Route) -> None:
    """Answers after the local copy runs."""
    late.append(route)


#: What is still to be answered.
late: list[Route] = []


@pytest.mark.parametrize(
    "answer", [from_the_file, fails, stays_silent, lies, is_late], ids=lambda a: a.__name__
)
def test_board_is_there_at_once_and_the_dialog_soon(
    site: Site, people: Callable[..., Person], answer: Answer
) -> None:
    with site.app.app_context():
        idea_id = idea_in(site.cast, "plan")
        db.session.commit()
    sam = people(may_complain=True)
    sam.sign_in("sam.alder@larchdale.example")
    sam.htmx = answer
    late.clear()
    sam.page.goto(f"{site.url}/teams/riverside/board", wait_until="commit")
    expect(sam.page.get_by_role("heading", level=1, name="Riverside")).to_be_visible()
    # Whoever is silent or late has said nothing yet: the page did not wait for it.
    sam.wait_for_htmx()
    for route in late:
        from_the_file(route)
    asked: list[str] = []
    sam.page.on("request", lambda r: "/stage" in r.url and asked.append(r.url))
    sam.page.locator(f"#card-{idea_id}").get_by_role("link", name="Move", exact=False).click()
    expect(sam.page.get_by_role("dialog").get_by_role("heading").first).to_be_visible()
    # Had two of them heard the click, both would have asked before either was answered.
    expect(sam.page.locator("[aria-busy]")).to_have_count(0)
    assert len(asked) == 1, "one request for one click"
