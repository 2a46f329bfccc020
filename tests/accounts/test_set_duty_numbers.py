"""Whom to ring about a child: said by an administrator, shown where somebody says it is a worry."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.accounts import queries, service
from improve.accounts.duty_numbers import duty_number, has_number
from improve.shared.errors import Forbidden, RuleBroken, Stale
from tests.factories import Cast
from tests.pages import Visitor

Visit = Callable[..., Visitor]

PATH = "/admin/duty-numbers"
SAID = {
    "day": "Front door, 01632 960 123, Monday to Friday",
    "night": "Emergency duty team 01632 960456",
}


def test_numbers_said_once_stand_on_the_page_about_a_worry(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    admin = visit(cast.administrator)
    first, second = admin.get(PATH).form(PATH), admin.get(PATH).form(PATH)
    assert "Kept." in admin.send(first, SAID).text
    worry = visit(cast.practitioner).get("/safeguarding-worry")
    assert worry.link("01632 960 123") == "tel:01632960123"
    assert worry.link("01632 960456") == "tel:01632960456"
    assert "Front door," in worry.main
    assert "Monday to Friday" in worry.main
    assert "01632" not in visit(cast.outsider).get("/safeguarding-worry").main

    stale = admin.send(second, {**SAID, "night": "Night team 01632 960 999"})
    assert stale.status == 409
    assert "Now, in the day: Front door" in stale.main
    again = stale.form(PATH)
    assert dict(again.values)["night"] == "Night team 01632 960 999"
    assert "Kept." in admin.send(again).text
    with app.app_context():
        actor = cast.actor("administrator")
        assert queries.duty_numbers(actor)["night"] == "Night team 01632 960 999"
        with pytest.raises(Stale):
            service.set_duty_numbers(actor, words=SAID, seen=SAID)


def test_a_line_needs_a_number_and_nobody_else_may_set_it(
    visit: Visit, cast: Cast, app: Flask
) -> None:
    admin = visit(cast.administrator)
    bad = admin.send(admin.get(PATH).form(PATH), {"day": "Ask at the desk", "night": ""})
    assert (bad.status, bad.errors) == (422, ["Add the number, such as 01632 960 123."])
    assert dict(bad.form(PATH).values)["day"] == "Ask at the desk"
    assert visit(cast.manager).get(PATH).status == 403
    assert visit(cast.practitioner).get(PATH).status == 403
    with app.app_context():
        with pytest.raises(Forbidden):
            service.set_duty_numbers(cast.actor("manager"), words=SAID, seen={})
        with pytest.raises(RuleBroken):
            service.set_duty_numbers(
                cast.actor("administrator"), words={"day": f"01632 960 123 {'x' * 200}"}, seen={}
            )


def test_a_number_is_found_as_people_write_it() -> None:
    for words, digits in (
        ("Ring 0300 123 4567 at any time", "03001234567"),
        ("(01632) 960-123", "01632960123"),
        ("+44 1632 960 123", "+441632960123"),
    ):
        found = duty_number(words)
        assert found is not None
        assert found.digits == digits, words
        assert found.before + found.number + found.after == words
    assert duty_number("") is None
    assert not has_number("8.45 to 17.00, room 0123")
