"""Sessions that end: by time, by an act, by somebody else; and what was typed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import access, queries, service
from improve.accounts.roles import Role
from improve.accounts.sessions.session_times import device_ends_at
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, actor, make_person
from tests.pages import Page, Visitor
from tests.voices.open_council import open_council

Visit = Callable[..., Visitor]


def is_in(visitor: Visitor) -> bool:
    return visitor.client.get("/me/settings").status_code == 200


@pytest.mark.security(49)
@pytest.mark.parametrize(
    ("who", "minutes", "stands"),
    [
        ("practitioner", 12 * 60 - 1, True),
        ("practitioner", 12 * 60 + 1, False),
        ("administrator", 29, True),
        ("administrator", 31, False),
        ("incident_reviewer", 31, False),
        ("voices_reader", 31, False),
        ("leader", 31, True),
    ],
)
def test_an_idle_session_ends(
    visit: Visit, cast: Cast, who: str, minutes: int, stands: bool
) -> None:
    visitor = visit(getattr(cast, who))
    with clock.moved(NOW + timedelta(minutes=minutes)):
        assert is_in(visitor) is stands


@pytest.mark.security(49)
def test_a_closely_held_session_ends_after_twelve_hours_of_use(visit: Visit, cast: Cast) -> None:
    visitor = visit(cast.administrator)
    for minutes in range(20, 12 * 60, 20):
        with clock.moved(NOW + timedelta(minutes=minutes)):
            assert is_in(visitor)
    with clock.moved(NOW + timedelta(hours=12, minutes=1)):
        assert not is_in(visitor)


def test_last_use_is_written_at_most_every_five_minutes(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    visitor = visit(cast.practitioner)

    def last_used() -> str:
        with app.app_context():
            return str(
                db.session.execute(text("SELECT max(last_used_at) FROM auth_sessions")).scalar()
            )

    start = last_used()
    with clock.moved(NOW + timedelta(minutes=4)):
        assert is_in(visitor)
        assert last_used() == start
    with clock.moved(NOW + timedelta(minutes=6)):
        visitor.client.get("/me/settings", headers={"X-Poll": "1"})
        assert last_used() == start, "a poll is no use"
        assert is_in(visitor)
        assert last_used() != start


@pytest.mark.security(49)
def test_a_page_says_when_the_session_ends_and_one_may_stay(visit: Visit, cast: Cast) -> None:
    visitor = visit(cast.administrator)
    page = visitor.get("/me/settings")
    ends = str(page.soup.body["data-session-ends-at"])  # type: ignore[index]
    assert ends.startswith((NOW + timedelta(minutes=30)).isoformat()[:16])
    with clock.moved(NOW + timedelta(minutes=28)):
        answer = visitor.client.post(
            "/stay-signed-in",
            data=dict(page.form("/stay-signed-in").values),
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 204
        assert answer.headers["X-Session-Ends-At"].startswith(
            (NOW + timedelta(minutes=58)).isoformat()[:16]
        )
        answer = visitor.client.post(
            "/stay-signed-in",
            data=dict(page.form("/stay-signed-in").values),
            headers={"Referer": "http://localhost/me/settings"},
        )
        assert (answer.status_code, answer.headers["Location"]) == (303, "/me/settings")
    with clock.moved(NOW + timedelta(minutes=50)):
        assert is_in(visitor)


@pytest.mark.security(48, 50)
@pytest.mark.parametrize("ended_by", ["disabled", "roles", "password", "by administrator"])
def test_a_session_ends_at_the_next_request(
    app: Flask, visit: Visit, cast: Cast, amina: int, ended_by: str
) -> None:
    visitor = visit(amina)
    assert is_in(visitor)
    with app.app_context():
        admin = cast.actor("administrator")
        if ended_by == "disabled":
            service.disable_person(admin, person_id=amina)
        elif ended_by == "roles":
            service.grant_role(
                organisation_id=cast.organisation, person_id=amina, role=service_role("coach")
            )
        elif ended_by == "password":
            service.change_password(
                actor(amina), session_id=0, current=PASSWORD, password="another four words here"
            )
        else:
            service.end_sessions_of(admin, person_id=amina)
        db.session.commit()
    assert not is_in(visitor)


def service_role(name: str) -> Role:

    return Role(name)


def test_an_account_that_ends_on_a_date_ends_then(app: Flask, visit: Visit, amina: int) -> None:
    visitor = visit(amina)
    with app.app_context():
        db.session.execute(
            text("UPDATE people SET ends_on = '2026-11-24' WHERE id = :id"), {"id": amina}
        )
        db.session.commit()
    assert is_in(visitor)
    with clock.moved(NOW + timedelta(hours=11)):
        assert is_in(visitor)
    with clock.moved(NOW + timedelta(days=1)):
        assert not is_in(visitor)


def type_after_the_end(visitor: Visitor, words: str) -> Page:
    """Open the form of one's details, let the session end, and send it."""
    page = visitor.get("/me/details")
    with clock.moved(NOW + timedelta(hours=13)):
        return visitor.send(page.form("/me/details"), {"job_title": words}, follow=False)


