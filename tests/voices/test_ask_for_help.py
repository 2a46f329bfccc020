"""Help wanted: sealed, apart from any voice, to the duty team by a link, and gone once they have it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask, current_app
from sqlalchemy import inspect

from improve.app import create_app
from improve.mail.models import OutboxMessage
from improve.shared import clock
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.rate_limits import limiter
from improve.shared.sealing import Sealer
from improve.voices.models import HelpRequest, Voice, VoiceSetup
from improve.voices.queries.help_wanted import Contact, seal, waits_for_duty
from improve.voices.routes.help_wanted import tell_duty_again
from improve.voices.service.help_wanted import ASKED_MOST, delete_help
from improve.voices.service.languages import turn_on
from tests.conftest import test_settings
from tests.factories import Cast
from tests.pages import Page, Visitor
from tests.voices.make import make_voice
from tests.voices.open_council import open_council

LONDON = ZoneInfo("Europe/London")
TUESDAY = datetime(2026, 11, 24, 10, 20, tzinfo=LONDON)
PATH = "/say/larchdale-council/help-me"
HOURS = {str(day): ["09:00", "17:00"] for day in range(5)}
pytestmark = pytest.mark.database


@pytest.fixture
def duty(app: Flask, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A duty team sits there, on a Tuesday morning, and mail leaves."""
    monkeypatch.setitem(app.config, "MAIL_URL", "smtp://mail.example")
    with clock.moved(TUESDAY):
        open_council(app, cast, duty_inbox="duty@larchdale.example", duty_hours=HOURS)
        with app.app_context():
            yield


@pytest.fixture
def someone(visit: Callable[[], Visitor]) -> Visitor:
    """Nobody that anything here knows."""
    return visit()


def ask(visitor: Visitor, **said: str) -> Page:
    form = visitor.get(PATH).form(button="Ask for help now")
    told = {"name": "Robin", "reach": "07700 900123", "when": "After school", "keep_from": "Dad"}
    db.session.rollback()
    return visitor.send(form, {**told, **said}, button="Ask for help now")


def mails() -> list[OutboxMessage]:
    db.session.rollback()
    return list(db.session.scalars(db.select(OutboxMessage).order_by(OutboxMessage.id)))


def links() -> list[str]:
    """Return the links in the mails, as whoever has the key would find them."""
    sealer = Sealer(current_app.config["SEALING_KEYS"], "mail")
    found = []
    for mail in mails():
        assert "help-wanted" not in (mail.body or "")
        link = sealer.open(mail.sealed, about=mail.key) if mail.sealed else ""
        found += re.findall(r"/help-wanted/\S+", link)
    return found


def the_row() -> HelpRequest:
    db.session.rollback()
    return db.session.scalars(db.select(HelpRequest)).one()


def open_link(visitor: Visitor, link: str, name: str = "Anna Fox") -> Page:
    form = visitor.get(link).form(button="Open it")
    db.session.rollback()
    return visitor.send(form, {"name": name}, button="Open it")


def test_goes_sealed_to_the_duty_team_alone(someone: Visitor, cast: Cast, duty: None) -> None:
    make_voice(cast.organisation)
    db.session.commit()
    page = ask(someone)
    assert page.path.endswith("/help-asked")
    assert "We have told a person" in page.text
    row = the_row()
    stored = b"".join(
        str(getattr(row, column.key)).encode() for column in inspect(HelpRequest).columns
    )
    for words in (b"Robin", b"07700", b"After school", b"Dad"):
        assert words not in stored
    (mail,) = mails()
    assert (mail.to_address, mail.subject) == ("duty@larchdale.example", "Somebody asks for help")
    for words in ("Robin", "07700", "Dad", "larchdale-council"):
        assert words not in (mail.body or "") + mail.subject
    # The link itself stands nowhere but in the mail and under the seal.
    assert links()[0].rsplit("/", 1)[1].encode() not in stored
    assert waits_for_duty(cast.actor("voices_reader")) == 1
    assert waits_for_duty(cast.actor("outsider")) == 0


def test_nothing_joins_it_to_a_voice(someone: Visitor, cast: Cast, duty: None) -> None:
    voice = make_voice(cast.organisation)
    db.session.commit()
    columns = {column.key for column in inspect(HelpRequest).columns}
    assert not [name for name in columns if "voice" in name or "code" in name or "team" in name]
    assert not [key for key in HelpRequest.__table__.foreign_keys if "voice" in str(key.column)]
    held = {
        column.key: getattr(db.session.get(Voice, voice), column.key)
        for column in inspect(Voice).columns
    }
    ask(someone)
    db.session.rollback()
    now = {
        column.key: getattr(db.session.get(Voice, voice), column.key)
        for column in inspect(Voice).columns
    }
    assert held == now


