"""How fast a report may be written, and what its pages cost: machines are slowed, no words are lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from improve.shared.db import db
from improve.shared.rate_limits import limiter
from tests.factories import Cast as MadeCast
from tests.factories import make_cast
from tests.incidents.open_council import open_council
from tests.pages import Page, Visitor
from tests.statements import Watch
from tests.world import Cast

INSIDE = "/reports/tell"
LINK = "/report/larchdale-council"


@pytest.fixture
def people(limited: Flask) -> MadeCast:
    """Those of an application that counts, with a form that is open."""
    with limited.app_context():
        cast = make_cast()
        db.session.commit()
    open_council(limited, cast)
    return cast


def begin(visitor: Visitor, door: str) -> Page:
    page = visitor.get(door)
    return visitor.send(page.form(button="Start"), button="Start")


@pytest.mark.security(17)
@pytest.mark.parametrize("door", [INSIDE, LINK])
def test_the_twenty_first_post_of_one_report_in_a_minute_keeps_its_words(
    door: str, limited: Flask, people: MadeCast
) -> None:
    visitor = Visitor(limited, people.practitioner if door == INSIDE else None)
    page = begin(visitor, door)
    for _ in range(2):
        page = visitor.send(page.form(button="Next"), _first(page), button="Next")
    form = page.form(button="Next")
    # From inside the first one is not of the form yet: its token came with the answer.
    for number in range(4, 22 if door == INSIDE else 21):
        answer = visitor.send(form, {"words": f"Lost {number}."}, button="Next", follow=False)
        assert answer.status == 303
    page = visitor.send(form, {"words": "The plan was lost."}, button="Next")
    assert page.status == 429
    assert "Wait a minute" in page.text
    assert "The plan was lost." in page.text
    # Nobody else is slowed by it.
    assert begin(Visitor(limited, people.colleague), INSIDE).path.endswith("/safe")


@pytest.mark.security(17, 61)
def test_nothing_that_is_counted_leads_to_anybody(limited: Flask, people: MadeCast) -> None:
    visitor = Visitor(limited, people.practitioner)
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    page = begin(visitor, INSIDE)
    visitor.send(page.form(button="Next"), _first(page), button="Next")
    storage: Any = limiter.storage
    kept = [*storage.storage, *getattr(storage, "events", {})]
    assert kept, "the test must see what is counted"
    assert not [key for key in kept if "203.0.113" in key]
    # All of it is named by hashes of the day: no account, no session.
    assert all(any(len(part) == 64 for part in key.split("/")) for key in kept)


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_each_page_costs_no_more_than_eight_statements(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], statements: Watch
) -> None:
    made = open_council(app, cast)
    visitor = visit(cast.practitioner)
    told = (
        {"choice": "yes"}, {"choice": "near_miss"}, {"words": "Lost."}, {"ticks": ["F07"]},
        {"words": "A call."}, {"choice": str(made.group)},
    )  # fmt: skip
    # Inside: the other door asks the same, and nothing of who is signed in.
    page = begin(visitor, INSIDE)
    for said in told:
        page = visitor.send(page.form(button="Next"), said, button="Next")
    for tail in ("", "/happened", "/factors", "/group", "/not-readers", "/check", "/ring-now",
                 "/read-again", "/no-reader", "/thanks", "/other-routes"):  # fmt: skip
        with statements() as seen:
            assert visitor.get(f"{INSIDE}{tail}").status == 200
        assert len(seen) <= 8, (tail, seen)


def _first(page: Page) -> dict[str, Any]:
    """Return the first choice on a page."""
    return {"choice": page.soup.select_one('input[type="radio"]')["value"]}  # type: ignore[index]
