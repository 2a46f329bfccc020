"""Tables of numbers brought in: pasted text, CSV files and workbooks.

Pure: bytes and text in, rows and refusals out. `tables` and `workbooks` turn what was sent into
cells, `wide` unfolds official statistics with one year in a row, `rows` checks each row against a
measure, `times` and `events` know several times of a period and days between rare events,
`observations` puts the whole together, `periods` says where a week, month, quarter or year begins.
"""

from __future__ import annotations

from improve.measures.table_import.columns import Kind
from improve.measures.table_import.events import between_words, days_words
from improve.measures.table_import.observations import read_observations
from improve.measures.table_import.periods import (
    Period,
    next_period,
    period_start,
    period_words,
    read_period,
)
from improve.measures.table_import.preview import ImportPreview, PreviewRow, Recorded, State
from improve.measures.table_import.rows import tidy_note
from improve.measures.table_import.tables import (
    MOST_BYTES,
    MOST_ROWS,
    Row,
    Table,
    TableRefused,
    read_table,
    table_from_cells,
)
from improve.measures.table_import.times import middle_of, read_times, times_text
from improve.measures.table_import.wide import Picked, is_wide, pick_column, read_wide
from improve.measures.table_import.workbooks import is_workbook, read_workbook

__all__ = [
    "MOST_BYTES",
    "MOST_ROWS",
    "ImportPreview",
    "Kind",
    "Period",
    "Picked",
    "PreviewRow",
    "Recorded",
    "Row",
    "State",
    "Table",
    "TableRefused",
    "between_words",
    "days_words",
    "is_wide",
    "is_workbook",
    "middle_of",
    "next_period",
    "period_start",
    "period_words",
    "pick_column",
    "read_observations",
    "read_period",
    "read_table",
    "read_times",
    "read_wide",
    "read_workbook",
    "table_from_cells",
    "tidy_note",
    "times_text",
]
