"""No answer at the door tells by its time whether an account is there, closed or waiting."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import passwords, service
from improve.shared.db import db
from tests.factories import PASSWORD, Cast, count_wrong_tries, make_cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
NOBODY = "nobody.there@larchdale.example"
AMINA = "amina.birch@larchdale.example"
CLOSED = "jo.sedge@larchdale.example"
ROUNDS = 9
#: Seconds by which the middle answers of two kinds may differ.
ALLOWED = 0.020
#: A busy machine may spoil the middle of a few answers. It is taken of more and more of them, which
#: brings chance differences to nothing, and leaves those that have a reason.
TRIES = 12


@pytest.fixture
def costly_hashes() -> Iterator[None]:
    """Hashes as dear as the least that is allowed: with cheap ones nothing would show."""
    passwords.configure(time_cost=2, memory_cost=19 * 1024, parallelism=1)
    yield
    passwords.configure(time_cost=1, memory_cost=64, parallelism=1)


@pytest.fixture
def people(app: Flask, lay: Callable[[str, Callable[[], Cast]], Cast], costly_hashes: None) -> Cast:
    """The cast with passwords, one account closed."""
    cast = lay("cast with passwords", lambda: make_cast(PASSWORD))
    with app.app_context():
        service.disable_person(cast.actor("administrator"), person_id=cast.colleague)
        dear = passwords.hash_password(PASSWORD)
        db.session.execute(text("UPDATE people SET password_hash = :dear"), {"dear": dear})
        db.session.commit()
    return cast


def spread(ways: dict[str, Callable[[], object]], before: Callable[[], None]) -> float:
    """Return how far the middle times of the ways are apart, of as many answers as it takes."""
    took: dict[str, list[float]] = {name: [] for name in ways}
    apart = ALLOWED
    for _ in range(TRIES):
        for _ in range(ROUNDS):
            # In turns, so that a slow moment of the machine falls on all.
            for name, way in ways.items():
                before()
                start = time.perf_counter()
                way()
                took[name].append(time.perf_counter() - start)
        middles = [statistics.median(times) for times in took.values()]
        apart = max(middles) - min(middles)
        if apart < ALLOWED:
            break
    return apart


def door(visit: Visit, path: str, status: int) -> Callable[[str, str], None]:
    """Return what sends the form of ``path``, and looks at nothing but the answer's status."""
    visitor = visit()
    token = dict(visitor.get(path).form(path).values)["csrf_token"]

    def send(email: str, password: str = "") -> None:
        sent = {"csrf_token": token, "email": email, "password": password}
        assert visitor.client.post(path, data=sent).status_code == status

    return send


def forget_tries(app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("DELETE FROM attempt_counters"))
        db.session.execute(text("DELETE FROM one_time_links"))
        db.session.commit()


@pytest.mark.security(41)
def test_unknown_wrong_and_closed_take_the_same_time(
    app: Flask, visit: Visit, people: Cast
) -> None:
    send = door(visit, "/sign-in", 422)
    ways = {
        "unknown": lambda: send(NOBODY, PASSWORD),
        "wrong": lambda: send(AMINA, "wrong words, all of them"),
        "closed": lambda: send(CLOSED, PASSWORD),
        "closed and wrong": lambda: send(CLOSED, "wrong words, all of them"),
    }
    assert spread(ways, lambda: forget_tries(app)) < ALLOWED


@pytest.mark.security(41)
def test_an_account_that_waits_takes_the_same_time_whether_or_not_it_is_there(
    app: Flask, visit: Visit, people: Cast
) -> None:
    with app.app_context():
        for email in (NOBODY, AMINA, CLOSED):
            count_wrong_tries(app.config["SECRET_KEY"], email, "another place", 12)
    send = door(visit, "/sign-in", 429)
    ways = {email: lambda email=email: send(email, PASSWORD) for email in (NOBODY, AMINA, CLOSED)}
    assert spread(ways, lambda: None) < ALLOWED


@pytest.mark.security(41)
def test_a_forgotten_password_takes_the_same_time_whether_or_not_there_is_an_account(
    app: Flask, visit: Visit, people: Cast
) -> None:
    app.config["MAIL_URL"] = "smtp://mail.example"
    try:
        send = door(visit, "/forgot-password", 303)
        ways = {email: lambda email=email: send(email) for email in (NOBODY, AMINA, CLOSED)}
        assert spread(ways, lambda: forget_tries(app)) < ALLOWED
    finally:
        app.config["MAIL_URL"] = ""
