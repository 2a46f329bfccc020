"""News by mail: through a real mail server, at once or once a day, never twice, and with its end."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import text

from improve.accounts import service as accounts
from improve.accounts.service.settings import Settings
from improve.home.news_addresses import MailAddresses
from improve.ideas import service as ideas
from improve.ideas.kinds import ReplyKind
from improve.mail import service as outbox
from improve.notifications import service as notices
from improve.notifications.kinds import Group, NoticeKind, Pace
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, make_idea
from tests.mail.server import MailServer, mail_server

TITLE = "Ring back by a time we name"
#: Wednesday at seven in the morning, the day after everything here happens.
NEXT_MORNING = datetime(2026, 11, 25, 7, 0, tzinfo=UTC)
_tokens = count(1)


@pytest.fixture
def server() -> Iterator[MailServer]:
    """A mail server that takes everything."""
    with mail_server() as running:
        yield running


@pytest.fixture
def deliver(app: Flask, server: MailServer) -> Callable[..., list[EmailMessage]]:
    """Run ``deliver-mail`` as cron does; returns the mails that came this time."""

    def run(at: datetime = NOW) -> list[EmailMessage]:
        before = len(server.taken)
        app.config["MAIL_URL"] = server.url
        try:
            with clock.moved(at):
                done = app.test_cli_runner().invoke(args=["deliver-mail"])
            assert done.exit_code == 0, done.output
        finally:
            app.config["MAIL_URL"] = ""
        return server.taken[before:]

    return run


@pytest.fixture
def idea_id(app: Flask, cast: Cast) -> int:
    """An idea of the practitioner."""
    with app.app_context():
        made = make_idea(cast, text=TITLE)
        db.session.commit()
    return made


def reply(app: Flask, cast: Cast, idea_id: int) -> None:
    """Let the manager give the first reply."""
    with app.app_context():
        ideas.reply_first(
            cast.actor("manager"),
            idea_id=idea_id,
            kind=ReplyKind.WILL_TRY,
            words="Nobody likes a stranger at the door.",
            seen_version=1,
        )
        db.session.commit()


def comment(app: Flask, cast: Cast, idea_id: int, words: str = "Which families?") -> None:
    """Let the manager comment."""
    with app.app_context():
        ideas.comment(
            cast.actor("manager"), idea_id=idea_id, words=words, form_token=f"t{next(_tokens)}"
        )
        db.session.commit()


def choose(app: Flask, cast: Cast, who: str = "practitioner", **paces: Pace) -> None:
    """Choose the pace of groups by name."""
    with app.app_context():
        chosen = {Group(name): pace for name, pace in paces.items()}
        notices.choose_paces(cast.actor(who), paces=chosen)
        db.session.commit()


def body_of(message: EmailMessage) -> str:
    """Return the text of a mail."""
    content = message.get_content()
    assert isinstance(content, str)
    return content.replace("\r\n", "\n")


def test_a_first_reply_is_told_at_once_without_its_words(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    reply(app, cast, idea_id)
    (letter,) = deliver()
    assert letter["Subject"] == "Sam replied to your idea"
    body = body_of(letter)
    assert body.startswith("Hello Amina,\n\n" + TITLE + "\n- Sam replied to your idea.\n")
    assert f"http://localhost/ideas/{idea_id}/reply\n" in body
    assert "You get this because it is your idea." in body
    assert "stranger" not in str(letter)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter["List-Unsubscribe"].strip().startswith("<http://localhost/mail/stop/")
    assert deliver() == []
    assert deliver(NEXT_MORNING) == []


def test_the_rest_comes_in_one_mail_in_the_morning(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    with app.app_context():
        other = make_idea(cast, text="A checklist for the car boot")
        db.session.commit()
    for number in (idea_id, other, idea_id):
        comment(app, cast, number, "What the reply says")
    assert deliver() == []
    assert deliver(NEXT_MORNING - timedelta(minutes=1)) == []
    (letter,) = deliver(NEXT_MORNING)
    assert letter["Subject"] == "News for you, Wed 25 Nov"
    body = body_of(letter)
    assert body.index(TITLE) < body.index("A checklist for the car boot")
    assert body.count("- Sam commented.") == 3
    assert body.count(TITLE) == 1, "what is about one idea stands together"
    assert "Hear no more of it: http://localhost/mail/stop/" in body
    assert "What the reply says" not in body
    assert deliver(NEXT_MORNING + timedelta(hours=2)) == []


def test_a_day_has_one_mail_and_later_news_waits_for_the_next(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    comment(app, cast, idea_id)
    assert len(deliver(NEXT_MORNING)) == 1
    with clock.moved(NEXT_MORNING + timedelta(hours=1)):
        comment(app, cast, idea_id, "And another thing")
    assert deliver(NEXT_MORNING + timedelta(hours=3)) == []
    assert len(deliver(NEXT_MORNING + timedelta(days=1))) == 1


def test_a_change_of_pace_brings_no_second_mail_of_the_day(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    choose(app, cast, asked=Pace.WEEKLY)
    comment(app, cast, idea_id)
    with app.app_context():
        notices.tell(
            cast.actor("manager"),
            [cast.practitioner],
            NoticeKind.LEAD_CHOSEN,
            subject_id=idea_id,
            facts={"title": TITLE, "by": "Sam"},
        )
        db.session.commit()
    assert len(deliver(NEXT_MORNING)) == 1
    choose(app, cast, asked=Pace.DAILY)
    assert deliver(NEXT_MORNING + timedelta(hours=1)) == []
    (letter,) = deliver(NEXT_MORNING + timedelta(days=1))
    assert "Sam asks you to lead it" in body_of(letter)


def test_days_off_have_no_mail(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    with app.app_context():
        person = cast.actor("practitioner")
        accounts.keep_settings(person, settings=Settings(weekdays=frozenset({0, 1, 3})))
        db.session.commit()
    comment(app, cast, idea_id)
    assert deliver(NEXT_MORNING) == [], "they do not work on Wednesdays"
    assert len(deliver(NEXT_MORNING + timedelta(days=1))) == 1


def test_once_a_week_comes_on_the_first_day_they_work(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    choose(app, cast, followed=Pace.WEEKLY)
    comment(app, cast, idea_id)
    for days in range(5):
        assert deliver(NEXT_MORNING + timedelta(days=days)) == [], days
    assert len(deliver(datetime(2026, 11, 30, 7, 0, tzinfo=UTC))) == 1


def test_what_was_read_or_is_not_wanted_is_not_mailed(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    comment(app, cast, idea_id)
    with app.app_context():
        notices.mark_read(cast.actor("practitioner"))
        db.session.commit()
    assert deliver(NEXT_MORNING) == []
    choose(app, cast, followed=Pace.NEVER)
    comment(app, cast, idea_id, "Again")
    choose(app, cast, followed=Pace.DAILY)
    assert len(deliver(NEXT_MORNING + timedelta(days=1))) == 1, "the choice at that time counts"


def test_mail_set_up_later_does_not_bring_months_of_news(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    comment(app, cast, idea_id)
    assert deliver(NEXT_MORNING + timedelta(days=28)) == []
    assert deliver(NEXT_MORNING + timedelta(days=29)) == []


@pytest.mark.parametrize("state", ["inactive", "ended", "guest", "refused"])
def test_who_gets_no_mail(
    app: Flask,
    cast: Cast,
    idea_id: int,
    deliver: Callable[..., list[EmailMessage]],
    state: str,
) -> None:
    reply(app, cast, idea_id)
    changes = {
        "inactive": "UPDATE people SET is_active = false WHERE id = :id",
        "ended": "UPDATE people SET ends_on = '2026-11-23' WHERE id = :id",
        "guest": "UPDATE memberships SET role = 'guest' WHERE person_id = :id",
        "refused": (
            "INSERT INTO outbox_messages (key, to_address, subject, stop_url, created_at,"
            " next_try_at, attempts, given_up_at, last_error) SELECT 'k', email, 's', '',"
            " '2026-11-20', '2026-11-20', 30, '2026-11-23', 'address refused'"
            " FROM people WHERE id = :id"
        ),
    }
    with app.app_context():
        db.session.execute(text(changes[state]), {"id": cast.practitioner})
        db.session.commit()
    assert deliver() == []


def test_the_demo_sends_nothing(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    reply(app, cast, idea_id)
    app.config["IS_DEMO"] = True
    try:
        assert deliver() == []
    finally:
        app.config["IS_DEMO"] = False


def test_a_server_that_is_down_costs_time_and_no_mail(app: Flask, cast: Cast, idea_id: int) -> None:
    reply(app, cast, idea_id)
    with mail_server() as gone:
        port = gone.port
    app.config["MAIL_URL"] = f"smtp://127.0.0.1:{port}"
    try:
        done = app.test_cli_runner().invoke(args=["deliver-mail"])
        assert "put off 1" in done.output
        with mail_server(port) as back, clock.moved(NOW + timedelta(minutes=2)):
            app.test_cli_runner().invoke(args=["deliver-mail"])
            app.test_cli_runner().invoke(args=["deliver-mail"])
            assert len(back.taken) == 1
    finally:
        app.config["MAIL_URL"] = ""


def test_a_server_that_takes_a_mail_and_dies_gets_it_once_more_only(
    app: Flask,
    cast: Cast,
    idea_id: int,
    server: MailServer,
    deliver: Callable[..., list[EmailMessage]],
) -> None:
    reply(app, cast, idea_id)
    server.dies_after_taking = True
    assert len(deliver()) == 1, "taken, but nobody said so"
    server.dies_after_taking = False
    assert deliver() == [], "not again at once"
    (again,) = deliver(NOW + timedelta(minutes=2))
    assert again["Message-ID"] == server.taken[0]["Message-ID"], "programs show it as one mail"
    assert deliver(NOW + timedelta(hours=1)) == []


def test_two_mail_runs_at_once_send_one_mail(
    app: Flask, cast: Cast, idea_id: int, server: MailServer
) -> None:
    reply(app, cast, idea_id)
    at_once = threading.Barrier(2)

    def run() -> None:
        with app.app_context(), clock.moved(NOW):
            waiting = notices.people_to_mail()
            db.session.rollback()
            at_once.wait(timeout=10)
            notices.mail_news(waiting, to=MailAddresses())
            db.session.commit()
            outbox.deliver(mail_url=server.url, sender="improve@larchdale.example")
            db.session.remove()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(server.taken) == 1


def test_a_run_killed_before_it_commits_loses_and_doubles_nothing(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    reply(app, cast, idea_id)
    with app.app_context():
        assert notices.mail_news(notices.people_to_mail(), to=MailAddresses()) == 1
        db.session.rollback()
    assert len(deliver()) == 1


def test_many_pieces_of_news_are_one_readable_mail(
    app: Flask, cast: Cast, idea_id: int, deliver: Callable[..., list[EmailMessage]]
) -> None:
    with app.app_context():
        for number in range(120):
            notices.tell(
                cast.actor("manager"),
                {cast.practitioner: "commented"},
                NoticeKind.COMMENTED,
                subject_id=idea_id + number,
                facts={"title": f"Idea {number}\n- Sam decided.", "by": "Sam"},
            )
        db.session.commit()
    (letter,) = deliver(NEXT_MORNING)
    body = body_of(letter)
    assert body.count("- Sam commented.") == 40
    assert "There is more news on your page:\nhttp://localhost/me/news\n" in body
    assert "\n- Sam decided." not in body, "a title is one line"
