"""How fast the form may be sent: machines are slowed, a classroom is not, and no words are lost."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import limits
import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.models import Membership
from improve.shared import clock, rate_limits
from improve.shared.db import db
from improve.shared.rate_limits import limiter, nameless
from improve.voices.models import VoiceDraft
from improve.voices.queries.draft import drafts_begun_on
from tests.factories import make_cast
from tests.pages import Page, Visitor
from tests.voices.open_council import open_council

SLUG = "larchdale-council"


@pytest.fixture
def limited(limited: Flask) -> Flask:
    """The application that counts, with a form that is open."""
    with limited.app_context():
        cast = make_cast()
        db.session.commit()
    open_council(limited, cast)
    return limited


def begin(visitor: Visitor) -> Page:
    page = visitor.get(f"/say/{SLUG}")
    return visitor.send(page.form(button="Start"), button="Start")


@pytest.mark.security(17)
def test_the_eleventh_post_of_one_form_in_a_minute_keeps_its_words(limited: Flask) -> None:
    visitor = Visitor(limited)
    page = begin(visitor)
    page = visitor.send(page.form(button="Next"), {"said": "care_leaver"}, button="Next")
    form = visitor.get(f"/say/{SLUG}/happened").form(button="Next")
    for number in range(3, 11):
        answer = visitor.send(form, {"said": f"Cold {number}."}, button="Next", follow=False)
        assert answer.status == 303
    page = visitor.send(form, {"said": "It was really cold."}, button="Next")
    assert page.status == 429
    assert "Wait a minute" in page.text
    assert "It was really cold." in page.text
    assert "0800" in page.text
    # Somebody else in the same house is not slowed by it.
    assert begin(Visitor(limited)).path.endswith("/who")


def test_a_question_that_is_not_asked_any_more_is_slowed_in_words(limited: Flask) -> None:
    visitor = Visitor(limited)
    page = begin(visitor)
    page = visitor.send(page.form(button="Next"), {"said": "child"}, button="Next")
    assert page.path.endswith("/age")
    age, who = page.form(button="Next"), visitor.get(f"/say/{SLUG}/who").form(button="Next")
    for _ in range(3, 11):
        answer = visitor.send(who, {"said": "parent_or_carer"}, button="Next", follow=False)
        assert answer.status == 303
    page = visitor.send(age, {"said": "7"}, button="Next")
    assert page.status == 429
    assert "Wait a minute" in page.text
    assert "0800" in page.text


def test_a_class_of_thirty_tells_at_once(limited: Flask) -> None:
    for _ in range(30):
        with clock.moved(clock.now() - timedelta(minutes=1)):
            visitor = Visitor(limited)
            page = begin(visitor)
        assert page.path.endswith("/who")
        page = visitor.send(page.form(button="Next"), {"said": "child"}, button="Next")
        form = visitor.get(f"/say/{SLUG}/happened").form(button="Next")
        visitor.send(form, {"said": "It was nice."}, button="Next", follow=False)
        last = visitor.get(f"/say/{SLUG}/show").form(button="Send my words")
        page = visitor.send(last, {}, button="Send my words")
        assert page.heading == "Thank you. We have your words."


@pytest.mark.security(17)
def test_a_machine_that_takes_a_new_form_each_time_is_slowed(limited: Flask) -> None:
    form = Visitor(limited).get(f"/say/{SLUG}").form(button="Start")
    statuses = []
    for _ in range(61):
        visitor = Visitor(limited)
        form = visitor.get(f"/say/{SLUG}").form(button="Start")
        statuses.append(visitor.send(form, button="Start", follow=False).status)
    assert (statuses[59], statuses[60]) == (303, 429)


def test_says_to_whoever_sets_it_up_where_limits_are_weak(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    with limited.app_context():
        administrator = db.session.scalars(
            select(Membership.person_id).where(Membership.role == "administrator")
        ).first()
    visitor = Visitor(limited, administrator)
    assert "Each process counts tries by itself" in visitor.get("/admin/voices").main
    monkeypatch.setitem(limited.config, "RATELIMIT_STORAGE_URI", "redis://nowhere")
    assert "whoever runs the server" not in visitor.get("/admin/voices").main
    limiter.enabled = False
    assert "Limits on tries are off" in visitor.get("/admin/voices").main


class _Redis:
    """As much of redis as the salt needs."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def set(self, name: str, value: bytes, *, nx: bool, ex: int) -> None:
        assert ex <= timedelta(days=2).total_seconds()
        if not (nx and name in self.held):
            self.held[name] = value

    def get(self, name: str) -> bytes | None:
        return self.held.get(name)


@pytest.mark.security(17)
def test_processes_share_the_salt_of_a_day_and_forget_it(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    redis: Any = _Redis()

    def fresh_process() -> None:
        monkeypatch.setattr(rate_limits, "_salt", (clock.today() - timedelta(days=99), b""))

    with limited.app_context():
        fresh_process()
        alone = nameless("10.0.0.1")
        fresh_process()
        assert nameless("10.0.0.1") != alone
        limited.config["RATELIMIT_STORAGE_URI"] = "redis://nowhere"
        monkeypatch.setattr(
            rate_limits, "limiter", SimpleNamespace(storage=SimpleNamespace(storage=redis))
        )
        fresh_process()
        first = nameless("10.0.0.1")
        fresh_process()
        assert nameless("10.0.0.1") == first
        assert "10.0.0.1" not in first
        with clock.moved(clock.now() + timedelta(days=1)):
            assert nameless("10.0.0.1") != first
        assert len(redis.held) == 2


def tell(limited: Flask, address: str, *, council: str = SLUG) -> int:
    """Tell something from an address, as far as it is let; return the last status."""
    visitor = Visitor(limited)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    with clock.moved(clock.now() - timedelta(minutes=1)):
        page = visitor.get(f"/say/{council}")
        page = visitor.send(page.form(button="Start"), button="Start")
    if page.status != 200:
        return page.status
    page = visitor.send(page.form(button="Next"), {"said": "child"}, button="Next")
    form = visitor.get(f"/say/{council}/happened").form(button="Next")
    visitor.send(form, {"said": "It was nice."}, button="Next", follow=False)
    last = visitor.get(f"/say/{council}/show").form(button="Send my words")
    return visitor.send(last, {}, button="Send my words").status


@pytest.mark.parametrize("ceiling", ["send.CAME_MOST", "draft.BEGUN_MOST"])
def test_a_flood_closes_the_form_to_its_own_network_alone(
    limited: Flask, monkeypatch: pytest.MonkeyPatch, ceiling: str
) -> None:
    monkeypatch.setattr(f"improve.voices.service.{ceiling}", 1)
    monkeypatch.setattr(rate_limits, "_LITTLE", limits.parse("2 per day"))
    assert [tell(limited, f"10.0.0.{n}") for n in range(3)] == [200, 200, 429]
    assert tell(limited, "10.0.1.1") == 200
    # However many networks there are, the file is not filled.
    monkeypatch.setattr(f"improve.voices.service.{ceiling.replace('MOST', 'AT_ALL')}", 4)
    assert [tell(limited, f"10.0.{n}.1") for n in (2, 3)] == [200, 429]


def test_forms_begun_count_for_their_own_council(limited: Flask) -> None:
    tell(limited, "10.0.0.1")
    with limited.app_context():
        (first,) = db.session.scalars(select(VoiceDraft)).all()
        assert drafts_begun_on(first.organisation_id, clock.today()) == 1
        assert drafts_begun_on(first.organisation_id + 1, clock.today()) == 0
