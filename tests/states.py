"""A worker's database on one engine, brought to a known state before each test.

What many tests begin with – the cast, a council where much has happened – is made through the
services once in each worker, kept as it then stands, and put back whole for the next test.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from flask import Flask
from sqlalchemy import Connection, Engine, event

from improve.shared.db import db
from tests import databases

T = TypeVar("T")


class Keeper(Protocol):
    """How one engine empties a database, keeps what it holds, and puts that back."""

    def empty(self) -> None:
        """Leave what the migrations leave: no row of anybody's, and every number begins at 1."""

    def keep(self, name: str) -> Any:
        """Return what the database holds."""

    def put(self, kept: Any) -> None:
        """Bring the database to what was kept."""


@dataclass(frozen=True)
class SQLiteKeeper:
    """Keeps copies of the file."""

    path: Path
    template: Path

    def empty(self) -> None:
        """Copy the migrated file over."""
        self.put(self.template)

    def keep(self, name: str) -> Path:
        """Return a copy of the file; the last connection has closed, so nothing is in the log."""
        kept = self.path.with_name(f"{self.path.name}.{name}")
        if self.path.with_name(f"{self.path.name}-wal").exists():
            raise RuntimeError("a connection is still open, so the file is not whole")
        shutil.copyfile(self.path, kept)
        return kept

    def put(self, kept: Path) -> None:
        """Copy the file back."""
        for ending in ("-wal", "-shm", "-journal"):
            self.path.with_name(self.path.name + ending).unlink(missing_ok=True)
        shutil.copyfile(kept, self.path)


@dataclass(frozen=True)
class PostgresKeeper:
    """Keeps rows and the next numbers."""

    database: str
    #: What the migrations wrote.
    migrated: databases.Kept

    def empty(self) -> None:
        """Delete every row, and write again those of the migrations."""
        self.put(self.migrated)

    def keep(self, _name: str) -> databases.Kept:
        """Return the rows of every table."""
        return databases.keep_postgres_rows(self.database)

    def put(self, kept: databases.Kept) -> None:
        """Write the rows in place of those there."""
        databases.put_postgres_rows(self.database, kept)


@dataclass
class Standing:
    """An application and what stands in its database."""

    app: Flask
    keeper: Keeper
    #: What was kept, and what its maker returned, by name.
    kept: dict[str, tuple[Any, Any]] = field(default_factory=dict)
    #: The name of the state that stands there, or None as soon as anything was committed.
    now: str | None = None
    #: Whether rows of the test before still stand there, since nobody has looked yet.
    is_due: bool = False

    def __post_init__(self) -> None:
        """Notice every commit of the application, and every time it turns to the database."""
        with self.app.app_context():
            event.listen(db.engine, "commit", self._forget)
            event.listen(db.engine, "checkout", self._empty_if_due)

    def _forget(self, _connection: Connection) -> None:
        self.now = None

    def _engine(self) -> Engine:
        with self.app.app_context():
            return db.engine

    def _empty_if_due(self, *_: object) -> None:
        if self.is_due:
            self.is_due = False
            self.keeper.empty()

    def empty(self, *, is_laid_next: bool = False) -> None:
        """Leave no row of the test before.

        ``is_laid_next``: something kept comes next, in place of whatever stands there. To empty
        PostgreSQL before that is done twice, so it waits until the application turns to it.
        """
        self.is_due = is_laid_next and isinstance(self.keeper, PostgresKeeper)
        if isinstance(self.keeper, SQLiteKeeper):
            self._engine().dispose()
        if not self.is_due:
            self.keeper.empty()
        self.now = "empty"

    def lay(self, name: str, make: Callable[[], T]) -> T:
        """Return what ``make`` returns, with the database as ``make`` left it.

        ``make`` commits, and always makes the same. If the test wrote something before, or is in
        the middle of it, ``make`` is called: what was written stays.
        """
        engine = self._engine()
        if self.now is None or engine.pool.checkedout():  # type: ignore[attr-defined]
            return self._make(make)
        # What stands there is part of what ``make`` builds on.
        key = f"{self.now}+{name}"
        if key in self.kept:
            kept, returned = self.kept[key]
            if isinstance(self.keeper, SQLiteKeeper):
                engine.dispose()
            self.is_due = False
            self.keeper.put(kept)
        else:
            returned = self._make(make)
            if engine.pool.checkedout():  # type: ignore[attr-defined]
                return returned
            if isinstance(self.keeper, SQLiteKeeper):
                engine.dispose()
            self.kept[key] = (self.keeper.keep(key), returned)
        self.now = key
        return returned

    def _make(self, make: Callable[[], T]) -> T:
        with self.app.app_context():
            returned = make()
            db.session.commit()
            db.session.remove()
        return returned
