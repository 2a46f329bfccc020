"""An error on a page for families: the numbers, the way out, and nothing for staff."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.voices.routes import at_form
from tests.pages import Page, Visitor
from tests.world import Cast

SLUG = "larchdale-council"


def _is_for_families(page: Page) -> None:
    assert "0800 1111" in page.text
    assert page.soup.select_one('a[data-leave][href$="/leave"]')
    assert "sign-in" not in page.response.get_data(as_text=True)
    assert page.response.headers["Referrer-Policy"] == "no-referrer"
    assert page.response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("get /say/nowhere", 404),
        (f"get /say/{SLUG}/nothing", 404),
        ("get /say/once/nothing", 404),
        ("get /answer/nowhere", 404),
        ("get /changed/nowhere", 404),
        ("get /say/%00", 404),
        ("get /answer/right", 404),
        (f"put /say/{SLUG}", 405),
        (f"post /changed/{SLUG}", 405),
        (f"post /say/{SLUG}", 400),
        ("post /answer", 400),
    ],
)
def test_the_numbers_and_the_way_out_stay(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], asked: str, status: int
) -> None:
    method, path = asked.split()
    page = Page(getattr(visit().client, method)(path), path)
    assert page.status == status
    _is_for_families(page)


@pytest.mark.parametrize(
    ("path", "is_found"),
    [(f"/say/{SLUG}", False), ("/answer", False), (f"/changed/{SLUG}", True)],
)
def test_a_search_finds_what_changed_and_no_form(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], path: str, is_found: bool
) -> None:
    asked = visit().get(path).response.headers.get("X-Robots-Tag", "")
    assert ("noindex" not in asked) is is_found


def test_what_is_too_large_is_said_plainly(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    answer = visit().client.post(f"/say/{SLUG}", data=b"x" * 20_000_000)
    page = Page(answer, f"/say/{SLUG}")
    assert (page.status, page.heading) == (413, "This is too long")
    _is_for_families(page)


def test_a_fault_of_ours_is_no_fault_of_theirs(
    app: Flask, cast: Cast, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_facts: object) -> None:
        raise OSError("the disk at /var/lib says no")

    monkeypatch.setattr(at_form, "place_of", broken)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    page = Page(visit().client.get(f"/say/{SLUG}"), f"/say/{SLUG}")
    assert (page.status, page.heading) == (500, "Something went wrong")
    assert "/var/lib" not in page.text
    _is_for_families(page)
