"""How steps are run: in one transaction, on SQLite without foreign keys while they last.

Alembic changes an SQLite table by copying it to a new one and dropping the old. With foreign keys
on, that drop deletes the rows that point to it, so they are off meanwhile; the pragma works only
outside a transaction. Before the commit SQLite checks that every reference still holds.
"""

from __future__ import annotations

from typing import Any

from alembic import context
from flask import current_app, has_app_context
from sqlalchemy import Connection
from sqlalchemy.pool import StaticPool

from improve.shared.db import UTCDateTime, db

#: Only one process may change a PostgreSQL database at a time. Any number of our own.
_LOCK = 718_201_126
#: Seconds that a step waits for a table. Then nothing is changed, and it may be run again.
_WAITS = 10


def _include_object(_thing: Any, name: str | None, kind: str, _reflected: bool, _to: Any) -> bool:
    """Leave tables of search and of SQLite itself to the steps that made them."""
    return not (kind == "table" and (name or "").startswith(("search_", "sqlite_")))


def _render_item(kind: str, thing: Any, _autogen: Any) -> str | bool:
    """Write our own column types as plain ones: a step imports nothing of the application."""
    if kind == "type" and isinstance(thing, UTCDateTime):
        return "sa.DateTime()"
    return False


_OPTIONS: dict[str, Any] = {
    "target_metadata": db.metadata,
    "render_as_batch": True,
    "compare_type": True,
    "include_object": _include_object,
    "render_item": _render_item,
    # True on SQLite as well: our connections begin every transaction themselves.
    "transactional_ddl": True,
}


def run_offline() -> None:
    """Write the steps as SQL text."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    context.configure(url=url, literal_binds=True, **_OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def run_online() -> None:
    """Run the steps against the database of the application."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _run_on_sqlite(connection)
        else:
            with connection.begin():
                # Steps take the time they need, and wait for another upgrade. They do not wait long
                # for a table that something holds: all who come after would wait behind them.
                connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
                connection.exec_driver_sql("SET LOCAL lock_timeout = 0")
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_WAITS}s'")
                _run(connection)
    if not isinstance(db.engine.pool, StaticPool):
        db.engine.dispose()


def _run_on_sqlite(connection: Connection) -> None:
    raw = connection.connection.dbapi_connection
    raw.execute("PRAGMA foreign_keys = OFF")  # type: ignore[union-attr]
    try:
        with connection.begin():
            _run(connection)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                tables = ", ".join(sorted({row[0] for row in broken}))
                raise RuntimeError(f"rows of {tables} would point to nothing")
    finally:
        raw.execute("PRAGMA foreign_keys = ON")  # type: ignore[union-attr]


def _run(connection: Connection) -> None:
    context.configure(connection=connection, **_OPTIONS)
    with context.begin_transaction():
        context.run_migrations()


def main() -> None:
    """Run offline or online, inside an application made here when there is none yet."""
    run = run_offline if context.is_offline_mode() else run_online
    if has_app_context():
        problem = current_app.config["SETTINGS_PROBLEM"]
        if problem:
            # With incomplete settings the application would point to another database.
            raise SystemExit(problem)
        run()
        return
    from improve.app import create_app

    with create_app().app_context():
        run()


main()
