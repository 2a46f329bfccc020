"""Writing tables anew by their keys, so that neither order nor hidden marks tell when a row came.

A random key says nothing, but the files do. PostgreSQL writes rows one after another, and beside
each the number of its transaction: two rows of one transaction can be put together by it. SQLite
keeps the rows of a page by key, and their bytes in the order in which they came. Both leave old
rows, and words that were deleted, until the place is needed. Written anew, each table lies in the
order of its keys, its rows have one transaction in common, and nothing that was deleted is left.
"""

from __future__ import annotations

import logging
import sqlite3
import time
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import Table, event, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from improve.shared.db import Base, db, writing_apart

#: Kind of contribution: offers return the names of tables.
CONTRIBUTION: Final = "tables-written-anew"
#: The same for tables that are written anew only after something was erased from them.
AFTER_ERASING: Final = "tables-written-anew-after-erasing"
#: Seconds that others may be kept waiting for a table that something else holds, such as a backup.
WAITS: Final = 3
#: How often it is tried, and seconds between.
TRIES: Final = 3
_PAUSE: Final = 2.0
_AFTER_COMMIT: Final = "tables to write anew"
_log: Final = logging.getLogger(__name__)


def write_anew(names: Iterable[str], *, tries: int | None = None) -> list[str]:
    """Write these tables anew, and return the names of those that something else held.

    In transactions of its own: the caller has committed and holds nothing. What it does is the same
    data as before, so that it may be done again at any time.
    """
    tables = [Base.metadata.tables[name] for name in sorted(set(names))]
    left = tables
    for turn in range(TRIES if tries is None else tries):
        if turn:
            time.sleep(_PAUSE)
        is_sqlite = db.engine.dialect.name == "sqlite"
        left = _sqlite(left) if is_sqlite else _postgres(left)
        if not left:
            break
    return [table.name for table in left]


def write_anew_after_commit(names: Iterable[str]) -> None:
    """Have these tables written anew as soon as the present transaction has committed.

    For what must leave the files at once. It is tried one time: somebody waits for the page. Where
    something holds a table it is said in the log, and the nightly run does it.
    """
    info = db.session().info
    info[_AFTER_COMMIT] = {*info.get(_AFTER_COMMIT, ()), *names}


@event.listens_for(Session, "after_commit")
def _write_them_anew(session: Session) -> None:
    if session.in_nested_transaction():
        return
    names = session.info.pop(_AFTER_COMMIT, ())
    if not names:
        return
    left = write_anew(names, tries=1)
    if not left:
        _checkpoint()
    else:
        _log.warning("not written anew yet, the nightly run does it: %s", ", ".join(left))


@event.listens_for(Session, "after_rollback")
def _write_nothing_anew(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_AFTER_COMMIT, None)


def _checkpoint() -> None:
    """Let PostgreSQL remove the files of before now, where this user may ask for it.

    They are emptied already; it is the server's memory that is written out.
    """
    if db.engine.dialect.name != "postgresql":
        return  # emptied beside the writing
    try:
        with db.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.exec_driver_sql("CHECKPOINT")
    except SQLAlchemyError:
        return  # the server does so by itself within minutes


def _postgres(tables: Sequence[Table]) -> list[Table]:
    """Give all rows one transaction, then lay each table down in the order of its keys.

    In this order, and apart: what a transaction itself replaced would be laid down with the rest.
    """
    try:
        with writing_apart() as connection:
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAITS}s'")
            for table in tables:
                some = next(column for column in table.columns if not column.primary_key)
                connection.execute(update(table).values({some: some}))
    except SQLAlchemyError:
        return list(tables)
    left = []
    for table in tables:
        try:
            with writing_apart() as connection:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{WAITS}s'")
                connection.exec_driver_sql(f"CLUSTER {table.name} USING {table.primary_key.name}")
        except SQLAlchemyError:
            left.append(table)
    return left


def _sqlite(tables: Sequence[Table]) -> list[Table]:
    """Empty each table and fill it in the order of its keys, in one transaction.

    Pages of an emptied table are overwritten with zeros (secure_delete).
    """
    try:
        connection = db.engine.raw_connection()
    except SQLAlchemyError:
        return list(tables)  # as where none is free
    cursor: Any = connection.cursor()
    try:
        # Else rows that belong to those that are taken out would go with them.
        cursor.execute("PRAGMA foreign_keys = OFF")
        cursor.execute("BEGIN IMMEDIATE")
        for table in tables:
            name, keys = table.name, ", ".join(one.name for one in table.primary_key.columns)
            for words in (
                f"CREATE TEMP TABLE written_anew AS SELECT * FROM main.{name}",  # noqa: S608 - ours
                f"DELETE FROM main.{name}",  # noqa: S608
                f"INSERT INTO main.{name} SELECT * FROM written_anew ORDER BY {keys}",  # noqa: S608
                "DROP TABLE written_anew",
            ):
                cursor.execute(words)
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.OperationalError:
        return list(tables)
    finally:
        # Never given to anybody else: it does not heed foreign keys.
        connection.invalidate()
    return []
