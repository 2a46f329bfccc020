"""A new e-mail address counts once its mailbox has answered: a slip gives the account to nobody."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.models import OneTimeLink, Person
from improve.mail.models import OutboxMessage
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, make_person
from tests.mail.waiting import whole_letters
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
PASSWORD = "lantern otter blue cliff"
OLD, NEW = "amina.sorrel@council.example", "amina.birch@council.example"


@pytest.fixture
def amina(app: Flask, cast: Cast) -> int:
    with app.app_context():
        person = make_person(
            cast.organisation,
            name="Amina Sorrel",
            email=OLD,
            team_id=cast.team,
            password=PASSWORD,
        )
        db.session.commit()
    return person


def ask(visitor: Visitor, email: str = NEW) -> Page:
    page = visitor.get("/me/details")
    return visitor.send(page.form("/me/details"), {"email": email, "password": PASSWORD})


def address_of(app: Flask, person: int) -> str:
    with app.app_context():
        return str(db.session.execute(select(Person.email).where(Person.id == person)).scalar())


def mailed_link(app: Flask) -> str:
    found = re.search(r"http://localhost(/new-address/[\w-]{32})", "\n".join(whole_letters(app)))
    assert found
    return found.group(1)


@pytest.mark.usefixtures("with_mail")
def test_a_new_address_counts_once_its_mailbox_said_so(
    app: Flask, visit: Visit, amina: int
) -> None:
    asked = ask(visit(amina))
    assert "A link went to the new address" in asked.text
    assert address_of(app, amina) == OLD
    # Whoever has the mailbox opens it, on any device. To look at it changes nothing.
    box = visit()
    page = box.get(link := mailed_link(app))
    assert page.heading == "Is this your address?"
    assert NEW in page.main
    assert address_of(app, amina) == OLD
    done = box.send(page.form(link))
    assert "Your new address is used from now on" in done.text
    assert address_of(app, amina) == NEW
    assert visit().get(link).status == 404
    signed_in = visit()
    page = signed_in.get("/sign-in")
    assert signed_in.send(page.form("/sign-in"), {"email": NEW, "password": PASSWORD}).status == 200


@pytest.mark.usefixtures("with_mail")
def test_the_former_mailbox_hears_of_it_twice(app: Flask, visit: Visit, amina: int) -> None:
    ask(visit(amina))
    box = visit()
    box.send(box.get(link := mailed_link(app)).form(link))
    with app.app_context():
        sent = select(OutboxMessage.body).where(OutboxMessage.to_address == OLD)
        told = list(db.session.scalars(sent))
    assert len(told) == 2
    for letter in told:
        assert letter is not None
        assert "If this was not you" in letter
        assert NEW not in letter


@pytest.mark.usefixtures("with_mail")
def test_a_link_of_yesterday_and_one_asked_before_the_last_open_nothing(
    app: Flask, visit: Visit, amina: int
) -> None:
    visitor = visit(amina)
    ask(visitor)
    first = mailed_link(app)
    ask(visitor, "third@council.example")
    assert visit().get(first).status == 404
    second = next(
        found
        for found in re.findall(r"/new-address/[\w-]{32}", "\n".join(whole_letters(app)))
        if found != first
    )
    with clock.moved(NOW + timedelta(hours=24, minutes=1)):
        assert visit().get(second).status == 404
    assert address_of(app, amina) == OLD


@pytest.mark.usefixtures("with_mail")
def test_an_address_that_somebody_took_meanwhile_is_refused_in_words(
    app: Flask, cast: Cast, visit: Visit, amina: int
) -> None:
    ask(visit(amina))
    with app.app_context():
        make_person(cast.organisation, email=NEW)
        db.session.commit()
    box = visit()
    page = box.send(box.get(link := mailed_link(app)).form(link))
    assert (page.status, page.errors) == (422, ["This address cannot be used here."])
    assert address_of(app, amina) == OLD
    with app.app_context():
        assert db.session.execute(select(OneTimeLink.used_at)).scalars().all() == [None]


def test_without_mail_it_counts_at_once(app: Flask, visit: Visit, amina: int) -> None:
    assert "Your details are changed" in ask(visit(amina)).text
    assert address_of(app, amina) == NEW
