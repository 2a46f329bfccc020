"""Tables of numbers brought in: pasted text, CSV files and workbooks.

Pure: bytes and text in, rows and refusals out. `tables` and `workbooks` turn what was sent into
cells, `wide` unfolds official statistics with one year in a row, `observations` checks each row
against a measure, `periods` says where a week, month, quarter or year begins.
"""

from __future__ import annotations

from improve.measures.table_import.observations import (
    ImportPreview,
    Kind,
    PreviewRow,
    Recorded,
    State,
    read_observations,
)
from improve.measures.table_import.periods import (
    Period,
    next_period,
    period_start,
    period_words,
    read_period,
)
from improve.measures.table_import.tables import (
    MOST_BYTES,
    MOST_ROWS,
    Row,
    Table,
    TableRefused,
    read_table,
    table_from_cells,
)
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
    "is_wide",
    "is_workbook",
    "next_period",
    "period_start",
    "period_words",
    "pick_column",
    "read_observations",
    "read_period",
    "read_table",
    "read_wide",
    "read_workbook",
    "table_from_cells",
]
