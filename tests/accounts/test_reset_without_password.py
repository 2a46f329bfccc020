"""“Forgot your password?” of somebody whom the council's own sign-in proves: no link, no way in."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts.roles import Role
from improve.accounts.service.links import RESET, make_link
from improve.shared.db import db
from tests.accounts.phones import Visit
from tests.accounts.test_sign_in_by_council import EMAIL, Issuer, invite, issuer, rows, sign_in
from tests.factories import Cast

__all__ = ["issuer"]


@pytest.fixture(autouse=True)
def mail_goes_out(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example")


def ask(visit: Visit) -> str:
    """Ask for a new password and return what the page says."""
    visitor = visit()
    page = visitor.get("/forgot-password")
    return visitor.send(page.form("/forgot-password"), {"email": EMAIL}).main


@pytest.mark.security(45)
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PRACTITIONER])
def test_a_mailbox_alone_opens_no_account_of_the_councils_own_sign_in(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, role: Role
) -> None:
    person = invite(app, cast, role=role)
    waiting = ask(visit)
    assert rows(app, "SELECT count(*) FROM one_time_links") == [(1,)], "invited, not here yet"
    assert sign_in(visit(), issuer).status == 303
    with app.app_context():
        db.session.execute(text("DELETE FROM one_time_links"))
        db.session.execute(text("DELETE FROM outbox_messages"))
        db.session.commit()
    assert ask(visit) == waiting
    assert ask(visit) == waiting
    assert rows(app, "SELECT count(*) FROM one_time_links") == [(0,)]
    mails = rows(app, "SELECT to_address, subject, body FROM outbox_messages")
    assert [mail[:2] for mail in mails] == [
        (EMAIL, "You sign in to Improve with your council account")
    ]
    assert "http" not in str(mails[0][2])
    robin = visit(cast.administrator)
    shown = robin.get(f"/admin/people/{person}/reset-link")
    assert "They sign in with their council account and have no password here." in shown.main
    assert not shown.has_form("/reset-link")
    assert rows(app, "SELECT count(*) FROM one_time_links") == [(0,)]


@pytest.mark.security(45)
def test_a_link_of_before_the_first_sign_in_works_no_more(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast
) -> None:
    person = invite(app, cast)
    with app.app_context():
        link = make_link(organisation_id=cast.organisation, person_id=person, kind=RESET).token
        db.session.commit()
    assert sign_in(visit(), issuer).status == 303
    visitor = visit()
    assert visitor.get(f"/reset-password/{link}").status == 404
