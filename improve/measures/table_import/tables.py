"""Pasted text and CSV files as rows of cells.

Nothing is judged here but the shape: what the cells mean is read in `observations`. Refusals are
for the whole table; they carry words for the screen.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from improve.shared import limits
from improve.shared.export import import_cell
from improve.shared.parsing import NotReadable, read_date, read_number

MOST_BYTES = limits.IMPORT_BYTES_MOST
"""Largest file or pasted text taken: over ten times what 20,000 rows of numbers need."""

MOST_ROWS = limits.IMPORT_ROWS_MOST
"""Most rows taken: a daily measure for fifty years."""

MOST_COLUMNS = 200
_MOST_TITLES = 10
"""Most lines of a title over the names of columns."""
LONGEST_CELL = 2_000

_SEPARATORS = ("\t", ";", ",")
_SAMPLE_ROWS = 30
_NOT_TEXT = "This is not a table in text form"
_NOT_TEXT_HINT = "Save it as CSV, or copy the cells and paste them."
_SIGNATURES = (
    (b"\xd0\xcf\x11\xe0", "This is a workbook of the old Excel kind (.xls)"),
    (b"%PDF", "This is a PDF"),
    (b"\x89PNG", "This is a picture"),
    (b"\xff\xd8\xff", "This is a picture"),
    (b"GIF8", "This is a picture"),
)
_ZIP = b"PK\x03\x04"


class TableRefused(ValueError):
    """A table that was not taken as a whole; `words` says why, `hint` what to do about it."""

    def __init__(self, words: str, hint: str = "") -> None:
        super().__init__(words)
        self.words = words
        self.hint = hint


@dataclass(frozen=True, slots=True)
class Row:
    """One row of cells.

    `number` is the row as a spreadsheet counts it: column names and empty rows count too, so a
    person finds it in the file. `column` names the column a value came from, where a wide table
    was unfolded; else it is empty.
    """

    number: int
    cells: tuple[str, ...]
    column: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, with column names where the row above the numbers held them.

    `empty_rows` counts rows left out because every cell was blank (rows after the last one with
    anything in it are not counted). `separator` is the character, or "" for a workbook;
    `encoding` the one the bytes were read in, or "" for text.
    """

    header: tuple[str, ...] | None
    rows: tuple[Row, ...]
    empty_rows: int = 0
    separator: str = ""
    encoding: str = ""

    @property
    def width(self) -> int:
        """How many columns there are: of the names, or of the widest row."""
        widest = max((len(row.cells) for row in self.rows), default=0)
        return max(widest, len(self.header or ()))


def read_table(
    source: str | bytes, *, filename: str | None = None, has_header: bool | None = None
) -> Table:
    """Pasted text, or the bytes of a CSV file, as a table.

    Takes UTF-8 and UTF-16 with or without a byte order mark and Windows-1252; cells parted by
    tabs, semicolons or commas (guessed); quoted cells; rows of unequal length; empty rows, which
    are counted and left out. `has_header` None means: look whether the first row holds names.

    Refuses with `TableRefused`: more than 5 MB or 20,000 rows, nothing at all, workbooks,
    pictures and other files that are not text, a quote mark that is never closed.
    """
    if isinstance(source, bytes):
        text, encoding = _decoded(source, filename)
    else:
        text, encoding = _checked_text(source), ""
    separator = _guessed_separator(text)
    return table_from_cells(
        _records(text, separator), has_header=has_header, separator=separator, encoding=encoding
    )


def table_from_cells(
    records: Iterable[Sequence[str]],
    *,
    has_header: bool | None = None,
    separator: str = "",
    encoding: str = "",
) -> Table:
    """A table from rows that are in cells already (a workbook; a preview sent back corrected).

    A title over the column names, in rows of one cell, is left out with the names found under it.

    Refuses with `TableRefused` what `read_table` refuses for size, and a table without rows.
    """
    header: tuple[str, ...] | None = None
    rows: list[Row] = []
    is_first, may_be_title = True, has_header is None
    waiting_empty = empty_rows = 0
    for number, record in enumerate(records, start=1):
        cells = tuple([import_cell(cell).strip() for cell in record])
        if not any(cells):
            waiting_empty += 1
            continue
        cells = cells[: next(n for n in range(len(cells), 0, -1) if cells[n - 1])]
        _check_size(number, cells)
        empty_rows += waiting_empty
        waiting_empty = 0
        if is_first:
            is_first = False
            if has_header or (has_header is None and _is_header(cells)):
                header = cells
                may_be_title = may_be_title and len(cells) == 1
                continue
            may_be_title = False
        if may_be_title:
            if len(cells) > 1 and _is_header(cells):
                header, rows, may_be_title = cells, [], False
                continue
            may_be_title = len(cells) == 1 and len(rows) < _MOST_TITLES
        if len(rows) == MOST_ROWS:
            raise TableRefused(
                f"There are more than {MOST_ROWS:,} rows", "Bring them in in smaller parts."
            )
        rows.append(Row(number, cells))
    if not rows:
        raise TableRefused(
            "There are no rows here" if header is None else "There are only column names here",
            "Paste or choose rows with a date and a number.",
        )
    return Table(header, tuple(rows), empty_rows, separator, encoding)


