"""The mail server is off, silent, or breaks the line: writing goes on, and no mail is lost."""

from __future__ import annotations

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from improve.mail import service as mail
from improve.shared import clock
from improve.shared.db import db
from tests import databases
from tests.mail.server import mail_server
from tests.reliability.councils import application, working
from tests.reliability.sites import Site
from tests.reliability.table import Row, Size

SENDER = "improve@council.example"


def measure(site: Site, size: Size) -> Iterator[Row]:
    """Try to send while the server is in trouble, write meanwhile, and send when it is well."""
    mails, found = size.of(200, 20), list[str]()
    app = application(site.place)
    who = site.council.colleague(0, site.server)
    with working(app):
        for number in range(mails):
            mail.enqueue(key=f"trouble-{number}", to=f"person{number}@council.example",
                         subject=f"Trouble {number}", body="Something waits.")  # fmt: skip
        db.session.commit()
        off = mail.deliver(
            mails, mail_url=f"smtp://127.0.0.1:{databases.free_port()}", sender=SENDER
        )
        if (off.sent, off.put_off) != (0, mails):
            found.append(f"while it was off: {off}")
    if not size.is_short:
        # A server that takes the line and never speaks: nobody who writes may wait for it.
        slowest = _written_meanwhile(site, mails)
        if slowest > 2:
            found.append(f"a write took {slowest:.1f} s while a mail server was silent")
    taken: list[str] = []
    with working(app), mail_server() as server:
        at = clock.now()
        server.dies_after_taking = True
        for turn in range(6):
            # Each try waits longer than the last.
            at += timedelta(hours=5)
            with clock.moved(at):
                mail.deliver(mails, mail_url=server.url, sender=SENDER)
            server.dies_after_taking = turn < 1
        with clock.moved(at):
            left = mail.waiting()
        taken = [str(message["Subject"]) for message in server.taken]
    if left:
        found.append(f"{left} mails still wait")
    counts = Counter(taken)
    if len([n for n in range(mails) if counts[f"Trouble {n}"]]) != mails:
        found.append(f"{mails - len(counts)} mails never came")
    after = who.log("Say who is coming before the first visit", "mail-down")
    if after.status != 303:
        found.append(f"writing answered {after.status}")
    twice = sum(1 for n in counts.values() if n > 1)
    yield Row(
        "The mail server is off, silent, breaks the line, and is well again",
        "writing goes on; no mail lost; twice only what it took and did not say so",
        f"{mails} mails, {mails - left} left, {twice} twice after 2 broken lines",
        is_held=not found and twice <= 2,
        found=found,
    )


def _written_meanwhile(site: Site, mails: int) -> float:
    """Return the longest time of ten writes while a delivery waits for a silent server, in s."""
    with _silent() as port:
        app = application(site.place)

        def deliver() -> None:
            with working(app), clock.moved(clock.now() + timedelta(hours=1)):
                mail.deliver(mails, mail_url=f"smtp://127.0.0.1:{port}", sender=SENDER)

        waiting = threading.Thread(target=deliver)
        waiting.start()
        time.sleep(1)
        who = site.council.colleague(1, site.server)
        slowest = max(who.log("Say who is coming", f"silent-{n}").seconds for n in range(10))
        waiting.join(60)
    return slowest


@contextmanager
def _silent() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield int(listener.getsockname()[1])
