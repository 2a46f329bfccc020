"""What is hidden of a table of people, what is left of it, and how it is said.

That nothing hidden can be worked out is proven in ``test_suppression_proof.py``.
"""

from __future__ import annotations

import pytest

from improve.shared.suppression import (
    Hidden,
    Suppressed,
    count_alone,
    suppress,
    suppress_list,
)

pytestmark = pytest.mark.security(64)

FEWER, NOT_SHOWN = Hidden.FEWER, Hidden.NOT_SHOWN


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


def test_nothing_is_shown_of_a_table_that_gives_itself_away() -> None:
    # Rows of at most 4 and columns of at least 5, 1, 1 and 1 make 8 in one way only.
    shown = suppress([[1, 1, 1, 1], [4, 0, 0, 0]])
    assert shown == Suppressed(
        ((NOT_SHOWN,) * 4,) * 2, (NOT_SHOWN,) * 2, (NOT_SHOWN,) * 4, NOT_SHOWN
    )


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
