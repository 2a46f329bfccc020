"""What people decided is said beside the verdict that it steers: lines, charts, points left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from improve.measures.spc.analysis import NO_NEIGHBOURS_NOTE, SAME_VALUES_NOTE, analyse_series
from improve.measures.spc.series import Observed

MONDAY = date(2026, 1, 5)
UP_AND_DOWN = [50, 53, 48, 51, 47, 52, 49, 54, 50, 46, 51, 48, 53, 49, 50, 52, 47, 51, 48, 53]


def day(at: int) -> date:
    """The Monday of a week, the first being number 0."""
    return MONDAY + timedelta(7 * at)


def rows_of(values: Sequence[float | None]) -> list[Observed]:
    """One observation a week."""
    return [Observed(day(at), value) for at, value in enumerate(values)]


# --- a new middle line before the test


def test_chosen_baseline_wins_over_a_line_through_it() -> None:
    rows = rows_of([*UP_AND_DOWN, 51, 49, 52])
    chosen = {"starts_on": day(20), "baseline_from": day(0), "baseline_to": day(15)}
    plain = analyse_series(rows, chart="i", **chosen)  # type: ignore[arg-type]
    lined = analyse_series(rows, chart="i", new_lines_on=[day(9)], **chosen)  # type: ignore[arg-type]
    assert lined.n_baseline == plain.n_baseline == 16
    assert lined.centre == plain.centre
    assert lined.line_cuts_baseline_on is None


@pytest.mark.parametrize(("line_on", "cuts_on"), [(day(8), day(8)), (day(21), None)])
def test_a_line_that_takes_points_from_the_baseline_is_known(
    line_on: date, cuts_on: date | None
) -> None:
    rows = rows_of([*UP_AND_DOWN, 51, 49, 52])
    lined = analyse_series(rows, chart="i", starts_on=day(20), new_lines_on=[line_on])
    assert lined.line_cuts_baseline_on == cuts_on
    assert lined.n_baseline == (12 if cuts_on else 20)


def test_a_line_older_than_the_points_that_count_takes_none() -> None:
    rows = rows_of([*UP_AND_DOWN, *UP_AND_DOWN])
    lined = analyse_series(rows, chart="i", starts_on=day(38), new_lines_on=[day(5)])
    assert lined.line_cuts_baseline_on is None
    assert lined.n_baseline == 24


# --- why there are no limits


def test_points_without_neighbours_are_not_said_to_be_alike() -> None:
    apart = [value for at in UP_AND_DOWN[:14] for value in (at, None)]
    assert analyse_series(rows_of(apart), chart="i").limits_note == NO_NEIGHBOURS_NOTE
    shares = [
        Observed(row.x, None, row.value, None if row.value is None else 100)
        for row in rows_of(apart)
    ]
    assert analyse_series(shares, chart="pp", unit="%").limits_note == NO_NEIGHBOURS_NOTE
    assert analyse_series(rows_of([5] * 14), chart="i").limits_note == SAME_VALUES_NOTE
