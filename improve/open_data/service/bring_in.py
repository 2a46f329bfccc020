"""Bringing an archive into an empty instance: all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO, Any

from sqlalchemy import Connection, ForeignKeyConstraint, Table, func, select
from sqlalchemy.exc import DataError, IntegrityError

from improve.migrations import newest_revision, search_index
from improve.open_data import kept
from improve.open_data.archive_file import ArchiveReader
from improve.open_data.archive_format import ArchiveRefused, Manifest, TableFile, row_of
from improve.open_data.queries import archive as queries
from improve.shared import audit
from improve.shared.db import db
from improve.shared.many_rows import insert_rows
from improve.shared.whole_tables import all_tables

#: Rows written at a time, and held in memory.
AT_ONCE = 2000
#: Of long rows fewer: no more than this many bytes are held before they are written.
MOST_BYTES = 16 * 1024 * 1024

Progress = Callable[[str], None]


def bring_in(*, file: IO[bytes], seal: str, progress: Progress) -> Manifest:
    """Write an archive into this empty instance, within the present transaction.

    Every row keeps its number. Nobody has a password afterwards. The log of acts is
    chained anew under this installation's secret, behind a first entry that says so and names
    ``seal``, the SHA-256 of the file. Raises ``ArchiveRefused``; the caller then rolls back.
    """
    reader = ArchiveReader(file)
    manifest = reader.manifest
    connection = db.session.connection()
    _check_place(connection, manifest)
    reader.check_marks()
    progress("Every file is what the manifest says.")
    deferred = _defer_references(connection)
    known = all_tables()
    if [table.rows for table in manifest.tables if table.name == "organisations"] != [1]:
        raise ArchiveRefused("An archive is of one council.")
    for table in manifest.tables:
        if table.name == "audit_entries":
            continue
        _write(known[table.name], table, reader, manifest)
        if table.rows:
            progress(f"{table.name}: {table.rows:,}")
    _check_references(connection, deferred)
    _bring_in_log(reader, manifest, seal)
    _raise_numbers(connection)
    search_index.rebuild(connection)
    progress("The words of search are laid out anew.")
    return manifest


def _check_place(connection: Connection, manifest: Manifest) -> None:
    here = queries.revision(connection)
    if here != newest_revision():
        raise ArchiveRefused("This database is not up to date. Run: flask --app wsgi upgrade")
    if manifest.revision != here:
        raise ArchiveRefused(
            f"The archive has the shape {manifest.revision}, this database {here}: bring it in "
            f"with the version that made it ({manifest.software}), then upgrade."
        )
    held = queries.first_table_with_rows(connection)
    if held is not None:
        raise ArchiveRefused(
            "An archive is brought into an empty instance only, and this one holds a council. "
            "Use a database of its own."
        )
    wanted = kept.tables_of(with_private=manifest.with_private)
    found = {table.name for table in manifest.tables}
    if found != wanted:
        odd = sorted(found ^ wanted)[0]
        words = "misses the table" if odd in wanted else "has a table that is not known:"
        raise ArchiveRefused(f"The archive {words} {odd}.")
    order = {name: n for n, name in enumerate(all_tables())}
    if [t.name for t in manifest.tables] != sorted(found, key=order.__getitem__):
        raise ArchiveRefused("The tables of the archive stand in another order.")


def _write(table: Table, part: TableFile, reader: ArchiveReader, manifest: Manifest) -> None:
    rows = _rows(table, part, reader, manifest)
    try:
        while batch := _next(rows):
            insert_rows(table, batch)
    except (IntegrityError, DataError) as error:
        raise _refused(part, error) from None


def _next(rows: Iterator[tuple[int, dict[str, Any]]]) -> list[dict[str, Any]]:
    batch, held = [], 0
    for size, row in islice(rows, AT_ONCE):
        batch.append(row)
        held += size
        if held > MOST_BYTES:
            break
    return batch


def _rows(
    table: Table, part: TableFile, reader: ArchiveReader, manifest: Manifest
) -> Iterator[tuple[int, dict[str, Any]]]:
    columns = queries.columns_of(table)
    owner = "id" if table.name == "organisations" else "organisation_id"
    is_owned = owner in table.c
    for number, line in enumerate(reader.lines(part), 1):
        row = row_of(columns, line, f"Line {number} of {part.path}")
        if is_owned and row[owner] != manifest.council_id:
            raise ArchiveRefused(f"Line {number} of {part.path} is of another council.")
        if table.name == "organisations" and (row["name"], row["slug"]) != (
            manifest.council_name,
            manifest.council_slug,
        ):
            raise ArchiveRefused("The council is called otherwise in the manifest.")
        for column in columns:
            if row[column.name] not in (None, "", []) and _stays(
                table.name, column.name, row, manifest
            ):
                raise ArchiveRefused(f"Line {number} of {part.path} holds a {column.name}.")
        yield len(line), row


def _stays(table: str, column: str, row: dict[str, Any], manifest: Manifest) -> bool:
    """Return whether what stands in a column should have stayed where it was."""
    with_private = manifest.with_private
    settled = kept.settled_by(table, column, with_private=with_private)
    return kept.is_emptied(table, column, with_private=with_private) or (
        any(row[name] in (None, False) for name in settled)
    )


def _refused(part: TableFile, error: Exception) -> ArchiveRefused:
    words = type(error).__name__
    del error  # its own words hold the row
    return ArchiveRefused(f"The database refuses a row of {part.path} ({words}).")


def _backward_references() -> list[tuple[Table, ForeignKeyConstraint]]:
    """Return the references whose target is written with the row or after it."""
    order = {name: n for n, name in enumerate(all_tables())}
    return [
        (table, constraint)
        for table in queries.archived_tables(with_private=True)
        for constraint in sorted(table.foreign_key_constraints, key=lambda c: str(c.name))
        if order[constraint.referred_table.name] >= order[table.name]
    ]


def _defer_references(connection: Connection) -> list[tuple[str, str]]:
    """Let rows point to rows that come later; ``_check_references`` asks again at the end."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        return []
    quote = connection.dialect.identifier_preparer.quote
    deferred = [
        (quote(table.name), quote(str(constraint.name)))
        for table, constraint in _backward_references()
    ]
    for table, name in deferred:
        connection.exec_driver_sql(
            f"ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE INITIALLY DEFERRED"
        )
    return deferred