def _check_size(number: int, cells: tuple[str, ...]) -> None:
    if len(cells) > MOST_COLUMNS:
        raise TableRefused(
            f"Row {number} has more than {MOST_COLUMNS} columns", "Is it the right file?"
        )
    if max(map(len, cells)) > LONGEST_CELL:
        raise _long_cell(number)


def _long_cell(number: int) -> TableRefused:
    return TableRefused(
        f"Row {number} has a cell with more than {LONGEST_CELL:,} characters",
        "Is it the right file, and is every quote mark closed?",
    )


def _decoded(source: bytes, filename: str | None) -> tuple[str, str]:
    if len(source) > MOST_BYTES:
        raise _too_big()
    if source.startswith(_ZIP):
        is_workbook = b"xl/" in source or (filename or "").lower().endswith((".xlsx", ".xlsm"))
        words = "This is an Excel workbook" if is_workbook else "This is a packed file"
        raise TableRefused(words, _NOT_TEXT_HINT)
    for signature, words in _SIGNATURES:
        if source.startswith(signature):
            raise TableRefused(words, _NOT_TEXT_HINT)
    for encoding in _encodings(source):
        try:
            return _checked_text(source.decode(encoding)), encoding
        except UnicodeDecodeError:
            continue
    raise TableRefused(_NOT_TEXT, _NOT_TEXT_HINT)


def _encodings(source: bytes) -> tuple[str, ...]:
    if source.startswith(codecs.BOM_UTF8):
        return ("utf-8-sig",)
    if source.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return ("utf-32",)
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return ("utf-16",)
    # UTF-16 without its mark: every other byte of digits and English letters is zero.
    sample = source[:1000]
    if sample[1::2].count(0) * 3 > len(sample):
        return ("utf-16-le",)
    if sample[0::2].count(0) * 3 > len(sample):
        return ("utf-16-be",)
    return ("utf-8", "cp1252")


def _checked_text(text: str) -> str:
    # Size in bytes, not characters, so that pasting and uploading have the same limit.
    try:
        size = len(text) if text.isascii() else len(text.encode())
    except UnicodeEncodeError:
        raise TableRefused(_NOT_TEXT, _NOT_TEXT_HINT) from None
    if size > MOST_BYTES:
        raise _too_big()
    text = text.removeprefix("\ufeff").removesuffix("\x1a")
    if any(character in text for character in _CONTROLS):
        raise TableRefused(_NOT_TEXT, _NOT_TEXT_HINT)
    return text


_CONTROLS = [chr(code) for code in (*range(32), 127) if chr(code) not in "\t\n\r\v\f"]


def _too_big() -> TableRefused:
    return TableRefused(
        f"This is more than {MOST_BYTES // 1024 // 1024} MB", "Bring it in in smaller parts."
    )


def _records(text: str, separator: str) -> Iterator[list[str]]:
    # newline="" leaves line ends to the reader, which takes all three kinds.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise _long_cell(number) from None
            raise TableRefused(
                f"Row {number} has a quote mark that is not closed",
                "Take the quote marks out, or close them.",
            ) from None


def _guessed_separator(text: str) -> str:
    """The separator that parts the first rows most evenly; with equal merit tab, semicolon, comma.

    Semicolon before comma, since a comma beside semicolons is within a number or a sentence;
    a first cell that is a date tells "2026-03-02,5,seen; not weighed" from a semicolon file.
    """
    lines = [line for line in text[:20_000].splitlines()[:_SAMPLE_ROWS] if line.strip()]
    best, best_merit = ",", (0.0, 0)
    for separator in _SEPARATORS:
        try:
            parted = list(csv.reader(lines, delimiter=separator))
        except csv.Error:
            continue
        widths = [len(cells) for cells in parted]
        usual = max(set(widths), key=widths.count, default=0)
        if usual < 2:
            # Rows of one cell may outnumber the others: titles and empty rows above a table.
            usual = max(widths, default=0)
        if usual < 2:
            continue
        dates = sum(bool(cells) and _is_date(cells[0]) for cells in parted)
        merit = (round(widths.count(usual) / len(widths), 1), dates)
        if merit > best_merit:
            best, best_merit = separator, merit
    return best


def _is_header(cells: Sequence[str]) -> bool:
    """Whether a first row holds names: none of its cells is a number, and the first is no date."""
    first = cells[0]
    if first[:1].isdigit() or _is_date(first):
        return False
    return not any(_is_number(cell) for cell in cells) and any(map(str.strip, cells))


def _is_date(cell: str) -> bool:
    try:
        read_date(cell, earliest=date.min, latest=date.max)
    except NotReadable:
        return False
    return True


def _is_number(cell: str) -> bool:
    try:
        read_number(cell)
    except NotReadable:
        return False
    return True
