"""A real SMTP server for tests, in a thread of its own."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


@dataclass
class MailServer:
    """Mails taken, in the order they came; ``refuses`` answers each with this line instead."""

    port: int = 0
    taken: list[EmailMessage] = field(default_factory=list)
    refuses: str = ""
    #: Takes a mail and breaks the line before it says so.
    dies_after_taking: bool = False
    came: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        """What MAIL_URL is set to."""
        return f"smtp://127.0.0.1:{self.port}"

    async def handle_DATA(self, server: Any, _session: Any, envelope: Any) -> str:
        """Take a mail as a mail server does."""
        if self.refuses:
            return self.refuses
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.taken.append(message)
        self.came.set()
        if self.dies_after_taking:
            server.transport.abort()
        return "250 taken"


@contextmanager
def mail_server(port: int = 0, **settings: Any) -> Iterator[MailServer]:
    """Run a mail server on a free port, or on ``port``, for the time of the block."""
    held = MailServer()
    controller = Controller(held, hostname="127.0.0.1", port=port or _free_port(), **settings)
    controller.start()
    held.port = controller.port
    try:
        yield held
    finally:
        controller.stop()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
