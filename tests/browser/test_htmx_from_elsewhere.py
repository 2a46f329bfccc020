"""htmx comes from a content network that may answer, fail, stay silent, lie or be late.

The page must be there at once in every case, and the move dialog must work soon after.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Route

from improve.shared.db import db
from tests.browser.conftest import HTMX_FILE, Answer, Person, Site, from_the_file
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
    """Answers after the local copy was fetched."""
    time.sleep(2)
    route.fulfill(
        body=HTMX_FILE.read_bytes(), content_type="application/javascript",
        headers={"Access-Control-Allow-Origin": "*"},
    )  # fmt: skip


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
    before = time.monotonic()
    sam.page.goto(f"{site.url}/teams/riverside/board", wait_until="commit")
    sam.page.get_by_role("heading", level=1, name="Riverside").wait_for()
    assert time.monotonic() - before < 3
    sam.wait_for_htmx()
    asked: list[str] = []
    sam.page.on("request", lambda r: "/stage" in r.url and asked.append(r.url))
    sam.page.locator(f"#card-{idea_id}").get_by_role("link", name="Move", exact=False).click()
    sam.page.get_by_role("dialog").get_by_role("heading").first.wait_for()
    sam.page.wait_for_timeout(300)
    assert len(asked) == 1, "one request for one click"
