"""Small numbers are hidden so that nobody can work them out.

What is proven, by an attacker that knows the rules but shares no code with what it attacks: each
number hidden has another value that fits everything shown. Tables are taken as classes: each place
is empty, small (1 to 4) or large, and tables that differ by the order of rows or columns, or by
turning, are one class. Each class is tried with several fillings, the nasty ones among them: all
small ones 1, all 4, large ones 5, where nothing can go down.

Every run: all classes up to 3 by 3, 2 by 4 and lists of 6 with all fillings, all classes of 3 by 4
with one filling each in turn, and some of 4 by 4. Everything, with all fillings, takes up to an hour:
``ALL_TABLES=1 python -m pytest -n0 tests/shared/test_suppression.py``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import combinations_with_replacement, permutations, product
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.shared import suppression
from improve.shared.suppression import (
    Hidden,
    Suppressed,
    count_alone,
    suppress,
    suppress_list,
)

FEWER, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN
Table = Sequence[Sequence[int]]
#: 0 empty, 1 small, 2 large.
Class = tuple[tuple[int, ...], ...]


# ---- the attacker


def whole(table: Table) -> list[list[int]]:
    """Return a table with its totals: the last of each row, the last row."""
    rows = [[*row, sum(row)] for row in table]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def published(shown: Suppressed) -> list[list[object]]:
    """Return what is shown as one table with its totals."""
    rows: list[list[object]] = [
        [*row, total] for row, total in zip(shown.cells, shown.row_totals, strict=True)
    ]
    return [*rows, [*shown.column_totals, shown.total]]


def rule(shown: list[list[object]], i: int, j: int) -> Callable[[int], bool]:
    """Return what the rules allow the number at a place to be, from what is shown alone."""
    kind = shown[i][j]
    if not isinstance(kind, Hidden):
        return lambda value: value == kind
    if kind is FEWER:
        return lambda value: 1 <= value <= 4
    # Of a whole, a row or a column that is "fewer than 5", what is in it is 0 to 4.
    few = shown[-1][-1] is FEWER
    height, width = len(shown) - 1, len(shown[0]) - 1
    if height > 1 < width and i < height and j < width:
        few = FEWER in (shown[i][-1], shown[-1][j], shown[-1][-1])
    return (lambda value: 0 <= value <= 4) if few else (lambda value: value >= 5)


def fits(table: Table, shown: list[list[object]]) -> bool:
    """Return whether a table could be the one behind what is shown."""
    numbers = whole(table)
    return all(
        rule(shown, i, j)(value) for i, row in enumerate(numbers) for j, value in enumerate(row)
    )


def unsafe(table: Table, shown: Suppressed) -> list[tuple[int, int]]:
    """Return the places of hidden numbers for which only the true value fits.

    Looks for another table by exhausting all that differ by at most one in each cell: rows one
    after the other, with nothing told but what is shown. Where two tables fit, these do, since
    what differs between them can be cut into rounds in which each number changes by one.
    """
    view = published(shown)
    assert fits(table, view), (table, view)
    truth = whole(table)
    left = {
        (i, j)
        for i, row in enumerate(view)
        for j, kind in enumerate(row)
        if isinstance(kind, Hidden)
    }
    lost: list[tuple[int, int]] = []
    while left:
        place = min(left)
        other = next(others(table, view, place), None)
        if other is None:
            lost.append(place)
            left.discard(place)
            continue
        assert fits(other, view)
        numbers = whole(other)
        left -= {(i, j) for i, j in left if numbers[i][j] != truth[i][j]}
    return lost


def others(
    table: Table, view: list[list[object]], place: tuple[int, int]
) -> Iterator[list[list[int]]]:
    """Yield tables that fit and in which the number at ``place`` is another."""
    height, width = len(table), len(table[0])
    truth = whole(table)
    rules = [[rule(view, i, j) for j in range(width + 1)] for i in range(height + 1)]
    changes = [isinstance(view[-1][j], Hidden) for j in range(width)]

    @cache
    def ways(i: int) -> list[tuple[int, ...]]:
        steps = [[s for s in (0, 1, -1) if rules[i][j](truth[i][j] + s)] for j in range(width)]
        found = [row for row in product(*steps) if rules[i][-1](truth[i][-1] + sum(row))]
        return sorted(found, key=lambda row: sum(map(abs, row)))

    def go(rows: list[tuple[int, ...]], sums: tuple[int, ...]) -> Iterator[list[list[int]]]:
        rest = height - len(rows)
        if any(abs(total) > rest and not free for total, free in zip(sums, changes, strict=True)):
            return
        if rest:
            for row in ways(len(rows)):
                yield from go([*rows, row], tuple(map(sum, zip(sums, row, strict=True))))
            return
        below = [*sums, sum(sums)]
        if not all(rules[-1][j](truth[-1][j] + step) for j, step in enumerate(below)):
            return
        changed = [[*row, sum(row)] for row in rows] + [below]
        if changed[place[0]][place[1]]:
            yield [
                [n + step for n, step in zip(row, steps, strict=True)]
                for row, steps in zip(table, rows, strict=True)
            ]

    yield from go([], (0,) * width)


# ---- the tables


def classes(height: int, width: int) -> Iterator[Class]:
    """Yield one of each class of a shape, rows and columns in any order being the same."""
    orders = list(permutations(range(width)))
    for rows in combinations_with_replacement(list(product(range(3), repeat=width)), height):
        turned = (tuple(sorted(tuple(row[j] for j in order) for row in rows)) for order in orders)
        if all(rows <= other for other in turned):
            yield rows


def fillings(kind: Class) -> Iterator[list[list[int]]]:
    """Yield tables of a class, the nasty ones first."""
    chance = Random(str(kind))  # noqa: S311 - test data
    ways: list[Callable[[int], tuple[int, int]]] = [
        lambda _n: (1, 5),
        lambda n: ((1, 4)[n % 2], 5 + n % 3),
        lambda _n: (4, 5),
        lambda n: (1, 6 + n),
        lambda _n: (chance.randint(1, 4), chance.randint(5, 60)),
    ]
    for way in ways:
        count = 0
        table = []
        for row in kind:
            table.append([])
            for place in row:
                small, large = way(count)
                table[-1].append((0, small, large)[place])
                count += place > 0
        yield table


SHAPES = [*((1, n) for n in range(1, 7)), (2, 2), (2, 3), (2, 4), (3, 3)]
IN_FULL = bool(os.environ.get("ALL_TABLES"))


@pytest.mark.parametrize(("height", "width"), SHAPES)
def test_each_filling_of_each_class_is_safe(height: int, width: int) -> None:
    for kind in classes(height, width):
        for table in fillings(kind):
            assert not unsafe(table, suppress(table)), table


def test_classes_of_three_by_four_are_safe() -> None:
    for number, kind in enumerate(classes(3, 4)):
        tables = list(fillings(kind))
        for table in tables if IN_FULL else [tables[number % len(tables)]]:
            assert not unsafe(table, suppress(table)), table


@pytest.mark.timeout(7200 if IN_FULL else 240)
def test_classes_of_four_by_four_are_safe() -> None:
    chance = Random(4)  # noqa: S311 - test data
    some = (
        tuple(tuple(chance.choice((0, 1, 2)) for _ in range(4)) for _ in range(4))
        for _ in range(300)
    )
    for number, kind in enumerate(classes(4, 4) if IN_FULL else some):
        tables = list(fillings(kind))
        for table in tables if IN_FULL else [tables[number % len(tables)]]:
            assert not unsafe(table, suppress(table)), table


@settings(max_examples=150, deadline=None)
@given(
    st.tuples(st.integers(1, 5), st.integers(1, 4)).flatmap(
        lambda shape: st.lists(
            st.lists(
                st.one_of(st.integers(0, 6), st.integers(0, 40)),
                min_size=shape[1],
                max_size=shape[1],
            ),
            min_size=shape[0],
            max_size=shape[0],
        )
    )
)
def test_any_table_is_safe(table: list[list[int]]) -> None:
    shown = suppress(table)
    assert not unsafe(table, shown)
    assert shown == suppress(table)


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


# ---- what is lost, and what is said


def test_nothing_is_hidden_where_nothing_is_small() -> None:
    shown = suppress([[5, 0, 40], [12, 6, 0]])
    assert not shown.hides
    assert shown.cells == ((5, 0, 40), (12, 6, 0))
    assert (shown.row_totals, shown.column_totals, shown.total) == ((45, 18), (17, 6, 40), 63)


def test_three_cells_are_hidden_with_a_small_one_and_no_total() -> None:
    shown = suppress([[7, 2, 30], [9, 9, 8]])
    assert shown.cells == ((NOT_SHOWN, FEWER, 30), (NOT_SHOWN, NOT_SHOWN, 8))
    assert (shown.row_totals, shown.column_totals, shown.total) == ((39, 26), (16, 11, 38), 65)


def test_another_is_hidden_by_its_place_and_never_for_being_the_smallest() -> None:
    assert suppress_list([2, 90, 7, 8]).counts == (FEWER, NOT_SHOWN, 7, 8)


def test_how_a_few_divide_is_not_shown() -> None:
    shown = suppress([[3, 0, 0], [20, 30, 40]])
    assert shown.row_totals[0] is FEWER
    assert set(shown.cells[0]) == {NOT_SHOWN}
    few = suppress([[1, 1], [0, 2]])
    assert few.total is FEWER
    assert {n for row in few.cells for n in row} == {NOT_SHOWN}


def test_nobody_at_all_is_shown() -> None:
    assert not suppress([[0, 0], [0, 0]]).hides
    assert suppress([]) == Suppressed((), (), (), 0)
    assert suppress([[], []]).total == 0
    assert suppress_list([]).counts == ()


def test_words_of_hidden_numbers() -> None:
    assert [str(count_alone(n)) for n in (0, 1, 4, 5)] == ["0", "fewer than 5", "fewer than 5", "5"]
    assert f"{NOT_SHOWN}" == "not shown"


@pytest.mark.parametrize("table", [[[1, 2], [3]], [[1, -1]], [[2], [-3]]])
def test_what_is_no_table_of_people_is_refused(table: list[list[int]]) -> None:
    with pytest.raises(ValueError, match=r"table|people"):
        suppress(table)
