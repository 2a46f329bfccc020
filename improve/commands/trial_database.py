"""A database of PostgreSQL that is thrown away: a backup is restored into it, on trial.

It holds everything, in plain: so what a command that was killed left of it must not stay.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from improve.commands.copying_postgres import ToolRefused
from improve.shared.db import db

_BEGINS: Final = "improve_check_"
#: Those that nobody is connected to any more: whoever works with one stays connected throughout.
_LEFT: Final = text(
    "SELECT datname::text FROM pg_database"
    " WHERE starts_with(datname::text, :begins) AND datname <> current_database()"
    " AND datdba IN (SELECT oid FROM pg_roles WHERE rolname = current_user UNION"
    " SELECT relowner FROM pg_class WHERE oid = to_regclass('audit_entries'))"
    " AND NOT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datid = pg_database.oid)"
    " ORDER BY 1"
)


def may_make_databases() -> bool:
    """Return whether the present user may make a database to restore a backup into, on trial."""
    asked = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
    with db.engine.connect() as connection:
        return bool(connection.exec_driver_sql(asked).scalar())


def left_databases(connection: Connection) -> list[str]:
    """Return those that a killed command left, of the present user and the owner of the tables."""
    return list(connection.execute(_LEFT, {"begins": _BEGINS}).scalars())


def clear_left_databases() -> list[str]:
    """Drop what killed commands left, as far as this user may; return the names of what went."""
    with db.engine.connect() as connection:
        names = left_databases(connection)
    return [name for name in names if _is_dropped(name)]


def _is_dropped(name: str) -> bool:
    try:
        _alone(f'DROP DATABASE IF EXISTS "{name}"')
    except SQLAlchemyError:
        return False
    return True


@contextmanager
def throw_away(uri: str) -> Iterator[str]:
    """Make an empty database on the same server for the block. Raises ``ToolRefused``."""
    import psycopg

    name = f"{_BEGINS}{secrets.token_hex(6)}"
    try:
        _alone(f'CREATE DATABASE "{name}" TEMPLATE template0')
    except SQLAlchemyError as error:
        kind = type(error.__cause__ or error).__name__
        raise ToolRefused(f"no database could be made to restore it into ({kind})") from None
    made = make_url(uri).set(database=name)
    try:
        _, facts = db.engine.dialect.create_connect_args(made)
        # Held for the block: by this others see that it is worked with.
        with closing(psycopg.connect(**facts)):
            yield made.render_as_string(hide_password=False)
    finally:
        _alone(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _alone(statement: str) -> None:
    """Run what no transaction may be around."""
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql(statement)
