"""The signed file of a shelf: made once for what it holds, however often a stranger asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from improve.library import kept_seals, service
from improve.library.models import LearningPage
from improve.library.public_pages import Shelf
from improve.library.service import exchange
from improve.shared.db import db
from tests.factories import Cast
from tests.library.published import kept_page, stopped_page
from tests.pages import Visitor

Inside = Callable[[Callable[[], Any]], Any]
ADDRESS = "/learning/larchdale-council/pages.json"


def test_it_is_signed_once_and_a_page_that_left_is_in_it_no_more(
    cast: Cast,
    visit: Callable[..., Visitor],
    inside: Inside,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_seals, "_kept", {})
    made: list[int] = []
    seal = exchange.seal

    def counted(pages: Any, **more: Any) -> Any:
        made.append(len(pages))
        return seal(pages, **more)

    monkeypatch.setattr(exchange, "seal", counted)

    def keys() -> list[str]:
        body = visit().get(ADDRESS).response.get_data(as_text=True)
        return [page["key"] for page in json.loads(body)["pages"]]

    def take_down(key: str) -> None:
        page_id = db.session.scalar(select(LearningPage.id).where(LearningPage.public_key == key))
        service.take_down(cast.actor("coach"), page_id=page_id)

    first = inside(lambda: stopped_page(cast))
    assert keys() == keys() == [first]
    assert made == [1]
    second = inside(lambda: kept_page(cast))
    assert keys() == keys() == [second, first]
    assert made == [1, 2]
    inside(lambda: take_down(first))
    assert keys() == [second]
    inside(lambda: take_down(second))
    assert keys() == []
    assert made == [1, 2, 1, 0]


def test_few_files_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[object, bytes] = {}
    monkeypatch.setattr(kept_seals, "_kept", kept)
    for number in range(10):
        shelf = Shelf("Larchdale Council", f"council-{number}", ())
        body = kept_seals.sealed_once(
            shelf, site="https://a.example", made_on=date(2026, 11, 24), public_key="k",
            make=lambda: b"made",
        )  # fmt: skip
        assert body == b"made"
    assert len(kept) == kept_seals.MOST
