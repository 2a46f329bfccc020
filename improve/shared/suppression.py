"""Tables of people or voices, with small numbers hidden so that nobody can work them out. Pure.

A count of 1 to 4 is not shown outside (primary suppression): somebody could be known by it. In a
table with totals it could be worked out by subtraction, so others are hidden with it (complementary
suppression): Hundepool and others, *Statistical Disclosure Control* (2012), chapter 4; Cox,
"Suppression methodology and statistical disclosure control" (1980); the threshold is that of the
safeguarding statistics, "fewer than 5".

What is hidden, and what everybody may know of it:

1. A count of 1 to 4 stands as ``FEWER``: it is 1, 2, 3 or 4.
2. Of a row, a column or a whole table that holds 1 to 4 in all only that is shown, as ``FEWER``:
   how they divide would say what somebody answered. All in it stands as ``NOT_SHOWN``; each is 0
   to 4. Only where nobody is in a row or column of a larger table are its 0s shown.
3. A count of 5 or more that would give another away stands as ``NOT_SHOWN``; it is 5 or more.
4. Every other count is shown, and every other 0.
5. Of a table that gives itself away even so nothing is shown; each number in it is 0 or more. It is
   rare: 1, 1, 1, 1 over 4, 0, 0, 0 is one, since two rows of at most 4 and columns of at least 5,
   1, 1 and 1 leave no choice.

Promise: whoever knows these rules, all numbers shown and that they add up still finds at least two
values possible for each hidden number (tried in ``tests/shared/test_suppression_proof.py``). It
holds for tables of any size, since it is found exactly: a table with its totals is a circulation
(each cell flows from its row to its column, each row total into its row, each column total out of
its column, and the grand total back); two tables that show the same differ by cycles of hidden
numbers, so a hidden number is safe if and only if one of them can go up or down by one through it
(Ford and Fulkerson, *Flows in Networks*, 1962). The cheapest such cycle is hidden for each that has
none: few numbers, cells before totals, the grand total last. Among equals the first in reading
order is taken and never the smallest, which would tell that it is smaller than the rest.

Not promised: more than two values; anything about several tables of the same people, or about
somebody who knows some of the hidden counts. One table of a matter is published, never two that
divide it otherwise.

Nor is anything promised against somebody who runs these very steps over every table that fits and
keeps those that come out alike: which complements are hidden tells what could not move (Wong and
others, "Minimality attack in privacy preserving data publishing", 2007). Of the 5,936 tables of 2
by 2 with counts up to 8 in which a cell is hidden, 649 (11%) are the only one to come out as they
do. Hiding complements by place alone first, and then those that can move, leaves 8% and hides 4%
more; hiding totals before cells leaves 5% and costs the totals, which are what such a table is read
for. Neither ends it, so neither is done.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import heappop, heappush
from typing import Final

#: The smallest count that is shown.
FEWEST: Final = 5


class Hidden(StrEnum):
    """Why a number is not there; the value is how a page or file says it."""

    FEWER = "fewer than 5"
    NOT_SHOWN = "not shown"


Count = int | Hidden


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table as it may be shown: counts, or why they are hidden. Same shape as what was given."""

    cells: tuple[tuple[Count, ...], ...]
    row_totals: tuple[Count, ...]
    column_totals: tuple[Count, ...]
    total: Count

    @property
    def hides(self) -> bool:
        """Whether any number is hidden, so that the page says why."""
        counts = (*self.row_totals, *self.column_totals, self.total)
        return any(isinstance(n, Hidden) for row in (*self.cells, counts) for n in row)


@dataclass(frozen=True, slots=True)
class SuppressedList:
    """One row of counts with their total, as it may be shown."""

    counts: tuple[Count, ...]
    total: Count

    @property
    def hides(self) -> bool:
        """Whether any number is hidden."""
        return any(isinstance(n, Hidden) for n in (*self.counts, self.total))


def count_alone(count: int) -> Count:
    """Return a count that stands in no table: itself, or ``FEWER`` for 1 to 4."""
    return Hidden.FEWER if _is_small(count) else count


def suppress_list(counts: Sequence[int]) -> SuppressedList:
    """Return counts of one kind and their total as they may be shown. Refuses as ``suppress``."""
    _check([counts])
    whole = sum(counts)
    cells = [_cell("in", "out", count, (whole,)) for count in counts]
    total = _sum("out", "in", whole, _COST_OF_TOTAL)
    _hide_complements([*cells, total])
    return SuppressedList(tuple(cell.shown for cell in cells), total.shown)


