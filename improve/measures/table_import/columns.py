"""Which column of a table holds the date, and which the numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from improve.measures.table_import.tables import Row, Table, TableRefused

Role = Literal["period", "value", "numerator", "denominator"]

PERIOD_NAMES = (
    *("date", "day", "week", "month", "quarter", "year", "period", "time_period"),
    *("week of", "week beginning", "week commencing", "w/c", "period start", "period_start"),
)
VALUE_NAMES = ("value", "number", "count")
NUMERATOR_NAMES = ("numerator", "top line")
DENOMINATOR_NAMES = ("denominator", "bottom line", "out of")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of each role are, and what the file calls them.

    `width` is how many cells a row may have; `left_out` names columns that are not used.
    """

    roles: tuple[Role, ...]
    places: tuple[int, ...]
    names: tuple[str, ...]
    width: int
    left_out: tuple[str, ...] = ()

    def cells(self, row: Row) -> tuple[str, ...]:
        """The cells of a row in the order of the roles; one that is missing is blank."""
        count = len(row.cells)
        return tuple([row.cells[place] if place < count else "" for place in self.places])


def columns_of(table: Table, *, is_pair: bool, labels: tuple[str, str] | None) -> Columns:
    """Find the columns by their names, or by their order where there are none.

    Without known names: the date first, then the number, or numerator and denominator. Refuses
    with `TableRefused` a table with fewer columns than that.
    """
    roles: tuple[Role, ...] = (
        ("period", "numerator", "denominator") if is_pair else ("period", "value")
    )
    if table.width < 2:
        raise TableRefused(
            "There is one column here, and a date and a number are needed",
            "Part them with a tab, a comma or a semicolon.",
        )
    if table.width < len(roles):
        raise TableRefused(
            "There is one number in each row, and two are needed: how many, and out of how many",
            "A percentage alone cannot be weighed: 1 of 2 and 50 of 100 are both 50%.",
        )
    if table.header is None:
        return Columns(roles, tuple(range(len(roles))), roles, len(roles))
    header = table.header
    names = [name.strip().lower() for name in header]
    wanted: Sequence[tuple[str, ...]] = (
        (
            PERIOD_NAMES,
            (*NUMERATOR_NAMES, *_label(labels, 0)),
            (*DENOMINATOR_NAMES, *_label(labels, 1)),
        )
        if is_pair
        else (PERIOD_NAMES, (*VALUE_NAMES, *_label(labels, 0)))
    )
    found = [next((at for at, name in enumerate(names) if name in known), -1) for known in wanted]
    # Roles without a known name take the columns that are over, in order (rows may be wider
    # than the names above them).
    over = iter([at for at in range(table.width) if at not in found])
    places = [next(over) if at < 0 else at for at in found]
    return Columns(
        roles,
        tuple(places),
        tuple([_name(header, at) or role for at, role in zip(places, roles, strict=True)]),
        max(len(header), *(at + 1 for at in places)),
        tuple([name or f"column {at + 1}" for at, name in enumerate(header) if at not in places]),
    )


def _label(labels: tuple[str, str] | None, at: int) -> tuple[str, ...]:
    return (labels[at].strip().lower(),) if labels else ()


def _name(header: Sequence[str], at: int) -> str:
    return header[at].strip() if at < len(header) else ""
