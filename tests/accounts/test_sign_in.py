"""Signing in and out: the right password, wrong ones, waiting, where one is led."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import passwords, service
from improve.shared import clock
from improve.shared.db import db
from tests.at_once import all_at_once
from tests.conftest import NOW
from tests.factories import (
    PASSWORD,
    Cast,
    count_wrong_tries,
    make_organisation,
    make_person,
    make_team,
)
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
EMAIL = "kofi.larkswood@larchdale.example"


@pytest.fixture
def kofi(app: Flask) -> int:
    """A practitioner with a password."""
    with app.app_context():
        organisation = make_organisation("Alder Council")
        person = make_person(
            organisation,
            name="Kofi Larkswood",
            email=EMAIL,
            team_id=make_team(organisation, "Riverside"),
            password=PASSWORD,
        )
        db.session.commit()
    return person


def try_to_sign_in(
    visitor: Visitor,
    email: str = EMAIL,
    password: str = PASSWORD,
    *,
    next_page: str = "",
    **more: object,
) -> Page:
    page = visitor.get(f"/sign-in?next={next_page}" if next_page else "/sign-in")
    form = page.form("/sign-in")
    return visitor.send(form, {"email": email, "password": password, **more}, follow=False)


def is_signed_in(visitor: Visitor) -> bool:
    return visitor.client.get("/me/devices").status_code == 200


def test_the_right_password_opens_a_session(visit: Visit, kofi: int) -> None:
    visitor = visit()
    assert not is_signed_in(visitor)
    assert try_to_sign_in(visitor).status == 303
    assert is_signed_in(visitor)


def test_the_address_may_be_written_in_capitals(visit: Visit, kofi: int) -> None:
    assert try_to_sign_in(visit(), f" {EMAIL.upper()} ").status == 303


def test_an_empty_form_says_what_is_missing(visit: Visit) -> None:
    page = try_to_sign_in(visit(), "", "")
    assert page.status == 422
    assert page.errors == ["Write your e-mail address.", "Write your password."]
    assert page.error_for("email") == "Error: Write your e-mail address."


@pytest.mark.security(41)
def test_wrong_unknown_closed_and_passwordless_read_the_same(
    app: Flask, visit: Visit, kofi: int, cast: Cast
) -> None:
    with app.app_context():
        closed = make_person(cast.organisation, email="closed@larchdale.example", password=PASSWORD)
        service.disable_person(cast.actor("administrator"), person_id=closed)
        db.session.commit()
    answers = {
        (page.status, page.main.replace(email, "…"), tuple(page.errors))
        for email, password in (
            (EMAIL, "not the right one at all"),
            ("nobody@larchdale.example", PASSWORD),
            ("closed@larchdale.example", PASSWORD),
            ("amina.birch@larchdale.example", PASSWORD),  # invited, no password yet
        )
        for page in [try_to_sign_in(visit(), email, password)]
    }
    assert len(answers) == 1
    status, _, errors = answers.pop()
    assert status == 422
    assert errors == ("The e-mail or the password is not right. Check both and try again.",)


@pytest.mark.security(41)
@pytest.mark.usefixtures("kofi")
def test_every_try_hashes_once_so_that_all_take_the_same_time(
    visit: Visit, monkeypatch: pytest.MonkeyPatch
) -> None:
    passwords.is_right(None, "warm")
    verified: list[str] = []
    real = passwords._hasher.verify

    class Counting:
        def __getattr__(self, name: str) -> object:
            return getattr(hasher, name)

        def verify(self, kept: str, given: str) -> bool:
            verified.append(kept)
            return real(kept, given)

    hasher = passwords._hasher
    monkeypatch.setattr(passwords, "_hasher", Counting())
    for email in (EMAIL, "nobody@larchdale.example"):
        try_to_sign_in(visit(), email, "not the right one at all")
    assert len(verified) == 2


@pytest.mark.security(40)
def test_wrong_tries_make_the_wait_grow_and_it_ends(visit: Visit, kofi: int) -> None:
    visitor = visit()
    for _ in range(3):
        assert try_to_sign_in(visitor, password="wrong wrong wrong").status == 422
    page = try_to_sign_in(visitor)
    assert (page.status, page.errors) == (429, ["Wait 2 seconds and try again."])
    with clock.moved(NOW + timedelta(seconds=3)):
        assert try_to_sign_in(visitor, password="wrong wrong wrong").status == 422
        assert try_to_sign_in(visitor).errors == ["Wait 4 seconds and try again."]
    with clock.moved(NOW + timedelta(seconds=8)):
        assert try_to_sign_in(visitor).status == 303


@pytest.mark.security(40)
def test_passwords_sent_side_by_side_get_no_more_tries_than_one_after_the_other(
    app: Flask, visit: Visit, kofi: int
) -> None:
    """Eight windows at once, after three wrong passwords: one is looked at."""
    for _ in range(3):
        assert try_to_sign_in(visit(), password="wrong wrong wrong").status == 422
    windows = [visit() for _ in range(8)]
    tokens = [dict(one.get("/sign-in").form("/sign-in").values)["csrf_token"] for one in windows]

    def send(visitor: Visitor, token: str) -> int:
        data = {"csrf_token": token, "email": EMAIL, "password": "wrong wrong wrong"}
        return visitor.client.post("/sign-in", data=data).status_code

    with clock.moved(NOW + timedelta(seconds=3)):
        both = zip(windows, tokens, strict=True)
        statuses = all_at_once([partial(send, one, token) for one, token in both])
    assert sorted(statuses) == [422] + [429] * 7


@pytest.mark.security(40)
def test_the_wait_is_never_longer_than_a_quarter_of_an_hour(context: Flask) -> None:
    count_wrong_tries("s", EMAIL, "192.0.2.1", 30)
    wait = partial(service.claim_attempt, secret="s")
    assert wait(email=EMAIL, client="elsewhere") == 900
    # A client is many people: they wait a minute at most, whoever they are.
    assert wait(email="other@a.example", client="192.0.2.1") == 60
    with clock.moved(NOW + timedelta(days=1, minutes=1)):
        assert wait(email=EMAIL, client="192.0.2.1") == 0
        assert wait(email=EMAIL, client="192.0.2.1") == 0


@pytest.mark.security(40)
def test_somebody_else_waits_not_for_my_wrong_tries(visit: Visit, kofi: int, app: Flask) -> None:
    with app.app_context():
        count_wrong_tries(app.config["SECRET_KEY"], "other@a.example", "127.0.0.1", 6)
    assert try_to_sign_in(visit()).status == 303


@pytest.mark.security(40)
def test_wrong_tries_end_no_session(visit: Visit, kofi: int) -> None:
    inside = visit(kofi)
    for _ in range(5):
        try_to_sign_in(visit(), password="wrong wrong wrong")
    assert is_signed_in(inside)


def test_no_address_is_kept_with_the_count(context: Flask) -> None:
    service.claim_attempt(secret="s", email=EMAIL, client="192.0.2.1")
    rows = db.session.execute(text("SELECT key FROM attempt_counters")).scalars().all()
    assert len(rows) == 2
    assert all(len(key) == 64 and "@" not in key for key in rows)


@pytest.mark.security(47, 48)
def test_signing_in_gives_a_new_id_and_a_new_token(app: Flask, visit: Visit, kofi: int) -> None:
    visitor = visit()
    before = visitor.csrf_token()
    cookie = visitor.client.get_cookie("improve")
    try_to_sign_in(visitor)
    after = visitor.client.get_cookie("improve")
    assert cookie is not None
    assert after is not None
    assert after.value != cookie.value
    assert after.http_only
    assert after.same_site == "Lax"
    assert visitor.csrf_token() != before
    # Who reads the database finds nothing there to come in with.
    with app.app_context():
        kept = [
            str(value)
            for row in db.session.execute(text("SELECT * FROM auth_sessions"))
            for value in row
        ]
    assert kept
    assert not [value for value in kept if len(value) > 19 and value in after.value]


@pytest.mark.security(2)
@pytest.mark.parametrize(
    "path",
    [
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "\\\\elsewhere.example",
        "javascript:alert(1)",
        "http:elsewhere.example",
        "elsewhere",
        "/%09/elsewhere.example\t",
        "/a\nb",
        " /x",
        "/" + "a" * 2001,
        "data:text/html,x",
    ],
)
def test_next_leads_to_this_site_only(path: str) -> None:
    from improve.accounts.access import safe_next

    assert safe_next(path) is None


def test_next_leads_on(visit: Visit, kofi: int) -> None:
    page = try_to_sign_in(visit(), next_page="/me/devices")
    assert page.response.headers["Location"] == "/me/devices"
    page = try_to_sign_in(visit(), next_page="//elsewhere.example")
    assert page.response.headers["Location"] == "/"


def test_a_page_asks_first_and_leads_back(visit: Visit, kofi: int) -> None:
    page = visit().get("/me/devices", follow=False)
    assert page.status == 303
    assert page.response.headers["Location"] == "/sign-in?next=/me/devices"
    part = visit().get("/me/devices", follow=False, htmx=True)
    assert part.response.headers["HX-Redirect"] == "/sign-in?next=/me/devices"


@pytest.mark.security(47, 51)
def test_signing_out_ends_the_session_on_the_server(visit: Visit, kofi: int) -> None:
    visitor = visit(kofi)
    cookie = visitor.client.get_cookie("improve")
    assert cookie is not None
    page = visitor.get("/me/devices")
    answer = visitor.send(page.form(button="Sign out"), follow=False)
    assert answer.status == 303
    assert answer.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert not is_signed_in(visitor)
    visitor.client.set_cookie("improve", cookie.value)
    assert not is_signed_in(visitor), "the old cookie must not work"


@pytest.mark.security(80)
def test_signing_in_and_wrong_tries_are_in_the_log(visit: Visit, kofi: int, context: Flask) -> None:
    visitor = visit()
    try_to_sign_in(visitor, password="wrong wrong wrong")
    try_to_sign_in(visitor)
    actions = db.session.execute(
        text("SELECT action FROM audit_entries WHERE object_kind = 'person' ORDER BY id")
    ).scalars()
    assert [a for a in actions if "sign" in a] == ["sign_in_refused", "signed_in"]


@pytest.mark.security(42)
def test_only_the_demo_lets_people_be_chosen(visit: Visit, kofi: int, app: Flask) -> None:
    assert visit().post("/sign-in/as", {"person_id": str(kofi)}).status == 404
    assert "no account" not in visit().get("/sign-in").text
    app.config["IS_DEMO"] = True
    try:
        visitor = visit()
        page = visitor.get("/sign-in")
        assert page.heading == "Sign in to the demo"
        for without_account in ("say", "changed", "answer", "report"):
            assert page.soup.select_one(f'main a[href^="/{without_account}/"]')
        assert page.soup.select_one('main a[href="/report-answer"]')
        form = page.form("/sign-in/as")
        values = dict(form.values)
        assert visitor.post("/sign-in/as", {**values, "person_id": str(kofi)}).status == 303
        assert is_signed_in(visitor)
        for wrong in ("", "999999", "x", "-1", "9" * 30):
            assert visit().post("/sign-in/as", {"person_id": wrong}).status == 404
    finally:
        app.config["IS_DEMO"] = False


@pytest.mark.security(39)
def test_a_hash_made_at_a_lower_cost_is_made_anew_at_sign_in(
    app: Flask, visit: Visit, kofi: int
) -> None:
    def kept() -> str:
        with app.app_context():
            found = text("SELECT password_hash FROM people WHERE id = :id")
            return str(db.session.execute(found, {"id": kofi}).scalar())

    assert "m=64,t=1,p=1" in kept()
    passwords.configure(time_cost=2, memory_cost=128, parallelism=1)
    try:
        assert try_to_sign_in(visit()).status == 303
        assert "m=128,t=2,p=1" in kept()
        assert try_to_sign_in(visit()).status == 303
    finally:
        passwords.configure(time_cost=1, memory_cost=64, parallelism=1)


@pytest.mark.security(38)
def test_password_managers_know_every_field_for_a_password(
    app: Flask, visit: Visit, kofi: int
) -> None:
    pages = {
        visit(): ["/sign-in"],
        visit(kofi): ["/me/password", "/me/details", "/me/second-factor", "/confirm-password"],
    }
    for visitor, paths in pages.items():
        for path in paths:
            fields = visitor.get(path).soup.select("main input[name*=password]")
            assert fields, path
            for field in fields:
                assert field["type"] == "password", path
                assert field["autocomplete"] in {"current-password", "new-password"}, path
                assert not field.has_attr("readonly"), path
                assert not field.has_attr("maxlength"), path


@pytest.mark.security(51)
@pytest.mark.parametrize("path", ["/me", "/board", "/help", "/measures", "/me/devices"])
def test_each_page_has_a_button_that_signs_out(visit: Visit, kofi: int, path: str) -> None:
    assert visit(kofi).get(path).form("/sign-out").method == "post"
