"""What stands in any file of a database: its tables, indexes and the log beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import text

from improve.shared.db import db


def in_tables(parts: Iterable[bytes]) -> list[bytes]:
    """Return which of these bytes stand in the files of the database itself."""
    return _found(parts, _tables())


def in_log(parts: Iterable[bytes]) -> list[bytes]:
    """Return which of these bytes stand in the log that is written before the tables."""
    return _found(parts, _log())


def settle() -> None:
    """Have what was committed written to the files of the tables; SQLite keeps its log, too."""
    is_sqlite = db.engine.dialect.name == "sqlite"
    words = "PRAGMA wal_checkpoint(PASSIVE)" if is_sqlite else "CHECKPOINT"
    if is_sqlite:
        connection = db.engine.raw_connection()
        try:
            connection.cursor().execute(words)
        finally:
            connection.close()
        return
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
        server.execute(text(words))


def _found(parts: Iterable[bytes], files: Iterator[Path]) -> list[bytes]:
    wanted, found = list(parts), set()
    for file in files:
        try:
            held = file.read_bytes()
        except FileNotFoundError:
            continue  # the server took it away meanwhile
        found |= {part for part in wanted if part in held}
    return [part for part in wanted if part in found]


def _tables() -> Iterator[Path]:
    if db.engine.dialect.name == "sqlite":
        yield Path(str(db.engine.url.database))
        return
    with db.engine.connect() as server:
        folder, number = server.execute(
            text(
                "SELECT current_setting('data_directory'), oid FROM pg_database"
                " WHERE datname = current_database()"
            )
        ).one()
    yield from sorted((Path(folder) / "base" / str(number)).iterdir())


def _log() -> Iterator[Path]:
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        yield from path.parent.glob(f"{path.name}-*")
        return
    with db.engine.connect() as server:
        folder = server.execute(text("SELECT current_setting('data_directory')")).scalar_one()
    yield from (file for file in (Path(folder) / "pg_wal").iterdir() if file.is_file())
