"""What stands in a database, told in numbers: to compare a copy with what it is of."""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError

from improve.shared.audit import AuditHead
from improve.shared.unfinished_restore import MARK

#: What is worked out of the other tables, and differs in form between the engines.
WORKED_OUT: Final = "search_"

_TABLES: Final = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
}


def table_names(connection: Connection) -> list[str]:
    """Return the tables there are, ours or not, without those of search, SQLite and the restore."""
    names = connection.execute(text(_TABLES[connection.dialect.name])).scalars()
    return [str(name) for name in names if not name.startswith((WORKED_OUT, "sqlite_", MARK))]


def row_counts(connection: Connection) -> dict[str, int]:
    """Return the number of rows of each table."""
    quoted = connection.dialect.identifier_preparer.quote
    return {
        name: int(connection.execute(text(f"SELECT count(*) FROM {quoted(name)}")).scalar_one())  # noqa: S608 - a name, quoted
        for name in table_names(connection)
    }


def ends_of_logs(connection: Connection) -> list[list[Any]]:
    """Return [organisation id, number of entries, hash] of every chain of the log of acts."""
    table: Any = AuditHead.__table__
    heads = select(table.c.organisation_id, table.c.sequence, table.c.hash)
    return [list(row) for row in connection.execute(heads.order_by(table.c.organisation_id))]


def revision_of(connection: Connection) -> str:
    """Return the revision that the tables have, or “” where there are none of ours."""
    if "alembic_version" not in table_names(connection):
        return ""
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return str(found or "")


def is_inhabited(connection: Connection) -> bool:
    """Return whether any council stands there: else it is as ``flask upgrade`` leaves it."""
    if "organisations" not in table_names(connection):
        return False
    return connection.execute(text("SELECT 1 FROM organisations LIMIT 1")).first() is not None


def engine_version(connection: Connection) -> str:
    """Return the version of the database program."""
    return ".".join(str(part) for part in connection.dialect.server_version_info or ())


def words_of_database(error: BaseException) -> str:
    """Return what the database said of itself, in its first line, after the kind of the error.

    Only where it speaks of rights, names, connections or room: anything else may quote a row, and
    gives the kind alone.
    """
    if not isinstance(error, DBAPIError):
        return type(error).__name__
    kind = type(error.orig or error).__name__
    if not isinstance(error, OperationalError | ProgrammingError | InterfaceError):
        return kind
    lines = str(error.orig).strip().splitlines()
    return f"{kind}, {lines[0].strip()[:300]}" if lines else kind
