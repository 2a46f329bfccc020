"""Trust another council's key: only when its digits were heard, and ended in one step."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from improve.accounts.roles import Role
from improve.library.queries.exchange import TrustedView, trusted_councils
from improve.library.service import trust
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, actor, make_person
from tests.library.outside import their_signer
from tests.pages import Page, Visitor

Visit = Callable[..., Visitor]
Inside = Callable[[Callable[[], Any]], Any]
NEW = "/library/exchange/councils/new"


def typed(**changed: str) -> dict[str, str]:
    signer = their_signer()
    return {
        "name": "Thornmere Council",
        "key": signer.public_key,
        "read_out": " ".join(trust.signing.groups_of(signer.fingerprint)),
        "how_compared": "By telephone, through their switchboard",
        **changed,
    }


def sent(visitor: Visitor, **changed: str) -> Page:
    return visitor.send(visitor.get(NEW).form("/new"), typed(**changed))


def added(cast: Cast) -> int:
    made = trust.trust_council(cast.actor("coach"), **typed())
    db.session.commit()
    return made


def known(cast: Cast) -> list[TrustedView]:
    """Return who is known; nothing is left open for whoever visits next."""
    found = trusted_councils(cast.actor("coach"))
    db.session.rollback()
    return found


def actions() -> list[str]:
    rows = db.session.execute(
        select(AuditEntry.action)
        .where(AuditEntry.object_kind == "trusted_council")
        .order_by(AuditEntry.id)
    )
    found = list(rows.scalars())
    db.session.rollback()
    return found


def test_a_coach_adds_a_council_by_its_digits_and_ends_it(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    coach = visit(cast.coach)
    page = sent(coach)
    assert page.heading == "Exchange with other councils"
    assert "Thornmere Council Priya Hazel, 24 Nov 2026: By telephone" in page.main
    ended = coach.send(coach.follow(page, "End trust in Thornmere Council").form("/end"))
    assert "The key of Thornmere Council is trusted no more." in ended.text
    assert "1 ended" in ended.main
    sent(coach)
    (one,) = inside(lambda: known(cast))
    assert one.is_trusted
    assert inside(actions) == [
        "council_trusted",
        "council_trust_ended",
        "council_trusted",
    ]


def test_the_file_of_a_key_is_taken_and_lends_the_name(
    cast: Cast, visit: Visit, inside: Inside, app: Flask
) -> None:
    """As Larchdale publishes it, Fenwick pastes it."""
    public = visit().get("/learning/larchdale-council/key.json").response
    assert public.mimetype == "application/json"
    said = json.loads(public.get_data())

    def add() -> list[TrustedView]:
        other = actor(make_person(cast.other_organisation, role=Role.COACH))
        trust.trust_council(
            other,
            name="",
            key=public.get_data(as_text=True),
            read_out=said["fingerprint"],
            how_compared="On the telephone",
            secret=app.config["SIGNING_KEY"],
        )
        return trusted_councils(other)

    (one,) = inside(add)
    assert one.name == "Larchdale Council"
    assert one.verify_key == said["public_key"]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"key": ""}, "Paste their key"),
        ({"key": "not a key"}, "This is no key."),
        ({"name": ""}, "Write the name of the council."),
        ({"read_out": ""}, "Type the digits that they read out"),
        ({"read_out": "12345 67890"}, "There are 40 digits in a fingerprint. These are 10."),
        ({"read_out": "0" * 40}, "These are not the digits of this key"),
        ({"how_compared": ""}, "Write how you compared the digits"),
        ({"how_compared": "x" * 301}, "Use 300 characters or fewer"),
    ],
)
def test_what_is_missing_or_different_is_said_and_nothing_typed_is_lost(
    cast: Cast, visit: Visit, inside: Inside, changed: dict[str, str], says: str
) -> None:
    refused = sent(visit(cast.coach), **changed)
    assert refused.status == 422
    assert any(says in words for words in refused.errors), refused.errors
    kept = dict(refused.form("/new").values)
    for name, text in typed(**changed).items():
        assert kept[name] == text
    assert not inside(lambda: known(cast))


def test_one_wrong_group_is_named(cast: Cast, context: Flask) -> None:
    digits = their_signer().fingerprint
    wrong = digits[:-1] + ("0" if digits[-1] != "0" else "1")
    with pytest.raises(RuleBroken, match="Group 8 is different"):
        trust.trust_council(cast.actor("coach"), **typed(read_out=wrong))


def test_ones_own_key_is_refused(cast: Cast, context: Flask) -> None:
    secret = context.config["SIGNING_KEY"]
    own = trust.own_key("larchdale-council", secret)
    assert own is not None
    with pytest.raises(RuleBroken, match="your own council"):
        trust.trust_council(
            cast.actor("coach"),
            **typed(key=own.public_key, read_out=own.fingerprint),
            secret=secret,
        )


def test_twice_is_harmless_and_an_old_page_is_told(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    council = inside(lambda: added(cast))
    assert inside(lambda: added(cast)) == council
    assert inside(actions) == ["council_trusted"]
    coach = visit(cast.coach)
    path = f"/library/exchange/councils/{council}/end"
    form = coach.get(path).form("/end")
    stale = coach.send(form, {"version": "7"})
    assert stale.status == 409
    assert "This changed since you looked" in stale.main
    with pytest.raises(Stale):
        inside(lambda: trust.end_trust(cast.actor("coach"), council_id=council, seen_version=7))
    coach.send(form)
    coach.send(form)
    assert inside(actions) == ["council_trusted", "council_trust_ended"]


def test_who_may_not_and_who_finds_nothing(cast: Cast, visit: Visit, inside: Inside) -> None:
    council = inside(lambda: added(cast))
    other = inside(lambda: make_person(cast.other_organisation, role=Role.COACH))
    assert visit(cast.manager).get(NEW).status == 403
    manager = visit(cast.manager)
    assert (
        manager.post(
            NEW,
            typed(),
        ).status
        == 403
    )
    assert visit(other).get(f"/library/exchange/councils/{council}/end").status == 404
    for act in (
        lambda: trust.trust_council(cast.actor("manager"), **typed()),
        lambda: trust.end_trust(cast.actor("manager"), council_id=council, seen_version=1),
    ):
        with pytest.raises(Forbidden):
            inside(act)
    with pytest.raises(NotFound):
        inside(lambda: trust.end_trust(actor(other), council_id=council, seen_version=1))


def test_how_it_was_compared_is_read_again_where_it_names_somebody(
    cast: Cast, visit: Visit, inside: Inside
) -> None:
    asked = sent(visit(cast.coach), how_compared="Rang 07700 900123")
    assert "07700 900123" in asked.main
    assert not inside(lambda: known(cast))
