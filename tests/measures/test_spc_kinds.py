"""Every kind of chart held to the same properties, phases and companions included."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improve.measures.spc import making_data_count
from improve.measures.spc.analysis import ONE_EACH_NOTE, analyse_series
from improve.measures.spc.chances import WORTH_WAITING_TO
from improve.measures.spc.checks import checks_of
from improve.measures.spc.choose import chart_alternatives
from improve.measures.spc.companion import moving_ranges
from improve.measures.spc.doubt import doubt_of
from improve.measures.spc.limits import CHARTS
from improve.measures.spc.marks import assurance_of, variation_of
from improve.measures.spc.periods import is_other_season, period_of
from improve.measures.spc.plotted import within_standard
from improve.measures.spc.series import ChartAnalysis, Observed, Part, Signal
from improve.measures.spc.special import special_points
from improve.measures.spc.verdict import Around, judge, judge_chart, verdict_words
from tests.measures.test_golden_cases import CASES

MONDAY = date(2025, 1, 6)
KINDS = [chart for chart in CHARTS if chart != "mr"]
kinds = st.sampled_from(KINDS)
betters = st.sampled_from(["up", "down", "neutral"])
# Two levels, so that runs, trends and far-out points are all met.
numbers = st.lists(st.integers(0, 9) | st.sampled_from([5, 6, 7, 8, 40]), min_size=1, max_size=44)
few = settings(max_examples=100, deadline=None)


def day(at: int) -> date:
    return MONDAY + timedelta(7 * at)


def observed(kind: str, on: date, number: int) -> Observed:
    """A number as a row that suits the kind of chart."""
    if kind in {"p", "pp"}:
        return Observed(on, None, float(number), 50.0)
    if kind in {"u", "up"}:
        return Observed(on, None, float(number), 800.0 + on.day)
    if kind == "xbar":
        return Observed(on, None, raw=(float(number), float(number + 2), float(number + 1)))
    return Observed(on, float(number + (kind == "t")))


def rows_of(kind: str, found: list[int]) -> list[Observed]:
    return [observed(kind, day(at), number) for at, number in enumerate(found)]


def told(analysis: ChartAnalysis) -> list[Any]:
    """What is drawn of each point, whatever stretch it is said to be in."""
    return [replace(point, part=Part.BASELINE) for point in analysis.points]


@few
@given(kinds, numbers, betters, st.integers(0, 30), st.integers(0, 3))
def test_stored_facts_make_the_same_words(
    kind: str, found: list[int], better: Any, before: int, others: int
) -> None:
    verdict = judge(
        rows_of(kind, found),
        better=better,
        chart=kind,
        starts_on=day(before),
        period="month" if others % 2 else "week",
        around=Around(overlapping=others, notes_in_window=others),
        multiply=1000,
    )
    stored = json.loads(json.dumps(verdict.facts, allow_nan=False))
    assert stored == verdict.facts
    assert verdict_words(verdict.code, stored) == verdict.words
    assert checks_of(verdict.code, stored) == verdict.checks
    assert doubt_of(verdict.code, stored) == verdict.doubt
    assert any("this one." in line for line in verdict.doubt) is bool(others)


@few
@given(kinds, numbers, betters, st.integers(0, 30), st.lists(st.integers(0, 60), max_size=4))
def test_a_line_from_the_judged_day_on_changes_no_verdict(
    kind: str, found: list[int], better: Any, before: int, later: list[int]
) -> None:
    rows = rows_of(kind, found)
    plain = analyse_series(rows, chart=kind, starts_on=day(before))
    lines = [day(before + weeks) + timedelta(weeks % 7) for weeks in later]
    lined = analyse_series(rows, chart=kind, starts_on=day(before), new_lines_on=lines)
    assert replace(lined, phases=()) == plain
    assert judge_chart(lined, better=better) == judge_chart(plain, better=better)
    starts = {line for line in lines if line <= rows[-1].x}
    assert len(lined.phases) == len({min(r.x for r in rows if r.x >= s) for s in starts} - {day(0)})


@few
@given(kinds, numbers, st.integers(1, 30), st.integers(1, 30))
def test_a_line_before_the_judged_day_cuts_the_baseline(
    kind: str, found: list[int], at: int, before: int
) -> None:
    rows = rows_of(kind, found)
    at = min(at, before - 1)
    lined = analyse_series(rows, chart=kind, starts_on=day(before), new_lines_on=[day(at)])
    if at >= min(len(rows), before):
        return
    cut = analyse_series(rows[at:], chart=kind, starts_on=day(before))
    assert lined.points[at:] == cut.points
    assert (lined.centre, lined.chart, lined.phases) == (cut.centre, cut.chart, ())
    assert all(point.part is Part.EARLIER for point in lined.points[:at])


@few
@given(kinds, numbers, st.lists(st.integers(1, 40), max_size=3, unique=True))
def test_each_phase_is_a_chart_of_its_own(kind: str, found: list[int], cuts: list[int]) -> None:
    rows = rows_of(kind, found)
    cuts = sorted(at for at in cuts if at < len(rows))
    whole = analyse_series(rows, chart=kind, new_lines_on=[day(at) for at in cuts])
    if not cuts:
        assert whole.phases == ()
        return
    ends = [*cuts, len(rows)]
    alone = [
        analyse_series(rows[start:stop], chart=kind)
        for start, stop in zip([0, *cuts], ends, strict=True)
    ]
    assert told(whole) == [point for one in alone for point in told(one)]
    for phase, one in zip(whole.phases, alone, strict=True):
        assert (phase.centre, phase.chart) == (one.centre, one.chart)
        assert phase.x == tuple(point.x for point in one.points)
        assert phase.upper == tuple(point.upper for point in one.points)
    newest = alone[-1]
    for name in ("centre", "has_limits", "chart", "rule_set", "n_baseline", "baseline_from"):
        assert getattr(whole, name) == getattr(newest, name)
    assert [phase.ends_on is None for phase in whole.phases] == [False] * len(cuts) + [True]


@few
@given(kinds, numbers, st.integers(0, 30), st.integers(0, 44), st.integers(0, 90))
def test_an_excluded_point_never_moves_the_centre(
    kind: str, found: list[int], before: int, at: int, value: int
) -> None:
    at = min(at, len(found))
    rows = rows_of(kind, found)
    out = replace(observed(kind, day(at), value % 50), x=day(at) - timedelta(3), is_excluded=True)
    plain = judge(rows, better="up", chart=kind, starts_on=day(before))
    with_it = judge([*rows, out], better="up", chart=kind, starts_on=day(before))
    assert with_it.code == plain.code
    for name in ("centre_before", "centre_after", "n_before", "n_after", "run_length"):
        assert with_it.facts[name] == plain.facts[name]


@few
@given(kinds, numbers, betters, st.integers(0, 30), st.lists(st.integers(0, 44), max_size=6))
def test_a_gap_is_stepped_over_and_never_a_zero(
    kind: str, found: list[int], better: Any, before: int, gaps: list[int]
) -> None:
    rows = rows_of(kind, found)
    missing = [Observed(day(at) + timedelta(3), None) for at in set(gaps)]
    plain = judge(rows, better=better, chart=kind, starts_on=day(before))
    gapped = judge([*rows, *missing], better=better, chart=kind, starts_on=day(before))
    for name in ("centre_before", "centre_after", "n_before", "n_after", "run_length", "run_side"):
        assert gapped.facts[name] == plain.facts[name]
    analysis = analyse_series([*rows, *missing], chart=kind)
    assert sum(point.value is None for point in analysis.points) == len(missing)


@few
@given(kinds, numbers, betters, st.integers(8, 24), st.randoms(use_true_random=False))
def test_order_within_the_baseline_leaves_the_run(
    kind: str, found: list[int], better: Any, before: int, random: Any
) -> None:
    mixed = list(found[:before])
    random.shuffle(mixed)
    one = judge(rows_of(kind, found), better=better, chart=kind, starts_on=day(before))
    other = judge(
        rows_of(kind, [*mixed, *found[before:]]), better=better, chart=kind, starts_on=day(before)
    )
    if kind in {"u", "up"}:
        return  # denominators stay with their day, so another order is other data
    for name in ("run_length", "run_from", "run_to", "n_since_run", "centre_after"):
        assert other.facts[name] == one.facts[name]


@pytest.mark.parametrize("kind", KINDS)
def test_points_on_the_centre_are_on_neither_side(kind: str) -> None:
    rows = [observed(kind, day(at), 4) for at in range(30)]
    if kind in {"u", "up"}:
        rows = [Observed(day(at), None, 4.0, 800.0) for at in range(30)]
    analysis = analyse_series(rows, chart=kind, starts_on=day(20))
    assert {point.side for point in analysis.points} == {0}
    verdict = judge_chart(analysis, better="up")
    assert (verdict.code, verdict.facts["run_length"]) == ("no_signal", None)
    assert variation_of(analysis, "up").code == "common_cause"


@few
@given(kinds, numbers, betters, st.none() | st.integers(0, 30))
def test_every_special_point_names_its_rules(
    kind: str, found: list[int], better: Any, before: int | None
) -> None:
    rows = rows_of(kind, found)
    starts_on = day(before) if before is not None else None
    lines = [day(15)] if before is None else []
    analysis = analyse_series(rows, chart=kind, starts_on=starts_on, new_lines_on=lines)
    special = special_points(analysis, better)
    assert [one.x for one in special] == [p.x for p in analysis.points if p.signals]
    for one in special:
        assert one.words.endswith(".")
        assert not one.words.endswith("..")
        assert all(int(n) >= 7 for n in re.findall(r"one of (\d+) in a row", one.words))
        rules = one.words.count("one of") + one.words.count("the limits of the usual")
        assert rules == len(one.signals)
        assert (one.direction == "changed") is (better == "neutral")
    mirrored = special_points(analysis, {"up": "down", "down": "up"}.get(better, better))
    turned = {"better": "worse", "worse": "better", "changed": "changed"}
    assert [turned[one.direction] for one in special] == [one.direction for one in mirrored]


@few
@given(numbers, st.sampled_from(["increase", "decrease", "neutral"]), st.integers(0, 12))
def test_marks_are_those_of_the_package(found: list[int], direction: str, target: int) -> None:
    rows = rows_of("i", found)
    analysis = analyse_series(rows, chart="i")
    if not analysis.has_limits:
        assert assurance_of(analysis, "up", target) is None
        return
    better = {"increase": "up", "decrease": "down", "neutral": "neutral"}[direction]
    package = making_data_count.analyse(
        [row.x for row in rows], [row.value for row in rows], direction=direction, target=target
    )
    assert f"{variation_of(analysis, better).code}.svg" == package.variation_icon
    assured = assurance_of(analysis, better, target)
    assert (f"{assured.code}.svg" if assured else None) == package.assurance_icon


CARRIED = {
    name: case
    for name, case in CASES.items()
    if case["engine"] == "qicharts2"
    and "error" not in case["expected"]
    and case["chart"] in {"p", "pp", "u", "up", "c", "g", "t", "xbar", "run"}
    and not case["freeze"]
    and not case["exclude"]
}


@pytest.mark.parametrize("name", CARRIED)
def test_golden_cases_come_through_the_products_own_chart(name: str) -> None:
    """The same centre and limits, phase by phase, wherever there are twelve points."""
    case = CARRIED[name]
    wanted = case["expected"]
    place = {x: at for at, x in enumerate(sorted(set(case["x"])))}
    has_n = case["n"] is not None
    rows = [
        Observed(day(place[x]), None, y, n) if has_n else Observed(day(place[x]), y)
        for x, y, n in zip(case["x"], case["y"], case["n"] or case["y"], strict=True)
    ]
    found = analyse_series(
        rows,
        chart=case["chart"],
        multiply=case["multiply"] or 1,
        is_screened=case["screened_mr"],
        new_lines_on=[day(last) for last in case["part"] or []],
    )
    values = [point.value for point in found.points]
    assert values == [None if v is None else pytest.approx(v) for v in wanted["value"]]
    drawn = {
        x: (phase.chart, len(phase.x)) for phase in found.phases for x in phase.x
    } or dict.fromkeys([p.x for p in found.points], (found.chart, len(found.points)))
    compared = 0
    for at, point in enumerate(found.points):
        chart, _points = drawn[point.x]
        if chart != case["chart"]:
            continue
        assert point.centre == pytest.approx(wanted["centre"][at], rel=1e-9)
        if point.upper is not None and chart != "run":
            assert point.upper == pytest.approx(wanted["ucl"][at], rel=1e-9)
            assert point.lower == pytest.approx(wanted["lcl"][at], rel=1e-9, abs=1e-12)
        compared += 1
    assert compared or len(found.points) < 12 or not found.has_limits


def test_moving_ranges_go_under_an_xmr_chart() -> None:
    found: list[float | None] = [5, 8, 6, 7, None, 9, 4, 5, 8, 6, 7, 6, 5, 30, 6]
    rows = [Observed(day(at), value) for at, value in enumerate(found)]
    rows[2] = replace(rows[2], is_excluded=True)
    under = moving_ranges(analyse_series(rows, chart="i"))
    ranges = [point.value for point in under.points]
    # The excluded third point is stepped over, the gap is not bridged.
    assert ranges[:8] == [None, 3, None, 1, None, None, 5, 1]
    recorded = [value for value in ranges if value is not None]
    assert under.centre == pytest.approx(sum(recorded) / len(recorded))
    assert under.points[13].upper == pytest.approx(3.267 * under.centre)
    assert under.points[13].signals == (Signal.OUTSIDE_LIMITS,)
    assert under.chart == "mr"
    assert "unusually large step" in special_points(under, "up")[0].words
    phased = moving_ranges(analyse_series(rows, chart="i", new_lines_on=[day(6)]))
    assert phased.points[6].value is None
    assert [phase.starts_on for phase in phased.phases] == [day(0), day(6)]
    judged = moving_ranges(analyse_series(rows, chart="i", starts_on=day(12)))
    assert judged.points[13].centre == judged.points[0].centre
    assert not any(point.upper for point in judged.points)  # ten points have no limits yet


def test_several_times_of_a_period() -> None:
    rows = [Observed(day(at), 99.0, raw=(1.0, 2.0, 30.0 + at)) for at in range(14)]
    run = analyse_series(rows, chart="run")
    assert {point.value for point in run.points} == {2.0}
    assert {point.size for point in run.points} == {3}
    assert analyse_series(rows, chart="i").points[0].value == 11
    xbar = analyse_series(rows, chart="xbar")
    assert (xbar.chart, xbar.has_limits) == ("xbar", True)
    assert xbar.points[1].value == pytest.approx(34 / 3)
    one_each = analyse_series(
        [Observed(day(at), None, raw=(float(at % 5),)) for at in range(14)], chart="xbar"
    )
    assert one_each.limits_note == ONE_EACH_NOTE
    shares = within_standard([*rows, Observed(day(14), None)], 2)
    assert (shares[0].numerator, shares[0].denominator) == (2, 3)
    assert analyse_series(shares, chart="p").points[14].value is None
    facts = judge(rows, better="down", chart="run", starts_on=day(12)).facts
    assert facts["typical_denominator"] == 3


def test_rates_are_read_per_so_many() -> None:
    rows = [Observed(day(at), None, 4.0 + at % 3, 500.0) for at in range(20)]
    for kind in ("u", "up", "i", "run"):
        found = analyse_series(rows, chart=kind, multiply=1000)
        assert found.points[0].value == pytest.approx(8)
        assert found.centre == pytest.approx(10 if kind == "run" else 9.9)
    assert analyse_series(rows, chart="u", multiply=1000).points[0].upper > 20


@pytest.mark.parametrize(
    ("kind", "rows", "wanted"),
    [
        ("percent", rows_of("p", [20, 22, 24] * 5), ["p", "pp", "i", "run"]),
        ("percent", rows_of("i", [20, 22, 24] * 5), ["i", "p*", "pp*", "run"]),
        ("rate", rows_of("u", [6, 3, 5] * 5), ["u", "up", "i", "run"]),
        ("count", rows_of("c", [9, 12, 8] * 5), ["c", "i", "run"]),
        ("count", rows_of("c", [0, 1, 0] * 5), ["run", "c", "i"]),
        ("number", rows_of("i", [9, 12, 8] * 3), ["run", "i*"]),
        ("times", rows_of("xbar", [9, 12, 8] * 5), ["run", "i", "xbar"]),
        ("times", rows_of("i", [9, 12, 8] * 5), ["run", "i", "xbar*"]),
        ("days_between", rows_of("i", [9, 0, 8] * 5), ["g", "t*", "i", "run"]),
        ("cases_between", rows_of("g", [9, 3, 40] * 5), ["g", "i", "run"]),
    ],
)
def test_other_charts_that_fit_are_offered(
    kind: Any, rows: list[Observed], wanted: list[str]
) -> None:
    offered = chart_alternatives(kind, rows)
    assert [one.chart + "*" * (not one.is_possible) for one in offered] == wanted
    assert [one.is_usual for one in offered] == [True] + [False] * (len(offered) - 1)
    assert all(one.reason.endswith(".") and one.name for one in offered)


def test_waiting_is_counted_in_points() -> None:
    rows = rows_of("i", [5, 7, 4, 6, 5, 7, 4, 6, 3, 5, 6, 7] * 2 + [5, 7, 4, 6, 5, 7, 4, 6, 5])
    early = judge(rows[:28], better="up", chart="i", starts_on=day(24))
    assert early.facts["points_worth_waiting"] == 3
    assert any("3 more points are needed." in line for line in early.doubt)
    nine = judge(rows, better="up", chart="i", starts_on=day(24))
    assert nine.code == "no_signal"
    assert nine.facts["points_worth_waiting"] == 11
    assert nine.doubt[0] == (
        "With 9 points a real but modest change is missed more than half the time; with 11 more, "
        "about one time in four."
    )
    for ends_on in (rows[32].x + timedelta(6), rows[30].x):
        closed = judge(rows, better="up", chart="i", starts_on=day(24), ends_on=ends_on)
        assert closed.facts["points_worth_waiting"] is None
        assert " more, about" not in closed.doubt[0]
    enough = [*rows, *rows_of("i", [5, 7, 4, 6, 5, 7, 4, 6] * 5)[len(rows) :]]
    long = judge(rows_of("i", [r.value for r in enough]), better="up", chart="i", starts_on=day(8))
    assert long.facts["n_after"] >= WORTH_WAITING_TO
    assert long.facts["points_worth_waiting"] is None


def test_another_season_is_named() -> None:
    steady = [5, 7, 4, 6, 5, 7, 4, 6, 3, 5, 6, 7]
    rows = rows_of("i", steady * 4)

    def said(before: int, after: int) -> str:
        rows_then = rows[: before + after]
        return " ".join(judge(rows_then, better="up", chart="i", starts_on=day(before)).doubt)

    assert "from January to June, those since from June to September" in said(25, 12)
    assert "season" not in said(25, 7).replace("the season or a", "")
    year = [MONDAY + timedelta(7 * at) for at in range(53)]
    assert not is_other_season(year, [date(2026, 7, 6)] * 3)
    assert not is_other_season([], year)
    assert is_other_season([date(2025, 12, 1)], [date(2026, 4, 6)])
    assert not is_other_season([date(2025, 12, 1)], [date(2026, 1, 5)])


def test_periods_are_told_by_their_days() -> None:
    months = [date(2025, month, 1) for month in range(1, 13)]
    assert period_of(months) == "month"
    assert period_of(months[::3]) == "quarter"
    assert period_of([date(2024, 4, 1), date(2025, 4, 1)]) == "year"
    assert period_of([day(0), day(1), day(3)]) == "week"
    assert period_of([day(0), day(0) + timedelta(1)]) == "day"
    assert period_of([]) == "week"
