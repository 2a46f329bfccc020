"""Signing in with a code of the phone, or one on paper: once each, and a pause after five."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service
from improve.accounts.second_factor import authenticator
from improve.shared import clock
from improve.shared.db import db
from tests.accounts.phones import Phone, Visit, give_password, is_in, set_up_phone
from tests.at_once import all_at_once
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast
from tests.pages import Page, Visitor

ROBIN = "robin.elm@larchdale.example"
HALF_MINUTE = timedelta(seconds=30)


@pytest.fixture
def phone(app: Flask, people: Cast) -> Phone:
    """The administrator's."""
    return set_up_phone(app, people.administrator)


def type_code(visitor: Visitor, page: Page, code: str, **more: bool) -> Page:
    return visitor.send(page.form(button="Sign in"), {"code": code}, **more)  # type: ignore[arg-type]


def mails(app: Flask) -> list[str]:
    with app.app_context():
        found = db.session.execute(text("SELECT subject FROM outbox_messages ORDER BY id"))
        return list(found.scalars())


@pytest.mark.security(43, 48)
def test_the_code_opens_the_rest_of_the_door_under_a_fresh_id(
    app: Flask, visit: Visit, people: Cast, phone: Phone
) -> None:
    robin = visit()
    page = give_password(robin, ROBIN, path="/sign-in?next=/admin/people")
    assert page.heading == "A code from your phone"
    half = robin.client.get_cookie("improve")
    assert half is not None
    assert robin.get("/admin/people").heading == "A code from your phone"
    assert robin.get("/second-factor/set-up").heading == "A code from your phone"
    begin = robin.client.post(
        "/second-factor/set-up", data=dict(page.form(button="Sign in").values)
    )
    assert begin.status_code == 303, "a password puts no other phone in the place of this one"
    assert type_code(robin, page, phone.code()).heading == "People"
    robin.client.set_cookie("improve", half.value)
    assert not is_in(robin)
    with app.app_context():
        actions = db.session.execute(
            text("SELECT action, facts FROM audit_entries ORDER BY id DESC LIMIT 2")
        ).all()
        assert [row.action for row in actions] == ["signed_in", "password_given"]
        assert "code" in str(actions[0].facts)


@pytest.mark.security(44)
def test_a_code_works_once_and_one_step_either_side(
    visit: Visit, people: Cast, phone: Phone
) -> None:
    first, second = visit(), visit()
    page, other = give_password(first, ROBIN), give_password(second, ROBIN)
    assert type_code(first, page, phone.code()).status == 200
    assert is_in(first)
    used = type_code(second, other, phone.code())
    assert (used.status, is_in(second)) == (422, False)
    assert "used before" in used.error_for("code")
    early = type_code(second, used, phone.code(NOW - HALF_MINUTE))
    assert early.status == 422, "nor an earlier one, once a later one was used"
    far = type_code(second, early, phone.code(NOW + 2 * HALF_MINUTE))
    assert far.status == 422
    assert type_code(second, far, phone.code(NOW + HALF_MINUTE)).status == 200
    assert is_in(second)


@pytest.mark.security(44)
@pytest.mark.parametrize(
    ("steps", "is_right"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)]
)
def test_a_clock_may_be_half_a_minute_out(steps: int, is_right: bool) -> None:
    secret = authenticator.new_secret()
    code = Phone(secret, ()).code(NOW + steps * HALF_MINUTE)
    found = authenticator.step_of(code, secret, at=NOW, after=None)
    assert found == (authenticator.step_at(NOW) + steps if is_right else None)


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "12a456", "１２３４５６", "-" * 6, "      "]
)
def test_what_is_no_code_is_none(typed: str) -> None:
    assert authenticator.step_of(typed, authenticator.new_secret(), at=NOW, after=None) is None


