"""What people decided is said beside the verdict that it steers: lines, charts, points left out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from improve.measures.spc.analysis import NO_NEIGHBOURS_NOTE, SAME_VALUES_NOTE, analyse_series
from improve.measures.spc.chances import UNSTABLE_CHANCE, UNUSUAL_CHANCE, upto
from improve.measures.spc.checks import checks_of
from improve.measures.spc.doubt import doubt_of
from improve.measures.spc.series import CHART_NAMES, Observed
from improve.measures.spc.verdict import Around, judge, judge_chart
from improve.measures.spc.words import LABELS, verdict_words

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


# --- chances by the chart that is judged


def said_by(chart: str, code: str, *, before: int, after: int = 12) -> str:
    """The first line of doubt of a verdict on this chart."""
    facts = judge(rows_of([*UP_AND_DOWN, 51]), better="up", chart="i", starts_on=day(20)).facts
    facts |= {"chart": chart, "n_before": before, "n_after": after}
    return doubt_of(code, facts)[0]


@pytest.mark.parametrize(
    ("chart", "percent"), [("run", 8), ("c", 16), ("p", 16), ("i", 17), ("pp", 17), ("g", 38)]
)
def test_refusal_by_chance_is_that_of_the_chart(chart: str, percent: int) -> None:
    said = said_by(chart, "baseline_unstable", before=24)
    assert said == f"About {percent} in 100 steady measures are refused here by chance."


@pytest.mark.parametrize(("chart", "percent"), [("c", 4), ("i", 9), ("t", 9), ("g", 23)])
def test_unusual_point_by_chance_is_that_of_the_chart(chart: str, percent: int) -> None:
    said = said_by(chart, "unusual_point", before=24)
    assert said == f"About {percent} in 100 steady measures would show such a point by chance."


def test_every_chart_has_figures_that_grow() -> None:
    for chart in CHART_NAMES:
        for before in (12, 24, 60):
            assert " in 100 " in said_by(chart, "baseline_unstable", before=before)
    for steps in UNSTABLE_CHANCE.values():
        assert [n for _, n in steps] == sorted(n for _, n in steps)
    for table in UNUSUAL_CHANCE.values():
        assert upto(upto(table, 12), 7) < upto(upto(table, 12), 30)


# --- what is said of decisions


def test_a_line_that_cuts_the_baseline_is_said() -> None:
    rows = rows_of([*UP_AND_DOWN, 51, 49, 52])
    told = judge(rows, better="up", chart="i", starts_on=day(20), new_lines_on=[day(9)])
    assert (
        "A person drew a new middle line from 9\u00a0March on, so only points since then count as "
        "before." in told.doubt
    )
    assert told.facts["line_cuts_baseline_on"] == "2026-03-09"
    plain = judge(rows, better="up", chart="i", starts_on=day(20))
    assert not any("middle line" in line for line in plain.doubt)


def test_points_left_out_that_make_the_verdict_are_said() -> None:
    after = [54, 53, 48, 55, 53, 54, 53, 54]
    rows = rows_of([*UP_AND_DOWN, *after])
    rows[22] = Observed(day(22), 48, is_excluded=True)
    told = judge(rows, better="up", chart="i", starts_on=day(20))
    assert told.code == "improvement"
    assert told.facts["code_with_all"] == "no_signal"
    assert told.doubt[0] == "With every point counted the chart would say: No signal yet."
    rows[22] = Observed(day(22), 54, is_excluded=True)
    same = judge(rows, better="up", chart="i", starts_on=day(20))
    assert same.facts["code_with_all"] == same.code == "improvement"
    assert "every point" not in " ".join(same.doubt)


def test_a_chart_that_a_person_chose_is_said() -> None:
    analysis = analyse_series(
        rows_of([*UP_AND_DOWN, *UP_AND_DOWN[:9]]), chart="i", starts_on=day(20)
    )
    around = Around(usual_chart="run", code_by_usual="improvement")
    told = judge_chart(analysis, better="up", around=around)
    assert told.facts["is_chart_chosen"]
    assert (
        "A person chose this chart; the usual one is a run chart and would say: Improvement."
        in told.doubt
    )
    same = judge_chart(
        analysis, better="up", around=Around(usual_chart="i", code_by_usual=told.code)
    )
    assert "A person chose this chart; the usual one is an XmR chart." in same.doubt
    assert not judge_chart(analysis, better="up").facts["is_chart_chosen"]


@pytest.mark.parametrize(
    ("n", "line"),
    [
        (1, "One change kept earlier is still in force."),
        (2, "Two changes kept earlier are still in force."),
    ],
)
def test_changes_kept_earlier_are_said_and_overlap_nothing(n: int, line: str) -> None:
    analysis = analyse_series(rows_of([*UP_AND_DOWN, 51]), chart="i", starts_on=day(20))
    told = judge_chart(analysis, better="up", around=Around(kept_earlier=n))
    assert line in told.doubt
    assert "overlap" not in " ".join(told.doubt)


@pytest.mark.parametrize("code", [code for code in LABELS if code != "unusual_point"])
def test_no_change_is_spoken_of_by_a_reader_s_own_day(code: str) -> None:
    rows = rows_of([*UP_AND_DOWN, 51, 49, None, 52])
    facts = judge(
        rows,
        better="up",
        chart="i",
        starts_on=day(19) + timedelta(2),
        around=Around(overlapping=2, is_by_day=True),
    ).facts
    assert facts["straddling_on"]
    facts |= {"run_length": 7, "run_side": 1, "has_run_ended": True, "n_since_run": 2}
    facts |= {"n_since_run_on_side": 1, "unstable_because": ["runs"], "run_periods": 7}
    said = [verdict_words(code, facts).in_full, *doubt_of(code, facts)]
    said += [check.question for check in checks_of(code, facts)]
    text = " ".join(said).replace("Another change at the same time", "")
    for wrong in ("the change", "The change", "other test", "this one", "the test"):
        assert wrong not in text, wrong
    assert "Two tests ran in this time." in said
    assert "That day lies part-way through a week; that week counts as before." in said
    assert "1 week since that day has no value." in said


def test_labels_are_those_of_the_words() -> None:
    facts = judge(rows_of([*UP_AND_DOWN, 51]), better="up", chart="i", starts_on=day(20)).facts
    facts |= {"run_length": 7, "run_side": -1, "run_periods": 7, "unstable_because": ["runs"]}
    for code, label in LABELS.items():
        if code not in {"unusual_point", "changed_higher"}:
            assert verdict_words(code, facts).label == label


# --- tests that are over


def test_a_test_that_ended_waits_for_no_points() -> None:
    rows = rows_of([*UP_AND_DOWN, 51, 49, 52])
    analysis = analyse_series(rows, chart="i", starts_on=day(20), ends_on=day(25))
    open_still = judge_chart(analysis, better="up", around=Around(today=day(24)))
    over = judge_chart(analysis, better="up", around=Around(today=day(25)))
    assert (open_still.code, open_still.facts["points_worth_waiting"]) == ("too_early", 4)
    assert (over.code, over.facts["points_worth_waiting"]) == ("too_early", None)
    assert "needed." not in over.doubt[0]
    assert open_still.words.in_full == (
        "Too early: 3\u00a0of\u00a0the at least 7 points needed since the change."
    )
    assert over.words.on_card == "Too few points: 3\u00a0of\u00a07 points"
    assert over.words.in_full.endswith("since the change, and the test has ended.")


def test_what_another_reading_would_say_has_the_name_of_a_test_that_ended() -> None:
    rows = rows_of([*UP_AND_DOWN, 51, 49, 52])
    facts = {
        **judge(rows, better="up", chart="i", starts_on=day(20), ends_on=day(22)).facts,
        "code_with_all": "too_early",
    }
    assert facts["is_over"]
    said = " ".join(doubt_of("no_signal", facts))
    assert "With every point counted the chart would say: Too few points." in said
