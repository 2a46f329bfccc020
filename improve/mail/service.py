"""Queuing mails inside a transaction, and sending them outside it.

A mail is queued in the transaction of the act that causes it, so it leaves only if that act
stands. ``deliver`` claims a few in a short transaction, talks to the mail server with none open,
and notes the result of each. A server that is down costs a growing delay and loses nothing.
"""

from __future__ import annotations

import hashlib
import re
import smtplib
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import unquote, urlsplit

from sqlalchemy import Subquery, delete, func, or_, select, update

from improve.mail.models import OutboxMessage
from improve.mail.sealed import sealer
from improve.shared import clock
from improve.shared.db import db, writing_apart
from improve.shared.errors import RuleBroken

#: Waits after a failed try: 1 minute, doubled each time, at most 4 hours.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
#: Given up after about four days: what is in the mail is out of date by then.
MOST_ATTEMPTS = 30
#: A claim that was not answered for this long (a killed process) may be taken again.
CLAIM_LASTS = timedelta(minutes=10)
#: An address stays this long after its mail has left, for questions about it.
KEPT_FOR = timedelta(days=30)
#: How long to wait for the mail server at each step, in seconds.
PATIENCE = 20
#: How addresses end that are nobody's and never will be (RFC 2606).
NOBODYS = ".invalid"
ADDRESS_REFUSED = "address refused"
#: Where in a body the part that is sealed comes in, as the mail leaves.
SEALED_HERE = "[[what is sealed comes here]]"

_ADDRESS = re.compile(r"[^\s@,;:<>\"()\[\]\\]{1,64}@[A-Za-z0-9.\-]{1,190}")

Send = Callable[[EmailMessage], None]


