"""Excel workbooks (.xlsx) as rows of cells.

A workbook is a packed folder of XML: a small file can unpack to gigabytes, and XML can name other
files. Sizes are therefore checked before anything is unpacked, and a part that declares a document
type is refused before openpyxl (which uses defusedxml where that is installed) sees it.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any
from xml.parsers import expat

from improve.measures.table_import.tables import (
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Table,
    TableRefused,
    table_from_cells,
)
from improve.shared.export import export_cell

MOST_UNPACKED = 50 * 1024 * 1024
"""Largest a workbook may unpack to."""

_MOST_PARTS = 1_000
_MOST_CELLS = MOST_ROWS * MOST_COLUMNS
_CHUNK = 65_536
_DAMAGED = "This workbook cannot be opened"
_AS_CSV = "Save the sheet as CSV and try again."


def is_workbook(source: bytes) -> bool:
    """Whether the bytes are an .xlsx workbook: a packed file with a workbook in it."""
    return source.startswith(b"PK\x03\x04") and b"xl/" in source


def read_workbook(source: bytes, *, has_header: bool | None = None) -> Table:
    """The first sheet with anything in it as a table.

    Formulas give the value last computed. Dates come as 2026-03-23, cells shown as percentages
    as `45%`. Refuses with `TableRefused`: more than 5 MB, more than 50 MB unpacked, a workbook
    with a password or damage, and what `read_table` refuses for rows and columns.
    """
    from openpyxl import load_workbook

    _check_parts(source)
    try:
        workbook = load_workbook(io.BytesIO(source), read_only=True, data_only=True)
    except Exception as error:  # openpyxl answers damage with many kinds of error
        raise TableRefused(_DAMAGED, _AS_CSV) from error
    try:
        for sheet in workbook.worksheets:
            try:
                return table_from_cells(_records(sheet), has_header=has_header)
            except TableRefused as refusal:
                if "no rows" not in refusal.words:
                    raise
            except Exception as error:
                raise TableRefused(_DAMAGED, _AS_CSV) from error
    finally:
        workbook.close()
    raise TableRefused("This workbook is empty")


def _check_parts(source: bytes) -> None:
    if len(source) > MOST_BYTES:
        raise TableRefused(
            f"This is more than {MOST_BYTES // 1024 // 1024} MB", "Bring it in in smaller parts."
        )
    try:
        with zipfile.ZipFile(io.BytesIO(source)) as packed:
            parts = packed.infolist()
            # A part never unpacks to more than it declares: zipfile stops reading there.
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise TableRefused("This workbook is too big when unpacked", _AS_CSV)
            if any(part.flag_bits & 1 for part in parts):
                raise TableRefused("This workbook has a password", _AS_CSV)
            for part in parts:
                if part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    with packed.open(part) as stream:
                        _check_prolog(stream)
    except (zipfile.BadZipFile, NotImplementedError, OSError, EOFError, ValueError) as error:
        if isinstance(error, TableRefused):
            raise
        raise TableRefused(_DAMAGED, _AS_CSV) from error
    except Exception as error:  # zlib.error and what a damaged part may still raise
        raise TableRefused(_DAMAGED, _AS_CSV) from error


class _RootReached(Exception):
    pass


def _check_prolog(stream: Any) -> None:
    """Refuse a part that declares a document type; reads no further than its first element."""

    def refuse(*_declared: Any) -> None:
        raise TableRefused(_DAMAGED, _AS_CSV)

    def stop(*_element: Any) -> None:
        raise _RootReached

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = stop
    try:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk)
    except _RootReached:
        return
    except expat.ExpatError as error:
        raise TableRefused(_DAMAGED, _AS_CSV) from error


def _records(sheet: Any) -> Iterator[list[str]]:
    # The size a sheet says it has is often wrong, and cells may be claimed far outside of it:
    # rows come as wide as they are, and only so many cells are looked at.
    sheet.reset_dimensions()
    seen = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        seen += len(cells)
        if number > 10 * MOST_ROWS or seen > _MOST_CELLS:
            raise TableRefused("This sheet is too big", _AS_CSV)
        yield [_cell_text(cell) for cell in cells[: MOST_COLUMNS + 1]]


def _cell_text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, datetime):
        return (
            value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        )
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return "" if value is None else str(value).upper()
    if isinstance(value, int | float):
        if "%" in str(cell.number_format or ""):
            return f"{export_cell(value * 100)}%"
        return export_cell(value)
    return str(value)
