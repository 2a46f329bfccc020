"""Somebody is erased: their name leaves their council's mails, and no mail of another council."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.service.links import ADDRESS, make_link
from improve.mail import service as mail
from improve.privacy.queries.mails import named_by
from improve.shared.db import db
from tests.factories import PASSWORD, Cast, make_cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]
BODY = "Hello Quagga,\n\nQuagga replied, and you and Quagga meet."


@pytest.fixture
def cast(lay: Callable[[str, Callable[[], Cast]], Cast]) -> Cast:
    """The cast, each with a password."""
    return lay("cast with passwords", lambda: make_cast(PASSWORD))


@pytest.mark.security(54, 85)
def test_mails_of_another_council_stay_as_they_are(app: Flask, cast: Cast, visit: Visit) -> None:
    with app.app_context():
        renamed = text("UPDATE people SET name = 'Quagga Leith' WHERE id = :id")
        db.session.execute(renamed, {"id": cast.practitioner})
        made = {
            council: make_link(
                organisation_id=council,
                person_id=person,
                kind=ADDRESS,
                facts={"email": "new@example.org"},
            )
            for council, person in (
                (cast.organisation, cast.colleague),
                (cast.other_organisation, cast.outsider),
            )
        }
        here, there = (made[one].id for one in (cast.organisation, cast.other_organisation))
        # To addresses that no account has: of a duty team, and of before or after a change.
        left = [
            "help:abc:20261130T0900",
            "hazard:abc",
            f"address:{there}",
            f"news:{cast.outsider}:2026-11-30",
            f"huddle-1-notes-{cast.outsider}",
            f"month:2026-11:{cast.outsider}",
        ]
        changed = [f"address:{here}", f"news:{cast.colleague}:2026-11-30"]
        for key in (*left, *changed):
            mail.enqueue(key=key, to="inbox@example.org", subject="From Quagga", body=BODY)
        admin = cast.actor("administrator")
        accounts.close_and_hand_over(admin, person_id=cast.practitioner, to={})
        db.session.commit()
    lead = visit(cast.data_protection_lead)
    path = f"/admin/privacy/people/{cast.practitioner}/erase"
    lead.send(lead.get(path).form(path), {"is_sure": "y", "password": PASSWORD})
    with app.app_context():
        rows = db.session.execute(text("SELECT key, subject, body FROM outbox_messages")).all()
        mails = {row.key: (row.subject, row.body) for row in rows}
    assert [key for key in left if mails[key] != ("From Quagga", BODY)] == []
    assert [key for key in changed if "Quagga" in str(mails[key])] == []


@pytest.mark.parametrize(
    ("key", "named"),
    [
        ("invitation:7", ("one_time_links", 7)),
        ("reset:7", ("one_time_links", 7)),
        ("address:7", ("one_time_links", 7)),
        ("address-asked:7", ("one_time_links", 7)),
        ("address-changed:7:2026-11-30T09:00:00+00:00", ("people", 7)),
        ("role-given:7:2026-11-30T09:00:00+00:00", ("people", 7)),
        ("news:7:now:9", ("people", 7)),
        ("month:2026-11:7", ("people", 7)),
        ("reports-wait:2026-11-30T09:7", ("people", 7)),
        ("group-roles:7:2026-11-30:9", ("people", 7)),
        ("no-groups:3:2026-11-30:7", ("people", 7)),
        ("huddle-3-notes-7", ("people", 7)),
        ("help:abc:20261130T0900", None),
        ("a mail", None),
    ],
)
def test_a_mails_key_says_whose_it_is(key: str, named: tuple[str, int] | None) -> None:
    assert named_by(key) == named
