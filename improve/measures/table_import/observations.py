"""A table checked against a measure as a whole: every row read, then put together.

Nothing is saved here. Every row is answered beside it, so that a person can put it right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

from improve.measures.table_import.columns import Columns, Kind, columns_of
from improve.measures.table_import.events import counted_from_before
from improve.measures.table_import.periods import Period
from improve.measures.table_import.preview import ImportPreview, PreviewRow, Recorded
from improve.measures.table_import.rows import RowReader
from improve.measures.table_import.tables import Table

NAMES_NOTE = "The row above the numbers was read as column names."


def read_observations(
    table: Table,
    *,
    kind: Kind,
    period: Period | None,
    earliest: date,
    latest: date,
    existing: Mapping[date, Recorded] | None = None,
    labels: tuple[str, str] | None = None,
    may_repeat: bool = False,
    is_published: bool = False,
    with_words: bool = False,
) -> ImportPreview:
    """Check every row of a table against a measure.

    `period` None takes each date as it stands. `existing` is what is recorded, by first day of
    the period. `labels` name the two numbers in a sentence (“visits made”, “fell due”) and may be
    the column names too. `may_repeat` takes several rows for one date (samples), else the second
    is bad, unless several times are recorded each period: those of one period are put together.
    `is_published` is for official files, where 0 of 0 is a place that had none that year: a gap,
    while from a person it is refused. `with_words` reads notes and why points are left out too.

    A date inside a period is taken for its first day and the row says so. Marks for numbers not
    published (c, x, u, z, :, -, .., low) and blanks are gaps, never zeros; for days between events
    a blank is worked out from the event before. Bad are: what `shared.parsing` refuses, more out
    of fewer, a bottom line of zero, a negative or broken count, a percentage where a count is
    asked for, cells beyond the last column. Refuses the table with `TableRefused` when it has too
    few columns.
    """
    columns = columns_of(table, kind=kind, labels=labels, with_words=with_words)
    reader = RowReader(
        kind=kind,
        period=period,
        earliest=earliest,
        latest=latest,
        existing=existing or {},
        labels=labels,
        columns=columns,
        may_repeat=may_repeat,
        is_published=is_published,
        is_by_comma=table.separator == ",",
    )
    rows = [reader.row(row) for row in table.rows]
    rows = [reader.with_hint(row) if row.state == "bad" else row for row in rows]
    if kind == "times" and not may_repeat:
        rows = reader.put_together(rows)
    if kind == "days_between":
        rows = counted_from_before(rows, existing or {}, this_year=latest.year)
    return _counted(table, columns, tuple(rows))


def _counted(table: Table, columns: Columns, rows: tuple[PreviewRow, ...]) -> ImportPreview:
    counts = Counter([row.state for row in rows])
    return ImportPreview(
        rows=rows,
        roles=columns.roles,
        column_names=columns.names,
        notes=_notes(table, columns),
        new=counts["new"],
        replaces=counts["replaces"],
        noted=counts["noted"],
        same=counts["same"],
        joined=counts["joined"],
        start=counts["start"],
        bad=counts["bad"],
        gaps=counts["gap"],
    )


def _notes(table: Table, columns: Columns) -> tuple[str, ...]:
    notes = []
    if table.header is not None:
        notes.append(NAMES_NOTE)
    if table.empty_rows:
        rows = "1 empty row was" if table.empty_rows == 1 else f"{table.empty_rows} empty rows were"
        notes.append(f"{rows} left out.")
    if columns.left_out:
        named = ", ".join(f"“{name}”" for name in columns.left_out[:5])
        more = " and others" if len(columns.left_out) > 5 else ""
        notes.append(f"Not used: {named}{more}.")
    return tuple(notes)
