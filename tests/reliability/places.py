"""Where a figure is measured: a database of its own on one engine, durable as in real use."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from tests import databases

#: Keys of this run alone.
SECRETS = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "SEALING_KEY", "BACKUP_KEY")}


@dataclass
class PostgresServer:
    """A PostgreSQL server of one's own, which may be killed and started again."""

    folder: Path
    host: str = "127.0.0.1"
    port: int = 0
    #: Words before the server's command, such as those that enter a network namespace.
    inside: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    #: What stands behind the name of a database in its address.
    query: str = ""
    _process: subprocess.Popen[bytes] | None = None

    def make(self) -> None:
        """Make its files."""
        self.folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "nobody", "nogroup")
        self.port = databases.free_port()
        self._run(
            "initdb", "-D", str(self.folder), "-U", "improve", "-A", "trust", "-E", "UTF8",
            "--wal-segsize=1",
        )  # fmt: skip

    def _run(self, program: str, *words: str) -> None:
        path = str(databases.binaries() / program)
        subprocess.run(
            [*databases.as_somebody(), path, *words],
            check=True, capture_output=True, env=self._environ(), cwd="/",
        )  # fmt: skip

    @staticmethod
    def _environ() -> dict[str, str]:
        return {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}

    def start(self) -> None:
        """Start it, and return when it answers. Raises with its log when it does not."""
        # It would not start while another might still have the files; here none can.
        (self.folder / "postmaster.pid").unlink(missing_ok=True)
        with self.log.open("a") as log:
            self._process = subprocess.Popen(
                [*self.inside, *databases.as_somebody(), str(databases.binaries() / "postgres"),
                 "-D", str(self.folder), "-p", str(self.port), "-k", "", "-h", self.host,
                 "-c", "max_connections=100", "-c", "jit=off", *self.options],
                stdout=log, stderr=log, env=self._environ(), cwd="/", start_new_session=True,
            )  # fmt: skip
        self.wait()

    def wait(self, seconds: float = 30) -> None:
        """Return when it answers."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                psycopg.connect(self.address("postgres"), connect_timeout=2).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("PostgreSQL did not start: " + self.log.read_text()[-2000:])

    def kill(self) -> None:
        """End it with all it started, as a power cut would; nothing is written any more."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Have it close everything and end."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(20)
            except subprocess.TimeoutExpired:
                self._end(signal.SIGKILL)

    def _end(self, how: signal.Signals) -> None:
        assert self._process is not None
        os.killpg(self._process.pid, how)
        self._process.wait(20)
        # Its children have groups of their own; without their parent they end by themselves.
        _end_children_of(self.folder)

    @property
    def log(self) -> Path:
        """What it says."""
        return self.folder.with_name(self.folder.name + ".log")

    def address(self, database: str) -> str:
        """Return where a database is, as DATABASE_URL says it."""
        return f"postgresql://improve@{self.host}:{self.port}/{database}{self.query}"

    def make_database(self, name: str) -> None:
        """Make an empty database."""
        with psycopg.connect(self.address("postgres"), autocommit=True) as owner:
            owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            owner.execute(f'CREATE DATABASE "{name}"')


def _end_children_of(folder: Path) -> None:
    """End what still works in this folder: a process whose working folder it is."""
    for _ in range(200):
        found = [pid for pid in _numbers() if _works_in(pid) == str(folder)]
        if not found:
            return
        for pid in found:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def _numbers() -> list[int]:
    return [int(name) for name in os.listdir("/proc") if name.isdecimal()]


def _works_in(pid: int) -> str:
    try:
        return os.readlink(f"/proc/{pid}/cwd")
    except OSError:
        return ""


@dataclass
class Place:
    """A folder and an empty database on one engine."""

    engine: str
    folder: Path
    server: PostgresServer | None = None
    #: Settings of every process that works on it.
    settings: dict[str, str] = field(default_factory=dict)
    #: Its name on a PostgreSQL server.
    database: str = "improve"

    @property
    def url(self) -> str:
        """DATABASE_URL."""
        if self.server is not None:
            return self.server.address(self.database)
        return f"sqlite:///{self.file}"

    @property
    def file(self) -> Path:
        """The SQLite file."""
        return self.folder / "improve.sqlite3"

    def environ(self, **more: str) -> dict[str, str]:
        """Return the environment of a process that works on it, as in production."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        return {
            **kept,
            **SECRETS,
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.url,
            **self.settings,
            **more,
        }


@contextmanager
def place(engine: str, folder: Path, server: PostgresServer | None = None) -> Iterator[Place]:
    """Give a fresh place in ``folder``; on PostgreSQL with a server of its own, unless given."""
    folder.mkdir(parents=True, exist_ok=True)
    if engine == "sqlite":
        yield Place(engine, folder)
        return
    own = None
    if server is None:
        server = own = PostgresServer(folder / "postgres")
        own.make()
        own.start()
    try:
        server.make_database("improve")
        yield Place(engine, folder, server)
    finally:
        if own is not None:
            own.stop()
