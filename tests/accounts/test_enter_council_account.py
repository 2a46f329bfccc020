"""Which council account is whose: an administrator enters a key, its owner joins or parts it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.accounts import service
from improve.accounts.models import AuthSession
from improve.accounts.oidc.id_token import Known
from improve.accounts.roles import Role
from improve.accounts.service import Post
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden
from tests.accounts.phones import Visit, give_password
from tests.accounts.test_sign_in_by_council import (
    EMAIL,
    Issuer,
    come_back,
    invite,
    is_signed_in,
    issuer,
    priya,
    rows,
    sign_in,
    way,
)
from tests.conftest import NOW
from tests.factories import PASSWORD, Cast, actor, make_cast, make_person

__all__ = ["issuer", "priya"]

OWN = "/me/council-account"


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


@pytest.fixture
def joiner(app: Flask, cast: Cast) -> int:
    """Somebody with a password, whose council account is not joined yet."""
    with app.app_context():
        person = make_person(cast.organisation, email=EMAIL, team_id=cast.team, password=PASSWORD)
        db.session.commit()
    return person


@pytest.mark.security(37)
def test_an_administrator_enters_a_key_with_their_own_password_and_forgets_it(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, joiner: int
) -> None:
    issuer.person["email_verified"] = False
    path = f"/admin/people/{joiner}/council-account"
    assert visit(cast.manager).get(path).status == 403
    assert visit(cast.outsider_administrator).get(path).status == 404
    robin, before = visit(cast.administrator), visit(joiner)
    form = robin.get(path).form(path)
    assert robin.send(form, {"subject": "", "password": PASSWORD}).status == 422
    wrong = robin.send(form, {"subject": "s-1", "password": "wrong words"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]
    assert robin.send(form, {"subject": "s-1", "password": PASSWORD}).status == 200
    assert not is_signed_in(before), "signed out everywhere"
    acts = rows(app, f"SELECT action FROM audit_entries WHERE object_id = '{joiner}'")
    assert ("council_account_entered",) in acts
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    assert robin.send(form, {"subject": "s-1", "password": PASSWORD}).status == 200
    assert is_signed_in(visitor), "twice is harmless"
    taken = f"/admin/people/{cast.colleague}/council-account"
    page = robin.send(robin.get(taken).form(taken), {"subject": "s-1", "password": PASSWORD})
    assert page.errors == ["This key is somebody else’s account already."]
    asked = robin.get(robin.get(path).link("Part the two"))
    refused = robin.send(asked.form("/forget"), {"password": "wrong words"})
    assert (refused.status, refused.errors) == (422, ["That is not your password."])
    assert is_signed_in(visitor)
    robin.send(refused.form("/forget"), {"password": PASSWORD})
    assert not is_signed_in(visitor)
    assert sign_in(visit(), issuer).heading == "You have no part here yet"


@pytest.mark.security(37, 46)
@pytest.mark.parametrize("role", [Role.INCIDENT_REVIEWER, Role.VOICES_READER, Role.ADMINISTRATOR])
def test_no_key_is_entered_for_whoever_opens_what_is_most_private(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, role: Role
) -> None:
    person = invite(app, cast, role=role)
    robin = visit(cast.administrator)
    for whom in (person, cast.administrator):
        path = f"/admin/people/{whom}/council-account"
        page = robin.get(path)
        assert "A key is not entered here" in page.main
        other = f"/admin/people/{cast.colleague}/council-account"
        token = dict(robin.get(other).form(other).values)
        sent = robin.client.post(path, data=token | {"subject": "s-1", "password": PASSWORD})
        assert sent.status_code == 422
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]


@pytest.mark.security(46, 48)
@pytest.mark.parametrize("end", [service.end_sessions_of, service.disable_person])
def test_nothing_is_joined_once_the_session_has_ended(  # noqa: PLR0917
    app: Flask,
    visit: Visit,
    issuer: Issuer,
    cast: Cast,
    joiner: int,
    end: Callable[..., None],
) -> None:
    visitor = visit(joiner)
    right = visitor.send(visitor.get(OWN).form(OWN), {"password": PASSWORD})
    there = way(right, "Go on to your council account")

    def meanwhile() -> None:
        with app.app_context():
            end(cast.actor("administrator"), person_id=joiner)
            db.session.commit()

    issuer.meanwhile = meanwhile
    answer = come_back(visitor, issuer, there)
    assert (answer.status, answer.heading) == (400, "Begin again")
    assert rows(app, "SELECT count(*) FROM identities") == [(0,)]


def test_ones_own_is_parted_with_the_password_and_joining_signs_others_out(
    app: Flask, visit: Visit, issuer: Issuer, joiner: int
) -> None:
    visitor, elsewhere = visit(joiner), visit(joiner)
    right = visitor.send(visitor.get(OWN).form(OWN), {"password": PASSWORD})
    assert come_back(visitor, issuer, way(right, "Go on to your council account")).status == 303
    assert is_signed_in(visitor)
    assert not is_signed_in(elsewhere)
    page = visitor.get(OWN)
    wrong = visitor.send(page.form(OWN), {"password": "wrong words"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    done = visitor.send(page.form(OWN), {"password": PASSWORD})
    assert "Your council account is no longer joined." in done.text
    assert sign_in(visit(), issuer).heading == "You have an account here already"


def test_nobody_parts_their_only_way_in(
    app: Flask, visit: Visit, issuer: Issuer, priya: int
) -> None:
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    page = visitor.get(OWN)
    assert "An administrator can part the two" in page.main
    token = visitor.get("/me/details").form("/me/details").values
    sent = visitor.client.post(OWN, data=dict(token) | {"act": "part"})
    assert sent.status_code == 422
    assert rows(app, "SELECT count(*) FROM identities") == [(1,)]


@pytest.mark.security(43, 57)
def test_an_entered_key_opens_no_role_that_is_given_afterwards(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, joiner: int
) -> None:
    """An administrator's own key, entered for somebody who becomes a reader a moment later."""
    robin = visit(cast.administrator)
    form = robin.get(f"/admin/people/{joiner}/council-account").form("/council-account")
    assert robin.send(form, {"subject": "s-1", "password": PASSWORD}, follow=False).status == 303
    with app.app_context():
        service.grant_role(
            organisation_id=cast.organisation, person_id=joiner, role=Role.VOICES_READER
        )
        db.session.commit()
    thief = visit()
    answer = sign_in(thief, issuer)
    assert (answer.status, answer.heading) == (403, "Join your council account yourself")
    assert not is_signed_in(thief)
    assert ("sign_in_refused",) in rows(app, "SELECT action FROM audit_entries")
    # Its owner joins it themselves, and comes in by it from then on.
    owner = visit(joiner)
    there = owner.send(owner.get(OWN).form(OWN), {"password": PASSWORD})
    assert come_back(owner, issuer, way(there, "Go on to your council account")).status == 303
    again = visit()
    assert sign_in(again, issuer).status == 303
    assert is_signed_in(again)


