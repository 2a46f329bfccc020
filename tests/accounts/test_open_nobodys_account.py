"""No administrator gets into the account of somebody who sees what is most private, unheard."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.shared.db import db
from tests.accounts.phones import Visit, is_in, set_up_phone
from tests.factories import PASSWORD, Cast, make_cast

HELD = ("voices_reader", "incident_reviewer", "data_protection_lead")


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


def count(app: Flask, table: str) -> int:
    with app.app_context():
        return int(db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.mark.security(57)
@pytest.mark.parametrize("who", HELD)
def test_without_mail_no_link_is_made_and_no_phone_taken_away(
    app: Flask, visit: Visit, cast: Cast, who: str
) -> None:
    """Neither by the pages, which say so and ask for nothing, nor by what is sent past them."""
    person = getattr(cast, who)
    set_up_phone(app, person)
    robin, owner = visit(cast.administrator), visit(person)
    harmless = robin.get(f"/admin/people/{cast.coach}/reset-link").form("/reset-link")
    for tail, said in (
        ("reset-link", "the link would be in your hands"),
        ("second-factor", "they would not hear of it"),
    ):
        path = f"/admin/people/{person}/{tail}"
        page = robin.get(path)
        assert said in page.main
        assert not page.has_form(f"/{tail}")
        sent = robin.client.post(path, data=dict(harmless.values) | {"password": PASSWORD})
        assert sent.status_code == 422
    assert (count(app, "one_time_links"), count(app, "second_factors")) == (0, 1)
    assert is_in(owner)


@pytest.mark.security(57)
@pytest.mark.usefixtures("with_mail")
def test_with_mail_the_link_goes_to_its_owner(app: Flask, visit: Visit, cast: Cast) -> None:
    robin = visit(cast.administrator)
    page = robin.get(f"/admin/people/{cast.voices_reader}/reset-link")
    done = robin.send(page.form("/reset-link"), {"password": PASSWORD})
    assert "A link is on its way to tom.willow@larchdale.example." in done.text
    assert "/reset-password/" not in done.text
    with app.app_context():
        to = db.session.execute(text("SELECT to_address FROM outbox_messages")).scalars().all()
        assert to == ["tom.willow@larchdale.example"]


@pytest.mark.security(37)
def test_a_link_asks_for_the_administrators_own_password(
    app: Flask, visit: Visit, cast: Cast
) -> None:
    """Whoever finds a desk unlocked gets into nobody's account."""
    robin = visit(cast.administrator)
    page = robin.get(f"/admin/people/{cast.coach}")
    asked = robin.get(page.link("Make a password link"))
    for given in ("", "wrong words"):
        wrong = robin.send(asked.form("/reset-link"), {"password": given})
        assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    assert count(app, "one_time_links") == 0
    made = robin.send(wrong.form("/reset-link"), {"password": PASSWORD})
    assert "/reset-password/" in made.main
    for other, status in ((cast.manager, 403), (cast.outsider_administrator, 404)):
        assert visit(other).get(f"/admin/people/{cast.coach}/reset-link").status == status


def test_ones_own_link_is_made_whatever_one_holds(visit: Visit, cast: Cast) -> None:
    robin = visit(cast.administrator)
    page = robin.get(f"/admin/people/{cast.administrator}/reset-link")
    assert "/reset-password/" in robin.send(page.form("/reset-link"), {"password": PASSWORD}).main


@pytest.mark.usefixtures("with_mail")
def test_who_closed_the_account_is_told_what_to_do_first(visit: Visit, cast: Cast) -> None:
    robin = visit(cast.administrator)
    address = f"/admin/people/{cast.coach}/close"
    robin.send(robin.get(address).form(address))
    page = robin.get(f"/admin/people/{cast.coach}/reset-link")
    assert "Open it again first." in page.main
    assert not page.has_form("/reset-link")
