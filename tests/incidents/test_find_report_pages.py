"""Every page about reports leads to the others, each person to those that they may open."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from tests.factories import Cast
from tests.incidents.desk import council
from tests.pages import Visitor

Visit = Callable[..., Visitor]
PAGES = {
    "Desk": "/reports/desk",
    "What we learned": "/reports",
    "Monthly notes": "/reports/notes",
    "Patterns": "/reports/patterns",
    "Disclosures": "/reports/disclosures",
    "Hidden words": "/reports/hidden",
}


def tabs(visitor: Visitor, path: str) -> dict[str, str]:
    """Return the addresses of the row of pages, and check which of them is the one that is open."""
    page = visitor.get(path)
    assert page.status == 200
    links = page.soup.select('nav[aria-label="About reports"] a')
    (here,) = [link for link in links if link.get("aria-current") == "page"]
    assert here["href"] == path
    return {link.get_text(strip=True): str(link["href"]) for link in links}


def test_a_reviewer_finds_each_page_from_each(app: Flask, cast: Cast, visit: Visit) -> None:
    reviewer = visit(council(app, cast).reviewers[0])
    for path in PAGES.values():
        assert tabs(reviewer, path) == PAGES
    write = reviewer.get("/reports/notes").links("Write a note")
    assert reviewer.get(str(write[0]["href"])).links("Disclosures")


def test_nobody_else_is_led_to_what_they_may_not_open(cast: Cast, visit: Visit) -> None:
    staff = {name: PAGES[name] for name in ("What we learned", "Monthly notes")}
    assert tabs(visit(cast.practitioner), "/reports") == staff
    leader = tabs(visit(cast.leader), "/reports/notes")
    assert leader == {**staff, "Patterns": PAGES["Patterns"]}