def test_the_mail_about_a_join_names_the_account(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, joiner: int
) -> None:
    owner = visit(joiner)
    there = owner.send(owner.get(OWN).form(OWN), {"password": PASSWORD})
    come_back(owner, issuer, way(there, "Go on to your council account"))
    robin = visit(cast.administrator)
    form = robin.get(f"/admin/people/{joiner}/council-account").form("/council-account")
    with clock.moved(NOW + timedelta(minutes=1)):
        robin.send(form, {"subject": "s-77", "password": PASSWORD})
    told = [str(body) for (body,) in rows(app, "SELECT body FROM outbox_messages")]
    for account in (EMAIL, "key s-77"):
        assert sum(f"It is {account} at {issuer.address}" in body for body in told) == 1


@pytest.mark.security(50, 57)
def test_who_is_not_parted_from_their_council_account(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, priya: int
) -> None:
    """Neither the only way in of whoever asks, nor somebody who sees what is most private."""
    with app.app_context():
        service.grant_role(
            organisation_id=cast.organisation, person_id=priya, role=Role.ADMINISTRATOR
        )
        db.session.commit()
    robin, own = visit(cast.administrator), visit()
    assert sign_in(own, issuer).status == 303
    for visitor, said in ((own, "your only way in"), (robin, "opens what is most private")):
        path = f"/admin/people/{priya}/council-account/forget"
        page = visitor.get(path)
        assert said in page.main
        assert not page.has_form("/forget")
        other = visitor.get(f"/admin/people/{cast.coach}/reset-link").form("/reset-link")
        sent = visitor.client.post(path, data=dict(other.values) | {"password": PASSWORD})
        assert sent.status_code == 422
    assert rows(app, "SELECT person_id FROM identities") == [(priya,)]


