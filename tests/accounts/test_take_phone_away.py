"""An administrator helps somebody who lost a phone: takes it away, signs one device out."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.accounts.phones import Visit, give_password, is_in, set_up_phone
from tests.factories import PASSWORD, Cast


@pytest.mark.usefixtures("with_mail")
@pytest.mark.security(37, 50)
def test_a_lost_phone_is_taken_away_with_the_administrators_own_password(
    app: Flask, visit: Visit, people: Cast
) -> None:
    set_up_phone(app, people.voices_reader)
    tom, robin = visit(people.voices_reader), visit(people.administrator)
    page = robin.get(f"/admin/people/{people.voices_reader}")
    asked = robin.get(page.link("Take a lost phone away"))
    assert asked.heading == "The phone of Tom Willow"
    wrong = robin.send(asked.form("/second-factor"), {"password": "wrong words"})
    assert (wrong.status, is_in(tom)) == (422, True)
    done = robin.send(wrong.form("/second-factor"), {"password": PASSWORD})
    assert "Tom Willow’s phone gives no codes any more." in done.text
    assert "Take a lost phone away" not in done.main
    assert not is_in(tom)
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM recovery_codes")).scalar() == 0
        mailed = db.session.execute(
            text("SELECT to_address, subject FROM outbox_messages ORDER BY id DESC LIMIT 1")
        ).one()
        assert tuple(mailed) == (
            "tom.willow@larchdale.example",
            "Your phone gives no codes for Improve any more",
        )
        count = "SELECT count(*) FROM audit_entries WHERE action = 'second_factor_reset'"
        assert db.session.execute(text(count)).scalar() == 1
    again = robin.send(asked.form("/second-factor"), {"password": PASSWORD})
    assert again.status == 200, "twice is harmless"
    back = visit()
    assert give_password(back, "tom.willow@larchdale.example").heading == "Set up your phone"


def test_nobody_takes_their_own_phone_away_and_only_administrators_do(
    context: Flask, people: Cast
) -> None:
    set_up_phone(context, people.administrator)
    set_up_phone(context, people.voices_reader)

    def reset(who: str, whom: int) -> None:
        service.reset_second_factor(
            people.actor(who),
            person_id=whom,
            session_id=0,
            password=PASSWORD,
            site_name="Improve",
            has_mail=True,
        )

    with pytest.raises(RuleBroken, match="Another administrator"):
        reset("administrator", people.administrator)
    with pytest.raises(Forbidden):
        reset("manager", people.voices_reader)
    with pytest.raises(NotFound):
        reset("outsider_administrator", people.voices_reader)
    assert db.session.execute(text("SELECT count(*) FROM second_factors")).scalar() == 2


@pytest.mark.security(50)
def test_an_administrator_sees_devices_and_signs_one_out(
    app: Flask, visit: Visit, people: Cast
) -> None:
    amina, phone = visit(people.practitioner), visit(people.practitioner)
    robin = visit(people.administrator)
    address = f"/admin/people/{people.practitioner}"
    page = robin.get(address)
    listed = [f for f in page.soup.find_all("form") if "/devices/" in str(f["action"])]
    assert len(listed) == 2
    assert "127.0.0.1" not in page.text
    done = robin.send(page.form(str(listed[0]["action"])))
    assert "That device of Amina Birch is signed out." in done.text
    assert [is_in(one) for one in (amina, phone)].count(True) == 1
    robin.send(page.form(str(listed[0]["action"])))
    assert [is_in(one) for one in (amina, phone)].count(True) == 1, "twice is harmless"
    with app.app_context():
        count = "SELECT count(*) FROM audit_entries WHERE action = 'device_ended'"
        assert db.session.execute(text(count)).scalar() == 1


def test_nobody_elses_administrator_and_no_other_persons_device(
    app: Flask, visit: Visit, people: Cast
) -> None:
    amina = visit(people.practitioner)
    with app.app_context():
        device = db.session.execute(
            text("SELECT id FROM auth_sessions WHERE person_id = :id"), {"id": people.practitioner}
        ).scalar()
    away = f"/admin/people/{people.practitioner}/devices/{device}/end"
    assert visit(people.outsider_administrator).post(away).status == 404
    assert visit(people.manager).post(away).status == 403
    other = f"/admin/people/{people.manager}/devices/{device}/end"
    visit(people.administrator).post(other)
    assert is_in(amina)


@pytest.mark.security(42)
def test_whoever_runs_the_site_helps_the_only_administrator(
    app: Flask, visit: Visit, people: Cast
) -> None:
    set_up_phone(app, people.administrator)
    robin, email = visit(people.administrator), "robin.elm@larchdale.example"

    def run(*arguments: str, said: str = "") -> tuple[int, str]:
        done = app.test_cli_runner().invoke(args=["take-phone-away", *arguments], input=said)
        return done.exit_code, done.output

    assert run(email, said="n\n")[0] == 1
    assert is_in(robin)
    code, said = run(email, said="y\n")
    assert (code, "Taken away." in said) == (0, True)
    assert not is_in(robin)
    assert "has no phone" in run(email, "--yes")[1]
    assert run("nobody@larchdale.example", "--yes")[0] == 2
    with app.app_context():
        mailed = text("SELECT to_address FROM outbox_messages ORDER BY id DESC LIMIT 1")
        assert db.session.execute(mailed).scalar() == email
        noted = text("SELECT actor_id FROM audit_entries WHERE action = 'second_factor_reset'")
        assert db.session.execute(noted).scalars().all() == [None]
    assert give_password(visit(), email).heading == "Set up your phone"