@dataclass(frozen=True)
class Delivered:
    """What one run of ``deliver`` did: mails sent, put off, and given up."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0


@dataclass(frozen=True)
class _Claimed:
    id: int
    key: str
    to_address: str
    subject: str
    body: str | None
    stop_url: str
    attempts: int
    sealed: bytes | None


def is_address(text: str) -> bool:
    """Return whether ``text`` has the shape of one plain mail address."""
    return len(text) <= 254 and _ADDRESS.fullmatch(text) is not None and "." in text.split("@")[1]


def enqueue(
    *, key: str, to: str, subject: str, body: str, stop_url: str = "", sealed: str = ""
) -> bool:
    """Have one mail sent after the present transaction has committed; return whether it is new.

    The same ``key`` twice queues one mail. Refuses what is not one plain address, and a line end
    in the subject or address: nobody may write further header lines. ``stop_url`` is where mails
    of this kind end by one click, which mail programs offer as a button. ``sealed`` comes in where
    the body says ``SEALED_HERE``, and stands under the key of the installation until then. To an
    address that nobody can have, as people of an example have, nothing is queued.
    """
    if not is_address(to):
        raise RuleBroken("This is not an e-mail address.")
    if to.lower().endswith(NOBODYS):
        return False
    if _has_control(subject):
        raise ValueError("a line end in the subject of a mail")
    taken = db.session.execute(select(OutboxMessage.id).where(OutboxMessage.key == key)).first()
    if taken:
        return False
    at = clock.now()
    db.session.add(
        OutboxMessage(
            key=key,
            to_address=to,
            subject=subject,
            body=body,
            sealed=sealer().seal(sealed, about=key) if sealed else None,
            stop_url=stop_url,
            created_at=at,
            next_try_at=at,
        )
    )
    db.session.flush()
    return True


def refused_addresses(addresses: Iterable[str]) -> set[str]:
    """Return which of these a mail server has refused for days, so that no more is sent there.

    Known for a month; then the next mail tries again.
    """
    return set(
        db.session.execute(
            select(OutboxMessage.to_address)
            .where(
                OutboxMessage.to_address.in_(sorted(set(addresses))),
                OutboxMessage.given_up_at.is_not(None),
                OutboxMessage.last_error == ADDRESS_REFUSED,
            )
            .distinct()
        ).scalars()
    )


def drop_waiting(*, key: str) -> None:
    """Take a mail that has not left out of the outbox: what it says no longer holds."""
    db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.key == key, OutboxMessage.sent_at.is_(None))
        .values(body=None, sealed=None, given_up_at=clock.now(), last_error="no longer needed")
        .execution_options(synchronize_session=False)
    )


def drop_all_waiting() -> int:
    """Take every mail that has not left out of the outbox; return how many.

    For a database that was brought back: most left after its backup was made, and the links in
    them are ended.
    """
    result = db.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None))
        .values(body=None, sealed=None, given_up_at=clock.now(), last_error="no longer needed")
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def waiting() -> int:
    """Return how many mails have still to leave."""
    return (
        db.session.execute(
            select(func.count(OutboxMessage.id)).where(
                OutboxMessage.sent_at.is_(None), OutboxMessage.given_up_at.is_(None)
            )
        ).scalar()
        or 0
    )


def progress(key_begins: str) -> Subquery:
    """Return how far mails have come whose keys begin so, as one row for joins.

    Columns: ``sent``, ``given_up``, ``queued`` (all of them) and ``last_sent_at``. Mails that left
    a month ago are known no more: then all are 0.
    """
    return (
        select(
            func.count(OutboxMessage.sent_at).label("sent"),
            func.count(OutboxMessage.given_up_at).label("given_up"),
            func.count(OutboxMessage.id).label("queued"),
            func.max(OutboxMessage.sent_at).label("last_sent_at"),
        )
        .where(OutboxMessage.key.startswith(key_begins, autoescape=True))
        .subquery("mail_progress")
    )


def purge_outbox() -> int:
    """Delete the addresses of mails that left or were given up a month ago; return how many."""
    result = db.session.execute(
        delete(OutboxMessage)
        .where(
            OutboxMessage.created_at < clock.now() - KEPT_FOR,
            or_(OutboxMessage.sent_at.is_not(None), OutboxMessage.given_up_at.is_not(None)),
        )
        .execution_options(synchronize_session=False)
    )
    return int(result.rowcount)  # type: ignore[attr-defined]


def deliver(limit: int = 50, *, mail_url: str, sender: str, send: Send | None = None) -> Delivered:
    """Send up to ``limit`` mails that are due and return what became of them.

    Nothing is sent without ``mail_url`` (``smtp://`` or ``smtps://``); mails wait. ``send`` takes
    the place of the mail server in tests. Several processes may run this at once: a mail that one
    has claimed is left alone by the others.
    """
    if not mail_url and send is None:
        return Delivered()
    db.session.rollback()
    claimed = _claim(limit)
    if not claimed:
        return Delivered()
    outcome = {"sent": 0, "put_off": 0, "given_up": 0}
    opened = _given(send) if send is not None else connect(mail_url)
    try:
        with opened as send_one:
            for mail in claimed:
                outcome[_try_one(mail, sender, send_one)] += 1
    # ValueError: a port that is no number in ``mail_url``.
    except (OSError, smtplib.SMTPException, ValueError) as error:
        done = sum(outcome.values())
        for mail in claimed[done:]:
            outcome[_note_failure(mail, _kind(error))] += 1
    return Delivered(**outcome)


def _try_one(mail: _Claimed, sender: str, send: Send) -> str:
    try:
        send(_message(mail, sender))
    except smtplib.SMTPServerDisconnected as error:
        # The line is gone for all that follow; the caller notes them, this one included.
        raise error from None
    except (OSError, smtplib.SMTPException, ValueError) as error:
        return _note_failure(mail, _kind(error))
    with writing_apart() as connection:
        connection.execute(
            update(OutboxMessage)
            .where(OutboxMessage.id == mail.id)
            .values(sent_at=clock.now(), body=None, sealed=None, last_error="")
        )
    return "sent"


def _message(mail: _Claimed, sender: str) -> EmailMessage:
    """Return the mail as it travels. ``EmailMessage`` refuses line ends in headers by itself."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = mail.to_address
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(clock.now())
    # The same each time it is tried: where a server took it and never said so, mail programs know
    # the second for the first.
    mark = hashlib.sha256(f"{mail.id} {mail.key}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{mark}@{sender.rsplit('@', 1)[-1]}>"
    message["Auto-Submitted"] = "auto-generated"
    if mail.stop_url:
        # RFC 8058: a mail program ends these mails with one click, and no page.
        message["List-Unsubscribe"] = f"<{mail.stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(_whole(mail))
    return message


def _whole(mail: _Claimed) -> str:
    """Return the words of a mail with what was sealed. Raises ``ValueError`` under a lost key."""
    if mail.sealed is None:
        return mail.body or ""
    part = sealer().open(mail.sealed, about=mail.key)
    return (mail.body or "").replace(SEALED_HERE, part)


def _claim(limit: int) -> list[_Claimed]:
    """Take mails that are due; moving their next try keeps other processes off them."""
    at = clock.now()
    with writing_apart() as connection:
        rows = connection.execute(
            select(
                OutboxMessage.id,
                OutboxMessage.key,
                OutboxMessage.to_address,
                OutboxMessage.subject,
                OutboxMessage.body,
                OutboxMessage.stop_url,
                OutboxMessage.attempts,
                OutboxMessage.sealed,
            )
            .where(
                OutboxMessage.sent_at.is_(None),
                OutboxMessage.given_up_at.is_(None),
                OutboxMessage.next_try_at <= at,
            )
            .order_by(OutboxMessage.next_try_at, OutboxMessage.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        if rows:
            connection.execute(
                update(OutboxMessage)
                .where(OutboxMessage.id.in_([row.id for row in rows]))
                .values(next_try_at=at + CLAIM_LASTS)
            )
    return [_Claimed(*row) for row in rows]


def _note_failure(mail: _Claimed, kind: str) -> str:
    attempts = mail.attempts + 1
    at = clock.now()
    is_over = attempts >= MOST_ATTEMPTS
    values: dict[str, object] = {
        "attempts": attempts,
        "last_error": kind,
        "next_try_at": at + wait_after(attempts),
    }
    if is_over:
        values.update(given_up_at=at, body=None, sealed=None)
    with writing_apart() as connection:
        connection.execute(
            update(OutboxMessage).where(OutboxMessage.id == mail.id).values(**values)
        )
    return "given_up" if is_over else "put_off"


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after this many failed tries."""
    return min(FIRST_WAIT * 2 ** min(attempts - 1, 20), LONGEST_WAIT)


def _kind(error: Exception) -> str:
    """Return the kind of a failure. Never the server's words: they may hold the address."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "sign-in to the mail server refused"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return ADDRESS_REFUSED
    if isinstance(error, smtplib.SMTPException):
        return "refused by the mail server"
    if isinstance(error, ValueError):
        return "could not be written"
    return "mail server not reached"


@contextmanager
def _given(send: Send) -> Iterator[Send]:
    yield send


#: Mail for a server on this machine crosses no network.
_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@contextmanager
def connect(mail_url: str) -> Iterator[Send]:
    """Open the mail server of ``mail_url``: with a password or elsewhere only encrypted."""
    url = urlsplit(mail_url)
    if url.scheme not in {"smtp", "smtps"} or not url.hostname:
        raise OSError("MAIL_URL is not smtp:// or smtps://")
    context = ssl.create_default_context()
    if url.scheme == "smtps":
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            url.hostname, url.port or 465, timeout=PATIENCE, context=context
        )
    else:
        server = smtplib.SMTP(url.hostname, url.port or 25, timeout=PATIENCE)
    with server:
        if url.scheme == "smtp":
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            elif url.username or url.hostname not in _HERE:
                # Links that let people in would be read on the way.
                raise OSError("the mail server offers no encryption")
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))

        def send(message: EmailMessage) -> None:
            server.send_message(message)

        yield send


def _has_control(text: str) -> bool:
    return any(ord(character) < 32 or ord(character) == 127 for character in text)
