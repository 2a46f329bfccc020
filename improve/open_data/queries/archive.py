"""Reads of whole tables, of one council only: for its archive, and for nothing else.

They go over the tables as the database has them, see ``shared.whole_tables``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Float,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    and_,
    case,
    func,
    literal,
    null,
    select,
)

from improve.open_data import kept
from improve.open_data.archive_format import ColumnKind
from improve.shared.db import UTCDateTime, db, reading
from improve.shared.whole_tables import all_tables, is_of

#: Rows fetched at a time.
AT_ONCE = 1000

_KINDS = (
    (UTCDateTime, "moment"),
    (Boolean, "truth"),
    (Integer, "whole"),
    (Float, "number"),
    (Date, "day"),
    (String, "text"),
    (JSON, "json"),
    # What is sealed stays behind, so its columns leave empty (``kept.EMPTIED``).
    (LargeBinary, "text"),
)
#: What stands in a column that leaves empty and may not be null.
_NOTHING: Final[Mapping[str, Any]] = {"text": "", "json": []}


@contextmanager
def standing_still() -> Iterator[Connection]:
    """Give a connection that sees one moment, however long it reads; others write meanwhile."""
    engine = db.engine
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    with reading(), engine.connect() as connection:
        yield connection


def archived_tables(*, with_private: bool) -> list[Table]:
    """Return the tables of an archive, each after those it points to."""
    names = kept.tables_of(with_private=with_private)
    return [table for name, table in all_tables().items() if name in names]


def kind_of(column: Column[Any]) -> ColumnKind:
    """Return what a column holds, as the archive writes it."""
    for type_, kind in _KINDS:
        if isinstance(column.type, type_):
            return ColumnKind(column.name, kind, bool(column.nullable))
    if isinstance(column.type, DateTime):
        raise TypeError(f"{column} is a moment without its zone")
    raise TypeError(f"{column} is of a type that no archive knows")


def columns_of(table: Table) -> tuple[ColumnKind, ...]:
    """Return the columns of a table."""
    return tuple(kind_of(column) for column in table.columns)


def _leaves(table: Table, column: Column[Any], *, with_private: bool) -> ColumnElement[Any]:
    """Return what leaves of a column: itself, or nothing where it is to stay."""
    if kept.is_emptied(table.name, column.name, with_private=with_private):
        return _nothing(column).label(column.name)
    settled = kept.settled_by(table.name, column.name, with_private=with_private)
    if not settled:
        return column
    is_settled = and_(*(_is_so(table.c[name]) for name in settled))
    return case((is_settled, column), else_=_nothing(column)).label(column.name)


def _nothing(column: Column[Any]) -> ColumnElement[Any]:
    return null() if column.nullable else literal(_NOTHING[kind_of(column).kind], column.type)


def _is_so(column: Column[Any]) -> ColumnElement[bool]:
    return column.is_(True) if isinstance(column.type, Boolean) else column.is_not(None)


def rows(
    connection: Connection, table: Table, organisation_id: int, *, with_private: bool
) -> Iterator[tuple[Any, ...]]:
    """Yield the council's rows of one table by its key, a thousand in memory at a time.

    By the key, and so for a table of random keys in no order that somebody acted in.
    """
    columns = [_leaves(table, column, with_private=with_private) for column in table.columns]
    order = [table.c.organisation_id, table.c.sequence] if table.name == "audit_entries" else []
    statement: Select[Any] = (
        select(*columns)
        .select_from(table)
        .where(is_of(table, organisation_id))
        .order_by(*order, *table.primary_key.columns)
        .execution_options(yield_per=AT_ONCE)
    )
    with connection.execute(statement) as found:
        for row in found:
            yield tuple(row)


def counts(connection: Connection, organisation_id: int, *, with_private: bool) -> dict[str, int]:
    """Return how many rows each table of the archive has now, in one statement."""
    tables = archived_tables(with_private=with_private)
    asked = [
        select(func.count())
        .select_from(table)
        .where(is_of(table, organisation_id))
        .scalar_subquery()
        .label(table.name)
        for table in tables
    ]
    row = connection.execute(select(*asked)).one()
    return {table.name: int(row[n]) for n, table in enumerate(tables)}


def council(connection: Connection, *, slug: str = "", organisation_id: int = 0) -> Any | None:
    """Return (id, name, slug) of a council by its short name or its id, or None."""
    table = all_tables()["organisations"]
    wanted = table.c.slug == slug if slug else table.c.id == organisation_id
    return connection.execute(
        select(table.c.id, table.c.name, table.c.slug).where(wanted)
    ).one_or_none()


def slugs(connection: Connection) -> list[str]:
    """Return the short names of all councils here."""
    table = all_tables()["organisations"]
    return list(connection.execute(select(table.c.slug).order_by(table.c.slug)).scalars())


def audit_end(connection: Connection, organisation_id: int) -> tuple[int, str]:
    """Return how many entries the council's log has, and the mark of its last one."""
    table = all_tables()["audit_heads"]
    row = connection.execute(
        select(table.c.sequence, table.c.hash).where(table.c.organisation_id == organisation_id)
    ).one_or_none()
    return (row.sequence, row.hash) if row else (0, "0" * 64)


def revision(connection: Connection) -> str:
    """Return the step that the database's shape stands at."""
    return MigrationContext.configure(connection).get_current_revision() or ""


def first_table_with_rows(connection: Connection) -> str | None:
    """Return a table that holds anything of a council, or None for an empty instance."""
    for table in archived_tables(with_private=True):
        whose = table.c.organisation_id > 0 if table.name == "audit_entries" else None
        asked = select(literal(1)).select_from(table).limit(1)
        if connection.execute(asked if whose is None else asked.where(whose)).first():
            return table.name
    return None
