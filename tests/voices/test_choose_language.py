"""Choosing a language: on the first page at any time, and on the answer that came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import VoiceReply
from improve.voices.queries.wording import catalogue
from tests.pages import Visitor
from tests.voices.open_council import open_council
from tests.voices.test_look_up_answer import RECEIPT, look_up, speaks, told
from tests.voices.test_send_voice import SLUG, send
from tests.world import Cast

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def speaks_polish(app: Flask, cast: Cast) -> None:
    """The form is open, in English and Polish."""
    open_council(app, cast)
    speaks(cast, "pl")


def test_whoever_began_in_english_begins_again_in_polish(
    speaks_polish: None, visit: Callable[..., Visitor]
) -> None:
    visitor, polish = visit(), catalogue("pl")
    page = visitor.get(f"/say/{SLUG}")
    send(visitor, page.form(button="Start"), button="Start")
    asked = visitor.get(f"/say/{SLUG}").link("Polski")
    start = visitor.get(asked)
    assert str(start.soup.html["lang"]) == "pl"
    # What it leads to speaks Polish too, and what was begun keeps its own until it is begun again.
    for way in ("all.leave_how", "all.about_form", "all.have_code", "all.changed"):
        assert str(visitor.get(start.link(polish[way])).soup.html["lang"]) == "pl", way
    begun = visitor.get(start.link(polish["all.go_on"]))
    assert str(begun.soup.html["lang"]) == "en-GB"
    again = polish["all.begin_again"]
    page = send(visitor, start.form(button=again), button=again)
    assert str(page.soup.html["lang"]) == "pl"
    # And back to English, whose address has to say so now.
    start = visitor.get(visitor.get(f"/say/{SLUG}").link("English"))
    assert str(start.soup.html["lang"]) == "en-GB"
    about = visitor.get(start.link(catalogue("en")["all.about_form"]))
    assert str(about.soup.html["lang"]) == "en-GB"


@pytest.mark.parametrize("council", [SLUG, "", "no-such-council", "\x00"])
def test_a_page_of_yesterday_asks_for_the_code_in_its_own_language(
    speaks_polish: None, cast: Cast, visit: Callable[..., Visitor], council: str
) -> None:
    told(cast, {"words": "We ring first."}, state="answered", language="pl")
    visitor, polish = visit(), catalogue("pl")
    form = look_up(visitor).form(button=polish["all.answer.send"])
    db.session.rollback()
    named = {} if council == SLUG else {"council": council}
    with clock.moved(clock.now() + timedelta(hours=25)):
        page = visitor.send(form, {"said": "no", "more": "Nikt nie dzwonił.", **named})
    assert page.status == 422
    assert "Nikt nie dzwonił." in str(page.soup)
    if council == SLUG:
        assert polish["all.answer.error_old"] in page.text
        assert page.path == "/answer/right"
        form = page.form(button=polish["all.answer.read"])
        assert form.action == f"/answer/{SLUG}"
    else:
        assert catalogue("en")["all.answer.error_old"] in page.text


def test_whoever_told_in_polish_may_read_the_answer_in_english(
    speaks_polish: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast, {"words": "We ring first."}, state="answered", language="pl")
    # Nobody chose: it is read in the language it was told in, and goes on so.
    visitor = visit()
    page = look_up(visitor, path=f"/answer/{SLUG}")
    assert str(page.soup.html["lang"]) == "pl"
    asked = visitor.get(visitor.get(f"/answer/{SLUG}?language=pl").link("English"))
    form = asked.form(button="Read my answer")
    page = visitor.send(form, {"code": RECEIPT})
    assert str(page.soup.html["lang"]) == "en-GB"
    assert "We ring first." in page.text, page.main
    after = visitor.send(page.form(button="Send"), {"said": None})
    assert "Choose yes, partly or no." in after.text


def test_the_answer_is_read_in_another_language_without_the_code_again(
    speaks_polish: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast, {"words": "We ring first."}, state="answered", language="pl")
    visitor, polish = visit(), catalogue("pl")
    page = look_up(visitor)
    # What is being written there, and was not sent yet, goes on with them.
    page = visitor.send(
        page.form(button=polish["all.answer.send"]),
        {"said": "partly", "more": "Nikt nie dzwonił."},
        button="English",
    )
    assert (page.status, str(page.soup.html["lang"])) == (200, "en-GB")
    assert page.heading == catalogue("en")["all.answer.given"]
    assert "We ring first." in page.text
    form = page.form(button="Send")
    assert ("said", "partly") in form.values
    assert ("more", "Nikt nie dzwonił.") in form.values
    page = visitor.send(form, {"said": "no"})
    assert str(page.soup.html["lang"]) == "en-GB"
    assert db.session.scalars(select(VoiceReply.said)).all() == ["no"]
    owned = [b for b in page.soup.select("button") if b.get("form") or b.find_parent(id="right")]
    assert not owned[0].get("formaction"), "Enter presses the first, which sends the answer"
    page = visitor.send(page.form("/answer/right"), {"said": "yes"}, button="Polski")
    assert str(page.soup.html["lang"]) == "pl"
    assert page.soup.select_one("details[open] [name=said][value=yes][checked]"), "it is in sight"
    with clock.moved(clock.now() + timedelta(hours=25)):
        page = visitor.send(page.form("/answer/right"), {"more": "Later."}, button="English")
    assert page.status == 422
    assert catalogue("en")["all.answer.error_old"] in page.text
    assert "Later." in str(page.soup)


def test_who_waits_for_an_answer_reads_that_in_another_language(
    speaks_polish: None, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast)
    visitor = visit()
    page = look_up(visitor)
    page = visitor.send(page.form("/answer/right"), button="Polski")
    assert (page.status, page.heading) == (200, catalogue("pl")["all.answer.waiting"])


def test_an_answer_offers_no_language_where_there_is_english_alone(
    cast: Cast, visit: Callable[..., Visitor]
) -> None:
    told(cast)
    page = look_up(visit())
    assert page.status == 200
    assert not page.soup.select("[formaction]")
