"""What a reviewer is offered and told on the pages of one report: nothing that would be refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from improve.incidents.service.danger import note_route
from improve.incidents.service.keep_by_order import keep_by_order
from improve.shared.db import db
from tests.factories import Cast, actor
from tests.incidents.desk import DESK, council, made, read
from tests.incidents.test_settle_words import both_agree, row, two, write
from tests.pages import Visitor

Visit = Callable[..., Visitor]
#: What is refused while a lawful order keeps it.
REFUSED = ("no-danger", "route", "passed-on", "coding", "agreed", "words", "check", "ask", "join")


def keep(app: Flask, cast: Cast, here: str, *readers: int) -> None:
    with app.app_context():
        key = here.rsplit("/", 1)[1]
        for one in readers:
            keep_by_order(actor(one), key=key, seen_version=row(app, here).version)
            db.session.commit()


@pytest.mark.parametrize("is_agreed", [False, True])
def test_what_an_order_keeps_has_no_button_that_would_be_refused(
    app: Flask, cast: Cast, visit: Visit, is_agreed: bool
) -> None:
    here, first, second = two(app, cast, visit, contact="Ring 01632 960155 after six")
    if is_agreed:
        both_agree(first, second, here)
    else:
        write(first, here)
    for reader in (first, second):
        order = f"{here}/order"
        form = reader.get(order).form(
            order, button=None if reader is first else "I saw the order, too"
        )
        reader.send(form, {})
    tails = ("", "/coding", "/call-back", "/words", "/check", "/together", "/ask", "/route")
    for tail in tails:
        page = first.get(f"{here}{tail}")
        assert page.status == 200, tail
        assert "Kept as it is, by a lawful order" in page.main
        for name in REFUSED:
            assert not page.has_form(f"{here}/{name}") or not page.soup.select(
                f'main form[action="{here}/{name}"] button[type=submit]'
            ), (tail, name)
    assert first.get(f"{here}/call-back").has_form(f"{here}/contact"), "a child may need it"
    assert first.get(here).has_form(f"{here}/may-know")
    assert "Note it in your council’s own record" in first.get(f"{here}/route").main
    assert "Whom to ring" in first.get(here).main


def test_i_may_know_this_asks_once(app: Flask, cast: Cast, visit: Visit) -> None:
    found = council(app, cast)
    here = made(app, found)
    page = visit(found.reviewers[0]).get(here)
    button = page.soup.select_one(f'form[action="{here}/may-know"] button')
    assert button.text.strip() == "Yes, pass it on"
    assert button.find_parent("details").summary.text.strip() == "I may know this"


@pytest.mark.parametrize("contact", ["", "Ring 01632 960155 after six"])
def test_duty_is_told_that_there_is_a_way_to_call_back(
    app: Flask, cast: Cast, visit: Visit, contact: str
) -> None:
    found = council(app, cast)
    here = made(app, found, contact=contact)
    reader = visit(found.reviewers[0])
    read(reader, here)
    for _ in range(2):
        page = reader.get(f"{here}/route").main
        assert ("tell duty that there is one" in page) is bool(contact)
        assert "01632" not in page
        with app.app_context():
            note = {"route": "safeguarding", "told": "Duty, today"}
            note_route(actor(found.reviewers[0]), key=here.rsplit("/", 1)[1], **note)
            db.session.commit()
    if contact:
        way = reader.get(f"{here}/call-back").form(f"{here}/contact")
        assert contact in reader.send(way, {}).main, "also while it goes another route"


def test_an_administrator_is_told_that_nobody_lets_them_in(cast: Cast, visit: Visit) -> None:
    for role in ("administrator", "manager"):
        refused = visit(getattr(cast, role)).get(DESK)
        assert refused.status == 403
        assert "Only reviewers open reports. Nobody can give that for a look." in refused.main
        assert "administrator can change" not in refused.main
        assert "ask your manager" not in refused.main


def test_who_reads_words_is_said_as_it_is(app: Flask, cast: Cast, visit: Visit) -> None:
    here, first, _ = two(app, cast, visit)
    hazard = {"told": "the owner", "email": "owner@example.org", "words": "Ask Mr Alder of it"}
    asked = first.send(first.get(f"{here}/alert").form(f"{here}/alert"), hazard)
    assert "gets them by mail" in asked.main
    words = {"words": "Was it Mr Alder who rang?"}
    question = first.send(first.get(f"{here}/ask").form(f"{here}/ask"), words)
    assert "Whoever has the receipt can read them." in question.main
    for page in (asked, question):
        assert "Many people" not in page.main
        assert "is noted nowhere" in page.main
