"""Forgotten and changed passwords, and one's own details."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import queries, service
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, actor, make_cast, make_person
from tests.mail.waiting import whole_letters
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
EMAIL = "amina@larchdale.example"
OTHER = "four other words entirely"


@pytest.fixture
def amina(app: Flask, cast: Cast) -> int:
    """A practitioner with a password."""
    with app.app_context():
        person = make_person(
            cast.organisation,
            name="Amina Sorrel",
            email=EMAIL,
            team_id=cast.team,
            password=PASSWORD,
        )
        db.session.commit()
    return person


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


def ask(visitor: Visitor, email: str) -> Page:
    page = visitor.get("/forgot-password")
    return visitor.send(page.form("/forgot-password"), {"email": email})


def mailed_link(app: Flask) -> str:
    found = re.search(r"http://localhost(/reset-password/[\w-]{32})", whole_letters(app)[-1])
    assert found
    return found.group(1)


@pytest.mark.security(41)
@pytest.mark.usefixtures("with_mail", "amina")
def test_known_and_unknown_addresses_read_the_same(visit: Visit, app: Flask) -> None:
    answers = {(p.status, p.text) for p in (ask(visit(), EMAIL), ask(visit(), "no@a.example"))}
    assert len(answers) == 1
    assert "If the address has an account here" in answers.pop()[1]
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM outbox_messages")).scalar() == 1


@pytest.mark.security(45, 50)
@pytest.mark.usefixtures("with_mail")
def test_a_link_sets_a_new_password_once_and_ends_every_session(
    visit: Visit, app: Flask, amina: int
) -> None:
    inside = visit(amina)
    ask(visit(), EMAIL)
    link = mailed_link(app)
    visitor = visit()
    page = visitor.get(link)
    assert page.heading == "Choose a new password"
    refused = visitor.send(page.form(link), {"password": "password1234"})
    assert refused.status == 422
    done = visitor.send(refused.form(link), {"password": OTHER})
    assert (done.heading, "Your new password is set" in done.main) == ("Sign in", True)
    assert inside.client.get("/me/settings").status_code == 303
    assert visit().get(link).status == 404
    for password, status in ((PASSWORD, 422), (OTHER, 303)):
        form = visitor.get("/sign-in").form("/sign-in")
        answer = visitor.send(form, {"email": EMAIL, "password": password}, follow=False)
        assert answer.status == status


@pytest.mark.security(45)
@pytest.mark.usefixtures("with_mail", "amina")
def test_a_link_works_for_half_an_hour_and_dies_with_the_password(
    visit: Visit, app: Flask, amina: int
) -> None:
    ask(visit(), EMAIL)
    link = mailed_link(app)
    with clock.moved(NOW + timedelta(minutes=29)):
        assert visit().get(link).status == 200
    with clock.moved(NOW + timedelta(minutes=30)):
        page = visit().get(link)
        assert (page.status, page.heading) == (404, "This link no longer works")
        assert page.link("Ask for another") == "/forgot-password"
    with app.app_context():
        service.change_password(actor(amina), session_id=0, current=PASSWORD, password=OTHER)
        db.session.commit()
    assert visit().get(link).status == 404


@pytest.mark.usefixtures("with_mail", "amina")
def test_asking_again_at_once_sends_nothing_more(visit: Visit, app: Flask) -> None:
    ask(visit(), EMAIL)
    first = mailed_link(app)
    ask(visit(), EMAIL)
    assert mailed_link(app) == first
    with clock.moved(NOW + timedelta(minutes=3)):
        ask(visit(), EMAIL)
        assert mailed_link(app) != first
        assert visit().get(first).status == 404


@pytest.mark.usefixtures("with_mail")
def test_closed_accounts_get_no_link(visit: Visit, app: Flask, amina: int, cast: Cast) -> None:
    with app.app_context():
        service.disable_person(cast.actor("administrator"), person_id=amina)
        db.session.commit()
    ask(visit(), EMAIL)
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM outbox_messages")).scalar() == 0


def test_without_mail_the_page_says_whom_to_ask(visit: Visit) -> None:
    page = visit().get("/forgot-password")
    assert "Ask the person who runs it" in page.main
    assert not page.has_form("/forgot-password")


def test_an_administrator_hands_a_link_over(
    visit: Visit, amina: int, cast: Cast, app: Flask
) -> None:
    admin = visit(cast.administrator)
    page = admin.get(f"/admin/people/{amina}/reset-link")
    told = admin.send(page.form("/reset-link"), {"password": PASSWORD})
    assert told.heading == "A password link for Amina Sorrel"
    link = re.search(r"/reset-password/[\w-]{32}", told.main)
    assert link
    assert visit().get(link.group()).status == 200
    with app.app_context():
        with pytest.raises(NotFound):
            service.make_reset_link(
                cast.actor("administrator"),
                person_id=cast.outsider,
                post=service.Post(lambda token: token, False, "Improve"),
                session_id=0,
                password=PASSWORD,
            )
        made = db.session.execute(
            text("SELECT actor_id, object_id FROM audit_entries WHERE action = 'reset_link_made'")
        ).one()
    assert tuple(made) == (cast.administrator, str(amina))


@pytest.mark.security(37, 50)
def test_changing_the_password_asks_for_the_present_one(visit: Visit, amina: int) -> None:
    here, elsewhere = visit(amina), visit(amina)
    page = here.get("/me/password")
    wrong = here.send(
        page.form("/me/password"), {"current_password": "wrong words", "password": OTHER}
    )
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    weak = here.send(
        wrong.form("/me/password"), {"current_password": PASSWORD, "password": "aminasorrel1"}
    )
    assert (weak.status, "built from a name" in weak.errors[0]) == (422, True)
    done = here.send(weak.form("/me/password"), {"current_password": PASSWORD, "password": OTHER})
    assert "Your password is changed. Your other devices are signed out." in done.text
    assert here.client.get("/me/settings").status_code == 200
    assert elsewhere.client.get("/me/settings").status_code == 303


@pytest.mark.security(37)
def test_ones_details_change_and_a_new_address_asks_for_the_password(
    visit: Visit, amina: int, app: Flask
) -> None:
    visitor = visit(amina)
    form = visitor.get("/me/details").form("/me/details")
    done = visitor.send(form, {"name": "Amina Thorn", "job_title": "Senior social worker"})
    assert "Your details are changed." in done.text
    refused = visitor.send(form, {"email": "new@larchdale.example"})
    assert refused.errors == ["Give your password to change your e-mail address."]
    for taken in ("robin.elm@larchdale.example", "olive.fen@fenwick.example"):
        page = visitor.send(form, {"email": taken, "password": PASSWORD})
        assert page.errors == ["This address cannot be used here."]
    page = visitor.send(form, {"email": "no address", "password": PASSWORD})
    assert page.errors == ["Write an address such as name@council.gov.uk."]
    visitor.send(form, {"email": "New@Larchdale.example", "password": PASSWORD})
    with app.app_context():
        account = queries.person_for_password(amina)
        assert account is not None
        assert account.email == "new@larchdale.example"
        told = db.session.execute(text("SELECT to_address FROM outbox_messages")).scalars().all()
    assert told == [EMAIL]


def test_only_listed_fields_are_written(visit: Visit, amina: int, app: Flask, cast: Cast) -> None:
    visit(amina).post(
        "/me/details",
        {
            "name": "Amina Sorrel", "email": EMAIL, "id": str(cast.manager), "is_active": "0",
            "role": "administrator", "roles": "administrator", "rights_version": "99",
            "organisation_id": str(cast.other_organisation),
        },
    )  # fmt: skip
    with app.app_context():
        row = db.session.execute(
            text("SELECT organisation_id, is_active, rights_version FROM people WHERE id = :id"),
            {"id": amina},
        ).one()
        assert (row[0], bool(row[1]), row[2]) == (cast.organisation, True, 2)
        assert "administrator" not in {r.value for r in actor(amina).roles}


def test_colours_are_kept_and_shown(visit: Visit, amina: int) -> None:
    visitor = visit(amina)
    page = visitor.get("/me/settings")
    assert not page.soup.html.get("data-theme")  # type: ignore[union-attr]
    for choice in ("dark", "light", ""):
        page = visitor.send(page.form("/me/settings"), {"theme": choice})
        assert (page.soup.html.get("data-theme") or "") == choice  # type: ignore[union-attr]
        assert dict(page.form("/me/settings").values)["theme"] == choice
    assert visitor.send(page.form("/me/settings"), {"theme": "pink"}).errors == [
        "Choose one of the list."
    ]
