"""Who tries to work out what a table hides: knows the rules, shares no code with what it attacks.

For each hidden number it looks for another table that shows the same and in which that number is
another. Such a table is laid out, added up and held against all that is shown, so "safe" never
rests on theory. Only "unsafe" does, and only after every table that differs by at most one in each
cell was tried: where two tables fit one of these does too, since what differs between them falls
apart into rounds in which each number changes by one, and whatever the rules tell is a range.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import inf

from improve.shared.suppression import Hidden, Suppressed

FEWER, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN
Table = Sequence[Sequence[int]]
View = list[list[object]]
Place = tuple[int, int]
#: What the rules and what is shown tell of each number: from, to.
Limits = list[list[tuple[float, float]]]


def whole(table: Table) -> list[list[int]]:
    """Return a table with its totals: the last of each row, the last row."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def published(shown: Suppressed) -> View:
    """Return what is shown as one table with its totals."""
    rows: View = [[*row, total] for row, total in zip(shown.cells, shown.row_totals, strict=True)]
    return [*rows, [*shown.column_totals, shown.total]]


def limits(view: View) -> Limits:
    """Return what each number may be, from what is shown alone."""
    height, width = len(view) - 1, len(view[0]) - 1
    nothing = all(kind is NOT_SHOWN for row in view for kind in row)

    def of(i: int, j: int) -> tuple[float, float]:
        kind = view[i][j]
        if nothing:
            return 0, inf
        if not isinstance(kind, Hidden):
            assert isinstance(kind, int)
            return kind, kind
        if kind is FEWER:
            return 1, 4
        # Of a whole, a row or a column that is "fewer than 5", what is in it is 0 to 4.
        few = view[-1][-1] is FEWER
        if height > 1 < width and i < height and j < width:
            few = few or FEWER in (view[i][-1], view[-1][j])
        return (0, 4) if few else (5, inf)

    return [[of(i, j) for j in range(width + 1)] for i in range(height + 1)]


def fits(numbers: Table, allowed: Limits) -> bool:
    """Return whether a table with its totals could be the one behind what is shown."""
    return all(
        low <= value <= high
        for row, ranges in zip(numbers, allowed, strict=True)
        for value, (low, high) in zip(row, ranges, strict=True)
    )


def shows_few(table: Table, shown: Suppressed) -> list[Place]:
    """Return the places where a count of 1 to 4 is shown, or how 1 to 4 people divide."""
    truth, view = whole(table), published(shown)
    height, width = len(table), len(table[0])
    few = range(1, 5)

    def holders(i: int, j: int) -> list[int]:
        is_cell = i < height and j < width
        if height == 1 or width == 1 or (i, j) == (height, width):
            return [truth[-1][-1]] if is_cell else []
        lines = [truth[i][-1], truth[-1][j]] if is_cell else []
        return [truth[-1][-1], *(lines if all(lines) else [])]

    return [
        (i, j)
        for i, row in enumerate(view)
        for j, kind in enumerate(row)
        if (truth[i][j] in few and not isinstance(kind, Hidden))
        or (kind is not NOT_SHOWN and any(count in few for count in holders(i, j)))
    ]


def unsafe(table: Table, shown: Suppressed) -> list[Place]:
    """Return the places of hidden numbers for which only the true value fits."""
    view = published(shown)
    allowed = limits(view)
    truth = whole(table)
    assert fits(truth, allowed), (table, view)
    left = {
        (i, j)
        for i, row in enumerate(view)
        for j, kind in enumerate(row)
        if isinstance(kind, Hidden)
    }
    lost: list[Place] = []
    changes = turns_of(truth, allowed)
    while left:
        place = min(left)
        other = neighbour(truth, changes, place) or next(others(truth, allowed, place), None)
        if other is None:
            lost.append(place)
            left.discard(place)
            continue
        numbers = whole(other)
        assert fits(numbers, allowed), (table, view, other)
        assert numbers[place[0]][place[1]] != truth[place[0]][place[1]]
        left -= {(i, j) for i, j in left if numbers[i][j] != truth[i][j]}
    return lost


def turns_of(truth: Table, allowed: Limits) -> dict[int, list[list[bool]]]:
    """Return which numbers may go up by one (1), and which down (-1), totals taken as negative."""
    height, width = len(truth) - 1, len(truth[0]) - 1
    return {
        step: [
            [
                low <= n + (step if (i == height) == (j == width) else -step) <= high
                for j, (n, (low, high)) in enumerate(zip(row, ranges, strict=True))
            ]
            for i, (row, ranges) in enumerate(zip(truth, allowed, strict=True))
        ]
        for step in (1, -1)
    }


def neighbour(
    truth: Table, changes: dict[int, list[list[bool]]], place: Place
) -> list[list[int]] | None:
    """Return a table that fits with another number at ``place``, by a short round, or None.

    With totals taken as negative every row and column adds up to nothing, and numbers that go up
    and down by turns along a round of rows and columns keep it so. Finds most, promises nothing.
    """
    height, width = len(truth) - 1, len(truth[0]) - 1

    def on(
        rows: tuple[int, ...], columns: tuple[int, ...], step: int, turns: int
    ) -> tuple[tuple[int, ...], tuple[int, ...]] | None:
        there, back = changes[step], changes[-step]
        for j in range(width + 1):
            if j in columns or not back[rows[-1]][j]:
                continue
            for i in range(height + 1):
                if i in rows or not there[i][j]:
                    continue
                if turns == 1:
                    if back[i][columns[0]]:
                        return (*rows, i), (*columns, j)
                elif found := on((*rows, i), (*columns, j), step, turns - 1):
                    return found
        return None

    for turns in range(1, min(height, width) + 1):
        for step in (1, -1):
            if not changes[step][place[0]][place[1]]:
                continue
            if found := on((place[0],), (place[1],), step, turns):
                other = [list(row[:-1]) for row in truth[:-1]]
                rows, columns = found
                for nth, i in enumerate(rows):
                    after = columns[(nth + 1) % len(columns)]
                    for j, change in ((columns[nth], step), (after, -step)):
                        if i < height and j < width:
                            other[i][j] += change
                return other
    return None


def others(truth: Table, allowed: Limits, place: Place) -> Iterator[list[list[int]]]:
    """Yield all tables that fit, differ by at most one in each cell, and do at ``place``."""
    height, width = len(truth) - 1, len(truth[0]) - 1

    def may(i: int, j: int, step: int) -> bool:
        low, high = allowed[i][j]
        return low <= truth[i][j] + step <= high

    steps = [
        [
            row
            for row in product(*([s for s in (0, 1, -1) if may(i, j, s)] for j in range(width)))
            if may(i, width, sum(row))
        ]
        for i in range(height)
    ]
    for rows in product(*steps):
        below = [sum(column) for column in zip(*rows, strict=True)]
        changes = [*([*row, sum(row)] for row in rows), [*below, sum(below)]]
        if changes[place[0]][place[1]] and all(
            may(height, j, s) for j, s in enumerate(changes[-1])
        ):
            yield [
                [n + step for n, step in zip(row, row_steps, strict=False)]
                for row, row_steps in zip(truth, rows, strict=False)
            ]
