"""What is too large is refused by the server that is used in earnest, before it is read."""

from __future__ import annotations

import shutil
import socket
from pathlib import Path

import pytest

from tests.conftest import sqlite_template
from tests.network import is_here
from tests.reliability.places import place
from tests.reliability.serving import Gunicorn, served

SIZE = 500 * 1024 * 1024
PIECE = b"x" * (1 << 20)
#: More than this is not sent where the server takes it: then something reads it.
MOST_SENT = 64


def memory(server: Gunicorn) -> int:
    """Return how many bytes its processes hold."""
    return sum(worker.memory_info().rss for worker in server.workers())


def send(server: Gunicorn, path: str, kind: str) -> tuple[bytes, int]:
    """Send half a gigabyte for as long as it is taken; return the answer and the megabytes sent."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\nContent-Type: {kind}\r\n"
        f"Content-Length: {SIZE}\r\n\r\n"
    )
    assert is_here(socket.AF_INET, (server.host, server.port))
    with socket.create_connection((server.host, server.port), timeout=20) as line:
        line.sendall(head.encode())
        sent = 0
        line.settimeout(0.3)
        while sent < MOST_SENT:
            try:
                line.sendall(PIECE)
                sent += 1
            except OSError:  # nobody takes more of it, or the line was closed
                break
        line.settimeout(20)
        try:
            return line.recv(200), sent
        except ConnectionResetError:
            return b"", sent


@pytest.mark.security(30)
def test_gunicorn_refuses_half_a_gigabyte_without_reading_it(tmp_path: Path) -> None:
    with place("sqlite", tmp_path) as here:
        shutil.copy(sqlite_template(), here.file)
        with served(here) as server:
            before = memory(server)
            kinds = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x")
            for kind in kinds:
                for path in ("/sign-in", "/measures/1/import"):
                    answer, sent = send(server, path, kind)
                    # Where the line was closed on what is still being sent, the answer may be lost.
                    assert answer == b"" or b" 413 " in answer.split(b"\r\n")[0], answer
                    assert sent < MOST_SENT, (path, kind)
            grown = memory(server) - before
            assert grown < 50 * 1024 * 1024, f"grew by {grown} bytes"
