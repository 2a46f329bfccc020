"""A real gunicorn, as `improve/docs/deploy/gunicorn.conf.py` sets it up, and who talks to it."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests import databases
from tests.reliability.places import Place

TOP = Path(__file__).resolve().parent.parent.parent
CONFIGURATION = TOP / "improve" / "docs" / "deploy" / "gunicorn.conf.py"
COOKIE = "__Host-improve"
_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


class Away(Exception):
    """Nobody answered, or the line broke before the answer was whole."""


@dataclass
class Answer:
    """One answer, whole."""

    status: int
    body: str
    headers: Mapping[str, str]
    seconds: float


@dataclass
class Gunicorn:
    """One server with its workers."""

    place: Place
    host: str = "127.0.0.1"
    port: int = 0
    #: Words before its command, such as those that enter a network namespace.
    inside: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    settings: dict[str, str] = field(default_factory=dict)
    _process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """What it and the application say."""
        return self.place.folder / f"gunicorn-{self.port}.log"

    def start(self, *, within: float = 60) -> None:
        """Start it, and return when it answers."""
        self.port = self.port or databases.free_port()
        environ = self.place.environ(
            BASE_URL=f"http://{self.host}:{self.port}", HTMX_URL="", **self.settings
        )
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [*self.inside, sys.executable, "-m", "gunicorn", "--config", str(CONFIGURATION),
                 "--bind", f"{self.host}:{self.port}", *self.options, "wsgi:app"],
                cwd=TOP, env=environ, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        end = time.monotonic() + within
        while time.monotonic() < end and self._process.poll() is None:
            try:
                if ask(self.host, self.port, "GET", "/healthz").status == 200:
                    return
            except Away:
                time.sleep(0.05)
        raise RuntimeError("gunicorn did not start: " + self.log.read_text()[-2000:])

    def kill(self) -> None:
        """End it and all its workers at once, as a power cut would."""
        assert self._process is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)

    def stop(self) -> None:
        """Have it end what it answers, and end."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(40)
        except subprocess.TimeoutExpired:
            self.kill()

    def workers(self) -> list[psutil.Process]:
        """Return the processes that answer."""
        assert self._process is not None
        return sorted(psutil.Process(self._process.pid).children(), key=lambda one: one.pid)


@contextmanager
def served(place: Place, **settings: str) -> Iterator[Gunicorn]:
    """Serve a place for the time of the block."""
    server = Gunicorn(place, settings=settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def ask(
    host: str,
    port: int,
    method: str,
    path: str,
    *,
    cookie: str = "",
    fields: Mapping[str, str] | None = None,
    patience: float = 45,
) -> Answer:
    """Ask once, on a line of its own. Raises ``Away`` where no whole answer came."""
    began = time.monotonic()
    line = http.client.HTTPConnection(host, port, timeout=patience)
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    body = None
    if fields is not None:
        body = urlencode(fields)
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    try:
        line.request(method, path, body=body, headers=headers)
        response = line.getresponse()
        text = response.read().decode()
    except (OSError, http.client.HTTPException) as error:
        raise Away from error
    finally:
        line.close()
    return Answer(response.status, text, dict(response.headers), time.monotonic() - began)


@dataclass
class Colleague:
    """Somebody signed in, who asks one of several servers."""

    person_id: int
    cookie: str
    servers: list[Gunicorn]
    #: Which of them is asked now.
    turn: int = 0
    token: str = ""

    def get(self, path: str, patience: float = 45) -> Answer:
        """Read a page."""
        server = self.servers[self.turn % len(self.servers)]
        return ask(server.host, server.port, "GET", path, cookie=self.cookie, patience=patience)

    def post(self, path: str, patience: float = 45, **fields: str) -> Answer:
        """Send a form, with the token that makes it safe."""
        server = self.servers[self.turn % len(self.servers)]
        if not self.token:
            self.read_token()
        return ask(
            server.host, server.port, "POST", path,
            cookie=self.cookie, fields={"csrf_token": self.token, **fields}, patience=patience,
        )  # fmt: skip

    def read_token(self) -> None:
        """Read the token of this session's forms."""
        found = _TOKEN.search(self.get("/log").body)
        if found is None:
            raise Away
        self.token = found[1]

    def log(self, words: str, form_token: str, patience: float = 45) -> Answer:
        """Log an idea; the same form token twice makes one idea."""
        return self.post(
            "/log", patience, text=words, source="own", answerer="manager",
            form_token=form_token, similar_seen="1", confirmed="1",
        )  # fmt: skip
