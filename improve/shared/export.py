"""Cells and files that leave the system, and the way back in.

A spreadsheet runs a cell that begins with `=`, `+`, `-` or `@` as a formula, also when the words
came from someone else (OWASP, CSV injection). Every export goes through `export_cell`, every
import through `import_cell`, which undoes it exactly.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal

# The full-width forms count too: some spreadsheets read them as the plain ones.
_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
_NEGATIVE = re.compile(r"-[0-9]{1,15}(?:\.[0-9]{1,15})?")

Cell = str | int | float | Decimal | date | datetime | bool | None


def export_cell(value: Cell) -> str:
    """A value as the text of one exported cell.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; plain negative
    numbers stay numbers. None is empty. Numbers are written in full with a point and at most 15
    significant digits, which `shared.parsing` reads back to the same number; dates as 2026-03-23.
    Refuses with ValueError a number that is not finite.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float | Decimal):
        return _number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if _is_risky(value) and not _NEGATIVE.fullmatch(value):
        return f"'{value}"
    return value


def import_cell(text: str) -> str:
    """The inverse of `export_cell` for text: takes off the apostrophe it put on, nothing else."""
    return text[1:] if text[:1] == "'" and _is_risky(text) else text


def csv_file(header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """A whole CSV file: every cell through `export_cell`, UTF-8 with the mark Excel looks for."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([export_cell(name) for name in header])
    for row in rows:
        writer.writerow([export_cell(cell) for cell in row])
    return out.getvalue().encode("utf-8-sig")


def _is_risky(text: str) -> bool:
    # Blank space before the sign does not make it safe. Apostrophes before it are looked through,
    # so that each one there already gets another and the way back is exact.
    return text.lstrip("'").lstrip(" \u00a0\u3000")[:1] in _SIGNS


def _number_text(value: float | Decimal) -> str:
    number = Decimal(format(value, ".15g"))
    if not number.is_finite():
        raise ValueError("only finite numbers are exported")
    text = format(number, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
