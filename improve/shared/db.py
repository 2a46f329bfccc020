"""The database: base class, names of constraints, engine settings, and the one commit.

SQLite is told on every connection what a council's record keeping needs; a test reads it back.
Reads start a plain transaction, writes take the write lock at once: with SQLite's deferred
default, two writers that both began by reading fail with "database is locked".
"""

from __future__ import annotations

import functools
import logging
import select
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any, ParamSpec

from flask import current_app, g, make_response
from flask.typing import ResponseReturnValue
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, URL, DateTime, Engine, MetaData, event
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session
from sqlalchemy.types import TypeDecorator

P = ParamSpec("P")

#: Whether the transactions begun now only read. Set per request: GET and HEAD read.
_reads_only: ContextVar[bool] = ContextVar("reads_only", default=False)

SQLITE_PRAGMAS: dict[str, str | int] = {
    "journal_mode": "WAL",
    # FULL: an answered write survives a power cut, not only a crash of the program.
    "synchronous": "FULL",
    "busy_timeout": 10_000,
    "foreign_keys": "ON",
    # Deleted words are overwritten in the file.
    "secure_delete": "ON",
    "temp_store": "MEMORY",
}


class Base(DeclarativeBase):
    """Base of every table. Constraints have set names, so that migrations can find them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class UTCDateTime(TypeDecorator[datetime]):
    """A moment in UTC: aware in Python, kept without zone. Refuses a naive one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into what is stored."""
        del dialect
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone")
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back what was stored, aware."""
        del dialect
        return None if value is None else value.replace(tzinfo=UTC)


JSON_TYPE = JSON(none_as_null=True)

#: How many compiled statements each process keeps: all that are written, with room for variants. To
#: compile one takes longer than to run it, and SQLAlchemy's usual 500 are fewer than there are.
#: https://docs.sqlalchemy.org/en/20/core/connections.html#sql-caching
STATEMENTS_KEPT = 2_000

db: SQLAlchemy = SQLAlchemy(model_class=Base, session_options={"autoflush": False})


@event.listens_for(Engine, "connect")
def _settle_connection(dbapi_connection: Any, _record: Any) -> None:
    if not isinstance(dbapi_connection, sqlite3.Connection):
        return
    # The driver must not begin transactions by itself; _begin below does.
    dbapi_connection.isolation_level = None
    cursor = dbapi_connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name} = {value}")
    cursor.close()


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN" if _reads_only.get() else "BEGIN IMMEDIATE")
        return
    # The driver then says BEGIN READ ONLY by itself: a SET would be one round trip more.
    driver: Any = connection.connection.dbapi_connection
    wanted = True if _reads_only.get() else None
    if driver.read_only is not wanted:
        driver.read_only = wanted


@event.listens_for(Engine, "checkout")
def _see_that_it_stands(dbapi_connection: Any, _record: Any, _proxy: Any) -> None:
    """Let no request have a connection that the server has ended meanwhile.

    To ask the server each time would be a round trip in every request. A connection that rests
    has nothing to say: only where something waits to be read is it asked. What goes silent
    without a word is found by the system's own keepalives.
    """
    if isinstance(dbapi_connection, sqlite3.Connection):
        return
    try:
        waiting = select.poll()
        waiting.register(dbapi_connection.fileno(), select.POLLIN)
        if waiting.poll(0):
            dbapi_connection.autocommit = True
            dbapi_connection.execute("")
            dbapi_connection.autocommit = False
    except Exception as error:  # whatever it says: it is of no use, nor are its elders
        raise InvalidatePoolError from error


@contextmanager
def reading() -> Iterator[None]:
    """Let transactions begun in this block only read."""
    token = _reads_only.set(True)
    try:
        yield
    finally:
        _reads_only.reset(token)


@contextmanager
def reading_one_moment() -> Iterator[None]:
    """Let the session see one moment in this block, however long it reads; others write meanwhile.

    On PostgreSQL each statement would otherwise see what was committed just before it.
    """
    db.session.rollback()
    with reading():
        if db.engine.dialect.name == "postgresql":
            db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        try:
            yield
        finally:
            db.session.rollback()


@contextmanager
def writing_apart() -> Iterator[Connection]:
    """Give a connection whose work is committed by itself, before anything else is.

    For what must be kept even when the request is refused: counted sign-in tries, and a
    session's last use. On SQLite the caller's own transaction must not hold the write lock.
    """
    token = _reads_only.set(False)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _reads_only.reset(token)


def begin_request(*, reads_only: bool) -> None:
    """Say, at the start of a request, whether it may write."""
    g.reads_only = reads_only
    _reads_only.set(reads_only)


def end_request() -> None:
    """Forget what the request said: whatever this thread does next may write."""
    _reads_only.set(False)


_FORGETS = "deleted words to forget"
#: The databases whose log could not be emptied yet, since somebody read.
_not_emptied: set[URL] = set()
_log = logging.getLogger(__name__)


def forget_deleted_words() -> None:
    """Have words that the present transaction deletes leave the file as soon as it has committed.

    SQLite overwrites them in its file, but the log beside it (-wal) keeps them until it is emptied.
    On PostgreSQL the nightly run writes the tables anew (``shared.rewriting``).
    """
    db.session().info[_FORGETS] = True


@event.listens_for(Session, "after_commit")
def _empty_the_log(session: Session) -> None:
    # The end of a savepoint is told here, too: the words still stand, and the write lock is held,
    # for which the emptying would wait its whole patience.
    if session.in_nested_transaction():
        return
    forgets = session.info.pop(_FORGETS, False)
    if db.engine.dialect.name == "sqlite" and (forgets or db.engine.url in _not_emptied):
        empty_the_log()


def empty_the_log() -> int:
    """Empty SQLite's log beside its file, if nobody reads just now; return 0: it counts nothing.

    Whoever reads (a backup, a slow page) needs what stands in it, and nobody waits for them: the
    next commit tries again, and so does the nightly run.
    """
    engine = db.engine
    if engine.dialect.name != "sqlite":
        return 0
    # Apart from any transaction: within one it is refused.
    connection = engine.raw_connection()
    try:
        cursor: Any = connection.cursor()
        cursor.execute("PRAGMA busy_timeout = 0")
        [is_busy, *_] = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        cursor.execute(f"PRAGMA busy_timeout = {SQLITE_PRAGMAS['busy_timeout']}")
    finally:
        connection.close()
    if is_busy and engine.url not in _not_emptied:
        _log.warning("deleted words may stand in the log of SQLite until nobody reads; tried again")
    (_not_emptied.add if is_busy else _not_emptied.discard)(engine.url)
    return 0


@event.listens_for(Session, "after_rollback")
def _forget_nothing(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_FORGETS, None)


def commits(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Commit once when the view's answer is a good one, else roll everything back.

    The only commit there is. A view that answers 4xx or raises leaves nothing behind.
    """

    @functools.wraps(view)
    def committed(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        try:
            response = make_response(current_app.ensure_sync(view)(*args, **kwargs))
            if response.status_code < 400 and not g.get("reads_only", False):
                db.session.commit()
            else:
                db.session.rollback()
        except BaseException:
            db.session.rollback()
            raise
        return response

    committed.commits = True  # type: ignore[attr-defined]
    return committed
