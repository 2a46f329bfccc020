"""What must hold for any series: the verdict has no reference implementation but these."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from improve.measures.spc import anhoej, control_chart, making_data_count
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.limits import CHARTS
from improve.measures.spc.rules import shift_marks, trend_marks
from improve.measures.spc.series import Observed, Part, Signal
from improve.measures.spc.verdict import Verdict, judge

MONDAY = date(2025, 1, 6)
MIRRORED = {
    "changed_higher": "changed_lower",
    "changed_lower": "changed_higher",
}
OTHER_WAY = {"up": "down", "down": "up", "neutral": "neutral"}

values = st.integers(-30, 30).map(float) | st.sampled_from([0.0, 1.0, 2.0])
series = st.tuples(
    st.lists(values, min_size=0, max_size=30), st.lists(values, min_size=0, max_size=24)
)
# Long after parts that lean to a side, so that runs are common.
leaning = st.tuples(
    st.lists(st.integers(-3, 3).map(float), min_size=8, max_size=26),
    st.lists(st.sampled_from([-2.0, 1.0, 2.0, 3.0, 3.0, 9.0]), min_size=7, max_size=20),
)
any_series = series | leaning
betters = st.sampled_from(["up", "down", "neutral"])
charts = st.sampled_from(["i", "run"])
few = settings(max_examples=100, deadline=None)


def rows_of(before: list[float], after: list[float], step: int = 7) -> list[Observed]:
    return [
        Observed(MONDAY + timedelta(step * i), value) for i, value in enumerate([*before, *after])
    ]


def judged(rows: list[Observed], n_before: int, **more: Any) -> Verdict:
    return judge(rows, starts_on=MONDAY + timedelta(7 * n_before), **more)


@few
@given(any_series, betters, charts)
def test_mirrored_data_mirror_the_verdict(
    data: tuple[list[float], list[float]], better: str, chart: str
) -> None:
    before, after = data
    plain = judged(rows_of(before, after), len(before), better=better, chart=chart)
    mirrored = judged(
        rows_of([-v for v in before], [-v for v in after]),
        len(before),
        better=OTHER_WAY[better],
        chart=chart,
    )
    assert mirrored.code == MIRRORED.get(plain.code, plain.code)
    assert mirrored.facts["run_length"] == plain.facts["run_length"]
    assert mirrored.facts["points_outside"] == plain.facts["points_outside"]


@few
@given(any_series, betters, charts, st.integers(-200, 200), st.sampled_from([0.5, 2.0, 10.0]))
def test_adding_a_constant_or_scaling_changes_nothing(
    data: tuple[list[float], list[float]], better: str, chart: str, add: int, times: float
) -> None:
    before, after = data
    plain = judged(rows_of(before, after), len(before), better=better, chart=chart)
    moved = judged(
        rows_of([v * times + add for v in before], [v * times + add for v in after]),
        len(before),
        better=better,
        chart=chart,
    )
    assert moved.code == plain.code
    assert moved.facts["run_length"] == plain.facts["run_length"]
    assert moved.facts["points_outside"] == plain.facts["points_outside"]


@few
@given(any_series, betters, charts, st.randoms(use_true_random=False))
def test_order_within_the_baseline_does_not_reach_the_run(
    data: tuple[list[float], list[float]], better: str, chart: str, random: Any
) -> None:
    before, after = data[0][-24:], data[1]
    shuffled = list(before)
    random.shuffle(shuffled)
    plain = judged(rows_of(before, after), len(before), better=better, chart=chart)
    other = judged(rows_of(shuffled, after), len(before), better=better, chart=chart)
    for name in ("run_length", "run_side", "run_from", "run_to", "has_run_ended", "n_after"):
        assert other.facts[name] == plain.facts[name]
    order_bound = {"baseline_unstable", "unusual_point", "no_signal"}
    if not {plain.code, other.code} & order_bound:
        assert other.code == plain.code


@few
@given(any_series, betters, st.lists(st.integers(0, 60), max_size=8))
def test_a_gap_is_no_point(
    data: tuple[list[float], list[float]], better: str, places: list[int]
) -> None:
    before, after = data
    full: list[float | None] = [*before, *after]
    gapped: list[tuple[float | None, bool]] = [(v, i < len(before)) for i, v in enumerate(full)]
    for place in places:
        at = min(place, len(gapped))
        is_before = at < sum(b for _, b in gapped)
        gapped.insert(at, (None, is_before))
    n_before = sum(is_before for _, is_before in gapped)
    rows = [Observed(MONDAY + timedelta(7 * i), v) for i, (v, _) in enumerate(gapped)]
    plain = judged(rows_of(before, after), len(before), better=better, chart="run")
    with_gaps = judged(rows, n_before, better=better, chart="run")
    assert with_gaps.code == plain.code
    for name in ("n_before", "n_after", "centre_before", "run_length"):
        assert with_gaps.facts[name] == plain.facts[name]


@few
@given(any_series, betters, charts, st.integers(0, 50), st.integers(-90, 90))
def test_an_excluded_point_counts_nowhere(
    data: tuple[list[float], list[float]], better: str, chart: str, place: int, value: int
) -> None:
    before, after = data
    at = min(place, len(before) + len(after))
    all_values = [*before, *after]
    all_values.insert(at, float(value))
    n_before = len(before) + (at < len(before))
    rows = rows_of(all_values, [])
    rows[at] = Observed(rows[at].x, rows[at].value, is_excluded=True)
    plain = judged(rows_of(before, after), len(before), better=better, chart=chart)
    found = judged(rows, n_before, better=better, chart=chart)
    assert found.code == plain.code
    assert found.facts["centre_before"] == plain.facts["centre_before"]


@few
@given(st.lists(st.sampled_from([-1, 0, 1]), max_size=60))
def test_ties_are_skipped_by_anhoej_and_break_a_shift(sides: list[int]) -> None:
    useful = [side for side in sides if side]
    assert anhoej.runs(sides) == anhoej.runs(useful)
    marks = shift_marks(sides)
    assert all(mark in (0, side) for mark, side in zip(marks, sides, strict=True))
    assert [m for m, s in zip(marks, sides, strict=True) if s == 0] == [0] * sides.count(0)


@few
@given(st.lists(values | st.none(), min_size=1, max_size=60))
def test_any_series_can_be_analysed_in_any_order(found: list[float | None]) -> None:
    rows = [Observed(MONDAY + timedelta(7 * i), v) for i, v in enumerate(found)]
    forwards = analyse_series(rows, chart="i")
    assert analyse_series(rows[::-1], chart="i") == forwards
    for point in forwards.points:
        if Signal.OUTSIDE_LIMITS in point.signals:
            assert point.value is not None
            assert point.lower is not None
            assert point.upper is not None
            assert point.value > point.upper or point.value < point.lower
        if Signal.SHIFT in point.signals:
            assert point.side != 0
    if forwards.has_limits:
        assert len(forwards.usable(Part.BASELINE)) >= 12


@few
@given(
    st.lists(st.tuples(st.integers(0, 40), st.integers(1, 40)), min_size=1, max_size=40),
    st.sampled_from([chart for chart in CHARTS if chart != "mr"]),
)
def test_every_chart_takes_any_share(pairs: list[tuple[int, int]], chart: str) -> None:
    rows = [
        Observed(MONDAY + timedelta(7 * i), float(y), min(y, n), n)
        for i, (y, n) in enumerate(pairs)
    ]
    analysis = analyse_series(rows, chart=chart, unit="%", starts_on=MONDAY + timedelta(140))
    assert len(analysis.points) == len(rows)
    if chart in {"p", "pp"}:
        drawn = [p for p in analysis.points if p.lower is not None and p.upper is not None]
        assert all(p.lower >= 0 and p.upper <= 100 + 1e-9 for p in drawn)


@few
@given(st.lists(values, min_size=12, max_size=40))
def test_product_xmr_chart_is_the_nhs_chart(found: list[float]) -> None:
    """With the whole series as baseline the marks are those of the package."""
    rows = rows_of(found, [])
    ours = analyse_series(rows, chart="i")
    theirs = making_data_count.analyse([r.x for r in rows], found)
    for one, other in zip(ours.points, theirs.points, strict=True):
        if not ours.has_limits:
            continue
        assert (one.lower, one.upper) == (other.lower, other.upper)
        assert bool(one.signals) == other.is_special


@few
@given(st.lists(values, min_size=2, max_size=40), st.integers(1, 39))
def test_phases_are_charts_of_their_own(found: list[float], cut: int) -> None:
    cut = min(cut, len(found) - 1)
    x = list(range(len(found)))
    both = control_chart.analyse(x, found, chart="i", part=[cut])
    first = control_chart.analyse(x[:cut], found[:cut], chart="i")
    second = control_chart.analyse(x[cut:], found[cut:], chart="i")
    assert [p.upper for p in both.points] == [p.upper for p in (*first.points, *second.points)]
    assert [p.runs for p in both.phases] == [first.phases[0].runs, second.phases[0].runs]


@few
@given(st.lists(values, min_size=0, max_size=40))
def test_a_trend_has_at_least_seven_members(found: list[float]) -> None:
    marks = trend_marks(found)
    assert sum(map(abs, marks)) == 0 or sum(map(abs, marks)) >= 7
