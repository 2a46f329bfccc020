"""Numbers of another council, drawn and judged by our own rules from the points that came."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from improve.library.borrowed_chart import BorrowedChart, borrowed_chart
from improve.library.open_format import faults_of_page
from tests.library.outside import their_measure, their_page


def chart_of(**changed: Any) -> BorrowedChart:
    page = their_page(measure=their_measure(**changed))
    assert not faults_of_page(page)
    found = borrowed_chart(page)
    assert found is not None
    return found


def test_a_page_without_a_measure_has_no_chart() -> None:
    assert borrowed_chart(their_page()) is None


def test_theirs_stands_as_theirs_and_ours_beside_it() -> None:
    found = chart_of()
    assert found.they_said == "Improvement: eight in a row"
    assert found.their_doubt == ("One point is kept back.",)
    assert found.reading is not None
    assert found.reading.words is not None
    assert found.reading.words.label == "Improvement"
    assert not found.is_same
    assert found.kept_back == (date(2026, 1, 26),)
    assert found.gaps == (
        "1 point is not told, being of fewer than 5 people or cases: 26\u00a0Jan\u00a02026.",
    )
    again = chart_of(
        verdict={"code": "improvement", "words": found.reading.words.in_full, "doubt": []}
    )
    assert again.is_same


def test_many_gaps_are_counted() -> None:
    points = [
        {"x": f"{2000 + year}-01-01", "value": None, **({"suppressed": True} if year % 2 else {})}
        for year in range(40)
    ]
    found = chart_of(points=points, frequency="year", tests=[], verdict=None)
    assert found.reading is None
    assert [words.split(":")[0] for words in found.gaps] == [
        "20 points are not told, being of fewer than 5 people or cases",
        "20 points are missing, with no reason given",
    ]
    assert all(words.endswith(" and 8 more.") for words in found.gaps)


@pytest.mark.parametrize("chart", ["run", "i", "mr", "p", "pp", "u", "up", "c", "g", "t", "xbar"])
def test_every_chart_that_may_be_named_can_be_drawn(chart: str) -> None:
    found = chart_of(chart=chart)
    assert found.reading is not None
    assert found.reading.words is not None
    assert found.reading.views("idea").drawings


VALUES = some.one_of(
    some.none(),
    some.integers(-5, 30),
    some.floats(-2147483647, 2147483647, allow_nan=False, allow_infinity=False),
)
DAYS = some.dates(date(1950, 1, 1), date(2150, 1, 1))


@given(
    some.lists(some.tuples(DAYS, VALUES), unique_by=lambda one: one[0], min_size=1, max_size=30),
    some.lists(some.tuples(DAYS, some.one_of(some.none(), DAYS), some.booleans()), max_size=3),
    some.sampled_from(["run", "i", "c", "p", "xbar"]),
    some.sampled_from(["day", "week", "month", "quarter", "year"]),
)
def test_whatever_the_format_takes_can_be_drawn(
    points: list[Any], tests: list[Any], chart: str, frequency: str
) -> None:
    found = chart_of(
        chart=chart,
        frequency=frequency,
        points=[{"x": on.isoformat(), "value": value} for on, value in sorted(points, key=lambda p: p[0])],
        tests=[
            {"starts": a.isoformat(), "ends": b.isoformat() if b else None, "judged": judged}
            for a, b, judged in tests
        ],
    )  # fmt: skip
    assert (found.reading is None) == all(value is None for _, value in points)
    if found.reading:
        assert found.reading.views("idea").drawings
        assert found.reading.finding
