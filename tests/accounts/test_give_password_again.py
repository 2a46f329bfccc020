"""One's own password, asked again for what matters: wrong ones are counted wherever it is asked."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries
from improve.shared import clock
from improve.shared.db import db
from tests.accounts.phones import Visit
from tests.at_once import all_at_once
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, count_wrong_tries

NEW = "wobbly lanterns drift north"


@pytest.mark.security(37, 40)
@pytest.mark.parametrize(
    ("path", "field", "more"),
    [
        ("/me/password", "current_password", {"password": NEW}),
        ("/me/details", "password", {"email": "amina@elsewhere.example"}),
        ("/me/second-factor", "password", {}),
        ("/confirm-password", "password", {}),
    ],
)
def test_wrong_passwords_are_counted_and_the_wait_grows(
    visit: Visit, people: Cast, path: str, field: str, more: dict[str, str]
) -> None:
    amina = visit(people.practitioner)
    form = amina.get(path).form(path)
    statuses = [amina.send(form, {field: f"wrong {n}", **more}).status for n in range(4)]
    assert statuses == [422, 422, 422, 429]
    page = amina.send(form, {field: PASSWORD, **more})
    assert (page.status, page.errors) == (429, ["Wait 2 seconds and try again."])
    with clock.moved(NOW.replace(second=NOW.second + 3)):
        assert amina.send(form, {field: PASSWORD, **more}, follow=False).status == 303


def test_a_name_alone_asks_for_no_password_and_waits_for_none(visit: Visit, people: Cast) -> None:
    amina = visit(people.practitioner)
    form = amina.get("/me/details").form("/me/details")
    for number in range(4):
        amina.send(form, {"email": "amina@elsewhere.example", "password": f"wrong {number}"})
    assert amina.send(form, {"job_title": "Social worker"}, follow=False).status == 303


@pytest.mark.security(40)
def test_whoever_tries_the_account_at_the_door_keeps_nobody_waiting_who_is_in(
    app: Flask, visit: Visit, people: Cast
) -> None:
    with app.app_context():
        account = queries.person_for_password(people.practitioner)
        assert account is not None
        count_wrong_tries(app.config["SECRET_KEY"], account.email, "elsewhere", 30)
    amina = visit(people.practitioner)
    for path in ("/confirm-password", "/me/second-factor"):
        form = amina.get(path).form(path)
        assert amina.send(form, {"password": PASSWORD}, follow=False).status == 303


@pytest.mark.security(40)
def test_passwords_sent_side_by_side_are_counted_one_after_the_other(
    visit: Visit, people: Cast
) -> None:
    def window(number: int) -> Callable[[], int]:
        amina = visit(people.practitioner)
        form = amina.get("/me/second-factor").form("/me/second-factor")
        sent = dict(form.with_values({"password": f"wrong {number}"}))
        return lambda: amina.client.post("/me/second-factor", data=sent).status_code

    statuses = all_at_once([window(number) for number in range(8)])
    assert sorted(statuses) == [422] * 3 + [429] * 5


def test_what_is_refused_for_another_reason_counts_no_password(
    app: Flask, visit: Visit, people: Cast
) -> None:
    amina = visit(people.practitioner)
    form = amina.get("/me/password").form("/me/password")
    for _ in range(5):
        page = amina.send(form, {"current_password": PASSWORD, "password": "short"})
        assert page.status == 422
    assert (
        amina.send(form, {"current_password": PASSWORD, "password": NEW}, follow=False).status
        == 303
    )
    with app.app_context():
        left = db.session.execute(text("SELECT max(failures) FROM attempt_counters")).scalar()
    assert not left