def _check_references(connection: Connection, deferred: list[tuple[str, str]]) -> None:
    if connection.dialect.name == "sqlite":
        for row in connection.exec_driver_sql("PRAGMA foreign_key_check"):
            raise ArchiveRefused(
                f"A row of {row[0]} points to a row of {row[2]} that is not there."
            )
        return
    try:
        connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")
    except IntegrityError:
        raise ArchiveRefused("A row points to one that is not there.") from None
    for table, name in deferred:
        connection.exec_driver_sql(f"ALTER TABLE {table} ALTER CONSTRAINT {name} NOT DEFERRABLE")


def _bring_in_log(reader: ArchiveReader, manifest: Manifest, seal: str) -> None:
    part = next(t for t in manifest.tables if t.name == "audit_entries")
    written = audit.bring_in(
        manifest.council_id,
        _entries(reader, part, manifest),
        came_from={
            "archive_sha256": seal,
            "made_at": manifest.made_at.isoformat(),
            "entries": manifest.audit_entries,
            "head": manifest.audit_head,
        },
    )
    if written != manifest.audit_entries + 1:
        raise ArchiveRefused("The archive’s log has not as many entries as its end says.")


def _entries(
    reader: ArchiveReader, part: TableFile, manifest: Manifest
) -> Iterator[dict[str, Any]]:
    """Yield the entries as long as each follows the one before it, up to the end that was noted."""
    previous = "0" * 64
    table = all_tables()[part.name]
    for expected, (_, row) in enumerate(_rows(table, part, reader, manifest), 1):
        if row["sequence"] != expected or row["previous_hash"] != previous:
            raise ArchiveRefused(f"Entry {expected} of the log does not follow the one before it.")
        previous = row["hash"]
        yield row
    if previous != manifest.audit_head:
        raise ArchiveRefused("The end of the log is missing in this archive.")


def _raise_numbers(connection: Connection) -> None:
    """Let PostgreSQL go on behind the largest number of each table; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in queries.archived_tables(with_private=True):
        column = table.autoincrement_column
        if column is None:
            continue
        largest = connection.execute(select(func.max(column))).scalar()
        sequence = connection.execute(
            select(func.pg_get_serial_sequence(table.name, column.name))
        ).scalar()
        if largest is not None and sequence is not None:
            connection.execute(select(func.setval(sequence, largest)))
