"""Official statistics as published: one row per place and year, unfolded into one long series.

The Department for Education's files have a `time_period` column and either a column for each
month or one column per figure. Its 2024 is the year ending in March 2024 (April 2023 to March
2024), written 202324 in other files.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from improve.measures.table_import.periods import YEAR_STARTS_IN, Period
from improve.measures.table_import.tables import Row, Table, TableRefused
from improve.shared.parsing import month_number

YEAR_NAMES = ("time_period", "year", "financial year", "financial_year", "time period")
_MONTH_COLUMNS_NEEDED = 6
_NAMES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Picked:
    """A long table made from part of a wide one, in date order, and how it was read.

    The first column holds the first day of each period as 2024-03-01, then come `value`, or
    `numerator` and `denominator`. Each row keeps the number of the row it came from.
    """

    table: Table
    period: Period
    words: str


def is_wide(table: Table) -> bool:
    """Whether a table has years in its rows: a year column, or a column for each month."""
    if table.header is None:
        return False
    return _year_place(table.header) is not None or len(_month_places(table.header)) >= (
        _MONTH_COLUMNS_NEEDED
    )


def pick_rows(table: Table, pick: Mapping[str, str]) -> Table:
    """The rows where every named column holds the given text (case does not matter).

    Refuses with `TableRefused` an unknown column and a pick that leaves no row.
    """
    header = _header(table)
    rows = table.rows
    for name, wanted in pick.items():
        at = _column_place(header, name)
        text = wanted.strip().lower()
        left = tuple([row for row in rows if _cell(row, at).lower() == text])
        if not left:
            there = {_cell(row, at) for row in rows}
            close = get_close_matches(wanted, there, n=1, cutoff=0.6)
            raise TableRefused(
                f"No row has “{wanted}” in the column {header[at]}",
                f"Did you mean {close[0]}?" if close else _names_words(there),
            )
        rows = left
    return Table(header, rows, table.empty_rows, table.separator, table.encoding)


def pick_column(table: Table, column: Sequence[str]) -> Table:
    """A long table cut to its first column and the named ones: a value, or a pair of numbers."""
    header = _header(table)
    places = [0, *(_column_place(header, name) for name in column)]
    names = (header[0], *_long_names(column))
    rows = [Row(row.number, tuple([_cell(row, at) for at in places])) for row in table.rows]
    return Table(names, tuple(rows), table.empty_rows, table.separator, table.encoding)


def read_wide(table: Table, pick: Mapping[str, str], column: Sequence[str] = ()) -> Picked:
    """One series out of a wide table.

    With no `column` the month columns are read, one row per year; with one, that figure for each
    year; with two, numerator and denominator. Refuses with `TableRefused` what `pick_rows`
    refuses, two rows for one year, a year that can't be read, and no columns to read.
    """
    header = _header(table)
    if len(column) > 2:
        raise TableRefused("At most two columns can be read", "Give a top line and a bottom line.")
    months = _month_places(header)
    if not column and len(months) < _MONTH_COLUMNS_NEEDED:
        raise TableRefused(
            "This file has no columns named for months",
            "Pick the column that holds the numbers.",
        )
    places = [_column_place(header, name) for name in column]
    picked = pick_rows(table, pick)
    year_at = _year_place(header) or 0
    by_year = _rows_by_year(header, picked.rows, year_at, pick)
    if column:
        rows = [
            Row(row.number, (_year_start(year), *(_cell(row, at) for at in places)))
            for year, row in sorted(by_year.items())
        ]
        long = Table(("year", *_long_names(column)), tuple(rows))
        return Picked(long, "year", _years_words(by_year))
    starts_in = months[0][1]
    dated = [
        (date(year - 1 if month >= starts_in > 1 else year, month, 1), row, at)
        for year, row in by_year.items()
        for at, month in months
    ]
    rows = [
        Row(row.number, (month.isoformat(), _cell(row, at)), header[at])
        for month, row, at in sorted(dated, key=lambda item: item[0])
    ]
    words = _years_words(by_year) if starts_in == YEAR_STARTS_IN else ""
    return Picked(Table(("month", "value"), tuple(rows)), "month", words)


def _names_words(there: Iterable[str]) -> str:
    """What stands in a column, A to Z: all, or the first few."""
    names = sorted(name for name in there if name)
    if not names:
        return "That column is empty."
    begin = " begin with" if len(names) > _NAMES_SHOWN else ""
    return f"Names that are there{begin}: {', '.join(names[:_NAMES_SHOWN])}."


def _header(table: Table) -> tuple[str, ...]:
    if table.header is None:
        raise TableRefused("The first row must hold column names")
    return table.header


def _cell(row: Row, at: int) -> str:
    return row.cells[at] if at < len(row.cells) else ""


def _long_names(column: Sequence[str]) -> tuple[str, ...]:
    return ("value",) if len(column) == 1 else ("numerator", "denominator")


def _column_place(header: Sequence[str], name: str) -> int:
    wanted = name.strip().lower()
    names = [known.strip().lower() for known in header]
    if wanted in names:
        return names.index(wanted)
    close = get_close_matches(wanted, names, n=1, cutoff=0.6)
    raise TableRefused(
        f"There is no column “{name}”",
        f"Did you mean {header[names.index(close[0])]}?"
        if close
        else f"The columns are: {', '.join(header[:30])}.",
    )


def _year_place(header: Sequence[str]) -> int | None:
    return next((at for at, name in enumerate(header) if name.lower() in YEAR_NAMES), None)


def _month_places(header: Sequence[str]) -> list[tuple[int, int]]:
    found = [(at, month_number(name)) for at, name in enumerate(header)]
    return [(at, month) for at, month in found if month is not None]


def _rows_by_year(
    header: tuple[str, ...], rows: Sequence[Row], year_at: int, pick: Mapping[str, str]
) -> dict[int, Row]:
    by_year: dict[int, Row] = {}
    for row in rows:
        year = _year_ending(_cell(row, year_at), row.number)
        if year in by_year:
            text = _cell(row, year_at)
            last = [other for other in rows if _cell(other, year_at) == text][-1]
            raise TableRefused(
                f"More than one row is left for {text}",
                _suggested_pick(header, by_year[year], last, pick),
            )
        by_year[year] = row
    return by_year


def _year_ending(text: str, number: int) -> int:
    digits = "".join(character for character in text if character not in " -/–")
    if digits.isascii() and digits.isdigit() and len(text) <= 9:
        if len(digits) == 4 and digits == text and 1900 <= int(text) < 2200:
            return int(text)
        if len(digits) in (6, 8):
            first = int(digits[:4])
            if digits[4:] in (f"{(first + 1) % 100:02}", f"{first + 1}") and 1900 <= first < 2200:
                return first + 1
    raise TableRefused(f"Row {number}: “{text[:24]}” is not a year", "Years are 2024 or 202324.")


def _year_start(ending: int) -> str:
    return date(ending - 1, YEAR_STARTS_IN, 1).isoformat()


def _years_words(by_year: Mapping[int, Row]) -> str:
    latest = max(by_year)
    return f"{latest} is read as the year from April {latest - 1} to March {latest}."


def _suggested_pick(
    header: tuple[str, ...], first: Row, second: Row, pick: Mapping[str, str]
) -> str:
    """Ways to tell two rows apart: the columns in which they differ, names before numbers."""
    used = {name.strip().lower() for name in pick}
    differing = [
        (at, _cell(second, at))
        for at in range(len(header))
        if _cell(first, at) != _cell(second, at) and header[at].lower() not in used
    ]
    named = [
        f"{header[at]}={text}"
        for at, text in differing
        if text and not text[:1].isdigit() and month_number(header[at]) is None
    ]
    if not named:
        return "Pick one by another column."
    names = [text for text in named if "name" in text.partition("=")[0]] or named
    return f"Pick one by another column, such as {names[-1]}."
