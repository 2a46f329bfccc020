"""Roles that open what is most private: given by one's own password, and told to others."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service
from improve.accounts.roles import Role
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.accounts.phones import Visit
from tests.factories import PASSWORD, Cast, actor, make_cast, make_person
from tests.pages import Page

TOLD = "Somebody was given a role on Improve that opens what is most private"
ASKED = "Give your own password: “Administrator” opens what is most private."


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


def administrators(app: Flask) -> int:
    with app.app_context():
        counted = text("SELECT count(*) FROM memberships WHERE role = 'administrator'")
        return int(db.session.execute(counted).scalar_one())


def mails(app: Flask) -> list[tuple[str, str, str]]:
    with app.app_context():
        found = db.session.execute(
            text("SELECT to_address, subject, body FROM outbox_messages ORDER BY id")
        )
        return [(row.to_address, row.subject, row.body) for row in found]


def asks_for_password(page: Page) -> bool:
    return page.soup.select_one("main input[name=password]") is not None


@pytest.mark.security(57)
def test_an_unlocked_desk_makes_nobody_an_administrator(
    app: Flask, cast: Cast, visit: Visit
) -> None:
    with app.app_context():
        make_person(cast.organisation, role=Role.ADMINISTRATOR, email="two@a.example")
        db.session.commit()
    before = administrators(app)
    robin, path = visit(cast.administrator), f"/admin/people/{cast.coach}/roles"
    page = robin.get(f"/admin/people/{cast.coach}")
    assert not asks_for_password(page), "nothing is asked for what opens nothing"
    chosen = {"across": ["coach", "administrator"]}
    asked = robin.send(page.form(path), chosen)
    assert (asked.status, asked.errors) == (422, [ASKED])
    assert [v for n, v in asked.form(path).values if n == "across"] == chosen["across"]
    wrong = robin.send(asked.form(path), {"password": "another one entirely"})
    assert (wrong.status, wrong.errors) == (422, ["That is not your password."])
    assert administrators(app) == before
    assert mails(app) == []
    done = robin.send(wrong.form(path), {"password": PASSWORD})
    assert "may now act as chosen" in done.text
    assert administrators(app) == before + 1
    assert [(to, subject) for to, subject, _ in mails(app)] == [
        # The data protection lead, and the other administrator.
        ("dev.poplar@larchdale.example", TOLD),
        ("two@a.example", TOLD),
    ]
    assert "Robin Elm gave “Administrator” on Improve to:" in mails(app)[0][2]
    # What somebody holds already is not asked about again.
    kept = robin.get(f"/admin/people/{cast.coach}").form(path)
    assert robin.send(kept, {"across": ["administrator"]}).status == 200


@pytest.mark.security(57)
def test_nor_is_one_invited_without_it(app: Flask, cast: Cast, visit: Visit) -> None:
    before = administrators(app)
    robin = visit(cast.administrator)
    form = robin.get("/admin/people/invite").form("/admin/people/invite")
    preview = robin.send(form, {"addresses": "bea@a.example", "roles": ["administrator"]})
    assert asks_for_password(preview)
    asked = robin.send(preview.form("/send"), button="Invite 1 person")
    assert (asked.status, asked.errors) == (422, [ASKED])
    assert asked.heading == "Check the list", "nothing typed is lost"
    wrong = robin.send(asked.form("/send"), {"password": "no"}, button="Invite 1 person")
    assert wrong.errors == ["That is not your password."]
    assert administrators(app) == before
    done = robin.send(wrong.form("/send"), {"password": PASSWORD}, button="Invite 1 person")
    assert done.heading == "Links to hand over"
    assert administrators(app) == before + 1


@pytest.mark.security(57)
def test_nor_does_a_group_give_one_without_it(app: Flask, cast: Cast, visit: Visit) -> None:
    robin = visit(cast.administrator)
    form = robin.get("/admin/groups").form("/admin/groups")
    preview = robin.send(form, {"group": "everybody", "role": "administrator"})
    assert asks_for_password(preview)
    asked = robin.send(preview.form("/add"), button="Save")
    assert (asked.status, asked.errors) == (422, [ASKED])
    assert asked.heading == "Check the group"
    with app.app_context():
        assert db.session.execute(text("SELECT count(*) FROM group_roles")).scalar() == 0
    done = robin.send(asked.form("/add"), {"password": PASSWORD}, button="Save")
    assert "Saved." in done.text
    plain = robin.send(form, {"group": "coaches", "role": "coach"})
    assert not asks_for_password(plain)
    assert "Saved." in robin.send(plain.form("/add"), button="Save").text


def test_no_password_typed_is_no_wrong_one(cast: Cast, visit: Visit) -> None:
    """Asked seven times without one, nobody has to wait."""
    robin, path = visit(cast.administrator), f"/admin/people/{cast.coach}/roles"
    page = robin.get(f"/admin/people/{cast.coach}")
    for _ in range(7):
        page = robin.send(page.form(path), {"across": ["coach", "administrator"]})
        assert page.errors == [ASKED]
    assert robin.send(page.form(path), {"password": PASSWORD}).status == 200


def test_somebody_without_a_password_has_to_have_come_just_now(context: Flask, cast: Cast) -> None:
    db.session.execute(
        text("UPDATE people SET password_hash = NULL WHERE id = :i"), {"i": cast.administrator}
    )
    with pytest.raises(RuleBroken):
        service.change_roles(
            actor(cast.administrator), person_id=cast.coach, in_teams={},
            across=frozenset({Role.VOICES_READER}), home_team_id=None, seen_version=1,
        )  # fmt: skip
