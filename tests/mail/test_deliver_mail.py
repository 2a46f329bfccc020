"""The outbox: mails leave after the act, once, and survive a mail server that is away."""

from __future__ import annotations

import smtplib
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage

import pytest
from flask import Flask
from sqlalchemy import text

from improve.mail import service as mail
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import RuleBroken
from tests.conftest import NOW

SENDER = "improve@larchdale.example"


def queue(key: str = "k", to: str = "bea@larchdale.example", body: str = "Hello Bea.\n") -> None:
    mail.enqueue(key=key, to=to, subject="A “new” password", body=body)
    db.session.commit()


def rows() -> list[tuple[object, ...]]:
    found = db.session.execute(
        text("SELECT key, body, attempts, last_error, sent_at FROM outbox_messages ORDER BY id")
    ).all()
    db.session.rollback()
    return [tuple(row) for row in found]


def test_a_mail_leaves_once_and_its_words_are_removed(context: Flask) -> None:
    queue()
    sent: list[EmailMessage] = []
    assert mail.deliver(mail_url="", sender=SENDER, send=sent.append) == mail.Delivered(sent=1)
    assert mail.deliver(mail_url="", sender=SENDER, send=sent.append) == mail.Delivered()
    (letter,) = sent
    assert (letter["To"], letter["From"]) == ("bea@larchdale.example", SENDER)
    assert letter["Subject"] == "A “new” password"
    assert letter.get_content() == "Hello Bea.\n"
    assert letter["Auto-Submitted"] == "auto-generated"
    ((_, body, _, _, sent_at),) = rows()
    assert body is None
    assert sent_at is not None
    assert mail.waiting() == 0


def test_a_sealed_part_is_filled_in_as_it_leaves_and_stands_nowhere(context: Flask) -> None:
    link = "https://improve.example/help-wanted/a-secret"
    body = f"Open it:\n{mail.SEALED_HERE}\n"
    mail.enqueue(key="k", to="bea@larchdale.example", subject="Open", body=body, sealed=link)
    db.session.commit()

    def stored() -> str:
        found = db.session.execute(text("SELECT * FROM outbox_messages")).mappings().all()
        db.session.rollback()
        return str([{name: bytes(v) if name == "sealed" and v else v for name, v in row.items()}
                    for row in found])  # fmt: skip

    assert "a-secret" not in stored()
    sent: list[EmailMessage] = []
    mail.deliver(mail_url="", sender=SENDER, send=sent.append)
    assert sent[0].get_content() == f"Open it:\n{link}\n"
    assert "'sealed': None" in stored()


def test_the_same_key_queues_one_mail(context: Flask) -> None:
    queue()
    queue(body="again")
    assert [row[1] for row in rows()] == ["Hello Bea.\n"]


def test_a_mail_of_an_act_that_was_undone_never_leaves(context: Flask) -> None:
    mail.enqueue(key="k", to="a@b.example", subject="s", body="b")
    db.session.rollback()
    assert rows() == []


@pytest.mark.security(9)
@pytest.mark.parametrize(
    "to",
    ["", "a", "a@b", "a@b.example\nBcc: c@d.example", "a@b.example, c@d.example", "<a@b.example>",
     "a b@c.example", "a@b.example ", "a" * 250 + "@b.example"],
)  # fmt: skip
def test_only_one_plain_address_is_taken(context: Flask, to: str) -> None:
    with pytest.raises(RuleBroken):
        mail.enqueue(key="k", to=to, subject="s", body="b")


@pytest.mark.security(9)
@pytest.mark.parametrize("subject", ["a\nBcc: c@d.example", "a\rb", "a\x00b"])
def test_nobody_writes_further_header_lines(context: Flask, subject: str) -> None:
    with pytest.raises(ValueError, match="line end"):
        mail.enqueue(key="k", to="a@b.example", subject=subject, body="b")


def away(_message: EmailMessage) -> None:
    raise OSError("no route to bea@larchdale.example")


def test_a_server_that_is_away_costs_a_growing_wait_and_loses_nothing(context: Flask) -> None:
    queue()
    at, waits = NOW, []
    for attempt in range(1, 12):
        with clock.moved(at):
            assert mail.deliver(mail_url="", sender=SENDER, send=away) == mail.Delivered(put_off=1)
            assert mail.deliver(mail_url="", sender=SENDER, send=away) == mail.Delivered()
        waits.append(mail.wait_after(attempt))
        at += waits[-1]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=1)
    assert waits[-1] == timedelta(hours=4)
    ((_, body, attempts, error, _),) = rows()
    assert (body, attempts) == ("Hello Bea.\n", 11)
    assert error == "mail server not reached", "the kind, never the server's words"
    sent: list[EmailMessage] = []
    with clock.moved(at):
        mail.deliver(mail_url="", sender=SENDER, send=sent.append)
    assert len(sent) == 1


