"""A table that a person may have: what it holds, its columns in words, and how it is read.

Each capability offers its own under the contribution “open-data”, as a function from the actor to
``OpenTable``s: built from its own reads, and so with the very same door as its pages. ``open_data``
gathers them, counts them in one statement and writes them as a stream; it knows none of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from improve.shared.export import Cell

if TYPE_CHECKING:
    from improve.accounts.actor import Actor

#: The kind of contribution under which capabilities offer their tables.
CONTRIBUTION: Final = "open-data"

#: What a column holds, by the names of Frictionless Table Schema.
TEXT, WHOLE, NUMBER, DAY, MOMENT, TRUTH = (
    "string",
    "integer",
    "number",
    "date",
    "datetime",
    "boolean",
)


@dataclass(frozen=True, slots=True)
class OpenColumn:
    """A column: its name in the file, what it holds in words, and of which kind."""

    name: str
    words: str
    kind: str = TEXT


@dataclass(frozen=True, slots=True)
class OpenTable:
    """One table, as one actor may have it.

    ``rows`` is scoped and in a fixed order, with labels; ``shape`` makes the cells of one of its
    rows, in the order of ``columns``. A table that is worked out, and not read, has ``worked_out``
    instead, and no count before it is. ``key`` are the columns that name a row, if any, ``points``
    the (column, table, column) that point to another table.
    """

    name: str
    title: str
    holds: str
    columns: tuple[OpenColumn, ...]
    #: A ``Select`` of whatever columns.
    rows: Any = None
    shape: Callable[[Any], Sequence[Cell]] = tuple
    worked_out: Callable[[], Iterable[Sequence[Cell]]] | None = None
    key: tuple[str, ...] = ("id",)
    points: tuple[tuple[str, str, str], ...] = ()


#: What a capability offers.
Offer = Callable[["Actor"], Sequence[OpenTable]]


def moment(value: Any) -> str:
    """Return a moment as a file has it: in UTC, to the second, with Z; “” for none."""
    return "" if value is None else f"{value:%Y-%m-%dT%H:%M:%SZ}"