@pytest.mark.security(49)
def test_words_typed_before_the_end_come_back_filled_and_not_sent(
    visit: Visit, amina: int, app: Flask
) -> None:
    visitor = visit(amina)
    words = "Social worker, “duty” & reviews"
    page = type_after_the_end(visitor, words)
    assert page.status == 401
    assert page.heading == "Sign in"
    assert "What you typed is kept" in page.main
    with clock.moved(NOW + timedelta(hours=13)):
        back = visitor.send(
            page.form("/sign-in"), {"email": "amina@larchdale.example", "password": PASSWORD}
        )
        assert back.status == 200
        assert back.heading == "Welcome back"
        form = visitor.send(back.form(button="Back to your words"), button="Back to your words")
        assert form.heading == "My name and address"
        assert dict(form.form("/me/details").values)["job_title"] == words
        with app.app_context():
            kept = db.session.execute(
                text("SELECT job_title FROM people WHERE id = :id"), {"id": amina}
            ).scalar()
        assert kept == "Social worker", "filled, not sent"
        sent = visitor.send(form.form("/me/details"))
        assert "Your details are changed." in sent.text


def test_a_wrong_password_in_between_keeps_the_words(visit: Visit, amina: int) -> None:
    visitor = visit(amina)
    page = type_after_the_end(visitor, "Duty social worker")
    with clock.moved(NOW + timedelta(hours=13)):
        again = visitor.send(
            page.form("/sign-in"), {"email": "amina@larchdale.example", "password": "wrong words"}
        )
        assert again.status == 422
        back = visitor.send(
            again.form("/sign-in"), {"email": "amina@larchdale.example", "password": PASSWORD}
        )
        assert back.heading == "Welcome back"


def test_somebody_else_never_gets_the_words(
    visit: Visit, amina: int, app: Flask, cast: Cast
) -> None:
    with app.app_context():
        make_person(cast.organisation, email="other@larchdale.example", password=PASSWORD)
        db.session.commit()
    visitor = visit(amina)
    page = type_after_the_end(visitor, "Only mine")
    with clock.moved(NOW + timedelta(hours=13)):
        answer = visitor.send(
            page.form("/sign-in"),
            {"email": "other@larchdale.example", "password": PASSWORD},
            follow=False,
        )
    assert answer.status == 303


@pytest.mark.parametrize("path", ["/me/password", "/me/details"])
def test_passwords_and_tokens_are_not_among_the_kept_words(
    app: Flask, amina: int, visit: Visit, path: str
) -> None:
    visitor = visit(amina)
    form = visitor.get(path).form(path)
    secrets = {name: "a secret" for name, _ in form.values if "password" in name}
    assert secrets
    with clock.moved(NOW + timedelta(hours=13)):
        ended = visitor.send(form, secrets, follow=False)
    kept = dict(ended.form("/sign-in").values)["kept"]
    with app.app_context():
        found = access.words_kept(kept, amina)
        fields = found[1] if found else []
        assert "a secret" not in [value for _, value in fields]
        assert "csrf_token" not in [name for name, _ in fields]
        assert access.words_kept(kept + "x", amina) is None
        assert access.words_kept(kept, amina + 1) is None


def test_what_families_told_waits_in_no_sign_in_page(app: Flask, visit: Visit, cast: Cast) -> None:
    open_council(app, cast)
    visitor = visit(cast.practitioner)
    form = visitor.get("/voices/type-in").form("/voices/type-in")
    with clock.moved(NOW + timedelta(hours=13)):
        ended = visitor.send(form, {"happened": "Dad shouts at night."}, follow=False)
    assert ended.status == 401
    assert not dict(ended.form("/sign-in").values)["kept"]


