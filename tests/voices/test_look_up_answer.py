"""Coming back with a receipt: the answer without a name, and nothing for whoever guesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from improve.accounts.models import AttemptCounter
from improve.accounts.queries import organisation_slugs
from improve.app import create_app
from improve.migrations import upgrade_database
from improve.shared import clock
from improve.shared.db import db
from improve.shared.rate_limits import limiter
from improve.shared.sealing import Sealer
from tests.conftest import test_settings
from tests.pages import Page, Visitor
from tests.voices.make import make_answer, make_voice
from tests.world import Cast

pytestmark = pytest.mark.usefixtures("context")

RECEIPT = "green otter lamp 4827"
UNKNOWN = "We don’t know these words."


def told(cast: Cast, answer: dict[str, Any] | None = None, **facts: Any) -> str:
    """Return the key of a voice with the receipt, answered if ``answer`` is given."""
    sealer = Sealer(current_app.config["SEALING_KEYS"], "voices")
    key = make_voice(
        cast.actor("coach").organisation_id, receipt_hash=sealer.hash(RECEIPT), **facts
    )
    if answer is not None:
        make_answer(key, by_id=cast.coach, **answer)
    db.session.commit()
    return key


def elsewhere(cast: Cast) -> str:
    """Return the slug of the other council."""
    councils = organisation_slugs()
    found = select(councils.c.slug).where(councils.c.id == cast.other_organisation)
    return str(db.session.execute(found).scalar_one())


def look_up(visitor: Visitor, typed: str = RECEIPT, path: str = "/answer") -> Page:
    return visitor.send(visitor.get(path).form(button="Read my answer"), {"words": typed})


@pytest.mark.parametrize("path", ["/answer", "/answer/larchdale-council"])
def test_an_answer_is_read(cast: Cast, visit: Callable[..., Visitor], path: str) -> None:
    told(cast, {"words": "We now ring first."}, state="answered", opened_on=clock.today())
    page = look_up(visit(), "Green-Otter  LAMP 4827", path)
    assert page.status == 200
    assert "We now ring first." in page.text
    assert "Did we get it right?" in page.text
    assert "0800" in page.text
    assert "otter" not in str(page.soup)


def test_where_it_is_before_an_answer(cast: Cast, visit: Callable[..., Visitor]) -> None:
    told(cast)
    page = look_up(visit())
    assert page.heading == "It is waiting to be read"
    assert f"by {clock.today() + timedelta(days=28):%-d %B %Y}." in page.text


def test_an_answer_that_is_owed_for_long_is_said_plainly(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast, came_on=clock.today() - timedelta(days=29))
    assert "It took us too long. We are sorry." in look_up(visit()).text


def test_somebody_has_read_it(cast: Cast, visit: Callable[..., Visitor]) -> None:
    told(cast, {"given_on": None, "words": "A draft"}, state="reading", opened_on=clock.today())
    page = look_up(visit())
    assert page.heading == "Somebody has read it"
    assert "A draft" not in page.text


@pytest.mark.parametrize("state", ["safeguarding", "allegation"])
def test_a_locked_one_says_so_and_no_more(
    cast: Cast, visit: Callable[..., Visitor], state: str
) -> None:
    told(cast, {"words": "Not to be read"}, state=state, locked_at=clock.now())
    page = look_up(visit())
    assert "It has gone to people whose job is to look into things like this." in page.text
    assert "Not to be read" not in page.text
    assert "Did we get it right?" not in page.text


def test_unknown_words_are_answered_alike(cast: Cast, visit: Callable[..., Visitor]) -> None:
    told(cast)
    visitor = visit()
    for typed in ("green otter lamp 4828", "no such thing", "green otter lamp"):
        page = look_up(visitor, typed)
        assert page.status == 422
        assert UNKNOWN in page.text
    assert UNKNOWN in look_up(visitor, RECEIPT, f"/answer/{elsewhere(cast)}").text


def test_guessing_is_slowed_and_no_try_is_kept(
    tmp_path_factory: pytest.TempPathFactory, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path_factory.mktemp("limited")
    limited = create_app(
        {**test_settings(f"sqlite:///{folder}/x.sqlite3"), "RATELIMIT_ENABLED": True}
    )
    upgrade_database(limited)
    visitor = Visitor(limited)
    try:
        tried = [look_up(visitor, "green otter lamp 0000") for _ in range(21)]
        names = [str(key) for key in limiter.storage.storage]  # type: ignore[attr-defined]
        with limited.app_context():
            kept = db.session.execute(select(func.count()).select_from(AttemptCounter)).scalar()
    finally:
        limiter.reset()
        limiter.enabled = False
        with limited.app_context():
            db.engine.dispose()
    assert [page.status for page in tried] == [422] * 20 + [429]
    assert "Wait 5 minutes and try again" in tried[-1].text
    assert kept == 0
    assert names
    assert "127.0.0.1" not in caplog.text + " ".join(names)


def test_a_receipt_under_an_earlier_key_is_found(
    cast: Cast, app: Flask, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(cast)
    keys = app.config["SEALING_KEYS"]
    monkeypatch.setitem(
        app.config, "SEALING_KEYS", ("a newer key, long and random enough to seal", *keys)
    )
    assert look_up(visit()).status == 200