def test_one_refused_address_holds_no_other_mail_up(context: Flask) -> None:
    queue("one", "bad@b.example")
    queue("two", "good@b.example")

    def picky(message: EmailMessage) -> None:
        if message["To"] == "bad@b.example":
            raise smtplib.SMTPRecipientsRefused({"bad@b.example": (550, b"who is that")})

    done = mail.deliver(mail_url="", sender=SENDER, send=picky)
    assert done == mail.Delivered(sent=1, put_off=1)
    assert [row[3] for row in rows()] == ["address refused", ""]


def test_a_line_that_breaks_puts_the_rest_off(context: Flask) -> None:
    for key in ("one", "two", "three"):
        queue(key)
    taken: list[str] = []

    def breaks(message: EmailMessage) -> None:
        if taken:
            raise smtplib.SMTPServerDisconnected("gone")
        taken.append(message["To"])

    assert mail.deliver(mail_url="", sender=SENDER, send=breaks) == mail.Delivered(
        sent=1, put_off=2
    )


def test_a_mail_is_given_up_in_the_end_and_its_words_removed(context: Flask) -> None:
    queue()
    db.session.execute(text("UPDATE outbox_messages SET attempts = 29"))
    db.session.commit()
    assert mail.deliver(mail_url="", sender=SENDER, send=away) == mail.Delivered(given_up=1)
    assert rows()[0][1] is None
    assert mail.waiting() == 0


def test_what_another_process_has_claimed_is_left_alone(context: Flask) -> None:
    queue()
    inside: list[mail.Delivered] = []

    def meanwhile(_message: EmailMessage) -> None:
        inside.append(mail.deliver(mail_url="", sender=SENDER, send=lambda _message: None))

    assert mail.deliver(mail_url="", sender=SENDER, send=meanwhile).sent == 1
    assert inside == [mail.Delivered()]


def test_a_claim_of_a_killed_process_is_taken_again(context: Flask) -> None:
    queue()
    with pytest.raises(KeyboardInterrupt):
        mail.deliver(mail_url="", sender=SENDER, send=killed)
    sent: list[EmailMessage] = []
    with clock.moved(NOW + mail.CLAIM_LASTS):
        mail.deliver(mail_url="", sender=SENDER, send=sent.append)
    assert len(sent) == 1


def killed(_message: EmailMessage) -> None:
    raise KeyboardInterrupt


def test_no_transaction_is_open_while_a_mail_is_sent(context: Flask) -> None:
    queue()

    def another_writer(_message: EmailMessage) -> None:
        with db.engine.begin() as connection:
            connection.execute(text("UPDATE outbox_messages SET attempts = attempts"))

    assert mail.deliver(mail_url="", sender=SENDER, send=another_writer).sent == 1


def test_an_outbox_of_a_site_without_mail_waits(context: Flask) -> None:
    queue()
    assert mail.deliver(mail_url="", sender=SENDER) == mail.Delivered()
    assert mail.waiting() == 1


@pytest.mark.parametrize(
    "url", ["http://mail.example", "smtp://", "smtps:///x", "smtp://mail.example:twentyfive"]
)
def test_an_address_that_is_no_mail_server_sends_nothing(context: Flask, url: str) -> None:
    queue()
    assert mail.deliver(mail_url=url, sender=SENDER) == mail.Delivered(put_off=1)


@pytest.fixture
def server() -> Iterator[tuple[int, list[str]]]:
    """The smallest mail server: takes one mail in plain and keeps its lines."""
    lines: list[str] = []
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        line_in, _ = listener.accept()
        with line_in, line_in.makefile("rwb") as file:
            say = lambda words: (file.write(words + b"\r\n"), file.flush())  # noqa: E731
            say(b"220 here")
            is_data = False
            for raw in file:
                line = raw.rstrip(b"\r\n")
                lines.append(line.decode())
                if is_data:
                    if line == b".":
                        is_data = False
                        say(b"250 taken")
                elif line.lower() == b"data":
                    is_data = True
                    say(b"354 go on")
                elif line.lower().startswith(b"quit"):
                    say(b"221 bye")
                    return
                else:
                    say(b"250 ok")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield listener.getsockname()[1], lines
    thread.join(timeout=5)
    listener.close()


def test_a_real_server_gets_the_mail(context: Flask, server: tuple[int, list[str]]) -> None:
    port, lines = server
    queue()
    done = mail.deliver(mail_url=f"smtp://127.0.0.1:{port}", sender=SENDER)
    assert done == mail.Delivered(sent=1)
    assert f"mail FROM:<{SENDER}>" in [line.split(" size=")[0] for line in lines]
    assert "rcpt TO:<bea@larchdale.example>" in lines
    assert "Hello Bea." in lines


def test_a_password_never_travels_in_plain(context: Flask, server: tuple[int, list[str]]) -> None:
    port, lines = server
    queue()
    done = mail.deliver(mail_url=f"smtp://me:secret@127.0.0.1:{port}", sender=SENDER)
    assert done == mail.Delivered(put_off=1)
    assert not any("AUTH" in line.upper() for line in lines)
