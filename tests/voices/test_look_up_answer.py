"""Coming back with a receipt: the answer without a name, and nothing for whoever guesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import limits
import pytest
from flask import Flask, current_app
from sqlalchemy import func, select

from improve.accounts.models import AttemptCounter
from improve.accounts.queries import organisation_slugs
from improve.shared import clock, rate_limits
from improve.shared.db import db
from improve.shared.rate_limits import limiter
from improve.shared.sealing import Sealer
from improve.voices.queries.wording import catalogue
from improve.voices.service.languages import turn_on
from tests.pages import Page, Visitor
from tests.voices.make import make_answer, make_voice
from tests.world import Cast

pytestmark = pytest.mark.usefixtures("context")

RECEIPT = "green otter lamp 4827"
UNKNOWN = "We don’t know this code."


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
    return visitor.send(visitor.get(path).form(button="Read my answer"), {"code": typed})


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


def guess(limited: Flask, address: str) -> int:
    """Type words that are no receipt, from an address; return the status."""
    visitor = Visitor(limited)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return look_up(visitor, "green otter lamp 0000").status


def test_guessing_is_slowed_and_no_try_is_kept(
    limited: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    visitor = Visitor(limited)
    tried = [look_up(visitor, "green otter lamp 0000") for _ in range(21)]
    names = [str(key) for key in limiter.storage.storage]  # type: ignore[attr-defined]
    with limited.app_context():
        kept = db.session.execute(select(func.count()).select_from(AttemptCounter)).scalar()
    assert [page.status for page in tried] == [422] * 20 + [429]
    assert "Wait 5 minutes and try again" in tried[-1].text
    assert kept == 0
    assert names
    assert "127.0.0.1" not in caplog.text + " ".join(names)


def test_whoever_is_slowed_keeps_what_they_wrote(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(limited)
    token = dict(visitor.get("/answer").form(button="Read my answer").values)["csrf_token"]
    monkeypatch.setattr(limiter.limiter, "hit", lambda *_args, **_named: False)
    slowed = visitor.post("/answer/right", {"csrf_token": token, "more": "They did not ring."})
    assert slowed.status == 429
    assert "Wait a minute, then type your code again." in slowed.text
    assert "They did not ring." in str(slowed.soup)


def test_one_network_is_slowed_as_one(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "WRONG_WORDS_OF_NETWORK", "6 per 5 minutes")
    places = [f"2001:db8:7:{number}::1" for number in range(7)]
    assert [guess(limited, place) for place in places] == [422] * 6 + [429]
    assert guess(limited, "2001:db8:8::1") == 422
    assert [guess(limited, f"192.0.2.{n}") for n in range(7)] == [422] * 6 + [429]
    assert guess(limited, "192.0.3.1") == 422


def test_many_guesses_from_everywhere_slow_everybody_and_shut_nobody_out(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "_MANY_WRONG_WORDS", limits.parse("12 per hour"))
    assert [guess(limited, f"10.{number}.0.1") for number in range(12)] == [422] * 12
    # Whoever has mistyped it is not refused: the page answers, for some tries each.
    tried = [guess(limited, "198.51.100.7") for _ in range(6)]
    assert tried == [422] * 5 + [429]
    assert guess(limited, "203.0.113.9") == 422


def test_a_receipt_under_an_earlier_key_is_found(
    cast: Cast, app: Flask, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    told(cast)
    keys = app.config["SEALING_KEYS"]
    monkeypatch.setitem(
        app.config, "SEALING_KEYS", ("a newer key, long and random enough to seal", *keys)
    )
    assert look_up(visit()).status == 200


def speaks(cast: Cast, language: str) -> None:
    """Let somebody have checked a language of the form."""
    turn_on(
        cast.actor("administrator"),
        language=language,
        checked_by="A reader of it",
        checked_on=clock.today(),
    )
    db.session.commit()


def test_an_answer_is_read_in_the_language_it_was_told_in(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast, {"words": "We ring first."}, state="answered", language="pl")
    speaks(cast, "pl")
    visitor = visit()
    page = look_up(visitor)
    assert str(page.soup.html["lang"]) == "pl"
    assert page.heading == catalogue("pl")["all.answer.given"]
    # The answer itself was given in English, and says so of itself.
    assert catalogue("pl")["all.answer.english_only"] in page.text
    english = page.soup.find("p", string="We ring first.")
    assert english is not None
    assert english["lang"] == "en"
    form = page.form(button=catalogue("pl")["all.answer.send"])
    after = visitor.send(form, {"said": None})
    assert catalogue("pl")["all.answer.error_right"] in after.text


def test_a_language_that_nobody_checked_is_not_shown(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast, state="answered", language="pl")
    page = look_up(visit(), path="/answer/larchdale-council?language=ur")
    assert page.heading == "Somebody has read it"
    assert str(page.soup.html["lang"]) == "en-GB"


def test_the_code_is_asked_for_in_the_language_somebody_came_with(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast)
    speaks(cast, "ur")
    visitor = visit()
    page = visitor.get("/answer/larchdale-council?language=ur")
    assert str(page.soup.html["dir"]) == "rtl"
    form = page.form(button=catalogue("ur")["all.answer.read"])
    refused = visitor.send(form, {"code": "green otter lamp 4828"})
    assert catalogue("ur")["all.answer.error_unknown"] in refused.text
    found = visitor.send(refused.form(button=catalogue("ur")["all.answer.read"]), {"code": RECEIPT})
    assert found.heading == catalogue("ur")["all.answer.waiting"]
    assert (
        visitor.get("/changed/larchdale-council?language=ur").heading
        == (catalogue("ur")["all.changed"])
    )