def suppress(table: Sequence[Sequence[int]]) -> Suppressed:
    """Return a table of counts and its totals as they may be shown.

    Rows of equal length, counts of people from 0: else ``ValueError``. A table of one row or one
    column is a list: its totals across are its cells again, and hide what those hide.
    """
    _check(table)
    height, width = len(table), len(table[0]) if table else 0
    if height <= 1 or width <= 1:
        line = suppress_list([count for row in table for count in row])
        across = (line.total,) * height if height <= 1 else line.counts or (0,) * height
        down = line.counts if height == 1 else (line.total,) * width
        shown = (line.counts,) * height if height <= 1 else tuple((n,) for n in line.counts)
        return Suppressed(shown or ((),) * height, across, down, line.total)
    if _is_small(sum(map(sum, table))):
        hidden = (Hidden.NOT_SHOWN,) * width
        return Suppressed((hidden,) * height, (Hidden.NOT_SHOWN,) * height, hidden, Hidden.FEWER)
    of_rows = [sum(row) for row in table]
    of_columns = [sum(column) for column in zip(*table, strict=True)]
    cells = [
        [
            _cell(f"row {i}", f"column {j}", count, (of_rows[i], of_columns[j]))
            for j, count in enumerate(row)
        ]
        for i, row in enumerate(table)
    ]
    rows = [_sum("in", f"row {i}", count, _COST_OF_LINE) for i, count in enumerate(of_rows)]
    columns = [
        _sum(f"column {j}", "out", count, _COST_OF_LINE) for j, count in enumerate(of_columns)
    ]
    total = _sum("out", "in", sum(of_rows), _COST_OF_TOTAL)
    _hide_complements([*(cell for row in cells for cell in row), *rows, *columns, total])
    return Suppressed(
        cells=tuple(tuple(cell.shown for cell in row) for row in cells),
        row_totals=tuple(one.shown for one in rows),
        column_totals=tuple(one.shown for one in columns),
        total=total.shown,
    )


def _check(table: Sequence[Sequence[int]]) -> None:
    if len({len(row) for row in table}) > 1:
        raise ValueError("every row of a table has the same length")
    if any(count < 0 for row in table for count in row):
        raise ValueError("a count of people is never below 0")


# ---- a table as a circulation

#: What is lost with a hidden number: a cell least, the grand total most.
_COST_OF_CELL: Final = 2
_COST_OF_LINE: Final = 3
_COST_OF_TOTAL: Final = 5


def _is_small(count: int) -> bool:
    return 0 < count < FEWEST


@dataclass(slots=True)
class _Number:
    """A number of the table, flowing from one node to another.

    ``low`` and ``high`` (None: no end) are what the rules tell of it once it is hidden; ``cost``
    is what is lost then. A shown 0 is never hidden for another.
    """

    tail: str
    head: str
    count: int
    low: int
    high: int | None
    cost: int
    hidden: Hidden | None

    @property
    def shown(self) -> Count:
        """The number, or why it is hidden."""
        return self.count if self.hidden is None else self.hidden

    def ways(self) -> Iterator[tuple[str, str]]:
        """Yield how it can change by one if it is hidden: from tail to head is up."""
        if self.hidden is None and self.count < FEWEST:
            return
        if self.high is None or self.count < self.high:
            yield self.tail, self.head
        if self.count > self.low:
            yield self.head, self.tail


def _cell(tail: str, head: str, count: int, lines: tuple[int, ...]) -> _Number:
    """Return a cell, hidden if it is small or in a line of few people."""
    if any(_is_small(line) for line in lines) and all(lines):
        return _Number(tail, head, count, 0, FEWEST - 1, _COST_OF_CELL, Hidden.NOT_SHOWN)
    return _sum(tail, head, count, _COST_OF_CELL)


def _sum(tail: str, head: str, count: int, cost: int) -> _Number:
    if _is_small(count):
        return _Number(tail, head, count, 1, FEWEST - 1, cost, Hidden.FEWER)
    return _Number(tail, head, count, FEWEST, None, cost, None)


def _hide_complements(numbers: Sequence[_Number]) -> None:
    """Hide with each hidden number the cheapest cycle along which it can change."""
    safe: set[int] = set()
    for at, number in enumerate(numbers):
        # All of a cycle change with it: who is on one needs none of their own.
        if number.hidden is None or at in safe:
            continue
        cycle = _cheapest_cycle(numbers, number)
        if cycle is None:
            # Rule 5.
            for one in numbers:
                one.hidden, one.low, one.high = Hidden.NOT_SHOWN, 0, None
            return
        for place in cycle:
            if numbers[place].hidden is None:
                numbers[place].hidden = Hidden.NOT_SHOWN
        safe.update(cycle)


def _cheapest_cycle(numbers: Sequence[_Number], through: _Number) -> tuple[int, ...] | None:
    """Return the places of the numbers that change when ``through`` does, or None if it cannot.

    Dijkstra's shortest way back, where what is hidden already costs nothing; of equal ones the
    one with fewest numbers, then the first in reading order.
    """
    ways: dict[str, list[tuple[int, int, str]]] = {}
    for place, one in enumerate(numbers):
        if one is through:
            continue
        for start, end in one.ways():
            cost = 0 if one.hidden is not None else one.cost
            ways.setdefault(start, []).append((cost, place, end))
    found = [
        way for start, end in through.ways() if (way := _shortest(ways, end, start)) is not None
    ]
    return min(found)[2] if found else None


def _shortest(
    ways: dict[str, list[tuple[int, int, str]]], start: str, end: str
) -> tuple[int, int, tuple[int, ...]] | None:
    """Return (cost, how many, their places) of the cheapest way from one node to another."""
    heap: list[tuple[int, int, tuple[int, ...], str]] = [(0, 0, (), start)]
    been: set[str] = set()
    while heap:
        cost, length, places, here = heappop(heap)
        if here == end:
            return cost, length, places
        if here in been:
            continue
        been.add(here)
        for more, place, there in ways.get(here, ()):
            if there not in been:
                heappush(heap, (cost + more, length + 1, (*places, place), there))
    return None
