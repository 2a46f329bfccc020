"""The chart to draw, choosing one, the NHS rules, and what is refused."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from improve.measures.chart.scale import label_words
from improve.measures.spc import anhoej, control_chart, making_data_count
from improve.measures.spc.analysis import SAME_VALUES_NOTE, Window, analyse_series
from improve.measures.spc.arithmetic import CannotChart
from improve.measures.spc.choose import choose_chart
from improve.measures.spc.periods import is_within, periods_spanned
from improve.measures.spc.phrases import day_words, numbers_words, value_words
from improve.measures.spc.rules import shift_marks, trend_marks, two_in_three_marks
from improve.measures.spc.series import Observed, Part, Signal, rule_set_for
from improve.measures.spc.verdict import judge

MONDAY = date(2026, 1, 5)


def weekly(values: list[float | None]) -> list[Observed]:
    return [Observed(MONDAY + timedelta(7 * i), v) for i, v in enumerate(values)]


def shares(pairs: list[tuple[float, float]]) -> list[Observed]:
    return [Observed(MONDAY + timedelta(7 * i), None, y, n) for i, (y, n) in enumerate(pairs)]


def test_limits_are_frozen_and_carried_through() -> None:
    rows = shares([(40 + i % 3, 50) for i in range(14)] + [(30, 60), (50, 50)])
    found = analyse_series(rows, chart="p", unit="%", starts_on=rows[14].x)
    centre = 100 * sum(40 + i % 3 for i in range(14)) / (14 * 50)
    assert len({point.centre for point in found.points}) == 1
    assert found.centre == pytest.approx(centre)
    share = centre / 100
    assert found.points[14].lower == pytest.approx(
        100 * (share - 3 * (share * (1 - share) / 60) ** 0.5)
    )
    assert [point.part for point in found.points[13:]] == [Part.BASELINE, Part.AFTER, Part.AFTER]
    assert Signal.OUTSIDE_LIMITS in found.points[14].signals
    assert found.centre_after == pytest.approx(100 * 80 / 110)


def test_unusual_points_before_the_baseline_are_marked() -> None:
    values: list[float | None] = [50, 90, 49, *[50, 51, 49] * 8]
    rows = weekly([*values, 50])
    found = analyse_series(rows, chart="i", starts_on=rows[27].x)
    assert found.points[1].part is Part.EARLIER
    assert found.points[1].signals == (Signal.OUTSIDE_LIMITS,)
    assert found.n_baseline == 24


def test_no_limits_below_twelve_points() -> None:
    rows = weekly([5, 7, 4, 6, 5, 7, 4, 6, 5, 7, 9])
    found = analyse_series(rows, chart="i")
    assert (found.chart, found.has_limits, found.centre) == ("run", False, 6)
    assert found.limits_note == "Limits appear at 12 points; there are 11."
    assert found.rule_set.name == "Anhøj rules on a run chart"
    assert analyse_series(weekly([5, 7] * 6), chart="i").has_limits


def test_same_values_get_no_limits() -> None:
    almost = [3.0] * 13
    almost[6] = 8.0
    for values in ([3.0] * 13, almost):
        found = analyse_series(weekly(list(values)), chart="i")
        assert not found.has_limits
        assert found.limits_note == SAME_VALUES_NOTE
        assert not any(Signal.OUTSIDE_LIMITS in point.signals for point in found.points)
    for pair in ((20, 20), (0, 20)):
        assert not analyse_series(shares([pair] * 13), chart="p").has_limits


def test_excluded_points_are_drawn_and_tested_but_do_not_count() -> None:
    rows = weekly([5, 6, 5, 4, 6, 5, 4, 5, 6, 4, 5, 6, 40])
    rows[12] = Observed(rows[12].x, 40, is_excluded=True)
    found = analyse_series(rows, chart="i")
    assert found.centre == pytest.approx(61 / 12)
    assert found.points[12].signals == (Signal.OUTSIDE_LIMITS,)
    assert found.points[12].is_excluded


def test_rows_of_one_date_are_put_together() -> None:
    rows = [*shares([(4, 10), (6, 10)]), Observed(MONDAY, None, 9, 10)]
    found = analyse_series(rows, chart="run", unit="%")
    assert [point.value for point in found.points] == [65.0, 60.0]
    counts = analyse_series([*weekly([3, 4]), Observed(MONDAY, 2)], chart="c")
    assert [point.value for point in counts.points] == [5, 4]


def test_percentages_with_no_numbers_behind_them_become_an_xmr_chart() -> None:
    rows = [*shares([(40 + i % 5, 50) for i in range(14)]), *weekly([])]
    rows.append(Observed(MONDAY + timedelta(7 * 14), 83.0))
    found = analyse_series(rows, chart="p", unit="%")
    assert (found.chart, found.asked_chart) == ("i", "p")
    assert found.points[0].value == 80.0
    assert found.points[14].value == 83.0


def test_impossible_numbers_are_refused() -> None:
    for pair in ((3, 0), (30, 20)):
        with pytest.raises(CannotChart):
            analyse_series(shares([pair]), chart="p")
    assert analyse_series(shares([(0, 0)]), chart="p").points[0].value is None
    for chart in ("mr", "pie"):
        with pytest.raises(CannotChart):
            analyse_series(weekly([1]), chart=chart)
    with pytest.raises(CannotChart):
        control_chart.analyse([1, 2], [3, 0], chart="t")
    same_day = analyse_series(weekly([3.0, 0.0] * 8), chart="t")
    assert same_day.chart == "run"
    assert "time of day" in same_day.limits_note


@pytest.mark.parametrize(
    ("wrong", "y"),
    [
        ({"direction": "sideways"}, [1, 2]),
        ({"fix_after_n_points": 11}, [1, 2]),
        ({}, [None, None]),
        ({}, [1, 2, 3]),
    ],
)
def test_making_data_count_refuses(wrong: dict[str, Any], y: list[float | None]) -> None:
    with pytest.raises(CannotChart):
        making_data_count.analyse([1, 2, 2][: len(y)], y, **wrong)


def test_newer_reading_of_two_in_three_counts_outside_points() -> None:
    y: list[float | None] = [50, 51, 49, 50, 52, 48, 50, 51, 49, 50, 51, 49, 61, 51, 54, 50, 50]
    x = list(range(len(y)))
    old = making_data_count.analyse(x, y, fix_after_n_points=12)
    new = making_data_count.analyse(x, y, fix_after_n_points=12, are_outside_points_counted=True)
    assert not old.points[14].is_special
    assert new.points[14].special_cause == "2 in 3 Above CL"
    assert new.points[12].special_cause == "Above UCL"


def test_missing_values_break_package_runs_and_never_crash() -> None:
    y: list[float | None] = [1, 2, 3, None, 4, 5, 6, 7]
    found = making_data_count.analyse(list(range(8)), y)
    assert not any("Trend" in point.special_cause for point in found.points)
    assert found.points[3].side is None


def test_seven_make_a_shift_and_a_trend_and_six_do_not() -> None:
    assert shift_marks([1] * 6) == [0] * 6
    assert shift_marks([-1, *[1] * 7, 0]) == [0, *[1] * 7, 0]
    assert trend_marks([1, 2, 3, 4, 5, 6]) == [0] * 6
    assert trend_marks([9, 1, 2, 3, 4, 5, 6, 7]) == [0, *[1] * 7]
    assert trend_marks([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1])[5:8] == [1, -1, -1]
    assert two_in_three_marks([1, 1, 1], [True, False, True]) == [1, 0, 1]
    assert two_in_three_marks([1, -1, 1], [True, False, True]) == [0, 0, 0]
    assert trend_marks([]) == shift_marks([]) == two_in_three_marks([], []) == []


def test_run_chart_without_a_test_marks_the_runs_anhoej_finds_too_long() -> None:
    around = [4, 6] * 5
    for length, is_marked in ((8, False), (9, True)):  # 8 is the most of 23 to 45 points
        low_again = [4] * (length - 1)  # keeps the median between the two levels
        rows = weekly([*around, 4, *[6] * length, *low_again])
        found = analyse_series(rows, chart="run")
        assert found.centre == 5
        marked = [i for i, point in enumerate(found.points) if Signal.SHIFT in point.signals]
        assert marked == (list(range(11, 11 + length)) if is_marked else [])


def test_anhoej_is_silent_below_ten_points() -> None:
    assert anhoej.runs([-1] * 4 + [1] * 5).is_signal
    nine_off_the_line = weekly([-5, -5, -5, -5, 0, 0, 0, 4, 4, 4, 4, 4])
    found = analyse_series(nine_off_the_line, chart="i")
    assert found.centre == 0
    assert not found.has_runs_signal
    ten_off_the_line = weekly([-5, -5, -5, -5, -5, 0, 0, 5, 5, 5, 5, 5])
    assert analyse_series(ten_off_the_line, chart="i").has_runs_signal


@pytest.mark.parametrize(
    ("kind", "rows", "chart"),
    [
        ("percent", shares([(40 + i % 3, 50) for i in range(20)]), "p"),
        ("percent", shares([(40, 50)] * 11), "run"),
        ("percent", shares([(9, 10), (10, 10)] * 8), "run"),
        ("percent", shares([(1400 + i % 3, 2000) for i in range(20)]), "pp"),
        ("percent", shares([(i % 2 * 40 + 5, 50) for i in range(20)]), "pp"),
        ("percent", weekly([80, 82] * 8), "i"),
        ("rate", shares([(5 + i % 4, 900 + i) for i in range(20)]), "u"),
        ("rate", shares([(i % 2 * 40 + 5, 900) for i in range(20)]), "up"),
        ("count", weekly([9, 12, 8, 10] * 5), "c"),
        ("count", weekly([10, 60] * 8), "i"),
        ("count", weekly([0, 1, 0, 2] * 4), "run"),
        ("number", weekly([16.2, 17.1] * 7), "i"),
        ("times", weekly([16.2, 17.1] * 7), "run"),
        ("days_between", weekly([4.0, 30.0] * 7), "t"),
        ("days_between", weekly([4.0, 0.0] * 7), "g"),
        ("cases_between", weekly([4.0, 30.0] * 7), "g"),
    ],
)
def test_chart_is_chosen_by_what_is_recorded(kind: Any, rows: list[Observed], chart: str) -> None:
    choice = choose_chart(kind, rows)
    assert choice.chart == chart
    assert choice.reason.endswith(".")


def test_choice_looks_at_the_baseline_only() -> None:
    rows = weekly([9, 12, 8, 10] * 4 + [60, 2] * 6)
    assert choose_chart("count", rows).chart == "i"
    assert choose_chart("count", rows, window=Window(starts_on=rows[16].x)).chart == "c"
    with pytest.raises(CannotChart):
        choose_chart("colour", rows)  # type: ignore[arg-type]


def test_rule_sets_name_the_chart() -> None:
    assert rule_set_for("i").name == "Making Data Count rules"
    assert rule_set_for("xbar").name == "Making Data Count rules on an x-bar chart"


def test_periods() -> None:
    assert periods_spanned(date(2026, 1, 5), date(2026, 2, 23), "week") == 8
    assert periods_spanned(date(2025, 11, 1), date(2026, 2, 1), "month") == 4
    assert periods_spanned(date(2025, 4, 1), date(2026, 1, 1), "quarter") == 4
    assert is_within(date(2026, 1, 31), date(2026, 1, 1), "month")
    assert not is_within(date(2026, 2, 1), date(2026, 1, 1), "month")
    assert is_within(date(2026, 1, 11), MONDAY, "week")
    assert not is_within(date(2026, 1, 12), MONDAY, "week")
    assert not is_within(MONDAY, MONDAY, "week")


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (81.2, "%", "81%"),
        (5.94, "%", "5.9%"),
        (99.7, "%", "99.7%"),
        (100, "%", "100%"),
        (0, "%", "0%"),
        (12.44, "", "12.4"),
        (314.4, "", "314"),
        (1240, "£", "£1,240"),
        (-3, "£", "−£3"),
        (2.5, "days", "2.5\u00a0days"),
        (100 * 1 / 8, "%", "13%"),
        (100 * 29 / 200, "%", "15%"),  # 14.499999999999998 in binary
        (100 * 3 / 8, "%", "38%"),
        (-12.5, "%", "\u221213%"),
        (-100 * 29 / 200, "%", "\u221215%"),
        (12.25, "", "12.3"),
        (-12.25, "", "\u221212.3"),
        (0.125, "", "0.13"),
        (124.5, "", "125"),
        (2.675, "", "2.68"),
        (99.5, "%", "99.5%"),
        (99.96, "%", "99.96%"),
        (0.04, "%", "0.04%"),
        (0.96, "%", "1%"),
        (1, "working days", "1\u00a0working day"),
        (1.5, "days", "1.5\u00a0days"),
        (None, "%", "no value"),
    ],
)
def test_values_are_said_as_people_say_them(value: float | None, unit: str, words: str) -> None:
    assert value_words(value, unit) == words


def test_a_half_goes_up_in_every_share_of_a_count() -> None:
    """Against integers: no share of up to 400 is rounded down at its half."""
    for of in range(1, 401):
        for part in range(of):
            exact = (200 * part + of) // (2 * of)
            if 10 <= 100 * part / of < 99:
                assert value_words(100 * part / of, "%") == f"{exact}%", (part, of)


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ([6, 5, 7, 6, 6, 7, 6, 5, 6, 7, 6, 6], "6.1"),  # 6.083…: whole numbers bear one decimal
        ([6, 6, 6, 6] * 3, "6"),
        ([2.5, 2.6, 2.5] * 4, "2.53"),
        ([2.25, 2.26, 2.25] * 4, "2.25"),  # 2.2533…: two are enough
        ([41, 42, 42] * 4, "41.7"),
    ],
)
def test_a_level_bears_one_decimal_more_than_its_numbers(values: list[float], words: str) -> None:
    rows = [Observed(MONDAY + timedelta(weeks=i), v) for i, v in enumerate(values)]
    analysis = analyse_series(rows, chart="i")
    assert analysis.in_words(analysis.centre) == words
    assert label_words(analysis.centre or 0, "", analysis.level_places) == words


def test_a_stored_level_bears_no_more_decimals_than_its_numbers() -> None:
    rows = [Observed(MONDAY + timedelta(weeks=i), 6 + (i % 12 == 0)) for i in range(36)]
    verdict = judge(rows, better="up", chart="i", starts_on=rows[24].x)
    assert f"{verdict.facts['centre_before']:.4f}" == "6.0833"
    assert "24 points before (6.1), 12 since (6.1)" in numbers_words(verdict.facts)


def test_periods_have_names() -> None:
    assert day_words("2026-03-02", period="week", last_on="2026-05-04") == "2\u00a0March"
    assert day_words("2025-03-03", period="week", last_on="2026-05-04") == "3\u00a0March\u00a02025"
    assert day_words("2026-08-01", period="month", last_on="2026-10-01") == "August"
    assert day_words("2026-10-01", period="quarter", last_on="2026-10-01") == "October to December"
    assert day_words("2026-01-01", period="year") == "2026"
