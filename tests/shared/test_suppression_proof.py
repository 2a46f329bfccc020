"""Nobody can work out a number that is hidden: tried on all tables up to 4 by 4.

An attacker (``suppression_attacker.py``) finds for each hidden number another table that shows the
same and in which that number is another. Why these tables stand for all:

* *Counts over 6 do as 6 does.* A count is only ever held against 0, 1, 4 and 5: is it nobody, is
  it small, may it go down, may it go up. So is a total, and a total cut off at 6 follows from cells
  cut off at 6. Counts of 0 to 6 therefore stand for all counts (a test below), and lists up to 5, 2
  by 2, 2 by 3, 2 by 4 and 3 by 3 are proven for whatever counts there can be.
* *The hard counts are those that can move one way only*: 1 and 5 cannot go down, 4 cannot go up,
  all between can do either. Of 3 by 4 every table of 0, 1, 4 and 5 is tried.
* *Of 4 by 4 every pattern of nobody, small and large is tried*, each with all ``FILLINGS``: small
  ones 1, 4, both by turns and by chance, large ones exactly 5, just over and far over. This is not
  every mixture of 1, 4 and 5 within each pattern: they are nearly 4 million.
* *Order.* Tables that differ by the order of rows or columns, or by turning, are one class: if two
  hide the same places, what can be worked out is the same. Which of equal complements is hidden
  does follow the reading order. So lists, 2 by 2 and 2 by 3 are tried with all counts in every
  order, 2 by 4 and 3 by 3 with the hard counts in every order, and else each table in one order
  drawn by chance, another for each filling.

Every run tries a part. All of it, some 9 minutes of one core (2 of them for 4 by 4: 46,587 patterns,
326,109 tables):
``ALL_TABLES=1 .venv/bin/python -m pytest -n0 -s tests/shared/test_suppression_proof.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations_with_replacement, permutations, product
from random import Random
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.shared import suppression
from improve.shared.suppression import Hidden, Suppressed, suppress, suppress_list
from tests.shared.suppression_attacker import Table, published, shows_few, unsafe

pytestmark = pytest.mark.security(64)

FEWER, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN
#: 0 nobody, 1 small, 2 large.
Kinds = tuple[tuple[int, ...], ...]

IN_FULL: Final = bool(os.environ.get("ALL_TABLES"))


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
        shown = suppress(table)
        assert not shows_few(table, shown), table
        assert not unsafe(table, shown), table
        tried += 1
    return tried


def seeded(seed: int) -> Random:
    """Return a source of the same chances in every run."""
    return Random(seed)  # noqa: S311 - test data


EVERY: Final = range(7)
HARD: Final = (0, 1, 4, 5)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 2), (1, 3), (1, 4), (3, 1), (2, 2)])
def test_every_small_table_is_safe_in_every_order(height: int, width: int) -> None:
    assert check(tables_of(EVERY, height, width)) == 7 ** (height * width)


if IN_FULL:

    @pytest.mark.timeout(1200)
    @pytest.mark.parametrize(
        ("counts", "height", "width"),
        [(EVERY, 1, 5), (EVERY, 2, 3), (EVERY, 3, 2), (HARD, 2, 4), (HARD, 4, 2), (HARD, 3, 3)],
    )
    def test_larger_tables_are_safe_in_every_order(
        counts: Sequence[int], height: int, width: int
    ) -> None:
        assert check(tables_of(counts, height, width)) == len(counts) ** (height * width)


@pytest.mark.timeout(1800 if IN_FULL else 240)
@pytest.mark.parametrize(
    ("counts", "height", "width"),
    [
        (EVERY, 2, 3),
        (HARD, 2, 4),
        (HARD, 3, 3),
        *([(EVERY, 2, 4), (EVERY, 3, 3), (HARD, 3, 4)] if IN_FULL else []),
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


if IN_FULL:

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
    check(iter([table]))
    assert suppress(table) == suppress(table)


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


def test_attacker_sees_what_is_not_hidden_at_all() -> None:
    assert shows_few([[6, 2], [9, 8]], Suppressed(((6, 2), (9, 8)), (8, 17), (15, 10), 25)) == [
        (0, 1)
    ]
    divided = Suppressed(((FEWER, 0), (9, 8)), (FEWER, 17), (NOT_SHOWN, 8), NOT_SHOWN)
    assert shows_few([[2, 0], [9, 8]], divided) == [(0, 0), (0, 1)]


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
