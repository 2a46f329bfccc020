"""A table between its sending and its saving: how a draft keeps it, what can be picked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from improve.measures.models import ImportDraft
from improve.measures.queries import DraftView
from improve.measures.table_import import Row, Table, TableRefused, is_wide
from improve.measures.table_import.wide import YEAR_NAMES
from improve.measures.views import MeasureView
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken
from improve.shared.parsing import month_number

#: A year and its one or two numbers.
_PLAIN_COLUMNS = 3
_PLACES_OFFERED = 500
#: A column with more names than this is typed, not chosen from a list.
_PLACES_LISTED = 300
_MONTHS_NEEDED = 6
_PLACE_NAMES = ("la_name", "local authority", "authority")
#: Columns of the Department for Education's files in which a place stands, what they are called
#: here, and the geographic level of the rows that are the place's own.
_LEVEL = "geographic_level"
_LEVELS = {
    "la_name": ("Local authorities", "Local authority"),
    "region_name": ("Regions", "Regional"),
    "country_name": ("Whole country", "National"),
}
#: What the files of the Department for Education all hold, and under which licence they come.
_DFE_COLUMNS = frozenset(["time_period", "time_identifier", "geographic_level", "category"])
_DFE = "Department for Education"
_OPEN_LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class PlaceGroup:
    """Names that stand in one column of a file, each with one row for a year at most."""

    column: str
    heading: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class WideChoices:
    """What can be picked from a wide official file: places by a column, and columns of numbers.

    ``groups`` lists the places, or is empty where there are too many for a list.
    """

    pick_columns: tuple[str, ...]
    pick_column: str
    pick_values: tuple[str, ...]
    number_columns: tuple[str, ...]
    has_months: bool
    groups: tuple[PlaceGroup, ...] = ()


def content_of(table: Table) -> dict[str, Any]:
    """A table as a draft keeps it."""
    return {
        "header": list(table.header) if table.header is not None else None,
        "rows": [[row.number, row.column, *row.cells] for row in table.rows],
        "empty_rows": table.empty_rows,
    }


def table_of(draft: DraftView) -> Table:
    """The table that a draft keeps."""
    content = draft.content
    header = content["header"]
    return Table(
        tuple(header) if header is not None else None,
        tuple([Row(row[0], tuple(row[2:]), row[1]) for row in content["rows"]]),
        int(content.get("empty_rows", 0)),
    )


def keep(draft: DraftView, content: dict[str, Any]) -> None:
    """Have the draft keep another table."""
    db.session.execute(
        update(ImportDraft)
        .where(ImportDraft.id == draft.id)
        .values(content=content)
        .execution_options(synchronize_session=False)
    )


def needs_a_pick(table: Table) -> bool:
    """Whether a table holds more than one series: wide, and more than a year and its numbers."""
    return is_wide(table) and table.width > _PLAIN_COLUMNS


def refused(refusal: TableRefused, field: str | None) -> RuleBroken:
    """A table's refusal as a sentence beside a field."""
    words = refusal.words if refusal.words.endswith((".", "?")) else f"{refusal.words}."
    return RuleBroken([Reason(f"{words} {refusal.hint}".strip(), field)])


def labels_of(measure: MeasureView) -> tuple[str, str] | None:
    """The measure's own names for its numbers, as they stand inside a sentence."""
    top, bottom = measure.top_name, measure.bottom_name if measure.is_pair else ""
    if not top or (measure.is_pair and not bottom):
        return None
    return top[:1].lower() + top[1:], bottom[:1].lower() + bottom[1:]


def choices_of(table: Table) -> WideChoices:
    """What the columns of a wide file offer: texts to pick a row by, numbers to take."""
    header = table.header or ()
    texts: list[str] = []
    numbers: list[str] = []
    values: dict[str, set[str]] = {}
    for at, name in enumerate(header):
        if month_number(name) or name.lower() in YEAR_NAMES:
            continue
        cells = {row.cells[at] for row in table.rows if at < len(row.cells) and row.cells[at]}
        is_number = sum(c.replace(".", "", 1).replace(",", "").isdigit() for c in cells)
        if not cells:
            continue
        if is_number * 2 > len(cells) and not name.lower().endswith("_code"):
            numbers.append(name)
        else:
            texts.append(name)
            values[name] = cells
    named = [t for t in texts if t.lower() in _PLACE_NAMES]
    guessed = named or sorted(texts, key=lambda t: -len(values[t]))
    best = guessed[0] if guessed else ""
    return WideChoices(
        tuple(texts),
        best,
        tuple(sorted(values.get(best, ())))[:_PLACES_OFFERED],
        tuple(numbers),
        sum(1 for name in header if month_number(name)) >= _MONTHS_NEEDED,
        _groups(table, [best, *(t for t in texts if t != best)]),
    )


def pick_of(table: Table, column: str, name: str) -> dict[str, str]:
    """Which cells a row of a place has: its name, and in a file with levels the place's own level.

    A region's name stands in the rows of its authorities too.
    """
    column = column or choices_of(table).pick_column
    if not column or not name:
        return {}
    pick = {column: name}
    own_level = _LEVELS.get(column.lower(), ("", ""))[1]
    levels = [at for at, head in enumerate(table.header or ()) if head.lower() == _LEVEL]
    if own_level and column.lower() != "la_name" and levels:
        pick[_LEVEL] = own_level
    return pick


def _groups(table: Table, columns: Sequence[str]) -> tuple[PlaceGroup, ...]:
    """The places of each column, where every column's are few enough for a list."""
    header = [name.lower() for name in table.header or ()]
    years = [at for at, name in enumerate(header) if name in YEAR_NAMES]
    level = header.index(_LEVEL) if _LEVEL in header else -1
    groups: list[PlaceGroup] = []
    for column in columns:
        name = column.lower()
        heading, own_level = _LEVELS.get(name, (column, "")) if level >= 0 else (column, "")
        if name.endswith("_code") or "=" in column or (level >= 0 and not own_level):
            continue
        at = header.index(name)
        rows = [row.cells for row in table.rows if at < len(row.cells) and row.cells[at]]
        if own_level:
            rows = [cells for cells in rows if cells[level] == own_level]
        seen = Counter((cells[at], cells[years[0]] if years else "") for cells in rows)
        twice = {place for (place, _), count in seen.items() if count > 1}
        names = sorted({place for place, _ in seen} - twice)
        if len(names) > _PLACES_LISTED:
            return ()
        if names:
            groups.append(PlaceGroup(column, heading, tuple(names)))
    return tuple(groups)


def origin_of(table: Table, place: str, columns: Iterable[str]) -> tuple[str, str]:
    """Source and licence of a file known by its columns, or nothing.

    The Department for Education marks all its files alike, and all come under one licence.
    """
    header = table.header or ()
    names = [name.lower() for name in header]
    if not set(names) >= _DFE_COLUMNS:
        return "", ""
    at = names.index("category")
    title = next((row.cells[at] for row in table.rows if at < len(row.cells)), "")
    what = ", ".join([*columns]) or "by month"
    said = ", ".join(part for part in (_DFE, title, what, place) if part)
    return said[: limits.length("source")], _OPEN_LICENCE
