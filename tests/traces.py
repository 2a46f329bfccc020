"""What an act leaves behind: the whole database, every byte of its file and every log."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import inspect, text

from improve.shared.db import db
from improve.shared.logs import JSONLines

TIME_OF_DAY = re.compile(r"\b\d{1,2}:\d{2}\b")
Dump = dict[str, set[tuple[tuple[str, Any], ...]]]


class Lines(logging.Handler):
    """Every line of every log: as it is written, and all that its record knows."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JSONLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep the line."""
        self.lines.append(f"{self.format(record)} {record.__dict__}")


@contextmanager
def listening() -> Iterator[Lines]:
    """Give all lines of all logs that are written meanwhile, at the levels at which they are kept."""
    lines = Lines()
    logging.getLogger().addHandler(lines)
    yield lines
    logging.getLogger().removeHandler(lines)


def dump(app: Flask) -> Dump:
    """Return every row of every table there is, column by column.

    An index of words on SQLite is read through the plain tables that it is made of.
    """
    found: Dump = {}
    with app.app_context(), db.engine.connect() as connection:
        indexes = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%'"
        is_sqlite = connection.dialect.name == "sqlite"
        skipped = set(connection.scalars(text(indexes))) if is_sqlite else set()
        for table in set(inspect(connection).get_table_names()) - skipped:
            rows = connection.execute(text(f'SELECT * FROM "{table}"')).mappings()
            found[table] = {
                tuple((column, _plain(value)) for column, value in row.items()) for row in rows
            }
    return found


def _plain(value: object) -> object:
    """Return what can be compared: a list of JSON cannot stand in a set."""
    if isinstance(value, memoryview):
        return bytes(value)
    return value if isinstance(value, bytes | int | date | None) else str(value)


def new_rows(before: Dump, after: Dump) -> dict[str, list[dict[str, Any]]]:
    """Return what came, by table; raise if anything of what stood there went or changed."""
    gone = {table: rows - after[table] for table, rows in before.items() if rows - after[table]}
    assert not gone, f"these rows are gone, or are others now: {gone}"
    came = {table: rows - before[table] for table, rows in after.items()}
    return {table: [dict(row) for row in rows] for table, rows in came.items() if rows}


def check_holds_no_time(row: dict[str, Any]) -> None:
    """Raise if a value of the row says more than a day."""
    for column, value in row.items():
        if isinstance(value, datetime | time):
            raise AssertionError(f"{column} holds a time: {value}")
        if isinstance(value, int):
            assert value < 1_000_000, f"{column} may hold a time: {value}"
        if isinstance(value, str):
            assert not TIME_OF_DAY.search(value), f"{column} holds a time: {value}"


def check_holds_none_of(secrets: list[str], where: str) -> None:
    """Raise if any of the secrets stands there, in small letters or capitals."""
    found = [one for one in secrets if one.lower() in where.lower()]
    assert not found, f"{found} stands in {where[:400]}"


def files_of(app: Flask) -> dict[str, bytes]:
    """Return the bytes of the database and of what is to be written there; none of PostgreSQL."""
    with app.app_context():
        if db.engine.dialect.name != "sqlite":
            return {}
        path = Path(str(db.engine.url.database))
    return {one.name: one.read_bytes() for one in path.parent.glob(f"{path.name}*")}


def check_files(app: Flask, secrets: list[str]) -> None:
    """Raise if a byte of it is in the file of the database or in what is to be written there."""
    files = files_of(app)
    assert not files or any(b"Riverside" in held for held in files.values()), "see what is there"
    for name, held in files.items():
        for secret in secrets:
            for written in (secret.lower().encode(), secret.lower().encode("utf-16-le")):
                assert written not in held.lower(), f"{secret} stands in {name}"
