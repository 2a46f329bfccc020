"""The line to the mail server: unencrypted only on this machine, and without a password."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from flask import Flask

from improve.mail import service as mail
from improve.mail.trying import fault_of_server
from improve.shared.db import db
from tests.mail.server import mail_server

SENDER = "improve@larchdale.example"
#: A certificate and its key for 127.0.0.1, known to nobody and good for nothing else.
CERTIFICATE = Path(__file__).with_name("only_for_tests.pem")


@pytest.fixture
def encrypted(monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """How the mail server shows who it is; the certificate is trusted in the test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(CERTIFICATE)
    return context


class Doorkeeper:
    """Lets one name and password in, and keeps what was tried."""

    def __init__(self) -> None:
        self.tried: list[tuple[bytes, bytes]] = []

    def __call__(self, _server: Any, session: Any, *_rest: Any) -> AuthResult:
        """Answer a try."""
        given = _rest[-1]
        assert isinstance(given, LoginPassword)
        assert session.ssl is not None, "the password travels encrypted"
        self.tried.append((given.login, given.password))
        return AuthResult(success=given.password == b"a p@ss/word")


def queue() -> None:
    """Queue one mail."""
    mail.enqueue(key="k", to="bea@larchdale.example", subject="Hello", body="Hello Bea.\n")
    db.session.commit()


def test_the_line_is_encrypted_where_the_server_offers_it(
    context: Flask, encrypted: ssl.SSLContext
) -> None:
    queue()
    with mail_server(tls_context=encrypted, require_starttls=True) as server:
        assert mail.deliver(mail_url=server.url, sender=SENDER) == mail.Delivered(sent=1)
        assert server.taken[0]["To"] == "bea@larchdale.example"


@pytest.mark.parametrize(("password", "done"), [("a%20p%40ss%2Fword", 1), ("wrong", 0)])
def test_name_and_password_open_the_server(
    context: Flask,
    encrypted: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
    password: str,
    done: int,
) -> None:
    # The server leaves whoever gave a wrong password waiting.
    monkeypatch.setattr(mail, "PATIENCE", 1)
    queue()
    keeper = Doorkeeper()
    with mail_server(tls_context=encrypted, authenticator=keeper, auth_required=True) as server:
        url = server.url.replace("//", f"//me:{password}@")
        result = mail.deliver(mail_url=url, sender=SENDER)
        assert result == mail.Delivered(sent=done, put_off=1 - done)
    assert keeper.tried[0][0] == b"me"


def test_a_line_encrypted_from_the_start(context: Flask, encrypted: ssl.SSLContext) -> None:
    queue()
    with mail_server(ssl_context=encrypted) as server:
        url = server.url.replace("smtp:", "smtps:")
        assert mail.deliver(mail_url=url, sender=SENDER) == mail.Delivered(sent=1)


def test_a_server_that_nobody_vouches_for_gets_nothing(
    context: Flask, encrypted: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    queue()
    with mail_server(tls_context=encrypted, require_starttls=True) as server:
        assert mail.deliver(mail_url=server.url, sender=SENDER) == mail.Delivered(put_off=1)
        assert server.taken == []


def test_a_server_elsewhere_gets_nothing_unencrypted(
    context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server that offers no encryption, or one from whose answer it was taken on the way."""
    queue()
    with mail_server() as server:
        join = socket.create_connection

        def lead_here(address: tuple[str, int], *rest: Any, **more: Any) -> socket.socket:
            return join(("127.0.0.1", address[1]), *rest, **more)

        monkeypatch.setattr(socket, "create_connection", lead_here)
        away = server.url.replace("127.0.0.1", "mail.example")
        assert mail.deliver(mail_url=away, sender=SENDER) == mail.Delivered(put_off=1)
        assert "offers no encryption" in fault_of_server(away, sender=SENDER)
        assert server.taken == []
        assert fault_of_server(server.url, sender=SENDER) == ""
