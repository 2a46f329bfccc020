"""Which column of a table holds the date, which the numbers, which the words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from improve.measures.table_import.tables import MOST_COLUMNS, Row, Table, TableRefused

Kind = Literal["proportion", "rate", "count", "value", "times", "days_between", "cases_between"]
"""What is recorded: some out of all, events per opportunity, whole things, a measurement, several
times of a period, or how long and how many until the next rare event."""

Role = Literal["period", "value", "numerator", "denominator", "note", "left_out"]

PERIOD_NAMES = (
    *("date", "day", "week", "month", "quarter", "year", "period", "time_period"),
    *("week of", "week beginning", "week commencing", "w/c", "period start", "period_start"),
    *("date of event", "event", "happened on"),
)
VALUE_NAMES: dict[Kind, tuple[str, ...]] = {
    "count": ("value", "number", "count"),
    "value": ("value", "number", "count"),
    "times": ("times", "time", "days", "value", "number"),
    "days_between": ("days between", "days", "value", "number"),
    "cases_between": ("cases between", "cases", "value", "number", "count"),
}
NUMERATOR_NAMES = ("numerator", "top line")
DENOMINATOR_NAMES = ("denominator", "bottom line", "out of")
NOTE_NAMES = ("note", "notes", "what happened", "comment")
LEFT_OUT_NAMES = ("left out because", "left out", "excluded because", "excluded")

PAIR_KINDS = ("proportion", "rate")


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the cells of each role are, and what the file calls them.

    `width` is how many cells a row may have; `left_out` names columns that are not used.
    `rest_from` is the place from which all further cells of a row belong to its number (several
    times side by side), or None.
    """

    roles: tuple[Role, ...]
    places: tuple[int, ...]
    names: tuple[str, ...]
    width: int
    left_out: tuple[str, ...] = ()
    rest_from: int | None = None

    def cells(self, row: Row) -> tuple[str, ...]:
        """The cells of a row in the order of the roles; one that is missing is blank."""
        cells = row.cells
        count = len(cells)
        found = [cells[place] if place < count else "" for place in self.places]
        if self.rest_from is not None and count > self.rest_from:
            found[1] = ", ".join([c for c in (found[1], *cells[self.rest_from :]) if c])
        return tuple(found)

    def place(self, role: Role) -> int | None:
        """Where a role stands among the cells, or None."""
        return self.roles.index(role) if role in self.roles else None


def columns_of(
    table: Table,
    *,
    kind: Kind,
    labels: tuple[str, str] | None = None,
    with_words: bool = False,
) -> Columns:
    """Find the columns by their names, or by their order where there are none.

    Without known names: the date first, then the number, or numerator and denominator. With
    `with_words` also notes and why a point is left out, by name only. Refuses with `TableRefused`
    a table with fewer columns than needed; for days between events, dates alone are enough.
    """
    is_pair = kind in PAIR_KINDS
    numbers: tuple[Role, ...] = ("numerator", "denominator") if is_pair else ("value",)
    roles: tuple[Role, ...] = ("period", *numbers)
    _check_width(table, kind, len(roles))
    rest = kind == "times"
    if table.header is None:
        width = MOST_COLUMNS if rest else len(roles)
        return Columns(
            roles, tuple(range(len(roles))), roles, width, rest_from=len(roles) if rest else None
        )
    header = table.header
    names = [name.strip().lower() for name in header]
    found = [_place(names, known) for known in _wanted(kind, labels)]
    words: list[tuple[Role, int]] = []
    if with_words:
        for role, known in (("note", NOTE_NAMES), ("left_out", LEFT_OUT_NAMES)):
            at = _place(names, known)
            if at >= 0 and at not in found:
                words.append((role, at))  # type: ignore[arg-type]
    # Roles without a known name take the columns that are over, in order (rows may be wider
    # than the names above them).
    used = {*found, *(at for _, at in words)}
    over = iter([at for at in range(max(table.width, len(roles))) if at not in used])
    places = [next(over, table.width) if at < 0 else at for at in found]
    places += [at for _, at in words]
    roles = (*roles, *(role for role, _ in words))
    return Columns(
        roles,
        tuple(places),
        tuple([_name(header, at) or role for at, role in zip(places, roles, strict=True)]),
        MOST_COLUMNS if rest else max(len(header), *(at + 1 for at in places)),
        tuple([name or f"column {at + 1}" for at, name in enumerate(header) if at not in places]),
        max(len(header), *(at + 1 for at in places)) if rest else None,
    )


def _check_width(table: Table, kind: Kind, needed: int) -> None:
    if kind == "days_between":
        return
    if table.width < 2:
        raise TableRefused(
            "There is one column here, and a date and a number are needed",
            "Part them with a tab, a comma or a semicolon.",
        )
    if table.width < needed:
        why = (
            "A percentage alone cannot be weighed: 1 of 2 and 50 of 100 are both 50%."
            if kind == "proportion"
            else "A rate alone cannot be weighed: the more there were, the more it says."
        )
        raise TableRefused(
            "There is one number in each row, and two are needed: how many, and out of how many",
            why,
        )


def _wanted(kind: Kind, labels: tuple[str, str] | None) -> Sequence[tuple[str, ...]]:
    top, bottom = ([n.strip().lower()] if n.strip() else [] for n in labels or ("", ""))
    if kind in PAIR_KINDS:
        return PERIOD_NAMES, (*NUMERATOR_NAMES, *top), (*DENOMINATOR_NAMES, *bottom)
    return PERIOD_NAMES, (*VALUE_NAMES[kind], *top)


def _place(names: Sequence[str], known: Sequence[str]) -> int:
    return next((at for at, name in enumerate(names) if name in known), -1)


def _name(header: Sequence[str], at: int) -> str:
    return header[at].strip() if at < len(header) else ""
