"""Lines that people draw or hope for: phases, targets, points left out, strips."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from improve.measures.chart import ChartDrawing, TestSpan, draw, draw_strip, draw_views
from improve.measures.chart.sizes import GRID, IDEA, MEASURE, PHONE
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.companion import moving_ranges
from improve.measures.spc.series import Observed
from tests.measures.chart_series import (
    PAIR,
    days_between,
    improved,
    noise,
    phased,
    phased_after_a_test,
    rates,
    week,
    weekly,
)


def stretches(path: str) -> list[tuple[float, float, float]]:
    """Left end, right end and height of each level stretch of an outline."""
    found = []
    for part in path.split("M")[1:]:
        ends = [(float(x), float(y)) for x, y in PAIR.findall(part)]
        found.append((ends[0][0], ends[-1][0], ends[0][1]))
    return found


def names(drawing: ChartDrawing) -> list[tuple[str, str]]:
    return [(label.number, label.words) for label in drawing.labels if label.tone != "limit"]


# ---------------------------------------------------------------- phases


def test_each_phase_has_its_level_and_the_old_one_runs_on_thin() -> None:
    drawing = draw(phased(12, 9), size=MEASURE)
    old, new = stretches(drawing.centre)
    (thin,) = stretches(drawing.centre_onward)
    border = drawing.axis.edge(15)
    assert old[1] == pytest.approx(border, abs=0.1)
    assert new[0] == pytest.approx(border, abs=0.1)
    assert new[2] > old[2]  # lower on the chart
    assert thin == pytest.approx((border, drawing.axis.right, old[2]), abs=0.1)


def test_each_level_is_named_with_its_day() -> None:
    analysis = phased(81, 92, unit="%")
    drawing = draw(analysis, size=MEASURE)
    (new, since), (old, until) = names(drawing)
    assert new.startswith("9")
    assert old.startswith("8")
    assert since == "since 20\u00a0Apr"
    assert until == "usual to 13\u00a0Apr"
    assert [words for _number, words in names(draw(analysis, size=PHONE))] == ["since", "before"]


@pytest.mark.parametrize(
    ("period", "step", "until", "since"),
    [
        ("month", 1, "usual to Jan", "since Feb"),
        ("quarter", 3, "usual to Sep\u00a02026", "since Oct\u00a02026"),
        ("year", 12, "usual to 2033-34", "since 2034-35"),
    ],
)
def test_a_level_is_named_by_the_period_of_the_chart(
    period: str, step: int, until: str, since: str
) -> None:
    months = [3 + step * i for i in range(19)]
    first = 2026 if period == "month" else 2024
    starts = [date(first + m // 12, m % 12 + 1, 1) for m in months]
    at = 10
    rows = [Observed(day, 12.0 + i % 3 - (6 if i >= at else 0)) for i, day in enumerate(starts)]
    analysis = analyse_series(rows, chart="i", new_lines_on=[starts[at]])
    words = [words for _number, words in names(draw(analysis, size=MEASURE, period=period))]
    assert words == [until, since]


def test_a_level_of_another_year_names_it() -> None:
    rows = [Observed(week(i), 12.0 + i % 3 - (4 if i > 40 else 0)) for i in range(120)]
    analysis = analyse_series(rows, chart="i", new_lines_on=[week(41)])
    words = [words for _number, words in names(draw(analysis, size=MEASURE))]
    assert "usual to Oct\u00a02026" in words
    assert "since Oct\u00a02026" in words


def test_at_most_two_old_levels_run_on_and_all_that_do_are_named() -> None:
    drawing = draw(phased(12, 18, 11, 17, 12.5), size=MEASURE)
    assert len(stretches(drawing.centre)) == 5
    assert len(stretches(drawing.centre_onward)) == 2
    assert len(names(drawing)) == 3
    phone = draw(phased(12, 18, 11), size=PHONE)
    assert len(stretches(phone.centre_onward)) == 1
    assert len(names(phone)) == 2


def test_a_phase_of_a_few_points_is_no_usual_level() -> None:
    values = [*noise(12, 1, 20), 9.0, 8.8, 9.2]
    rows = [Observed(week(i), value) for i, value in enumerate(values)]
    analysis = analyse_series(rows, chart="i", unit="days", new_lines_on=[week(20)])
    drawing = draw(analysis, size=MEASURE)
    assert len(stretches(drawing.centre)) == 1
    assert ("9\u00a0days", "so far") in names(drawing)


def test_limits_of_two_phases_are_not_joined() -> None:
    drawing = draw(phased(12, 9), size=MEASURE)
    border = drawing.axis.edge(15)
    for left, right, _height in stretches(drawing.limits):
        assert right <= border + 0.1 or left >= border - 0.1


def test_a_phase_out_of_view_is_not_drawn() -> None:
    rows = [Observed(week(i), 12.0 + i % 3 - (4 if i > 20 else 0)) for i in range(90)]
    analysis = analyse_series(rows, chart="i", new_lines_on=[week(21)])
    drawing = draw(analysis, size=PHONE)
    assert len(stretches(drawing.centre)) == 1
    assert drawing.centre_onward == ""
    assert len(names(drawing)) == 1


def test_a_later_line_stands_beside_the_frozen_one() -> None:
    drawing = draw(phased_after_a_test(), size=MEASURE, tone="better")
    frozen, later = stretches(drawing.centre)
    assert frozen[1] == pytest.approx(drawing.axis.edge(20), abs=0.1)
    assert later[:2] == pytest.approx((drawing.axis.edge(30), drawing.axis.right), abs=0.1)
    assert stretches(drawing.centre_onward)[-1][1] == pytest.approx(drawing.axis.right, abs=0.1)
    assert drawing.centre_since
    assert len(stretches(drawing.limits)) == 2  # the frozen ones only
    assert [words for _number, words in names(drawing)] == [
        "since 3\u00a0Aug",
        "since 25\u00a0May",
        "usual before",
    ]


def test_a_line_drawn_where_the_change_began_is_not_drawn_twice() -> None:
    values = [*noise(60, 3, 20), *noise(75, 3, 12, 2)]
    rows = [Observed(week(i), value) for i, value in enumerate(values)]
    analysis = analyse_series(
        rows, chart="i", unit="%", starts_on=week(20), new_lines_on=[week(20)]
    )
    drawing = draw(replace(analysis), size=MEASURE, tone="better")
    assert len(stretches(drawing.centre)) == 1
    assert [words for _number, words in names(drawing)] == ["since 25\u00a0May", "usual before"]


# ---------------------------------------------------------------- hopes


def test_a_hope_is_drawn_only_when_asked_for_and_has_no_colour() -> None:
    assert draw(improved(), size=IDEA).hope is None
    drawing = draw(improved(), size=MEASURE, tone="better", target=90.0)
    assert drawing.hope
    assert drawing.hope.words == "someone’s hope: 90%"
    assert drawing.top <= drawing.hope.y <= drawing.bottom
    assert not any("90%" in label.number for label in drawing.labels)
    named = draw(improved(), size=MEASURE, target=90.0, target_by="the inspectors")
    assert named.hope
    assert named.hope.words == "the inspectors’ hope: 90%"
    assert draw(improved(), size=GRID, target=90.0).hope is None


def test_a_hope_far_off_is_still_on_the_chart() -> None:
    drawing = draw(weekly(noise(20, 2, 30), unit="days"), size=MEASURE, target=5.0)
    assert drawing.hope
    assert drawing.hope.words == "someone’s hope: 5\u00a0days"
    assert drawing.hope.y < drawing.bottom - 1


def test_a_long_name_leaves_the_hope_readable() -> None:
    drawing = draw(improved(), size=PHONE, target=90.0, target_by="somebody with a long name " * 8)
    assert drawing.hope
    assert "90%" in drawing.hope.words
    assert len(drawing.hope.words) < 30


# ---------------------------------------------------------------- points left out


def test_a_point_left_out_keeps_its_ring_but_no_shape_and_no_gap() -> None:
    values = noise(20, 2, 24)
    values[10] = 60.0
    rows = [Observed(week(i), v, is_excluded=i == 10) for i, v in enumerate(values)]
    drawing = draw(analyse_series(rows, chart="i"), size=MEASURE)
    assert drawing.hollow == (drawing.points[10],)
    assert len(drawing.rings) == 1
    assert drawing.marks == ()
    assert drawing.line.count("M") == 1


# ---------------------------------------------------------------- units, beats and strips


def test_a_level_bears_its_unit_where_there_is_room() -> None:
    drawing = draw(weekly(noise(12, 1, 30), unit="days"), size=MEASURE)
    assert names(drawing) == [("12.1\u00a0days", "usual")]
    assert drawing.unit_words == "days"
    assert draw(weekly(noise(12, 1, 30), unit="days"), size=PHONE).labels[0].number == "12.1"
    assert draw(rates(), size=MEASURE, period="month").unit_words == "per 1,000 nights"
    assert draw(improved(), size=MEASURE).unit_words == ""


def test_cases_stand_on_their_own_days() -> None:
    analysis = days_between()
    drawing = draw(analysis, size=MEASURE, period="week")
    assert drawing.axis.period == "day"
    xs = [x for x, _y in drawing.points]
    assert xs == sorted(set(xs))
    assert drawing.line.count("M") == 1
    assert drawing.dot_size > 0
    assert xs[0] > drawing.axis.left + 5


def test_moving_ranges_stand_under_their_chart_with_their_limit() -> None:
    analysis = weekly(noise(20, 2, 30), unit="days")
    above = draw_views(analysis, "measure")
    strip = draw_strip(moving_ranges(analysis), above).drawings[0]
    assert strip.axis == above.drawings[0].axis
    assert strip.limits
    assert len(strip.points) == 29


def test_what_was_going_on_is_a_line_without_judgement() -> None:
    above = draw_views(improved(), "measure", tone="better")
    demand = weekly([40.0 + i for i in range(30)], unit="visits")
    strip = draw_strip(demand, above, is_context=True).drawings[0]
    assert strip.line
    assert {strip.dots, strip.marks, strip.rings, strip.centre, strip.limits} == {"", ()}
    assert names(strip) == [("69\u00a0visits", "latest")]


def test_a_small_test_is_drawn_beside_phases() -> None:
    window = TestSpan("Cycle 1, small", date(2026, 3, 2), date(2026, 3, 20), is_judged=False)
    drawing = draw(phased(12, 9), size=MEASURE, windows=[window])
    assert len(drawing.bands) == 1
    assert drawing.bracket is None


def test_a_hope_at_the_foot_of_a_phone_keeps_off_the_words_of_the_baseline() -> None:
    drawing = draw(improved(), size=PHONE, tone="better", target=30.0)
    assert drawing.hope
    assert drawing.bracket
    assert abs(drawing.hope.words_y - drawing.bracket.y) >= 14


def test_weeks_under_months_stand_side_by_side() -> None:
    months = [Observed(date(2026, m, 1), 10.0 + m % 3) for m in range(1, 11)]
    weeks = [Observed(week(i), 150.0 + i % 5) for i in range(40)]
    under = draw_views(analyse_series(months, chart="i"), "measure", period="month")
    strip = draw_strip(analyse_series(weeks, chart="run"), under, is_context=True)
    for drawing in strip.drawings:
        x = [float(at) for at in re.findall(r"[ML ]?(-?\d+(?:\.\d+)?)[ ,]-?\d", drawing.line)]
        assert len(x) > 20
        assert x == sorted(set(x))
