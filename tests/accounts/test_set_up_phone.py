"""Setting up the phone that gives codes: asked of some, open to all, and what comes of it."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service
from improve.accounts.roles import Role
from improve.shared import clock
from improve.shared.db import db
from tests.accounts.phones import (
    Visit,
    give_password,
    is_in,
    kept_secret,
    secret_on,
    set_up_phone,
)
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, actor, make_person
from tests.pages import Visitor

ROBIN = "robin.elm@larchdale.example"
AMINA = "amina.birch@larchdale.example"


def cookie_of(visitor: Visitor) -> str:
    cookie = visitor.client.get_cookie("improve")
    assert cookie is not None
    return cookie.value


def actions(app: Flask) -> list[str]:
    with app.app_context():
        return list(
            db.session.execute(text("SELECT action FROM audit_entries ORDER BY id")).scalars()
        )


@pytest.mark.security(43, 48)
def test_an_administrator_reaches_only_the_setting_up_until_it_is_done(
    app: Flask, visit: Visit, people: Cast
) -> None:
    robin = visit()
    page = give_password(robin, ROBIN, path="/sign-in?next=/admin/people")
    assert page.heading == "Set up your phone"
    assert "recovery" not in page.main
    for path in (
        "/",
        "/sign-in",
        "/admin",
        "/admin/people",
        "/me",
        "/me/second-factor",
        "/confirm-password",
    ):
        assert robin.get(path).heading == "Set up your phone", path
    assert robin.client.get("/second-factor/recovery").status_code == 303
    half = cookie_of(robin)
    picture = robin.send(page.form(button="Show the picture"))
    assert picture.heading == "Set up your phone"
    assert robin.get("/second-factor/set-up").heading == "Set up your phone", "by GET as well"
    wrong = robin.send(picture.form("/confirm"), {"code": "123"})
    assert (wrong.status, len(wrong.errors)) == (422, 1)
    assert secret_on(wrong) == secret_on(picture)
    code = pyotp.TOTP(secret_on(picture)).at(NOW)
    codes = robin.send(wrong.form("/confirm"), {"code": f"{code[:3]} {code[3:]}"})
    assert codes.heading == "Your recovery codes"
    shown = [node.get_text() for node in codes.soup.select(".factor-codes li")]
    assert len({*shown}) == 10
    assert cookie_of(robin) != half, "a fresh id"
    on = robin.send(codes.form(button="I have written them down"))
    assert on.heading == "People"
    robin.client.set_cookie("improve", half)
    assert not is_in(robin), "the half-open session has ended"
    with app.app_context():
        assert kept_secret(people.administrator) == secret_on(picture)
        kept = db.session.execute(text("SELECT sealed, waiting FROM second_factors")).one()
        assert secret_on(picture).encode() not in bytes(kept.sealed)
        assert kept.waiting is None
        hashes = db.session.execute(text("SELECT code_hash FROM recovery_codes")).scalars().all()
        assert len(hashes) == 10
        assert not {*shown} & {*hashes}
        mails = db.session.execute(text("SELECT subject FROM outbox_messages")).scalars().all()
        assert mails == ["Improve now asks for a code from your phone"]
    assert [
        a for a in actions(app) if a in {"password_given", "second_factor_set_up", "signed_in"}
    ] == [
        "password_given",
        "second_factor_set_up",
        "signed_in",
    ]


@pytest.mark.security(43)
@pytest.mark.parametrize(
    ("email", "is_asked"),
    [
        ("stella.maple@larchdale.example", True),
        ("tom.willow@larchdale.example", True),
        ("florence.ash@larchdale.example", False),
        (AMINA, False),
    ],
)
def test_only_roles_that_are_closely_held_are_asked(
    visit: Visit, people: Cast, email: str, is_asked: bool
) -> None:
    visitor = visit()
    page = give_password(visitor, email)
    assert (page.heading == "Set up your phone") is is_asked
    assert is_in(visitor) is not is_asked


@pytest.mark.security(43, 48, 50)
def test_who_becomes_an_administrator_is_asked_at_the_next_sign_in(
    app: Flask, visit: Visit, people: Cast
) -> None:
    amina = visit()
    give_password(amina, AMINA)
    assert is_in(amina)
    with app.app_context():
        service.grant_role(
            organisation_id=people.organisation,
            person_id=people.practitioner,
            role=Role.ADMINISTRATOR,
        )
        db.session.commit()
    assert not is_in(amina)
    assert give_password(amina, AMINA).heading == "Set up your phone"


@pytest.mark.security(43)
def test_what_was_typed_comes_back_after_the_setting_up(visit: Visit, people: Cast) -> None:
    robin = visit(people.administrator)
    page = robin.get("/me/details")
    with clock.moved(NOW + timedelta(hours=1)):
        ended = robin.send(page.form("/me/details"), {"job_title": "On duty"}, follow=False)
        assert ended.heading == "Sign in"
        begin = robin.send(
            ended.form("/sign-in"), {"email": ROBIN, "password": PASSWORD}, follow=False
        )
        assert (begin.status, begin.heading) == (200, "Set up your phone")
        assert "What you typed is kept" in begin.main
        picture = robin.send(begin.form(button="Show the picture"))
        code = pyotp.TOTP(secret_on(picture)).at(clock.now())
        codes = robin.send(picture.form("/confirm"), {"code": code})
        back = robin.send(codes.form(button="I have written them down"))
        assert back.heading == "Welcome back"
        form = robin.send(back.form(button="Back to your words"), button="Back to your words")
        assert dict(form.form("/me/details").values)["job_title"] == "On duty"


@pytest.mark.security(43)
def test_a_form_sent_half_way_in_keeps_its_words_and_changes_nothing(
    app: Flask, visit: Visit, people: Cast
) -> None:
    robin = visit()
    give_password(robin, ROBIN)
    token = dict(robin.get("/second-factor/set-up").form(button="Show the picture").values)
    for more in ({}, {"HX-Request": "true"}):
        answer = robin.client.post(
            "/me/details",
            data={"csrf_token": token["csrf_token"], "name": "Somebody Else", "email": ROBIN},
            headers=more,
        )
        assert answer.status_code == 401
        assert "Set up your phone" in answer.text
        assert ("HX-Retarget" in answer.headers) is bool(more)
    with app.app_context():
        name = text("SELECT name FROM people WHERE email = :email")
        assert db.session.execute(name, {"email": ROBIN}).scalar() == "Robin Elm"


def test_half_a_session_ends_after_half_an_hour_and_can_sign_out(
    visit: Visit, people: Cast
) -> None:
    robin = visit()
    page = give_password(robin, ROBIN)
    with clock.moved(NOW + timedelta(minutes=31)):
        assert "/sign-in" in robin.client.get("/second-factor").headers["Location"]
    out = robin.send(page.form(button="Not now: sign out"), follow=False)
    assert out.response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "/sign-in" in robin.client.get("/second-factor").headers["Location"]


@pytest.mark.security(43)
def test_what_one_session_began_another_neither_sees_nor_confirms(
    app: Flask, visit: Visit, people: Cast
) -> None:
    first, second = visit(), visit()
    begun = give_password(first, ROBIN)
    picture = first.send(begun.form(button="Show the picture"))
    give_password(second, ROBIN)
    assert not secret_on(second.get("/second-factor/set-up"))
    token = dict(second.get("/second-factor/set-up").form(button="Show the picture").values)
    code = pyotp.TOTP(secret_on(picture)).at(NOW)
    answer = second.client.post(
        "/second-factor/set-up/confirm", data={"csrf_token": token["csrf_token"], "code": code}
    )
    assert answer.status_code == 422
    assert not is_in(second)


# ---- of one's own accord


@pytest.mark.security(37, 48)
def test_anybody_may_turn_it_on_and_their_other_devices_are_signed_out(
    app: Flask, visit: Visit, people: Cast
) -> None:
    amina, elsewhere = visit(people.practitioner), visit(people.practitioner)
    page = amina.get("/me/second-factor")
    wrong = amina.send(page.form(button="Set up my phone"), {"password": "wrong words"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    assert amina.client.get("/me/second-factor/set-up").status_code == 303
    before = cookie_of(amina)
    picture = amina.send(
        wrong.form(button="Set up my phone"), {"password": PASSWORD}, button="Set up my phone"
    )
    assert picture.heading == "Set up my phone"
    code = pyotp.TOTP(secret_on(picture)).at(NOW)
    codes = amina.send(picture.form("/set-up"), {"code": code})
    assert codes.heading == "My recovery codes"
    assert cookie_of(amina) != before
    assert is_in(amina)
    assert not is_in(elsewhere)
    shown = amina.get(codes.link("I have written them down"))
    assert "10 of 10 recovery codes are left" in shown.main
    again = amina.send(picture.form("/set-up"), {"code": code}, follow=False)
    assert again.status in {303, 400, 403}, "sent twice: nothing happens"
    assert is_in(amina)


@pytest.mark.security(37)
def test_it_is_turned_off_with_the_password_unless_the_role_needs_it(
    app: Flask, visit: Visit, people: Cast
) -> None:
    set_up_phone(app, people.practitioner)
    set_up_phone(app, people.administrator)
    amina, robin = visit(people.practitioner), visit(people.administrator)
    form = amina.get("/me/second-factor").form(button="Turn it off")
    assert amina.send(form, {"password": "wrong"}, button="Turn it off").status == 422
    off = amina.send(form, {"password": PASSWORD}, button="Turn it off")
    assert "Your password alone is enough" in off.text
    assert "Set up my phone" in off.main
    page = robin.get("/me/second-factor")
    assert "Turn it off" not in page.main
    refused = robin.client.post(
        "/me/second-factor",
        data={**dict(page.form("/me/second-factor").values), "password": PASSWORD, "act": "off"},
    )
    assert refused.status_code == 422
    assert "Your role needs it" in refused.text
    with app.app_context():
        left = db.session.execute(text("SELECT person_id FROM second_factors")).scalars().all()
        assert left == [people.administrator]
    assert actions(app).count("second_factor_turned_off") == 1


@pytest.mark.security(37)
def test_another_phone_takes_the_place_of_the_first_only_once_it_gave_a_code(
    app: Flask, visit: Visit, people: Cast
) -> None:
    old = set_up_phone(app, people.administrator)
    robin = visit(people.administrator)
    form = robin.get("/me/second-factor").form(button="Set up another phone")
    picture = robin.send(form, {"password": PASSWORD}, button="Set up another phone")
    with app.app_context():
        assert kept_secret(people.administrator) == old.secret
    new = secret_on(picture)
    robin.send(picture.form("/set-up"), {"code": pyotp.TOTP(new).at(NOW)})
    with app.app_context():
        assert kept_secret(people.administrator) == new != old.secret
        left = db.session.execute(text("SELECT count(*) FROM recovery_codes")).scalar()
        assert left == 10


def test_new_recovery_codes_end_the_old_ones(app: Flask, visit: Visit, people: Cast) -> None:
    old = set_up_phone(app, people.practitioner)
    amina = visit(people.practitioner)
    form = amina.get("/me/second-factor").form(button="Make new recovery codes")
    codes = amina.send(form, {"password": PASSWORD}, button="Make new recovery codes")
    shown = {node.get_text() for node in codes.soup.select(".factor-codes li")}
    assert len(shown) == 10
    assert not shown & {*old.recovery}
    assert actions(app).count("recovery_codes_made") == 1


def test_codes_pressed_for_twice_are_made_once_and_it_is_said(
    app: Flask, visit: Visit, people: Cast
) -> None:
    """Of two presses, or two tabs, the later page is seen: what it shows must be what works."""
    old = set_up_phone(app, people.practitioner)
    amina, make = visit(people.practitioner), "Make new recovery codes"
    form = amina.get("/me/second-factor").form(button=make)
    assert amina.send(form, {"password": PASSWORD}, button=make).heading == "My recovery codes"
    twice = amina.send(form, {"password": PASSWORD}, button=make)
    assert (twice.status, "Codes were made a moment ago" in twice.errors[0]) == (422, True)
    assert actions(app).count("recovery_codes_made") == 1
    with app.app_context():
        hashes = "SELECT min(code_hash) FROM recovery_codes"
        first = db.session.execute(text(hashes)).scalar()
    again = amina.send(twice.form(button=make), {"password": PASSWORD}, button=make)
    shown = {node.get_text() for node in again.soup.select(".factor-codes li")}
    assert len(shown) == 10
    assert not shown & {*old.recovery}
    with app.app_context():
        assert db.session.execute(text(hashes)).scalar() != first


def test_the_picture_can_be_left(visit: Visit, people: Cast) -> None:
    """On the way in by signing out, later back to where it was begun; nothing is set up."""
    robin = visit()
    begin = give_password(robin, "robin.elm@larchdale.example")
    picture = robin.send(begin.form("/set-up"))
    assert picture.has_form("/sign-out")
    assert robin.send(picture.form("/sign-out")).heading != picture.heading
    amina = visit(people.practitioner)
    page = amina.get("/me/second-factor")
    shown = amina.send(page.form(button="Set up my phone"), {"password": PASSWORD})
    assert amina.get(shown.link("Cancel")).heading == "A code from my phone"


def test_a_guest_and_an_outsider_have_their_own_page_only(
    app: Flask, visit: Visit, people: Cast
) -> None:
    set_up_phone(app, people.practitioner)
    for name in ("guest", "outsider"):
        page = visit(getattr(people, name)).get("/me/second-factor")
        assert "Set up my phone" in page.main


@pytest.mark.security(73)
def test_secrets_are_sealed_anew_under_a_new_key(
    context: Flask, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone = set_up_phone(context, people.practitioner)
    old: tuple[str, ...] = context.config["SEALING_KEYS"]
    new = "a new key of a council, kept apart from its backups"
    monkeypatch.setitem(context.config, "SEALING_KEYS", (new, *old))
    done = context.test_cli_runner().invoke(args=["rotate-sealing-key"])
    assert "1  second factors sealed anew" in done.output
    monkeypatch.setitem(context.config, "SEALING_KEYS", (new,))
    assert kept_secret(people.practitioner) == phone.secret


def test_set_ups_that_nobody_finished_are_cleared(context: Flask, people: Cast) -> None:
    person = make_person(people.organisation, password=PASSWORD)
    me = actor(person)
    service.begin_second_factor(me, session_id=1, password=PASSWORD)
    db.session.commit()
    with clock.moved(NOW + timedelta(days=2)):
        service.purge_access()
        assert db.session.execute(text("SELECT count(*) FROM second_factors")).scalar() == 0


@pytest.mark.security(43, 47)
def test_the_data_protection_lead_needs_a_phone_too(visit: Visit, people: Cast) -> None:
    dev = visit()
    assert give_password(dev, "dev.poplar@larchdale.example").heading == "Set up your phone"
    assert dev.get("/admin/privacy").heading == "Set up your phone"
    proved = visit(people.data_protection_lead)
    assert is_in(proved)
    with clock.moved(NOW + timedelta(minutes=31)):
        assert not is_in(proved), "half an hour without use"


@pytest.mark.security(37, 47)
def test_a_picture_that_was_left_serves_nobody_after_half_an_hour(
    visit: Visit, people: Cast
) -> None:
    amina = visit(people.practitioner)
    form = amina.get("/me/second-factor").form("/me/second-factor")
    picture = amina.send(form, {"password": PASSWORD})
    with clock.moved(NOW + timedelta(minutes=31)):
        assert amina.client.get("/me/second-factor/set-up").status_code == 303
        code = pyotp.TOTP(secret_on(picture)).at(clock.now())
        late = amina.send(picture.form("/set-up"), {"code": code})
        assert late.heading == "A code from my phone"


def test_an_act_that_is_none_changes_nothing(app: Flask, visit: Visit, people: Cast) -> None:
    amina = visit(people.practitioner)
    form = amina.get("/me/second-factor").form("/me/second-factor")
    sent = dict(form.values) | {"password": PASSWORD, "act": "anything"}
    assert amina.client.post("/me/second-factor", data=sent).status_code == 422
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM second_factors")).scalar() == 0
