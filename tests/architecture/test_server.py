"""The real server, as it is set up for a council: what it logs, what it tells its machine, its end."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from improve.app import CANNOT_START, create_app
from improve.shared.db import db
from improve.shared.metrics import SHARED_FOLDER
from tests import databases
from tests.conftest import sqlite_template, test_settings

TOP = Path(__file__).resolve().parents[2]
SET_UP = TOP / "improve/docs/deploy/gunicorn.conf.py"
GUNICORN = Path(sys.executable).parent / "gunicorn"
#: Seconds until a server on a busy machine must have started.
PATIENCE = 60
#: Addresses from which nobody may be seen to come.
HERE = "127.0.0.1"
#: What is no request: without version, with a blank in a header's name, with a folded header.
MALFORMED = (
    b"GET /report-answer\r\n\r\n",
    b"GET /say/larch HTTP/1.1\r\nHo st: x\r\n\r\n",
    b"GET /say/larch HTTP/1.1\r\nHost: localhost\r\n folded\r\n\r\n",
)


def test_its_set_up_names_things_as_the_application_does() -> None:
    """It is read before the application is loaded, so that it says these two once more."""
    said = SET_UP.read_text("utf-8")
    assert f'COUNTS = "{SHARED_FOLDER}"\n' in said
    assert f"sys.exit({CANNOT_START})\n" in said


@contextmanager
def served(log: Path, **settings: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """gunicorn with this repository's set-up, ended as systemd ends it."""
    port = databases.free_port()
    environ = {"PATH": os.environ["PATH"], "HOME": str(log.parent), "WEB_CONCURRENCY": "1", **settings}  # fmt: skip
    with log.open("wb") as lines:
        server = subprocess.Popen(
            [str(GUNICORN), "--config", str(SET_UP), "--bind", f"{HERE}:{port}", "wsgi:app"],
            cwd=TOP, env=environ, stdout=lines, stderr=lines,
        )  # fmt: skip
        try:
            yield server, port
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(PATIENCE)


def wait_for(address: str) -> bytes:
    """Return what an address answers as soon as it does."""
    for _ in range(PATIENCE * 10):
        try:
            with urllib.request.urlopen(address) as got:
                return bytes(got.read())
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{address} does not answer")


def status_of(port: int, path: str) -> int:
    """Return the status of an answer."""
    client = http.client.HTTPConnection(HERE, port)
    client.request("GET", path, headers={"User-Agent": "Thistlephone 14"})
    status = client.getresponse().status
    client.close()
    return status


@pytest.mark.security(66, 77, 79, 81)
def test_its_logs_name_nobody_and_its_second_port_says_whether_it_is_ready(tmp_path: Path) -> None:
    file, log, metrics = tmp_path / "improve.sqlite3", tmp_path / "log", databases.free_port()
    file.write_bytes(sqlite_template().read_bytes())
    settings = {
        "IMPROVE_ENV": "development",
        "DATABASE_URL": f"sqlite:///{file}",
        "METRICS_PORT": str(metrics),
    }
    with served(log, **settings) as (server, port):
        assert wait_for(f"http://{HERE}:{port}/healthz") == b"ok"
        assert wait_for(f"http://{HERE}:{metrics}/readyz") == b"ready\n"
        pages = (
            "/sign-in?next=/ideas/4711",
            "/say/larch",
            "/report-answer",
            "/metrics",
            "/.git/config",
        )
        assert [status_of(port, path) for path in pages] == [200, 404, 200, 404, 404]
        for sent in MALFORMED:
            with socket.create_connection((HERE, port)) as client:
                client.sendall(sent)
                assert b"400" in client.recv(200)
        said = wait_for(f"http://{HERE}:{metrics}/metrics").decode()
        assert 'improve_answers_total{part="accounts",status="2xx"} 1.0' in said
    assert server.returncode == 0, "a server that was asked to end ended well"
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert [one["route"] for one in lines if one["message"] == "answered"] == [
        "/sign-in", "none", "none",
    ]  # fmt: skip
    refused_ones = [one for one in lines if one["message"] == "a malformed request was refused"]
    assert len(refused_ones) == len(MALFORMED)
    text = "".join(line for line in log.read_text().splitlines(True) if "Listening at" not in line)
    for word in (HERE, "larch", "report-answer", "4711", "Thistlephone"):
        assert word not in text, word


def test_with_wrong_settings_it_ends_at_once_and_says_all(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with served(log, SECRET_KEY="short", METRICS_PORT="many") as (server, _):
        assert server.wait(PATIENCE) == 3, "systemd and gunicorn take 3 as: do not try again"
    said = log.read_text()
    for word in ("SECRET_KEY is shorter", "SEALING_KEY is not set", "METRICS_PORT is “many”"):
        assert word in said
    assert "Traceback" not in said


def test_an_id_of_a_request_is_taken_from_a_proxy_alone(app: Flask) -> None:
    uri = app.config["SQLALCHEMY_DATABASE_URI"]
    behind = create_app({**test_settings(uri), "TRUSTED_PROXIES": 1})
    sent = {"X-Request-Id": "one-that-the-proxy-made"}

    def given(of: Flask, path: str, headers: dict[str, str]) -> str:
        with of.test_client().get(path, headers=headers) as answer:
            return str(answer.headers["X-Request-Id"])

    assert given(behind, "/sign-in", sent) == sent["X-Request-Id"]
    # Of a visitor's own making; one that no proxy makes; and where a line of the proxy, which
    # holds an address, must lead to none of ours.
    for of, path, headers in (
        (app, "/sign-in", sent),
        (behind, "/sign-in", {"X-Request-Id": "x" * 65}),
        (behind, "/sign-in", {"X-Request-Id": "two words"}),
        (behind, "/say/larchdale-council", sent),
        (behind, "/report-answer", sent),
    ):
        made = given(of, path, headers)
        assert made not in headers.values()
        assert len(made) == 16
    with behind.app_context():
        db.engine.dispose()
