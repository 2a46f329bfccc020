"""Nobody can work out a number that is hidden: proven for every table up to 4 by 4.

What is proven. An attacker who knows the rules, every number shown and that all adds up, and who
shares no code with what it attacks, finds for each hidden number another table that shows the same
and in which that number is another. "Safe" never rests on theory: such a table is laid out, added
up and held against all that is shown. Only "unsafe" does, and only after every table that differs
by at most one in each cell was tried; where two tables fit, one of these does too, since their
difference falls apart into rounds in which each number changes by one, and every rule is a range.

Why few tables stand for all:

* *Counts over 6 do as 6 does.* A count is only ever held against 0, 1, 4 and 5: is it nobody, is
  it small, may it go down, may it go up. The same goes for totals, and a total cut off at 6 follows
  from cells cut off at 6. So counts of 0 to 6 stand for all counts (tested below), and 2 by 2, 2 by
  3, 2 by 4, 3 by 3 and lists up to 5 are proven for every table there can be.
* *Counts that can move one way only are the hard ones.* 1 and 5 cannot go down, 4 cannot go up;
  what lies between can do either. Of 3 by 4 every table of 0, 1, 4 and 5 is tried.
* *Of 4 by 4 every pattern of nobody, small and large is tried*, each with ``FILLINGS``: all small
  ones 1, all 4, the two by turns and by chance, large ones exactly 5, just over, and far over. Not
  every mixture of 1, 4 and 5 within a pattern: they are 3.7 million.
* *Order.* Tables that differ by the order of rows or columns, or by turning, are one class: whether
  a number can be worked out is the same in each. Which of equal complements is hidden is not: it
  follows the reading order. Hence lists, 2 by 2 and 2 by 3 are tried in every order, and each other
  table in one drawn by chance, another for each filling.

Every run tries a part of it. All of it, about EIGHT minutes:
``ALL_TABLES=1 python -m pytest -n0 --durations=0 tests/shared/test_suppression_proof.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations_with_replacement, permutations, product
from math import inf
from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.shared import suppression
from improve.shared.suppression import Hidden, Suppressed, suppress, suppress_list

FEWER, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN
Table = Sequence[Sequence[int]]
View = list[list[object]]
Place = tuple[int, int]
#: What the rules and what is shown tell of each number: from, to.
Limits = list[list[tuple[float, float]]]
#: 0 nobody, 1 small, 2 large.
Kinds = tuple[tuple[int, ...], ...]

IN_FULL: Final = bool(os.environ.get("ALL_TABLES"))


# ---- the attacker


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


# ---- the tables


def tables_of(counts: Sequence[int], height: int, width: int) -> Iterator[Kinds]:
    """Yield all tables of these counts, in every order."""
    for flat in product(counts, repeat=height * width):
        yield tuple(flat[i * width : (i + 1) * width] for i in range(height))


def classes(counts: Sequence[int], height: int, width: int) -> Iterator[Kinds]:
    """Yield one of each class of tables: rows, columns in any order and turned being the same."""
    if height < width:
        height, width = width, height
    rows = list(product(counts, repeat=width))
    numbers = {row: number for number, row in enumerate(rows)}
    orders = [
        [numbers[tuple(row[j] for j in order)] for row in rows]
        for order in permutations(range(width))
    ]
    for some in combinations_with_replacement(range(len(rows)), height):
        first = list(some)
        if any(sorted([order[row] for row in some]) < first for order in orders):
            continue
        if height == width:
            turned = [numbers[column] for column in zip(*(rows[row] for row in some), strict=True)]
            if any(sorted([order[row] for row in turned]) < first for order in orders):
                continue
        yield tuple(rows[row] for row in some)


def in_some_order(table: Table, chance: Random) -> list[list[int]]:
    """Return a table of the same class: rows and columns shuffled, perhaps turned."""
    rows, columns = list(table), list(range(len(table[0])))
    chance.shuffle(rows)
    chance.shuffle(columns)
    laid = [[row[j] for j in columns] for row in rows]
    return laid if chance.random() < 0.5 else [list(column) for column in zip(*laid, strict=True)]


#: (small, large) of the n-th number of a pattern; the last three by chance.
FILLINGS: Final[list[Callable[[int, Random], tuple[int, int]]]] = [
    lambda _n, _chance: (1, 5),
    lambda _n, _chance: (4, 5),
    lambda n, _chance: ((1, 4)[n % 2], 5),
    lambda n, _chance: (1, 6 + n),
    lambda _n, chance: (chance.choice((1, 4)), 5),
    lambda _n, chance: (chance.choice((1, 4)), chance.choice((5, 6))),
    lambda _n, chance: (chance.randint(1, 4), chance.randint(5, 60)),
]


def filled(kinds: Kinds, filling: int, chance: Random) -> list[list[int]]:
    """Return a table of a pattern, in an order drawn by chance."""
    numbers = (FILLINGS[filling](n, chance) for n in range(len(kinds) * len(kinds[0])))
    table = [[(0, *next(numbers))[kind] for kind in row] for row in kinds]
    return in_some_order(table, chance)


def check(tables: Iterator[Table]) -> int:
    """Attack each table; return how many there were."""
    tried = 0
    for table in tables:
        assert not unsafe(table, suppress(table)), table
        tried += 1
    return tried


def seeded(seed: int) -> Random:
    """Return a source of the same chances in every run."""
    return Random(seed)  # noqa: S311 - test data


in_full_only = pytest.mark.skipif(not IN_FULL, reason="takes minutes: ALL_TABLES=1")
EVERY: Final = range(7)
HARD: Final = (0, 1, 4, 5)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 2), (1, 3), (1, 4), (3, 1), (2, 2)])
def test_every_small_table_is_safe_in_every_order(height: int, width: int) -> None:
    assert check(tables_of(EVERY, height, width)) == 7 ** (height * width)


@in_full_only
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(("height", "width"), [(1, 5), (2, 3), (3, 2)])
def test_every_larger_table_is_safe_in_every_order(height: int, width: int) -> None:
    assert check(tables_of(EVERY, height, width)) == 7 ** (height * width)


@pytest.mark.parametrize(
    ("counts", "height", "width"),
    [
        (EVERY, 2, 3),
        (HARD, 2, 4),
        (HARD, 3, 3),
        *(
            pytest.param(counts, height, width, marks=[in_full_only, pytest.mark.timeout(1800)])
            for counts, height, width in ((EVERY, 2, 4), (EVERY, 3, 3), (HARD, 3, 4))
        ),
    ],
)
def test_every_class_of_counts_is_safe(counts: Sequence[int], height: int, width: int) -> None:
    chance = seeded(height * width)
    tried = check(in_some_order(table, chance) for table in classes(counts, height, width))
    print(f"{height} by {width}: {tried} tables")


def test_patterns_of_three_by_four_are_safe() -> None:
    chance = seeded(12)
    check(
        filled(kinds, number % len(FILLINGS), chance)
        for number, kinds in enumerate(classes(range(3), 3, 4))
    )


def test_some_patterns_of_four_by_four_are_safe() -> None:
    chance = seeded(16)
    some = (tuple(tuple(chance.choices(range(3), k=4)) for _ in range(4)) for _ in range(4000))
    check(filled(kinds, n % len(FILLINGS), chance) for n, kinds in enumerate(some))


@in_full_only
@pytest.mark.timeout(3600)
def test_every_pattern_of_four_by_four_is_safe() -> None:
    chance = seeded(44)
    tried = check(
        filled(kinds, filling, chance)
        for kinds in classes(range(3), 4, 4)
        for filling in range(len(FILLINGS))
    )
    print(f"4 by 4: {tried} tables")


tables_of_any_shape = st.tuples(st.integers(1, 5), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(
        st.lists(
            st.one_of(st.sampled_from((0, 1, 4, 5)), st.integers(0, 7), st.integers(0, 400)),
            min_size=shape[1],
            max_size=shape[1],
        ),
        min_size=shape[0],
        max_size=shape[0],
    )
)


@settings(max_examples=300, deadline=None)
@given(tables_of_any_shape)
def test_any_table_is_safe(table: list[list[int]]) -> None:
    shown = suppress(table)
    assert not unsafe(table, shown)
    assert shown == suppress(table)


@settings(max_examples=200, deadline=None)
@given(tables_of_any_shape)
def test_counts_over_six_are_hidden_as_six(table: list[list[int]]) -> None:
    def hidden(one: Table) -> list[list[object]]:
        return [
            [n if isinstance(n, Hidden) else None for n in row] for row in published(suppress(one))
        ]

    assert hidden(table) == hidden([[min(n, 6) for n in row] for row in table])


@given(st.lists(st.integers(0, 9), min_size=2, max_size=7))
def test_list_and_its_total_are_safe(counts: list[int]) -> None:
    shown = suppress_list(counts)
    as_table = Suppressed((shown.counts,), (shown.total,), shown.counts, shown.total)
    assert not unsafe([counts], as_table)
    turned = suppress([[count] for count in counts])
    assert tuple(row[0] for row in turned.cells) == shown.counts == turned.row_totals
    assert turned.column_totals == (shown.total,)


# ---- the attacker finds what is not safe


def test_attacker_finds_small_numbers_hidden_alone() -> None:
    alone = Suppressed(((3, 10), (12, FEWER)), (13, 14), (15, 12), 27)
    assert unsafe([[3, 10], [12, 2]], alone) == [(1, 1)]


def test_attacker_finds_numbers_that_the_rules_give_away() -> None:
    # Two of 1 to 4 that make 8 are both 4; one of 1 to 4 beside one of 5 or more makes 6 one way.
    assert unsafe([[4, 4]], Suppressed(((FEWER, FEWER),), (8,), (FEWER, FEWER), 8))
    assert unsafe([[1, 5]], Suppressed(((FEWER, NOT_SHOWN),), (6,), (FEWER, NOT_SHOWN), 6))
    assert not unsafe([[1, 6]], Suppressed(((FEWER, NOT_SHOWN),), (7,), (FEWER, NOT_SHOWN), 7))


def test_attacker_finds_what_is_hidden_without_complements(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(suppression, "_hide_complements", lambda _numbers: None)
    assert unsafe([[6, 2], [9, 8]], suppress([[6, 2], [9, 8]])) == [(0, 1)]
