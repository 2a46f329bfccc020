"""Coming back to a report: where it is, the answer, the thread; nothing for whoever guesses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from improve.accounts.models import AttemptCounter, AuthSession
from improve.incidents.contents import Message, message_of
from improve.incidents.kinds import State
from improve.incidents.models import Incident, IncidentMessage
from improve.incidents.sealing import ReportKey
from improve.incidents.service.answer_back import KEPT, UNREAD_MOST
from improve.incidents.service.answers import add_answer
from improve.incidents.service.destroy import destroy
from improve.shared import clock, rate_limits
from improve.shared.db import db
from improve.shared.rate_limits import limiter
from tests.factories import Cast
from tests.incidents.make import HAPPENED, make_report
from tests.incidents.open_council import opened
from tests.pages import Page, Visitor
from tests.statements import Watch

pytestmark = pytest.mark.usefixtures("context")

RECEIPT = "green otter lamp amber acorn green otter lamp"
UNKNOWN = "We don’t know these words."
WROTE = "The tray is in the first room."


@pytest.fixture
def key(cast: Cast) -> str:
    """The key of a report with the receipt."""
    at = opened(cast.organisation, cast.incident_reviewer)
    made = make_report(at.organisation, at.group, receipt=RECEIPT, contact="By bell")
    db.session.commit()
    return made


def row(key: str) -> Incident:
    db.session.rollback()
    return db.session.get_one(Incident, key)


def change(key: str, **columns: Any) -> None:
    for name, value in columns.items():
        setattr(row(key), name, value)
        db.session.commit()


def say(key: str, words: str, *, by: str = "reviewer", n: int = 1) -> None:
    own = ReportKey.unwrap(row(key).wrapped_key, about=key)
    name = f"{by}{n}".ljust(22, "-")
    said = Message(words=words, day=clock.today().isoformat(), n=n)
    sealed = own.seal(said.facts(), about=message_of(key, name))
    db.session.add(
        IncidentMessage(
            key=name,
            organisation_id=row(key).organisation_id,
            incident_key=key,
            by=by,
            sealed=sealed,
        )
    )
    db.session.commit()


def look_up(visitor: Visitor, typed: str = RECEIPT) -> Page:
    asked = visitor.get("/report-answer")
    return visitor.send(asked.form(button="Read the answer"), {"words": typed})


def write(visitor: Visitor, page: Page, words: str = WROTE) -> Page:
    return visitor.send(page.form(button="Send"), {"message": words})


@pytest.mark.parametrize("app", ["sqlite"], indirect=True)
def test_the_page_takes_few_statements_whatever_the_thread(
    key: str, visit: Callable[..., Visitor], statements: Watch
) -> None:
    for n in range(30):
        say(key, f"Message {n}", n=n + 1)
    visitor = visit()
    form = visitor.get("/report-answer").form(button="Read the answer")
    with statements() as seen:
        page = visitor.send(form, {"words": RECEIPT})
    assert "Message 29" in page.text
    assert len(seen) <= 5, seen


@pytest.mark.parametrize("typed", [RECEIPT, "Green-Otter  LAMP, amber acorn\ngreen otter lamp."])
def test_where_it_is_is_read(key: str, visit: Callable[..., Visitor], typed: str) -> None:
    page = look_up(visit(), typed)
    assert page.status == 200
    assert page.heading == "It is waiting to be read"
    assert f"by {row(key).week + timedelta(days=60):%-d %b %Y}" in page.text
    assert "999" in page.text
    assert page.response.headers["Cache-Control"] == "no-store"
    # Neither the receipt nor anything of the report, nor its key, stands in the page.
    for words in ("otter", HAPPENED, "By bell", key):
        assert words not in str(page.soup)


@pytest.mark.security(60)
def test_unknown_words_are_answered_alike(key: str, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    for typed in (RECEIPT.replace("amber", "alpaca"), "no such thing", "green otter lamp 4827"):
        page = look_up(visitor, typed)
        assert page.status == 422
        assert UNKNOWN in page.text
    assert "Type your words." in look_up(visitor, "  ").text


def test_a_reviewers_words_are_read_and_answered_back(
    key: str, visit: Callable[..., Visitor]
) -> None:
    change(key, state="reading")
    say(key, "Was the plan printed?")
    visitor = visit()
    page = look_up(visitor)
    assert page.heading == "A reviewer wrote to you"
    assert "Was the plan printed?" in page.text
    sent = write(visitor, page)
    assert sent.status == 200
    assert "It is sent." in sent.text
    assert sent.text.index("Was the plan printed?") < sent.text.index(WROTE)
    kept = db.session.scalars(select(IncidentMessage).where(IncidentMessage.by == "reporter")).one()
    assert WROTE.encode() not in kept.sealed
    assert not kept.is_read
    own = ReportKey.unwrap(row(key).wrapped_key, about=key)
    opened_again = Message.of(own.open(kept.sealed, about=message_of(key, kept.key)))
    assert opened_again == Message(WROTE, clock.today().isoformat(), 2)


def test_sent_twice_is_one_and_empty_is_refused(key: str, visit: Callable[..., Visitor]) -> None:
    visitor = visit()
    page = look_up(visitor)
    assert "Write something first." in write(visitor, page, " ").text
    assert "1,000 characters or fewer" in write(visitor, page, "x" * 1_001).text
    write(visitor, page)
    again = write(visitor, page, "Other words")
    assert again.status == 200
    assert db.session.scalar(select(func.count()).select_from(IncidentMessage)) == 1
    assert "Other words" not in again.text


def test_many_that_nobody_read_are_enough(key: str, visit: Callable[..., Visitor]) -> None:
    for n in range(UNREAD_MOST):
        say(key, f"Message {n}", by="reporter", n=n + 1)
    visitor = visit()
    refused = write(visitor, look_up(visitor))
    assert refused.status == 422
    assert "An answer comes first." in refused.text
    assert WROTE in refused.text


@pytest.mark.parametrize(
    ("state", "heading", "says"),
    [
        (State.SIGNED_OFF, "It is signed off, and destroyed", "They are destroyed."),
        (State.LAPSED, "It was destroyed by the schedule", "Nobody signed it off in 60"),
        (State.PASSED_ON, "It went to another route", "the LADO, within one working day"),
    ],
)
def test_what_was_destroyed_says_so_and_keeps_its_answer(
    key: str, visit: Callable[..., Visitor], state: State, heading: str, says: str
) -> None:
    say(key, "Was the plan printed?")
    visitor = visit()
    before = look_up(visitor)
    report = row(key)
    report.route = "allegation" if state is State.PASSED_ON else ""
    destroy([report], state=state)
    db.session.commit()
    page = look_up(visitor)
    assert page.heading == heading
    assert says in page.text
    assert "in the week of 23 Nov 2026" in page.text
    assert "printed" not in page.text
    # Who has the page of before open loses nothing of what they wrote, and is told.
    meanwhile = write(visitor, before)
    assert meanwhile.status == 422
    assert "It was destroyed meanwhile" in meanwhile.text
    assert WROTE in meanwhile.text
    report = row(key)
    add_answer(report, words="We now ring first.", given_week=clock.today())
    add_answer(report, words="Only begun")
    db.session.commit()
    answered = look_up(visitor)
    assert answered.heading == "Our answer"
    assert "We now ring first." in answered.text
    assert "Only begun" not in answered.text


def test_what_a_lawful_order_keeps_says_so(
    cast: Cast, key: str, visit: Callable[..., Visitor]
) -> None:
    change(key, frozen_by_id=cast.incident_reviewer)
    visitor = visit()
    page = look_up(visitor)
    assert page.heading == "It is waiting to be read", "one alone keeps nothing"
    change(key, frozen_also_by_id=cast.coach)
    assert KEPT in write(visitor, page).text
    kept = look_up(visitor)
    assert kept.heading == "It is kept, by a lawful order"
    assert "We may have to hand it over." in kept.text


def test_one_that_was_joined_is_where_the_other_is_and_has_its_answers(
    key: str, visit: Callable[..., Visitor]
) -> None:
    report = row(key)
    main = make_report(report.organisation_id, report.group_id, columns={"state": "reading"})
    db.session.commit()
    say(main, "Only for whoever sent the other")
    add_answer(row(main), words="We now ring first.", given_week=clock.today())
    db.session.commit()
    change(key, joined_into=main)
    visitor = visit()
    page = look_up(visitor)
    assert "We now ring first." in page.text
    assert "Only for whoever" not in page.text
    report = row(main)
    report.route = "allegation"
    destroy([report], state=State.PASSED_ON)
    db.session.commit()
    assert "the LADO, within one working day" in look_up(visitor).text


def test_one_that_a_lawful_order_keeps_alone_is_not_told_to_be_gone(
    cast: Cast, key: str, visit: Callable[..., Visitor]
) -> None:
    report = row(key)
    main = make_report(report.organisation_id, report.group_id)
    destroy([db.session.get_one(Incident, main)], state=State.LAPSED)
    db.session.commit()
    order = {"frozen_by_id": cast.incident_reviewer, "frozen_also_by_id": cast.coach}
    change(key, joined_into=main, **order)
    page = look_up(visit())
    assert page.heading == "It is kept, by a lawful order"
    assert "destroyed." not in page.text.replace("changed or destroyed.", "")


def test_without_its_key_it_says_so(
    key: str, app: Flask, visit: Callable[..., Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    change(key, wrapped_key=b"\x01" + bytes(60))
    page = look_up(visit())
    assert page.heading == "It can’t be opened any more"
    assert "We ask you to report it once more." in page.text


def test_a_page_that_was_open_for_long_keeps_what_was_written(
    key: str, visit: Callable[..., Visitor]
) -> None:
    visitor = visit()
    page = look_up(visitor)
    with clock.moved(clock.now() + timedelta(days=1, minutes=1)):
        asked = write(visitor, page)
        assert asked.status == 422
        assert "open for more than a day" in asked.text
        assert WROTE in asked.text
        again = visitor.send(asked.form(button="Read the answer"), {"words": RECEIPT})
        assert WROTE in str(again.soup.find("textarea"))
    assert write(visitor, look_up(visitor)).status == 200


@pytest.mark.security(60)
def test_nothing_tells_who_came_back(
    cast: Cast, key: str, visit: Callable[..., Visitor], caplog: pytest.LogCaptureFixture
) -> None:
    """Somebody who is signed in reads the answer and writes: their session and the log know not."""
    caplog.set_level("DEBUG")
    visitor = visit(cast.practitioner)
    visitor.get("/me")
    seen = select(AuthSession.last_used_at).order_by(AuthSession.id)
    before = db.session.scalars(seen).all()
    db.session.rollback()
    caplog.clear()
    with clock.moved(clock.now() + timedelta(minutes=20)):
        write(visitor, look_up(visitor))
    db.session.rollback()
    assert db.session.scalars(seen).all() == before
    assert "report-answer" not in caplog.text
    assert WROTE not in caplog.text


def test_whoever_is_slowed_keeps_what_they_wrote(
    limited: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = Visitor(limited)
    token = dict(visitor.get("/report-answer").form(button="Read the answer").values)["csrf_token"]
    monkeypatch.setattr(limiter.limiter, "hit", lambda *_args, **_named: False)
    slowed = visitor.post("/report-answer/message", {"csrf_token": token, "message": WROTE})
    assert slowed.status == 429
    assert "Wait a minute, then type your words again." in slowed.text
    assert WROTE in str(slowed.soup.find("textarea", {"name": "message"}))


def guess(limited: Flask, address: str) -> int:
    """Type words that are no receipt, from an address; return the status."""
    visitor = Visitor(limited)
    visitor.client.environ_base["REMOTE_ADDR"] = address
    return look_up(visitor, "green otter lamp amber acorn green otter owl").status


@pytest.mark.security(60)
def test_guessing_is_slowed_and_no_try_is_kept(
    limited: Flask, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rate_limits, "WRONG_WORDS", "3 per 5 minutes")
    visitor = Visitor(limited)
    tried = [look_up(visitor, "green otter lamp") for _ in range(4)]
    names = [str(name) for name in limiter.storage.storage]  # type: ignore[attr-defined]
    with limited.app_context():
        kept = db.session.execute(select(func.count()).select_from(AttemptCounter)).scalar()
    assert [page.status for page in tried] == [422] * 3 + [429]
    assert "Wait 5 minutes and try again" in tried[-1].text
    assert kept == 0
    assert "127.0.0.1" not in caplog.text + " ".join(names)


def test_one_network_is_slowed_as_one(limited: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "WRONG_WORDS_OF_NETWORK", "4 per 5 minutes")
    assert [guess(limited, f"192.0.2.{n}") for n in range(5)] == [422] * 4 + [429]
    assert guess(limited, "192.0.3.1") == 422
