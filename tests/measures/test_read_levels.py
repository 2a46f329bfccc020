"""A measure in words, by marks and by levels, where lines were drawn and tests have ended."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from improve.ideas.chart_panel import chart_panel
from improve.measures.lines import NO_LINES, BaselineView, DrawnLines, MiddleLineView
from improve.measures.reading import POINTS_DRAWN, newest, pattern_words, read
from improve.measures.spc.series import Part, Signal
from improve.measures.trials import level_since
from improve.measures.views import MeasureView, ObservationView, WindowView

FIRST = date(2025, 1, 6)
NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
IDEA = 5


def week(number: int) -> date:
    return FIRST + timedelta(weeks=number)


def a_measure(**facts: Any) -> MeasureView:
    given: dict[str, Any] = {
        "id": 1,
        "organisation_id": 1,
        "team_id": 1,
        "name": "Days to answer",
        "kind": "outcome",
        "recorded": "value",
        "unit": "",
        "better_when": "higher",
        "frequency": "week",
        "top_name": "",
        "bottom_name": "",
        "numerator": "Days",
        "denominator": "",
        "left_out": "",
        "source": "",
        "licence": "",
        "caution": "",
        "chart": None,
        "partner_id": None,
        "owner_id": None,
        "lookback_days": None,
        "version": 1,
        "closed_on": None,
    }
    return MeasureView(**(given | facts))


def numbers(*values: float) -> list[ObservationView]:
    return [ObservationView(1, week(i), value, None, None) for i, value in enumerate(values)]


def around(level: float, n: int, seed: int = 1) -> list[float]:
    chance = random.Random(seed)  # noqa: S311  a made-up series, nothing secret
    return [level + chance.choice((-2.0, -1.0, -0.5, 0.5, 1.0, 2.0)) for _ in range(n)]


def zigzag(level: float, n: int) -> list[float]:
    """Steady, and never on one side for long."""
    steps = (1.0, -1.0, 2.0, -2.0, 1.5, -1.5)
    return [level + steps[i % len(steps)] for i in range(n)]


def window(
    starts: int, ends: int | None = None, *, cycle: int = 1, idea: int = IDEA, measure: int = 1
) -> WindowView:
    return WindowView(
        id=cycle,
        idea_id=idea,
        cycle_number=cycle,
        measure_id=measure,
        measure_name="Days to answer",
        better_when="higher",
        place="main",
        label=f"Cycle {cycle}",
        starts_on=week(starts),
        ends_on=None if ends is None else week(ends),
        is_judged=True,
        is_current=True,
        verdict_code=None,
    )


def lines_at(*weeks: int) -> DrawnLines:
    drawn = NO_LINES
    for number, at in enumerate(weeks, start=1):
        drawn = drawn.with_line(MiddleLineView(number, 1, week(at), "Known", "Ann", NOW))
    return drawn


def with_baseline(first: date, last: date, idea_id: int | None = None) -> DrawnLines:
    return NO_LINES.with_baseline(BaselineView(1, 1, idea_id, first, last, "Known", "Ann", NOW))


# ---- whether it meets a hope


def test_limits_from_before_a_change_say_nothing_of_a_hope() -> None:
    hoped = a_measure(target=90.0, target_by="the team")
    points = numbers(*zigzag(50, 24), *zigzag(95, 20))
    changed = read(hoped, points, [window(24)])
    assert changed.verdict
    assert changed.verdict.code == "improvement"
    assert changed.assurance is None
    by_new_level = read(hoped, points, [window(24)], drawn=lines_at(24))
    assert by_new_level.assurance
    assert by_new_level.assurance.code == "inconsistent"
    too_new = read(hoped, points, [window(24)], drawn=lines_at(36))
    assert too_new.assurance is None
    steady = read(hoped, numbers(*zigzag(50, 40)), [window(24)])
    assert steady.assurance
    assert steady.assurance.code == "fail"


def test_a_new_level_without_limits_does_not_borrow_the_old_ones() -> None:
    hoped = a_measure(target=90.0, target_by="the team")
    points = numbers(*zigzag(50, 24), *zigzag(95, 6))
    assert read(hoped, points, drawn=lines_at(24)).assurance is None


# ---- the pattern in a sentence


def test_only_the_points_of_the_newest_level_are_counted_and_read() -> None:
    points = numbers(*around(50, 14), *zigzag(80, 14))
    reading = read(a_measure(), points, drawn=lines_at(14))
    assert pattern_words(reading) == (
        "The 14 points since the new middle line look like the usual ups and downs, around 80."
    )
    few = read(a_measure(), points[:17], drawn=lines_at(14))
    assert pattern_words(few) == (
        "3 points since the new middle line. A pattern can be read from about 10."
    )
    level = chart_panel("main", reading, None).before
    assert level
    assert level.label == "Usual so far"
    assert level.rests_on.replace("\u00a0", " ") == (
        "14 points, 14 Apr 2025 to 14 Jul 2025, since the new middle line"
    )


def test_an_old_pattern_is_not_told_of_a_new_level() -> None:
    old = [*zigzag(50, 12), *[60.0 + i / 10 for i in range(12)]]
    words = pattern_words(read(a_measure(), numbers(*old, *zigzag(80, 14)), drawn=lines_at(24)))
    assert "along the way" not in words


def test_points_before_a_chosen_baseline_are_not_counted() -> None:
    drawn = with_baseline(week(10), week(29))
    reading = read(a_measure(), numbers(*zigzag(80, 10), *zigzag(50, 24)), drawn=drawn)
    assert pattern_words(reading) == (
        "The 24 points since the chosen baseline began look like the usual ups and downs, around "
        "50."
    )
    level = chart_panel("main", reading, None).before
    assert level
    assert level.rests_on.replace("\u00a0", " ").startswith("20 points,")


def test_a_baseline_without_points_has_no_level() -> None:
    points = numbers(*zigzag(50, 30))
    left_out = [replace(p, excluded_reason="Wrong") for p in points[:10]] + points[10:]
    for drawn, observations in (
        (with_baseline(FIRST - timedelta(900), FIRST - timedelta(800)), points),
        (with_baseline(week(0), week(9)), left_out),
    ):
        reading = read(a_measure(), observations, drawn=drawn)
        assert pattern_words(reading) == (
            "There is no usual level: the points chosen as the baseline no longer count."
        )


def test_the_last_word_counts_where_a_line_lies_inside_a_chosen_baseline() -> None:
    points = numbers(*zigzag(50, 12), *zigzag(52, 12), *zigzag(50, 6))
    chosen = with_baseline(week(0), week(23)).baselines[0]
    line = MiddleLineView(1, 1, week(12), "Known", "Ann", NOW - timedelta(days=1))
    drawn_first = NO_LINES.with_line(line).with_baseline(chosen)
    drawn_later = NO_LINES.with_line(replace(line, drawn_at=NOW + timedelta(days=1)))
    one = read(a_measure(), points, drawn=drawn_first)
    assert not one.analysis.phases
    assert one.analysis.n_baseline == 24
    two = read(a_measure(), points, drawn=drawn_later.with_baseline(chosen))
    assert [phase.n_points for phase in two.analysis.phases] == [12, 18]


def test_a_reader_s_own_day_is_no_change() -> None:
    own_day = replace(window(9, idea=0), label="Since then")
    reading = read(a_measure(chart="i"), numbers(*zigzag(50, 20)), by=own_day)
    assert reading.limits_note == "Limits appear at 12 points before the change; there are 9."
    assert replace(reading, is_by_day=True).limits_note == (
        "Limits appear at 12 points before that day; there are 9."
    )


# ---- the newest point's mark


def test_the_mark_sees_what_came_after_a_closed_test() -> None:
    points = numbers(*zigzag(50, 34), *[50.8, 50.4, 50.6] * 4)
    reading = read(a_measure(), points, [window(24, 33)])
    assert reading.verdict
    assert reading.verdict.code == "no_signal"
    later = reading.analysis.part(Part.LATER)
    assert len(later) == 12
    assert all(Signal.SHIFT in point.signals for point in later)
    assert reading.variation
    assert reading.variation.code == "improvement_high"
    assert "one of 12 in a row above the usual level before (50)" in reading.variation.words


def test_what_came_after_never_reaches_the_verdict() -> None:
    points = numbers(*zigzag(50, 34), *[54.8, 54.4, 54.6] * 4)
    closed = read(a_measure(), points, [window(24, 33)]).verdict
    without = read(a_measure(), points[:34], [window(24, 33)]).verdict
    assert closed
    assert without
    assert closed.code == without.code == "no_signal"
    assert closed.facts["also"] == without.facts["also"]


def test_a_long_run_is_told_whole_where_not_all_of_it_is_drawn() -> None:
    points = numbers(*zigzag(50, 24), *[70.0 + i % 2 for i in range(600)])
    reading = read(a_measure(), points, [window(24)])
    special = reading.special
    assert len(newest(reading.analysis).points) == POINTS_DRAWN
    assert special[0].x == points[-POINTS_DRAWN].period_start
    assert "one of 600 in a row" in special[0].words


# ---- the level of a line


def test_the_level_beside_a_line_is_its_own() -> None:
    points = numbers(*zigzag(50, 10), *zigzag(60, 14), *zigzag(80, 14))
    reading = read(a_measure(), points, [window(24)], drawn=lines_at(4, 10, 24))
    assert level_since(reading, week(24)) == "80"
    assert level_since(reading, week(10)) == "60"
    assert level_since(reading, week(4)) == ""
    assert level_since(reading, week(99)) == ""


def test_a_line_that_the_baseline_begins_after_has_no_level() -> None:
    reading = read(a_measure(), numbers(*zigzag(50, 50)), [window(40)], drawn=lines_at(4))
    assert level_since(reading, week(4)) == ""


@pytest.mark.parametrize("at", [10, 12])
def test_levels_without_a_test(at: int) -> None:
    points = numbers(*zigzag(50, at), *zigzag(80, 14))
    reading = read(a_measure(), points, drawn=lines_at(at))
    assert level_since(reading, week(at)) == "80"
    # A line drawn between two points begins at the later one.
    assert level_since(reading, week(at) - timedelta(days=3)) == "80"


# ---- whose chart it is


def test_a_ready_made_chart_is_nobody_s_choice() -> None:
    points = [ObservationView(1, week(i), None, 160.0 + 4 * (i % 5), 12.0) for i in range(34)]
    rate = a_measure(recorded="rate", chart="i", bottom_name="Workers")
    chosen = read(rate, points, [window(24)]).verdict
    ready = read(replace(rate, catalogue_key="caseload"), points, [window(24)]).verdict
    assert chosen
    assert ready
    assert any("A person chose this chart" in line for line in chosen.doubt)
    assert not any("A person chose this chart" in line for line in ready.doubt)
