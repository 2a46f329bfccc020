"""The sparkline of a card, and the table beside a chart."""

from __future__ import annotations

import re

import pytest

from improve.measures.chart import draw_spark, table_rows
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.series import Observed
from tests.measures.chart_series import PAIR, improved, month, noise, rates, shares, weekly
from tests.measures.test_read_levels import a_measure


def test_sparkline_of_an_improvement() -> None:
    facts = {
        "before": noise(60, 4, 30),
        "after": [71, 73, 70, 75, 74, 72, 76],
        "centre": 60.2,
        "code": "improvement",
        "missing": 0,
    }
    spark = draw_spark(facts)
    assert spark
    assert spark.tone == "better"
    assert spark.shape
    assert spark.band
    assert spark.dots.count("M") == 6
    for path in (spark.before, spark.after, spark.dots, spark.shape, spark.centre):
        for x, y in PAIR.findall(path):
            assert 0 <= float(x) <= 189
            assert 0 <= float(y) <= 48


def test_sparkline_waits_for_points_on_the_line() -> None:
    spark = draw_spark(
        {"before": [5, 6, 7, 5], "after": [8, None], "centre": 6, "code": "too_early", "missing": 6}
    )
    assert spark
    assert spark.tone == "nochange"
    assert spark.shape == ""
    assert len(spark.to_come) == 6
    assert spark.to_come[-1][0] < 189


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"before": [], "after": [], "centre": None, "code": "no_baseline", "missing": 7},
        {"before": [None, None], "after": None, "centre": 5},
        {"before": ["x", float("nan")], "after": "abc", "centre": float("inf")},
    ],
)
def test_nothing_to_draw_is_no_sparkline(facts: dict[str, object]) -> None:
    assert draw_spark(facts) is None


@pytest.mark.parametrize("value", [0, -5, 1e15, 0.0001])
def test_level_sparkline_stays_in_its_box(value: float) -> None:
    spark = draw_spark({"before": [value] * 3, "after": [value], "centre": value, "code": "mixed"})
    assert spark
    assert spark.last
    assert 0 <= spark.last[1] <= 48


def test_table_says_what_the_chart_says() -> None:
    rows = table_rows(shares(), period="week")
    assert rows[0].x > rows[-1].x
    assert rows[0].numerator.isdigit()
    assert rows[0].value.endswith("%")
    numbers = int(rows[0].numerator) / int(rows[0].denominator) * 100
    assert round(numbers) == round(float(rows[0].value.rstrip("%")))
    after = table_rows(improved(), period="week")[:8]
    assert {row.says for row in after} <= {"In a run above usual", "Above the upper limit"}
    assert after[0].period == "10\u00a0Aug"


def test_table_names_gaps_and_points_left_out() -> None:
    values = [7, None, *noise(7, 1, 14)]
    rows = [Observed(month(i), v, is_excluded=i == 0) for i, v in enumerate(values)]
    found = table_rows(analyse_series(rows, chart="i", unit="hours"), period="month")
    assert found[-1].says == "Left out."
    assert found[-1].is_excluded
    assert found[-2].value == "No number"
    assert found[-2].says == ""
    assert found[-1].period == "Jan\u00a02024"
    assert found[0].numerator == ""


def test_a_column_has_the_same_number_of_decimals_all_the_way_down() -> None:
    rows = [Observed(month(i), v) for i, v in enumerate([9, 10.5, 12, 100, 12, 13, 9, 11])]
    found = table_rows(analyse_series(rows, chart="i", unit="hours"), period="month")
    assert [row.value for row in found] == [
        "11.0", "9.0", "13.0", "12.0", "100.0", "12.0", "10.5", "9.0"
    ]  # fmt: skip
    whole = [Observed(month(i), v) for i, v in enumerate([9, 1000, 12])]
    found = table_rows(analyse_series(whole, chart="i", unit="£"), period="month")
    assert [row.value for row in found] == ["£12", "£1,000", "£9"]


def test_a_rate_has_its_unit_in_the_head_and_not_in_the_cells() -> None:
    found = table_rows(rates(), period="month")
    assert all(re.fullmatch(r"\d+\.\d\d", row.value) for row in found), found[0].value
    rate = a_measure(recorded="rate", per=1000, bottom_name="Placement nights")
    assert rate.value_head == "Per 1,000 placement nights"


@pytest.mark.parametrize(
    ("facts", "head"),
    [
        ({"recorded": "proportion"}, "Share"),
        ({"recorded": "rate", "unit": "children per worker"}, "Children per worker"),
        ({"recorded": "rate", "unit": "children", "top_name": "Children"}, "Rate, children"),
        ({"recorded": "rate", "per": 1000, "bottom_name": "Nights " * 9}, "Per 1,000"),
        ({"recorded": "times"}, "Middle one, days"),
        ({"recorded": "days_between"}, "Days since the one before"),
        ({"recorded": "cases_between"}, "Cases since the one before"),
        ({"recorded": "value", "unit": "hours"}, "Hours"),
        ({"recorded": "value", "unit": "hours", "top_name": "Travel"}, "Travel, hours"),
        ({"recorded": "value", "unit": "hours", "top_name": "Hours away"}, "Hours away"),
        ({"recorded": "value", "unit": "£", "top_name": "Spent"}, "Spent"),
        ({"recorded": "count"}, "Number"),
    ],
)
def test_the_head_says_what_the_cells_do_not(facts: dict[str, object], head: str) -> None:
    assert a_measure(**facts).value_head == head


def test_nothing_is_said_of_points_before_the_baseline() -> None:
    """No limits are drawn there, so none is passed there."""
    values = [*[90.0] * 6, *noise(60, 4, 24), *noise(60, 4, 8, 2)]
    analysis = weekly(values, unit="%", starts=30)
    assert any(p.signals for p in analysis.points[:6])
    found = list(reversed(table_rows(analysis, period="week")))
    assert {row.says for row in found[:6]} == {"Before the baseline"}
    assert "Before the baseline" not in {row.says for row in found[6:]}
