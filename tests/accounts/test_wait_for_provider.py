"""A council's own sign-in that is slow: how long it is waited for, and by how many."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from threading import Event, Thread

import pytest

from improve.accounts.oidc import provider_calls
from improve.accounts.oidc.provider import Provider
from improve.accounts.oidc.provider_calls import ProviderAway

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


@pytest.fixture(autouse=True)
def brief(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have the longest answer be one second, and a place be waited for half a second."""
    monkeypatch.setattr(provider_calls, "LONGEST_ANSWER", 1)
    monkeypatch.setattr(provider_calls, "LONGEST_QUEUE", 0.5)
    provider_calls.forget()
    yield
    provider_calls.forget()


@contextmanager
def dripping(begins: bytes) -> Iterator[Provider]:
    """Serve whoever asks with these bytes, and then one more now and then, until the block ends."""
    is_over = Event()

    def serve_one(to: socket.socket) -> None:
        with to:
            to.recv(65_536)
            to.sendall(begins)
            while not is_over.wait(0.1):
                try:
                    to.sendall(b" ")
                except OSError:
                    return

    def serve() -> None:
        while not is_over.is_set():
            try:
                asked, _ = listening.accept()
            except TimeoutError:
                continue
            Thread(target=serve_one, args=(asked,)).start()

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        serving = Thread(target=serve)
        serving.start()
        port = listening.getsockname()[1]
        try:
            yield Provider(
                issuer=f"http://127.0.0.1:{port}/x",
                client_id="c",
                client_secret="s",
                takes_plain_http=True,
            )
        finally:
            is_over.set()
            serving.join()


def seconds_of(ask: Callable[[], object]) -> tuple[str, float]:
    """Return why an answer was not waited for any longer, and after how many seconds."""
    began = time.monotonic()
    with pytest.raises(ProviderAway) as away:
        ask()
    return away.value.code, time.monotonic() - began


@pytest.mark.security(84)
@pytest.mark.parametrize(
    "begins",
    [HEAD + b"Content-Length: 600\r\n\r\n", HEAD + b"X-Never-Ends: ", b"HTTP/1.1 200 "],
    ids=["body", "head", "status"],
)
def test_a_byte_now_and_then_holds_nobody_beyond_the_longest_answer(begins: bytes) -> None:
    with dripping(begins) as provider:
        code, seconds = seconds_of(lambda: provider_calls.addresses(provider))
    assert code == "silent"
    assert 0.9 < seconds < 5


@pytest.mark.security(84)
def test_only_a_few_wait_for_one_provider() -> None:
    with dripping(HEAD + b"X-Never-Ends: ") as provider:
        told: list[str] = []

        def ask() -> None:
            told.append(seconds_of(lambda: provider_calls.addresses(provider))[0])

        doing = [Thread(target=copy_context().run, args=(ask,)) for _ in range(5)]
        for one in doing:
            one.start()
        for one in doing:
            one.join(20)
    assert sorted(told) == ["busy"] * 3 + ["silent"] * 2