@pytest.mark.security(44)
def test_five_wrong_codes_then_a_pause_and_the_person_is_told(
    app: Flask, visit: Visit, people: Cast, phone: Phone
) -> None:
    robin = visit()
    page = give_password(robin, ROBIN)
    for _ in range(5):
        page = type_code(robin, page, "000000")
        assert page.status == 422
    assert type_code(robin, page, phone.code()).status == 429
    assert "Wait 60 seconds" in type_code(robin, page, phone.code()).errors[0]
    again = visit()
    paused = give_password(again, ROBIN)
    assert type_code(again, paused, phone.code()).status == 429, "of the account, not the browser"
    recovery = robin.get("/second-factor/recovery")
    assert type_code(robin, recovery, phone.recovery[0]).status == 429
    assert mails(app)[-1] == "Five wrong codes at Improve"
    assert is_in(visit(people.administrator)), "sessions that stand go on"
    with clock.moved(NOW + timedelta(seconds=61)):
        assert type_code(robin, page, "000000").status == 422
        assert "Wait 2 minutes" in type_code(robin, page, phone.code()).errors[0]
    with clock.moved(NOW + timedelta(seconds=190)):
        assert type_code(robin, page, phone.code(clock.now())).status == 200
        assert is_in(robin)
    assert mails(app).count("Five wrong codes at Improve") == 1


@pytest.mark.security(44)
def test_the_pause_grows_to_a_quarter_of_an_hour_and_no_further() -> None:
    waits = [authenticator.pause_after(n, NOW, NOW) for n in range(14)]
    assert waits == [0] * 5 + [60, 120, 240, 480] + [900] * 5


@pytest.mark.security(43, 44)
def test_a_recovery_code_lets_in_once_and_leads_to_the_new_phone(
    app: Flask, visit: Visit, people: Cast, phone: Phone
) -> None:
    robin = visit()
    page = give_password(robin, ROBIN)
    lost = robin.send(page.form(button="Sign in"), button="I have lost my phone")
    assert lost.heading == "I have lost my phone"
    typed = phone.recovery[3].upper().replace("-", " ")
    shown = type_code(robin, lost, typed)
    assert shown.heading == "A code from my phone"
    assert "You came in with a recovery code" in shown.text
    assert "9 of 10 recovery codes are left" in shown.main
    assert mails(app)[-1] == "A recovery code was used at Improve"
    again = visit()
    give_password(again, ROBIN)
    refused = type_code(again, again.get("/second-factor/recovery"), phone.recovery[3])
    assert refused.status == 422
    assert not is_in(again)


@pytest.mark.security(43)
def test_a_recovery_code_is_of_eighty_bits_and_of_one_person(
    app: Flask, visit: Visit, people: Cast, phone: Phone
) -> None:
    assert all(len(code.replace("-", "")) == 16 for code in phone.recovery)
    assert len(authenticator._LETTERS) == 32
    set_up_phone(app, people.voices_reader)
    tom = visit()
    give_password(tom, "tom.willow@larchdale.example")
    assert type_code(tom, tom.get("/second-factor/recovery"), phone.recovery[0]).status == 422


@pytest.mark.security(45)
def test_neither_a_reset_nor_an_invitation_goes_round_the_code(
    app: Flask, visit: Visit, people: Cast, phone: Phone
) -> None:
    with app.app_context():
        admin = people.actor("administrator")
        post = service.Post(lambda token: token, has_mail=False, site_name="Improve")
        token = service.make_reset_link(
            admin, person_id=people.administrator, post=post, session_id=0, password=PASSWORD
        )
        assert token is not None
        assert len(token) == 32, "192 random bits"
        kept = db.session.execute(text("SELECT token_hash FROM one_time_links")).scalars().all()
        assert kept != [token]
        db.session.commit()
    robin = visit()
    page = robin.get(f"/reset-password/{token}")
    done = robin.send(page.form(f"/{token}"), {"password": "three other words apart"})
    assert done.heading == "Sign in"
    asked = robin.send(
        done.form("/sign-in"), {"email": ROBIN, "password": "three other words apart"}
    )
    assert asked.heading == "A code from your phone"
    assert not is_in(robin)