def test_htmx_gets_the_sign_in_page_whole(visit: Visit, amina: int) -> None:
    visitor = visit(amina)
    page = visitor.get("/me/details")
    with clock.moved(NOW + timedelta(hours=13)):
        answer = visitor.client.post(
            "/me/details",
            data=dict(page.form("/me/details").values),
            headers={"HX-Request": "true"},
        )
    assert answer.status_code == 401
    assert answer.headers["HX-Retarget"] == "body"


def sign_in_on_own_phone(visitor: Visitor) -> None:
    page = visitor.get("/sign-in")
    visitor.send(
        page.form("/sign-in"),
        {"email": "amina@larchdale.example", "password": PASSWORD, "is_own_device": "y"},
        follow=False,
    )


@pytest.mark.security(49)
def test_ones_own_phone_stays_signed_in_but_asks_again_beyond_the_board(
    visit: Visit, amina: int
) -> None:
    visitor = visit()
    sign_in_on_own_phone(visitor)
    cookie = visitor.client.get_cookie("improve")
    assert cookie is not None
    assert cookie.max_age == 30 * 24 * 3600
    with clock.moved(NOW + timedelta(hours=11)):
        assert is_in(visitor)
    with clock.moved(NOW + timedelta(days=29)):
        assert visitor.client.get("/me").status_code == 200
        page = visitor.get("/me/details")
        assert page.heading == "Your password, once more"
        wrong = visitor.send(page.form("/confirm-password"), {"password": "wrong words"})
        assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
        right = visitor.send(wrong.form("/confirm-password"), {"password": PASSWORD})
        assert right.heading == "My name and address"
        assert is_in(visitor)
    with clock.moved(NOW + timedelta(days=30, minutes=1)):
        assert visitor.client.get("/me").status_code == 303


def test_words_survive_the_password_asked_again(visit: Visit, amina: int) -> None:
    visitor = visit()
    sign_in_on_own_phone(visitor)
    page = visitor.get("/me/details")
    with clock.moved(NOW + timedelta(days=2)):
        asked = visitor.send(page.form("/me/details"), {"job_title": "On duty"}, follow=False)
        assert (asked.status, asked.heading) == (401, "Your password, once more")
        sent = dict(page.form("/me/details").values)
        part = visitor.client.post("/me/details", data=sent, headers={"HX-Request": "true"})
        assert (part.status_code, part.headers["HX-Retarget"]) == (401, "body")
        back = visitor.send(asked.form("/confirm-password"), {"password": PASSWORD})
        form = visitor.send(back.form(button="Back to your words"), button="Back to your words")
        assert dict(form.form("/me/details").values)["job_title"] == "On duty"


@pytest.mark.security(50)
def test_my_devices_are_listed_and_can_be_signed_out(visit: Visit, cast: Cast) -> None:
    here, phone, desk = (visit(cast.practitioner) for _ in range(3))
    page = here.get("/me/devices")
    assert page.main.count("Last used") == 2
    assert "This device" in page.main
    first = next(f for f in page.soup.find_all("form") if str(f["action"]).endswith("/end"))
    here.client.post(str(first["action"]), data=dict(page.form(str(first["action"])).values))
    assert [is_in(one) for one in (phone, desk)].count(True) == 1
    page = here.get("/me/devices")
    done = here.send(page.form("/me/devices/end-others"))
    assert "Your other devices are signed out." in done.text
    assert not is_in(phone)
    assert not is_in(desk)
    assert is_in(here)


def test_nobody_ends_somebody_elses_device(visit: Visit, cast: Cast, app: Flask) -> None:
    mine, theirs = visit(cast.practitioner), visit(cast.colleague)
    with app.app_context():
        other = db.session.execute(
            text("SELECT id FROM auth_sessions WHERE person_id = :id"), {"id": cast.colleague}
        ).scalar()
    assert mine.post(f"/me/devices/{other}/end").status == 404
    assert is_in(theirs)


@pytest.mark.security(49)
@pytest.mark.parametrize(("factor", "hours"), [("", 7 * 24), ("code", 7 * 24), ("provider", 24)])
def test_a_session_ends_however_often_it_is_used(factor: str, hours: int) -> None:
    began = NOW

    def ends_at(used: datetime) -> datetime:
        device = queries.DeviceView(1, "A laptop", False, began, used, factor)
        return device_ends_at([Role.PRACTITIONER], device)

    assert ends_at(began) == began + timedelta(hours=12)
    assert ends_at(began + timedelta(hours=hours - 1)) == began + timedelta(hours=hours)
