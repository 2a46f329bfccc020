"""Writing the tables that somebody may see into files: one as CSV, all of them as a ZIP."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Sequence
from typing import IO

from improve.accounts.actor import Actor
from improve.accounts.queries import organisation_name
from improve.open_data.datapackage import datapackage
from improve.open_data.queries import tables as queries
from improve.shared import audit, clock
from improve.shared.db import db, reading
from improve.shared.export import export_cell
from improve.shared.open_tables import OpenTable

#: The mark that Excel looks for before it reads UTF-8.
_MARK = b"\xef\xbb\xbf"


def write_table(table: OpenTable, file: IO[bytes]) -> int:
    """Write a table as CSV into ``file``, row by row; return how many rows.

    Every cell through ``export_cell``, UTF-8 with the mark that Excel looks for.
    """
    file.write(_MARK)
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    try:
        writer = csv.writer(text)
        writer.writerow([export_cell(column.name) for column in table.columns])
        written = 0
        for row in queries.rows(table):
            writer.writerow([export_cell(cell) for cell in row])
            written += 1
    finally:
        text.detach()
    return written


def get_all_tables(actor: Actor, *, file: IO[bytes]) -> int:
    """Write all tables of the actor into ``file`` as a ZIP, and into the log that it was done.

    ``datapackage.json`` in it says what they are. Returns how many rows. Read apart from what this
    transaction may write, so that on SQLite nobody waits for it.
    """
    db.session.rollback()
    with reading():
        written = _write_all(actor, queries.tables(actor), file)
        db.session.rollback()
    audit.record(
        actor, "open_data_taken", "organisation", actor.organisation_id, rows=sum(written.values())
    )
    return sum(written.values())


def _write_all(actor: Actor, tables: Sequence[OpenTable], file: IO[bytes]) -> dict[str, int]:
    written: dict[str, int] = {}
    made_at = clock.now()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for table in tables:
            with packed.open(f"{table.name}.csv", "w", force_zip64=True) as out:
                written[table.name] = write_table(table, out)
        said = datapackage(
            tables, council=organisation_name(actor), made_at=made_at, counts=written
        )
        packed.writestr("datapackage.json", said)
    return written
