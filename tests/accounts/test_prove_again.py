"""Somebody without a password proves once more that it is them, at their council's own sign-in."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from improve.accounts import service
from improve.accounts.oidc.id_token import read_claims
from improve.accounts.oidc.provider import BY_RETURN, Provider
from improve.accounts.oidc.provider_calls import start_address
from improve.accounts.oidc.sign_in_state import begin
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import clock_time
from tests.accounts.own_issuer import CLIENT, Issuer
from tests.accounts.phones import Visit
from tests.accounts.test_sign_in_by_council import (
    COUNCIL,
    ONE_ENGINE,
    come_back,
    given,
    issuer,
    priya,
    rows,
    sign_in,
    way,
)
from tests.conftest import NOW
from tests.factories import Cast
from tests.pages import Page, Visitor

__all__ = ["issuer", "priya"]

DETAILS = "/me/details"
NEW = {"email": "new@larchdale.example"}
PROVE = "Prove that it is you"


@pytest.fixture
def known(visit: Visit, issuer: Issuer, priya: int) -> Visitor:
    """Priya, who came in by a click: she signed in to the provider this morning."""
    issuer.signed_in_at = NOW - timedelta(hours=3)
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    return visitor


def prove(visitor: Visitor, issuer: Issuer, page: Page) -> Page:
    """Press the link on a page, sign in there anew, and come back."""
    link = next(a for a in page.soup.find_all("a") if PROVE in a.get_text())
    answer = visitor.client.get(str(link["href"]))
    assert answer.status_code == 303
    return come_back(visitor, issuer, str(answer.headers["Location"]))


def asked(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


@contextmanager
def later(minutes: int) -> Iterator[None]:
    with clock.moved(NOW + timedelta(minutes=minutes)):
        yield


@pytest.mark.security(37)
def test_coming_in_by_a_click_is_no_proof_and_signing_in_anew_is_one(
    app: Flask, known: Visitor, issuer: Issuer, priya: int
) -> None:
    page = known.get(DETAILS)
    assert not page.soup.select("main input[type=password]")
    refused = known.send(page.form(DETAILS), {**NEW, "name": "Priya Ash"})
    assert (refused.status, refused.errors) == (
        422,
        ["Prove first that it is you, with your council account. What you typed stays here."],
    )
    assert "Priya Ash" in str(refused.form(DETAILS).values)
    old = known.client.get_cookie("improve")
    answer = prove(known, issuer, page)
    assert (answer.status, answer.response.headers["Location"]) == (303, DETAILS)
    new = known.client.get_cookie("improve")
    assert old is not None
    assert new is not None
    assert old.value != new.value, "a new id"
    until = clock_time(NOW + timedelta(minutes=10))
    assert f"It counts until {until}" in known.get(DETAILS).main
    with later(11):
        assert known.send(refused.form(DETAILS), NEW).status == 422, "ten minutes, and no more"
    with later(9):
        assert known.send(refused.form(DETAILS), NEW, follow=False).status == 303
    acts = rows(app, f"SELECT action FROM audit_entries WHERE actor_id = {priya}")
    assert acts.count(("proved_again",)) == 1


def test_what_was_typed_waits_while_the_proof_is_given_in_another_window(
    known: Visitor, issuer: Issuer
) -> None:
    refused = known.send(known.get(DETAILS).form(DETAILS), {**NEW, "job_title": "On duty"})
    link = next(a for a in refused.soup.find_all("a") if PROVE in a.get_text())
    assert (link["target"], link["rel"]) == ("_blank", ["opener"])
    assert known.get("/me/proved").heading == "It is not proved yet"
    answer = prove(known, issuer, refused)
    told = known.get(answer.response.headers["Location"])
    assert told.heading == "It is you"
    done = known.send(refused.form(DETAILS), follow=False)
    assert (done.status, done.response.headers["Location"][:3]) == (303, "/me")


@pytest.mark.security(37)
def test_a_provider_that_asks_nobody_anew_proves_nothing(known: Visitor, issuer: Issuer) -> None:
    issuer.asks_anew = False
    page = known.get(DETAILS)
    answer = prove(known, issuer, page)
    assert (answer.status, answer.heading) == (403, "It is not proved yet")
    then = f"it says that you signed in there today {clock_time(NOW - timedelta(hours=3))}"
    assert then in answer.main.replace("\u00a0", " ")
    assert way(answer, "Back") == DETAILS
    assert known.send(page.form(DETAILS), NEW).status == 422
    # Whoever signed in there a moment ago has proved themselves, whichever way it came.
    issuer.signed_in_at = NOW - timedelta(minutes=4)
    assert prove(known, issuer, page).status == 303
    with later(7):
        assert known.send(page.form(DETAILS), NEW).status == 422, "ten minutes from that moment"
    with later(5):
        assert known.send(page.form(DETAILS), NEW, follow=False).status == 303


@pytest.mark.security(37)
def test_a_provider_that_never_says_when_counts_only_where_the_setting_says_so(
    app: Flask, known: Visitor, issuer: Issuer
) -> None:
    issuer.says_when = ()
    page = known.get(DETAILS)
    answer = prove(known, issuer, page)
    assert (answer.status, answer.heading) == (403, "It is not proved yet")
    assert "auth_time" in answer.main
    assert "OIDC_PROOF" in answer.main
    assert known.send(page.form(DETAILS), NEW).status == 422
    given(app, issuer.provider(council=COUNCIL, proof=BY_RETURN))
    assert prove(known, issuer, page).status == 303
    assert known.send(page.form(DETAILS), NEW, follow=False).status == 303
    # Even then, a time that it does say is believed.
    issuer.says_when, issuer.asks_anew = ("max_age",), False
    issuer.signed_in_at = NOW - timedelta(hours=1)
    assert prove(known, issuer, page).status == 403


@pytest.mark.security(37)
def test_somebody_elses_council_account_proves_nothing(known: Visitor, issuer: Issuer) -> None:
    issuer.person |= {"sub": "s-2", "email": "robin@larchdale.example"}
    page = known.get(DETAILS)
    answer = prove(known, issuer, page)
    assert (answer.status, answer.heading) == (403, "That was another account")
    assert known.send(page.form(DETAILS), NEW).status == 422
    assert known.get("/me/devices").status == 200, "still signed in"


@pytest.mark.parametrize("error", ["login_required", "access_denied", "invalid_request"])
def test_a_provider_that_refuses_leads_back(known: Visitor, issuer: Issuer, error: str) -> None:
    issuer.refuses = error
    page = known.get(DETAILS)
    link = next(a for a in page.soup.find_all("a") if PROVE in a.get_text())
    there = known.client.get(str(link["href"])).headers["Location"]
    back = known.get(issuer.approve(there).removeprefix("http://localhost"))
    assert back.heading == "Nothing was changed"
    assert "You stay signed in here." in back.main
    assert way(back, "Back") == DETAILS


def test_a_provider_that_does_not_answer_leads_back(known: Visitor, issuer: Issuer) -> None:
    from improve.accounts.oidc import provider_calls

    provider_calls.forget()
    issuer.discovery = {"issuer": "https://other.example"}
    link = next(a for a in known.get(DETAILS).soup.find_all("a") if PROVE in a.get_text())
    page = known.get(str(link["href"]))
    assert (page.status, way(page, "Back")) == (503, DETAILS)
    assert "You stay signed in, and nothing was changed." in page.main


@pytest.mark.security(48, 50)
def test_what_the_directory_says_then_counts_at_once(
    app: Flask, cast: Cast, known: Visitor, issuer: Issuer
) -> None:
    with app.app_context():
        service.add_group_role(
            cast.actor("administrator"),
            group="coaches",
            label="",
            role=Role.COACH,
            team_id=None,
            service_id=None,
        )
        db.session.commit()
    issuer.person["groups"] = ["coaches"]
    assert prove(known, issuer, known.get(DETAILS)).status == 303
    assert known.get(DETAILS).heading == "Sign in", "other rights: they sign in again"


@pytest.mark.security(37)
def test_a_session_that_ended_meanwhile_proves_nothing(
    app: Flask, cast: Cast, known: Visitor, issuer: Issuer, priya: int
) -> None:
    page = known.get(DETAILS)
    link = next(a for a in page.soup.find_all("a") if PROVE in a.get_text())
    there = known.client.get(str(link["href"])).headers["Location"]

    def sign_out() -> None:
        with app.app_context():
            service.end_sessions_of(cast.actor("administrator"), person_id=priya)
            db.session.commit()

    issuer.meanwhile = sign_out
    answer = come_back(known, issuer, there)
    assert (answer.status, answer.heading) == (400, "Begin again")
    assert rows(app, "SELECT count(*) FROM audit_entries WHERE action = 'proved_again'") == [(0,)]


def test_where_the_settings_name_no_sign_in_the_page_says_whom_to_ask(
    app: Flask, known: Visitor
) -> None:
    given(app)
    page = known.get(DETAILS)
    assert "is not set up: ask whoever runs this site" in page.main
    assert known.get("/me/prove-again?next=/me/details").heading == "My name and address"


@pytest.mark.security(37)
@ONE_ENGINE
def test_each_provider_is_asked_for_what_it_knows(app: Flask, issuer: Issuer) -> None:
    own = issuer.provider(council=COUNCIL)
    google = Provider(
        issuer=own.issuer,
        client_id=CLIENT,
        client_secret="s",
        takes_plain_http=True,
        is_google=True,
    )
    plain, joins = begin("x", at=NOW), begin("x", at=NOW, joins_id=1)
    proves = begin("x", at=NOW, proves_id=1)

    def told(provider: Provider, begun: object) -> dict[str, str]:
        address = start_address(provider, begun, state="s", redirect_uri="r")  # type: ignore[arg-type]
        return {k: v for k, v in asked(address).items() if k in {"prompt", "max_age", "claims"}}

    assert told(own, plain) == {}
    assert told(own, joins) == {"prompt": "select_account"}
    assert told(own, proves) == {"prompt": "login", "max_age": "0"}
    by_google = told(google, proves)
    assert by_google.pop("prompt") == "select_account"
    assert json.loads(by_google.pop("claims")) == {"id_token": {"auth_time": {"essential": True}}}
    assert by_google == {}


@ONE_ENGINE
@pytest.mark.parametrize(
    ("told", "seconds_ago"),
    [
        (0, 0),
        (60, 60),
        (-100, 0),
        (-121, None),
        ("1", None),
        (True, None),
        (None, None),
        # Milliseconds, as some have sent it.
        (NOW.timestamp() * 1000, None),
        (float("nan"), None),
    ],
)
def test_a_time_that_is_none_says_nothing(
    app: Flask, issuer: Issuer, told: object, seconds_ago: int | None
) -> None:
    now = NOW.timestamp()
    is_offset = isinstance(told, int) and not isinstance(told, bool)
    claims = {
        "iss": issuer.address,
        "aud": CLIENT,
        "sub": "s",
        "nonce": "n",
        "iat": now,
        "exp": now + 60,
        "auth_time": now - told if is_offset else told,  # type: ignore[operator]
    }
    known = read_claims(claims, provider=issuer.provider(), nonce="n", access_token="", at=NOW)
    expected = None if seconds_ago is None else NOW - timedelta(seconds=seconds_ago)
    assert known.proved_at == expected