@pytest.mark.security(45)
def test_an_invited_administrator_sets_up_a_phone_first(
    app: Flask, visit: Visit, people: Cast
) -> None:
    with app.app_context():
        token = service.name_administrator(
            organisation="Larchdale Council",
            name="New",
            email="new@larchdale.example",
            is_another=True,
        )
        db.session.commit()
    new = visit()
    page = new.get(f"/invitation/{token}")
    came = new.send(page.form(f"/{token}"), {"name": "New Elm", "password": PASSWORD})
    assert came.heading == "Set up your phone"
    assert not is_in(new)


def test_words_kept_come_back_after_the_code(visit: Visit, people: Cast, phone: Phone) -> None:
    robin = visit(people.administrator)
    page = robin.get("/me/details")
    with clock.moved(NOW + timedelta(hours=1)):
        ended = robin.send(page.form("/me/details"), {"job_title": "On duty"}, follow=False)
        asked = robin.send(
            ended.form("/sign-in"), {"email": ROBIN, "password": PASSWORD}, follow=False
        )
        assert "What you typed is kept" in asked.main
        wrong = type_code(robin, asked, "000000")
        back = type_code(robin, wrong, phone.code(clock.now()))
        assert back.heading == "Welcome back"


def test_ones_own_phone_stays_one(visit: Visit, people: Cast, app: Flask) -> None:
    phone = set_up_phone(app, people.practitioner)
    amina = visit()
    page = give_password(amina, "amina.birch@larchdale.example", is_own_device="y")
    type_code(amina, page, phone.code())
    cookie = amina.client.get_cookie("improve")
    assert cookie is not None
    assert cookie.max_age == 30 * 24 * 3600


def test_half_a_session_is_no_device_that_is_signed_in(
    visit: Visit, people: Cast, phone: Phone
) -> None:
    give_password(visit(), ROBIN)
    listed = visit(people.administrator).get("/me/devices").main
    assert listed.count("Last used") == 1, "the phone, where it was set up"


@pytest.mark.security(43)
def test_a_name_chosen_in_the_demo_is_no_proof_elsewhere(
    app: Flask, visit: Visit, people: Cast
) -> None:
    app.config["IS_DEMO"] = True
    try:
        robin = visit()
        form = robin.get("/sign-in").form("/sign-in/as")
        robin.send(form, {"person_id": str(people.administrator)})
        assert is_in(robin)
        by_password = visit()
        give_password(by_password, ROBIN)
        assert is_in(by_password)
    finally:
        app.config["IS_DEMO"] = False
    assert not is_in(robin)
    assert not is_in(by_password)


def test_a_lost_key_is_no_wrong_try_and_recovery_codes_work(
    app: Flask, visit: Visit, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up_phone(app, people.administrator)
    robin = visit()
    page = give_password(robin, "robin.elm@larchdale.example")
    monkeypatch.setitem(app.config, "SEALING_KEYS", ("another " * 8,))
    for _ in range(6):
        answer = robin.send(page.form("/second-factor"), {"code": phone.code()})
        assert (answer.status, answer.errors) == (
            503,
            ["Codes cannot be checked just now. A recovery code works."],
        )
    lost = robin.get("/second-factor/recovery")
    robin.send(lost.form("/recovery"), {"code": phone.recovery[0]})
    assert is_in(robin)


@pytest.mark.security(44)
def test_codes_sent_side_by_side_get_no_more_tries_than_one_after_the_other(
    app: Flask, people: Cast, phone: Phone, visit: Visit
) -> None:
    """Eight windows at once, after five wrong codes and the pause: one is looked at."""
    with app.app_context():
        for _ in range(5):
            service.claim_factor_try(
                secret=app.config["SECRET_KEY"], person_id=people.administrator
            )
    windows = [visit() for _ in range(8)]
    pages = [give_password(one, ROBIN) for one in windows]

    def send(visitor: Visitor, page: Page) -> int:
        data = {**dict(page.form("/second-factor").values), "code": "000000"}
        return visitor.client.post("/second-factor", data=data).status_code

    with clock.moved(clock.now() + timedelta(minutes=2)):
        both = zip(windows, pages, strict=True)
        statuses = all_at_once([partial(send, one, page) for one, page in both])
    assert sorted(statuses) == [422] + [429] * 7