def test_sent_twice_is_one(someone: Visitor, cast: Cast, duty: None) -> None:
    form = someone.get(PATH).form(button="Ask for help now")
    for _ in range(2):
        db.session.rollback()
        page = someone.send(form, {"name": "Robin", "reach": "Library"}, button="Ask for help now")
        assert page.path.endswith("/help-asked")
    assert len(mails()) == 1
    ask(someone)
    assert len(mails()) == 2


def test_asks_for_a_name_and_a_way(someone: Visitor, duty: None) -> None:
    page = ask(someone, name="", reach="")
    assert page.status == 422
    assert "Write what we shall call you." in page.text
    assert "we can’t find you" in page.text
    assert "After school" in page.text
    assert ask(someone, when="x" * 501).status == 422
    assert ask(someone, website="x").status == 422
    assert not mails()


@pytest.fixture
def counted(app: Flask, duty: None) -> Iterator[Visitor]:
    """Nobody we know, where posts are counted as a real application does."""
    settings = test_settings(app.config["SQLALCHEMY_DATABASE_URI"])
    mail = {"MAIL_URL": app.config["MAIL_URL"], "RATELIMIT_ENABLED": True}
    limited = create_app({**settings, **mail})
    yield Visitor(limited)
    limiter.reset()
    limiter.enabled = False
    with limited.app_context():
        db.engine.dispose()


def test_who_is_slowed_keeps_what_was_typed(counted: Visitor) -> None:
    form = counted.get(PATH).form(button="Ask for help now")
    told = {"name": "Robin", "reach": "By the library", "when": "After school"}
    page = None
    for _ in range(41):
        db.session.rollback()
        page = counted.send(form, told, button="Ask for help now", follow=False)
    assert page is not None
    assert page.status == 429
    assert "Wait a minute" in page.text
    assert "0800" in page.text
    assert "By the library" in str(page.soup)
    # A minute later the same page is sent on, and it is still one wish.
    db.session.rollback()
    limiter.reset()
    again = counted.send(page.form(button="Ask for help now"), button="Ask for help now")
    assert again.path.endswith("/help-asked")
    assert len(mails()) == 1


