"""Lots of reports: whole months, each report once, and no number that leads to one of them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import product

import pytest

from improve.incidents import patterns
from improve.incidents.factors import FACTORS
from improve.incidents.kinds import Kind
from improve.incidents.pattern_rows import csv_rows, lot_words
from improve.incidents.patterns import (
    LOT,
    Lot,
    Settled,
    chance_of_both,
    four_of,
    is_over,
    lots_of,
    to_test_next,
)
from improve.shared.suppression import FEWEST, Hidden, suppress_list

TODAY = date(2026, 11, 24)
MAY, JUNE, JULY = date(2026, 5, 4), date(2026, 6, 1), date(2026, 7, 6)


def many(count: int, week: date, *factors: str, kind: Kind = Kind.NEAR_MISS) -> list[Settled]:
    return [Settled(week, kind.value, frozenset(factors))] * count


def of(lot: Lot, code: str) -> object:
    return next(count for factor, count in lot.factors if factor.code == code)


def test_a_lot_is_as_many_whole_months_as_it_takes() -> None:
    lots = lots_of([*many(12, MAY), *many(30, JUNE), *many(29, JULY)], TODAY)
    assert [(lot.first, lot.last, lot.total) for lot in lots] == [
        (date(2026, 5, 1), date(2026, 6, 1), 42)
    ]
    assert lot_words(lots[0]) == "May to Jun\u00a02026"
    # What is left over waits for the next month, and is in no number.
    more = lots_of([*many(42, JUNE), *many(29, JULY), *many(1, date(2026, 8, 3))], TODAY)
    assert [lot.total for lot in more] == [42, 30]


@pytest.mark.parametrize(
    ("today", "is_it"), [(date(2026, 11, 7), False), (date(2026, 11, 8), True)]
)
def test_a_month_is_over_when_the_weeks_that_began_in_it_are(today: date, is_it: bool) -> None:
    # The week of Monday 26 October ends on 1 November.
    assert is_over(date(2026, 10, 1), today) is is_it
    week = date(2026, 10, 26)
    assert bool(lots_of(many(LOT, week), today)) is is_it
    # As late as a sign-off may be that is put in that week, it is still in its lot.
    assert week + timedelta(days=7) <= date(2026, 11, 8)


def test_no_later_report_changes_a_lot_that_was_shown() -> None:
    held: list[Settled] = []
    shown: tuple[Lot, ...] = ()
    for n in range(18):
        week = date(2025, 1, 6) + timedelta(days=28 * n)
        held += many(3 + n % 7, week, *("F07", "F08")[: n % 3])
        now = lots_of(held, week + timedelta(days=60))
        assert now[: len(shown)] == shown
        shown = now
    assert len(shown) >= 3


def test_kinds_are_equals_and_small_ones_hide_with_a_complement() -> None:
    lot = lots_of(
        [*many(18, MAY), *many(9, MAY, kind=Kind.WENT_WELL), *many(3, MAY, kind=Kind.SOME_HARM)],
        TODAY,
    )[0]
    assert [kind for kind, _ in lot.kinds] == list(Kind)
    counts = dict(lot.kinds)
    assert counts[Kind.SOME_HARM] is Hidden.FEWER
    assert Hidden.NOT_SHOWN in counts.values()
    assert lot.hides
    assert lot.total == 30


def test_a_condition_is_shown_only_if_the_rest_is_not_few_either() -> None:
    lot = lots_of(
        [*many(8, MAY, "F07"), *many(4, MAY, "F07", "F01"), *many(18, MAY, "F09")], TODAY
    )[0]
    assert of(lot, "F07") == 12
    assert of(lot, "F01") is Hidden.FEWER
    assert of(lot, "F14") == 0
    # 28 of 30 would say that two did not have it.
    lot = lots_of([*many(28, MAY, "F07"), *many(2, MAY)], TODAY)[0]
    assert of(lot, "F07") is Hidden.NOT_SHOWN


def test_a_pair_is_shown_only_if_all_four_of_its_numbers_are_safe() -> None:
    def pairs(*held: list[Settled]) -> list[tuple[str, str, int]]:
        lot = lots_of([one for some in held for one in some], TODAY)[0]
        return [(pair.one.code, pair.other.code, pair.both) for pair in lot.pairs]

    both = many(9, MAY, "F07", "F08")
    assert pairs(both, many(5, MAY, "F07"), many(6, MAY, "F08"), many(10, MAY)) == [
        ("F07", "F08", 9)
    ]
    # Three had the first alone: its number less that of the pair would say so.
    assert pairs(both, many(3, MAY, "F07"), many(6, MAY, "F08"), many(12, MAY)) == []
    assert pairs(both, many(5, MAY, "F07"), many(6, MAY, "F08"), many(9, MAY), many(1, MAY)) != []
    assert pairs(both, many(9, MAY, "F07"), many(9, MAY, "F08"), many(3, MAY)) == []


def test_what_chance_would_bring_about_is_fishers() -> None:
    # Fisher's tea: of 8 cups all 4 are told right in one of 70 ways, at least 3 in 17.
    assert chance_of_both(4, 4, 4, 8) == 1 / 70
    assert chance_of_both(3, 4, 4, 8) == 17 / 70
    assert chance_of_both(0, 9, 7, 30) == 1.0


def test_where_to_test_next_is_in_the_order_of_the_form_not_of_its_numbers() -> None:
    held = [*many(7, MAY, "F01", "F14"), *many(20, MAY, "F09", "F11"), *many(6, MAY)]
    lots = lots_of(held, TODAY)
    found = to_test_next(lots, held)
    assert [(one.pair.one.code, one.pair.both) for one in found] == [("F01", 7), ("F09", 20)]
    assert found[0].lot is lots[0]
    order = [factor.code for factor in FACTORS]
    assert order.index("F01") < order.index("F09")
    assert to_test_next((), held) == ()


def test_a_pair_that_chance_would_bring_about_does_not_stand_out() -> None:
    """Ten of forty have both, as they would if a half had each by itself."""
    held = [*many(10, MAY, "F07", "F08"), *many(10, MAY, "F07"), *many(10, MAY, "F08")]
    held += many(10, MAY)
    lots = lots_of(held, TODAY)
    assert lots[0].pairs
    assert to_test_next(lots, held) == ()


def test_a_pair_stands_with_its_number_in_the_newest_lot_that_shows_it() -> None:
    """All lots decide whether it stands out; a report of no lot decides nothing."""
    shown = [*many(12, MAY, "F07", "F08"), *many(18, MAY)]
    hidden = [*many(12, JUNE, "F07", "F08"), *many(3, JUNE, "F07"), *many(15, JUNE)]
    lots = lots_of([*shown, *hidden], TODAY)
    found = to_test_next(lots, [*shown, *hidden])
    assert [(one.pair.both, one.lot.last.month) for one in found] == [(12, 5)]
    later = many(29, JULY, "F07")
    assert to_test_next(lots, [*shown, *hidden, *later]) == found


def test_a_report_that_nobody_coded_is_in_no_number() -> None:
    lots = lots_of([*many(LOT, MAY), Settled(MAY, "", frozenset({"F07"}))], TODAY)
    assert (lots[0].total, of(lots[0], "F07")) == (LOT, 0)


@pytest.mark.security(64)
def test_nobody_can_work_out_a_hidden_pair_from_the_numbers_beside_it() -> None:
    """Every lot of 30 or 34 reports by two conditions: what is shown leaves a choice for each."""

    def shown(cells: tuple[int, int, int, int]) -> tuple[object, ...]:
        both, one, other, _neither = cells
        n = sum(cells)
        of_one = suppress_list((both + one, n - both - one)).counts[0]
        of_other = suppress_list((both + other, n - both - other)).counts[0]
        safe = both >= FEWEST and all(c == 0 or c >= FEWEST for c in cells)
        return (n, of_one, of_other, both if safe else None)

    fitting: dict[tuple[object, ...], set[tuple[int, int, int, int]]] = {}
    for both, one, other in product(range(35), repeat=3):
        for n in (30, 34):
            if both + one + other <= n:
                cells = (both, one, other, n - both - one - other)
                fitting.setdefault(shown(cells), set()).add(cells)
    for seen in fitting.values():
        for place in range(4):
            values = {cells[place] for cells in seen}
            assert len(values) > 1 or not 0 < values.pop() < FEWEST


def test_four_of_counts_each_report_once() -> None:
    held = [*many(2, MAY, "F07", "F08"), *many(3, MAY, "F07"), *many(4, MAY)]
    assert dict(four_of("F07", "F08", held)) == {"both": 2, "one": 3, "other": 0, "neither": 4}


def test_the_file_holds_what_the_page_shows_and_words_for_what_is_hidden() -> None:
    class Found:
        lots = lots_of([*many(8, MAY, "F07"), *many(2, MAY, "F01"), *many(20, MAY)], TODAY)
        charts = ()

    rows = list(csv_rows(Found()))
    assert ("Conditions", "May 2026", "Workload and staffing", 8, 30) in rows
    assert ("Conditions", "May 2026", "The family’s situation", "fewer than 5", 30) in rows
    numbers: Iterable[object] = (cell for row in rows for cell in row[3:])
    assert not [n for n in numbers if isinstance(n, int) and 0 < n < FEWEST]


def test_a_lot_holds_enough_reports_to_say_anything() -> None:
    assert patterns.LOT >= 4 * FEWEST
