"""How often one client may try what can be guessed, and how long an answer takes."""

from __future__ import annotations

import statistics
import time
from typing import Any

import pytest
from flask import Flask

from improve.accounts import passwords
from improve.accounts.oidc import provider_calls
from improve.accounts.oidc.provider import Provider
from improve.accounts.service.links import INVITATION, RESET, make_link
from improve.shared.db import db
from improve.shared.rate_limits import client_address, limiter
from tests.factories import PASSWORD, make_organisation, make_person
from tests.pages import Page, Visitor


def guess(visitor: Visitor, number: int) -> Page:
    form = visitor.get("/sign-in").form("/sign-in")
    return visitor.send(form, {"email": f"nobody{number}@a.example", "password": "x"})


@pytest.mark.security(40)
def test_many_tries_of_one_client_meet_a_plain_page(limited: Flask) -> None:
    visitor = Visitor(limited)
    statuses = [guess(visitor, number).status for number in range(31)]
    assert set(statuses[:20]) == {422}
    page = guess(visitor, 99)
    assert (page.status, page.heading) == (429, "Wait a little")


@pytest.mark.security(40)
def test_what_counts_tries_holds_no_address(limited: Flask) -> None:
    visitor = Visitor(limited)
    visitor.client.environ_base["REMOTE_ADDR"] = "203.0.113.77"
    guess(visitor, 1)
    storage: Any = limiter.storage
    kept = [*storage.storage, *getattr(storage, "events", {})]
    assert kept, "the test must see what is counted"
    assert not [key for key in kept if "203.0.113" in key]


def test_colleagues_behind_one_address_are_not_counted_when_they_get_in(limited: Flask) -> None:
    with limited.app_context():
        make_person(make_organisation("Alder"), email="a@alder.example", password=PASSWORD)
        db.session.commit()
    for _ in range(40):
        visitor = Visitor(limited)
        form = visitor.get("/sign-in").form("/sign-in")
        answer = visitor.send(
            form, {"email": "a@alder.example", "password": PASSWORD}, follow=False
        )
        assert answer.status == 303


@pytest.mark.security(40)
def test_an_office_behind_one_address_comes_in_by_its_links_and_its_own_sign_in(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At nine o'clock forty colleagues begin at once: what works counts against nobody."""
    with limited.app_context():
        council = make_organisation("Alder")
        person = make_person(council, email="a@alder.example")
        links = [
            f"/{way}/{make_link(organisation_id=council, person_id=person, kind=kind).token}"
            for way, kind in (("invitation", INVITATION), ("reset-password", RESET))
        ]
        db.session.commit()
    there = "https://sign-in.example/authorize"
    monkeypatch.setattr(provider_calls, "start_address", lambda *_a, **_f: there)
    monkeypatch.setattr(provider_calls, "end_address", lambda *_a: there)
    provider = Provider(issuer="https://sign-in.example", client_id="i", client_secret="s")
    monkeypatch.setitem(limited.config, "OIDC_PROVIDERS", (provider,))
    ours = (f"/sign-in/{provider.place}/start", f"/signed-out/{provider.place}/everywhere")
    for path in (*links, *ours):
        statuses = {limited.test_client().get(path).status_code for _ in range(40)}
        assert statuses <= {200, 303}, path


def test_one_time_links_cannot_be_guessed_at_speed(limited: Flask) -> None:
    visitor = Visitor(limited)
    statuses = {visitor.get(f"/invitation/{number:032}").status for number in range(31)}
    assert statuses == {404, 429}


def test_known_and_unknown_accounts_take_the_same_time() -> None:
    passwords.configure(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    try:
        kept = passwords.hash_password(PASSWORD)
        assert "m=19456,t=2,p=1" in kept

        def work(hash_kept: str | None) -> float:
            # What this process does: what others do beside it is no difference between accounts.
            start = time.process_time()
            passwords.is_right(hash_kept, "not the right one at all")
            return time.process_time() - start

        passwords.is_right(None, "warm")
        # In turns, so that a slow moment of the machine falls on both.
        known, unknown = (
            statistics.median(took)
            for took in zip(*((work(kept), work(None)) for _ in range(15)), strict=True)
        )
        assert abs(known - unknown) < known / 2
    finally:
        passwords.configure(time_cost=1, memory_cost=64, parallelism=1)


@pytest.mark.security(39)
def test_production_hashes_cost_enough_and_are_renewed() -> None:
    from config import read_settings

    cost = read_settings({"IMPROVE_ENV": "development"})["ARGON2"]
    assert cost["memory_cost"] >= 19 * 1024
    assert cost["time_cost"] >= 2
    cheap = passwords.hash_password(PASSWORD)
    passwords.configure(time_cost=2, memory_cost=128, parallelism=1)
    try:
        assert passwords.needs_renewal(cheap)
        assert passwords.is_right(cheap, PASSWORD)
    finally:
        passwords.configure(time_cost=1, memory_cost=64, parallelism=1)


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::"),
        ("2001:db8:1:3::1", "2001:db8:1:3::"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.7"),
        ("a socket", "a socket"),
    ],
)
def test_all_addresses_of_one_place_count_as_one(told: str, counted: str) -> None:
    with Flask("x").test_request_context(environ_base={"REMOTE_ADDR": told}):
        assert client_address() == counted