@pytest.mark.parametrize("why", ["evening", "weekend", "no inbox", "no mail"])
def test_takes_nothing_where_nobody_would_read_it(
    app: Flask, someone: Visitor, duty: None, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = someone.get(PATH).form(button="Ask for help now")
    moment = {"evening": timedelta(hours=7), "weekend": timedelta(days=4)}.get(why, timedelta())
    db.session.rollback()
    if why == "no inbox":
        setup = db.session.scalars(db.select(VoiceSetup)).one()
        setup.duty_inbox, setup.duty_hours = "", {}
        db.session.commit()
    if why == "no mail":
        monkeypatch.setitem(app.config, "MAIL_URL", "")
    with clock.moved(TUESDAY + moment):
        page = someone.get(PATH)
        assert "Nobody is here to read this just now" in page.text
        assert "0800" in page.text
        assert ("Tuesday" in page.text) == (why in {"evening", "weekend"})
        db.session.rollback()
        sent = someone.send(form, {"name": "Robin", "reach": "Library"}, button="Ask for help now")
        assert sent.status == 409
    assert not db.session.scalars(db.select(HelpRequest)).all()


def test_an_inbox_that_is_no_address_stops_nothing(someone: Visitor, duty: None) -> None:
    ask(someone)
    db.session.rollback()
    setup = db.session.scalars(db.select(VoiceSetup)).one()
    setup.duty_inbox = "duty@council"
    db.session.commit()
    page = ask(someone, name="Sam")
    assert page.status == 409
    assert "0800" in page.text
    with clock.moved(TUESDAY + timedelta(minutes=61)):
        assert hour() == 0
    assert len(mails()) == 1
    the_row()  # The first one waits on, and is mailed again once the address is one.


def test_a_day_has_a_ceiling(someone: Visitor, cast: Cast, duty: None) -> None:
    db.session.add_all(
        HelpRequest(
            key=f"k{n}",
            organisation_id=cast.organisation,
            came_on=clock.today(),
            token_hash=f"h{n}",
        )
        for n in range(ASKED_MOST)
    )
    db.session.commit()
    assert ask(someone).status == 409


def test_opened_by_name_then_picked_up_and_gone(someone: Visitor, cast: Cast, duty: None) -> None:
    ask(someone)
    (link,) = links()
    waits = someone.get(link)
    assert "Nobody has opened it yet" in waits.text
    assert "07700" not in waits.text
    assert waits.response.headers["Cache-Control"] == "no-store"
    assert waits.response.headers["Referrer-Policy"] == "no-referrer"
    assert the_row().opened_at is None  # looking writes nothing
    assert open_link(someone, link, name="").status == 422
    page = open_link(someone, link)
    assert page.status == 200
    for words in ("Robin", "07700 900123", "After school", "Dad"):
        assert words in page.text
    # Another opens it: told who was first, and it is not lost if the first was called away.
    assert "Anna Fox opened this" in someone.get(link).text
    second = open_link(someone, link, name="Ben Ode")
    assert "Anna Fox opened this before you" in second.text
    form = second.form(button="I have it, delete it here")
    for _ in range(2):
        db.session.rollback()
        assert "Ben Ode has it" in someone.send(form, button="I have it, delete it here").text
    over = someone.get(link)
    assert "Ben Ode has it" in over.text
    assert "07700" not in over.text
    row = the_row()
    assert row.sealed is None
    assert row.picked_up_at is not None
    assert waits_for_duty(cast.actor("voices_reader")) == 0
    actions = set(db.session.scalars(db.select(AuditEntry.action)))
    assert {"help_opened", "help_picked_up"} <= actions


def test_dealt_with_meanwhile(someone: Visitor, duty: None) -> None:
    ask(someone)
    (link,) = links()
    stale = someone.get(link).form(button="Open it")
    taken = open_link(someone, link).form(button="I have it, delete it here")
    db.session.rollback()
    someone.send(taken, button="I have it, delete it here")
    db.session.rollback()
    page = someone.send(stale, {"name": "Ben Ode"}, button="Open it")
    assert "Anna Fox has it" in page.text
    assert "07700" not in page.text


def test_nobody_has_what_they_did_not_open(someone: Visitor, duty: None) -> None:
    ask(someone)
    (link,) = links()
    form = replace(someone.get(link).form(button="Open it"), action=f"{link}/picked-up")
    db.session.rollback()
    page = someone.send(form, {"name": "Anna Fox"}, button="Open it")
    assert page.status == 422
    assert the_row().sealed is not None


def test_a_wrong_link_and_one_that_is_over(someone: Visitor, duty: None) -> None:
    ask(someone)
    (link,) = links()
    assert someone.get(f"{link}x").status == 404
    assert someone.get("/help-wanted/nothing").status == 404
    form = someone.get(link).form(button="Open it")
    with clock.moved(TUESDAY + timedelta(days=28)):
        assert someone.get(link).status == 404
        db.session.rollback()
        assert someone.send(form, {"name": "Anna"}, button="Open it").status == 404
        assert delete_help() == 1
        assert delete_help() == 0
        db.session.commit()
    assert not db.session.scalars(db.select(HelpRequest)).all()
    assert "help_never_picked_up" in set(db.session.scalars(db.select(AuditEntry.action)))


def hour() -> int:
    """Run the hourly job in a transaction of its own."""
    db.session.rollback()
    told = tell_duty_again()
    db.session.commit()
    return told


def test_mailed_again_each_hour_while_they_sit_there(someone: Visitor, duty: None) -> None:
    ask(someone)
    (link,) = links()
    assert hour() == 0
    with clock.moved(TUESDAY + timedelta(minutes=61)):
        assert hour() == 1
        assert hour() == 0
    assert [mail.subject for mail in mails()][1] == "Again: somebody asks for help"
    assert links() == [link, link]
    with clock.moved(TUESDAY + timedelta(hours=8)):
        assert hour() == 0  # nobody sits there
    with clock.moved(TUESDAY + timedelta(days=1)):
        assert hour() == 1
        form = open_link(someone, link).form(button="I have it, delete it here")
        db.session.rollback()
        someone.send(form, button="I have it, delete it here")
    with clock.moved(TUESDAY + timedelta(days=2)):
        assert hour() == 0


def test_readers_see_only_that_somebody_waits(
    app: Flask, cast: Cast, visit: Callable[..., Visitor]
) -> None:
    with app.app_context():
        row = HelpRequest(
            key="k", organisation_id=cast.organisation, came_on=clock.today(), token_hash="h"
        )
        row.sealed = seal(row, Contact("Robin", "Library"), "t")
        db.session.add(row)
        db.session.commit()
    desk = visit(cast.voices_reader).get("/voices/desk").text.replace("\u00a0", " ")
    assert "1 person asked for help and waits" in desk
    assert "Robin" not in desk


def test_who_reads_it_easy_goes_on_so(duty: None, cast: Cast, someone: Visitor) -> None:
    """Before a draft knows the language each way on must say it."""
    turn_on(
        cast.actor("administrator"),
        language="en_easy",
        checked_by="Nadia Aslam",
        checked_on=clock.today(),
    )
    db.session.commit()
    easy, council = "?language=en_easy", "/say/larchdale-council"
    ways = [str(a["href"]) for a in someone.get(council + easy).soup.select(".say-links a")]
    for way in ("how-leaving-works", "help"):
        assert f"{council}/{way}{easy}" in ways
        page = someone.get(f"{council}/{way}{easy}")
        assert page.soup.select_one("a.say-back")["href"] == council + easy
    form = someone.get(PATH + easy).form("/help-me")
    db.session.rollback()
    page = someone.send(form, {"name": "Robin", "reach": "Library"})
    assert page.path.split("?")[0].endswith("/help-asked")
    assert page.soup.select_one("body.say-easy")