@pytest.mark.security(37, 43)
def test_a_password_alone_sets_no_phone_up_for_whoever_comes_with_a_council_account(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, joiner: int
) -> None:
    visitor = visit(joiner)
    right = visitor.send(visitor.get(OWN).form(OWN), {"password": PASSWORD})
    come_back(visitor, issuer, way(right, "Go on to your council account"))
    with app.app_context():
        service.grant_role(
            organisation_id=cast.organisation, person_id=joiner, role=Role.ADMINISTRATOR
        )
        db.session.commit()
    thief = visit()
    page = give_password(thief, EMAIL)
    assert page.heading == "Sign in with your council account"
    assert way(page, "Sign in with your council account").startswith("/sign-in/")
    token = dict(page.form("/sign-out").values)["csrf_token"]
    assert thief.post("/second-factor/set-up", {"csrf_token": token}).status == 403
    assert thief.get("/second-factor/set-up").heading == "Sign in with your council account"
    assert not is_signed_in(thief)
    owner = visit()
    assert sign_in(owner, issuer).status == 303
    assert is_signed_in(owner)
    form = owner.get("/me/second-factor").form("/me/second-factor")
    assert owner.send(form, {"password": PASSWORD}).status == 200, (
        "their own phone, when they are in"
    )


@pytest.mark.security(37)
def test_whoever_was_parted_is_joined_again_only_by_a_new_invitation(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, priya: int
) -> None:
    assert sign_in(visit(), issuer).status == 303
    robin = visit(cast.administrator)
    path = f"/admin/people/{priya}/council-account/forget"
    robin.send(robin.get(path).form(path), {"password": PASSWORD})
    refused = visit()
    assert sign_in(refused, issuer).status == 403
    assert not is_signed_in(refused)
    with app.app_context():
        post = Post(address_of=str, has_mail=False, site_name="Improve")
        service.resend_invitation(cast.actor("administrator"), person_id=priya, post=post)
        db.session.commit()
    assert sign_in(visit(), issuer).status == 303


@pytest.mark.security(37)
def test_a_key_that_was_entered_does_not_become_ones_own_without_a_password(
    app: Flask, visit: Visit, issuer: Issuer, cast: Cast, priya: int
) -> None:
    path = f"/admin/people/{priya}/council-account"
    robin = visit(cast.administrator)
    robin.send(robin.get(path).form(path), {"subject": issuer.person["sub"], "password": PASSWORD})
    visitor = visit()
    assert sign_in(visitor, issuer).status == 303
    with app.app_context():
        newest = select(func.max(AuthSession.id)).where(AuthSession.person_id == priya)
        with pytest.raises(Forbidden):
            service.join_council_account(
                actor(priya),
                session_id=db.session.execute(newest).scalar_one(),
                provider=app.config["OIDC_PROVIDERS"][0],
                known=Known(issuer.address, str(issuer.person["sub"]), "", False, "", ()),
                site_name="Improve",
            )
        db.session.rollback()
    assert rows(app, "SELECT is_entered FROM identities") in ([(1,)], [(True,)])
