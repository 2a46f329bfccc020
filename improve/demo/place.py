"""Where the demo is kept: its own database, its secrets beside it, and when it must be made anew.

The day it was made and a mark of what it was made from stand in the file's own header
(``user_version`` and ``application_id``), so that they can never belong to another file.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from improve.measures.spc.verdict import ANALYSIS_VERSION
from improve.migrations import FOLDER as MIGRATIONS

HERE = Path(__file__).resolve().parent


class DemoIsRunning(Exception):
    """Another process serves this file, so it cannot be replaced."""


@dataclass(frozen=True)
class Secrets:
    """What the demo signs forms with, and everybody's password in it."""

    secret_key: str
    password: str


@dataclass(frozen=True)
class Made:
    """A demo that is there: when it was made, and the mark of what from."""

    on: date
    mark: int


class DemoPlace:
    """The demo's files in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.database = folder / "demo.sqlite3"
        self._keys = folder / "demo.keys"
        self._lock = folder / "demo.lock"

    def secrets(self, *, password: str | None) -> Secrets:
        """Return the secrets of this folder, made at first need and readable by its owner only.

        ``password`` replaces the random one.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        if not self._keys.exists():
            made = {
                "secret_key": secrets.token_urlsafe(48),
                "password": secrets.token_urlsafe(12),
            }
            making = self.folder / f"demo.keys.{os.getpid()}"
            handle = os.open(making, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "w") as file:
                json.dump(made, file)
            making.replace(self._keys)
        kept = json.loads(self._keys.read_text())
        return Secrets(kept["secret_key"], password or kept["password"])

    def made(self) -> Made | None:
        """Return when and from what the demo was made; None without a whole one."""
        if not self.database.exists():
            return None
        try:
            with closing(sqlite3.connect(self.database)) as connection:
                on = connection.execute("PRAGMA user_version").fetchone()[0]
                mark = connection.execute("PRAGMA application_id").fetchone()[0]
            return Made(date.fromordinal(on), mark)
        except (sqlite3.DatabaseError, ValueError):
            return None

    @contextmanager
    def in_use(self) -> Iterator[None]:
        """Keep others from replacing the database inside the block."""
        with self._lock.open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH)
            yield

    @contextmanager
    def replaced(self, made: Made) -> Iterator[Path]:
        """Give a path to make a new database at; it takes the old one's place at the end.

        When the block fails nothing changes. Raises ``DemoIsRunning`` while the old one is used.
        """
        with self._lock.open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise DemoIsRunning from None
            for leftover in self.folder.glob("demo.making*"):
                leftover.unlink()
            making = self.folder / "demo.making.sqlite3"
            yield making
            with closing(sqlite3.connect(making)) as connection:
                connection.execute(f"PRAGMA user_version = {made.on.toordinal()}")
                connection.execute(f"PRAGMA application_id = {made.mark}")
                connection.commit()
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            for end in ("-wal", "-shm"):
                Path(f"{self.database}{end}").unlink(missing_ok=True)
            making.replace(self.database)


def mark_of(password: str) -> int:
    """Return a number that changes with what a demo is made of: words, loader, tables, rules."""
    mark = hashlib.sha256(f"{ANALYSIS_VERSION} {password}".encode())
    loader = sorted([*HERE.glob("*.py"), *HERE.parent.glob("*/demo/*.py")])
    tables = sorted((MIGRATIONS / "versions").glob("*.py"))
    for source in (HERE / "content.json", *loader, *tables):
        mark.update(source.read_bytes())
    return int.from_bytes(mark.digest()[:4], "big") & 0x7FFFFFFF
