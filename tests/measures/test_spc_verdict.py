"""Every verdict code from a series that should get it, and the edges between neighbours."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.phrases import numbers_words, rule_words
from improve.measures.spc.series import Observed, Part
from improve.measures.spc.spark import spark_facts
from improve.measures.spc.verdict import CODES, judge, judge_chart, verdict_words

MONDAY = date(2026, 3, 2)
STEADY = [50, 53, 48, 51, 47, 52, 49, 54, 50, 46, 51, 48, 53, 49, 50, 52, 47, 51, 48, 53, 49, 50]
ABOVE, BELOW = [54, 53, 55, 53, 54, 53, 54], [46, 47, 45, 47, 46, 47, 46]
AROUND = [51, 48, 52, 47, 50, 53, 48, 51, 49, 52]


def weekly(
    before: Sequence[float | None], after: Sequence[float | None]
) -> tuple[list[Observed], date]:
    values = [*before, *after]
    rows = [Observed(MONDAY + timedelta(7 * i), value) for i, value in enumerate(values)]
    return rows, MONDAY + timedelta(7 * len(before))


def verdict(before: Sequence[float | None], after: Sequence[float | None], **more: Any) -> Any:
    rows, starts_on = weekly(before, after)
    return judge(rows, **({"better": "up", "chart": "i", "starts_on": starts_on} | more))


@pytest.mark.parametrize(
    ("code", "better", "before", "after"),
    [
        ("no_baseline", "up", STEADY[:7], ABOVE),
        ("no_baseline", "up", [], ABOVE),
        ("too_early", "up", STEADY, ABOVE[:6]),
        ("too_early", "up", STEADY, []),
        ("baseline_unstable", "up", [40, 41, 42, 43, 44, 45, 46, 47, 48, 49], ABOVE),
        ("baseline_unstable", "up", [*STEADY[:12], 90], ABOVE),
        ("mixed", "up", STEADY, [*ABOVE, *BELOW]),
        ("mixed", "neutral", STEADY, [*BELOW, *ABOVE]),
        ("improvement", "up", STEADY, ABOVE),
        ("improvement", "down", STEADY, BELOW),
        ("improvement", "up", STEADY, [*AROUND, *ABOVE]),
        ("improvement_not_held", "up", STEADY, [*ABOVE, 48]),
        ("improvement_not_held", "up", STEADY, [*ABOVE, *AROUND]),
        ("deterioration", "up", STEADY, BELOW),
        ("deterioration", "down", STEADY, ABOVE),
        ("deterioration_ended", "up", STEADY, [*BELOW, 52]),
        ("changed_higher", "neutral", STEADY, ABOVE),
        ("changed_lower", "neutral", STEADY, BELOW),
        ("changed_ended", "neutral", STEADY, [*BELOW, *AROUND]),
        ("unusual_point", "up", STEADY, [*AROUND, 80]),
        ("unusual_point", "up", STEADY, [*AROUND, 10, 51]),
        ("no_signal", "up", STEADY, AROUND),
        ("no_signal", "neutral", STEADY, AROUND),
    ],
)
@pytest.mark.parametrize("chart", ["i", "run"])
def test_series_gets_its_code(
    code: str, better: str, before: list[float], after: list[float], chart: str
) -> None:
    found = verdict(before, after, better=better, chart=chart)
    if chart == "run" and code == "unusual_point":
        assert found.code == "no_signal"  # a run chart has no limits
    elif chart == "run" and before[-1:] == [90]:
        assert found.code == "improvement"
    else:
        assert found.code == code
    assert json.loads(json.dumps(found.facts)) == found.facts
    assert [check.is_settling for check in found.checks] == [False] * (len(found.checks) - 1) + [
        True
    ]
    assert found.doubt or found.code == "no_baseline"


def test_a_point_on_the_line_ends_a_run() -> None:
    before = [48, 52] * 6
    assert verdict(before, ABOVE).facts["centre_before"] == 50
    assert verdict(before, [*ABOVE[:4], 50, *ABOVE[:6]]).code == "no_signal"


def test_a_missing_or_excluded_point_does_not_end_a_run() -> None:
    assert verdict(STEADY, [*ABOVE[:4], None, *ABOVE[4:]]).code == "improvement"
    rows, starts_on = weekly(STEADY, [*ABOVE[:4], 20, *ABOVE[4:]])
    rows[len(STEADY) + 4] = Observed(rows[len(STEADY) + 4].x, 20, is_excluded=True)
    found = judge(rows, better="up", chart="i", starts_on=starts_on)
    assert found.code == "improvement"
    assert found.facts["excluded_on"] == [rows[len(STEADY) + 4].x.isoformat()]
    assert any("left out" in line for line in found.doubt)


def test_six_are_never_a_run() -> None:
    assert verdict(STEADY, [*AROUND[:2], *ABOVE[:6]]).code == "no_signal"


def test_baseline_is_the_last_24_points_before_the_first_judged_cycle() -> None:
    before = [90, 10] * 8 + STEADY + [49, 52]
    rows, starts_on = weekly(before, [*AROUND, *ABOVE])
    first = judge(rows, better="up", chart="i", starts_on=starts_on)
    assert first.facts["n_before"] == 24
    second_starts_on = starts_on + timedelta(7 * 10)
    second = judge(
        rows, better="up", chart="i", starts_on=second_starts_on, first_judged_on=starts_on
    )
    for name in ("n_before", "centre_before", "baseline_from", "baseline_to"):
        assert second.facts[name] == first.facts[name]
    assert second.facts["n_after"] == 7
    assert second.code == "improvement"
    closed = judge(
        rows, better="up", chart="i", starts_on=starts_on, ends_on=second_starts_on - timedelta(1)
    )
    assert (closed.facts["n_after"], closed.code) == (10, "no_signal")


def test_a_person_may_choose_the_baseline() -> None:
    rows, starts_on = weekly([*STEADY, *STEADY], ABOVE)
    found = judge(
        rows,
        better="up",
        chart="i",
        starts_on=starts_on,
        baseline_from=rows[2].x,
        baseline_to=rows[31].x,
    )
    assert found.facts["n_before"] == 30
    assert "A person chose which points count as before." in " ".join(found.doubt)
    rows, starts_on = weekly([*STEADY, 51, 49, 52], ABOVE)
    ended = judge(rows, better="up", chart="i", starts_on=starts_on, baseline_to=rows[20].x)
    assert (ended.facts["n_before"], ended.facts["baseline_to"]) == (21, rows[20].x.isoformat())


def test_centre_is_the_line_of_the_chart_that_is_drawn() -> None:
    before = [1, 1, 1, 2, 2, 3, 4, 30, 1, 2, 2]
    rows, starts_on = weekly(before, [])
    few = analyse_series(rows, chart="i", starts_on=starts_on)
    assert (few.chart, few.centre, few.centre_word) == ("run", 2, "median")
    rows, starts_on = weekly([*before, 11], [])
    enough = analyse_series(rows, chart="i", starts_on=starts_on)
    assert (enough.chart, enough.centre, enough.centre_word) == ("i", 5, "mean")
    shares = [
        Observed(MONDAY + timedelta(7 * i), None, i % 3 + 1, 4 if i % 2 else 40) for i in range(12)
    ]
    p = analyse_series(shares, chart="p", starts_on=MONDAY + timedelta(84), unit="%")
    assert p.centre == pytest.approx(100 * sum(i % 3 + 1 for i in range(12)) / (6 * 44))
    assert p.rule_set.name == "Making Data Count rules on a p chart"


def test_words_of_the_pictures() -> None:
    rows, starts_on = weekly(STEADY, [*ABOVE, 54, 53])
    found = judge(rows, better="up", chart="i", starts_on=starts_on, unit="%")
    assert found.words.on_card == "Improvement: last 9 points better than usual"
    assert found.words.in_full == (
        "Improvement: the last 9 points are all better than the usual level before (50%). "
        "That is unlikely to be chance alone."
    )
    assert (found.words.icon, found.words.tone) == ("trending-up", "better")
    assert [check.question for check in found.checks][-1] == (
        "7 or more in a row better, up to now?"
    )
    assert found.checks[-1].answer == "9 in a row, all above 50%"
    assert found.doubt[0] == "About 2 in 100 steady measures would show this by chance."
    early = verdict(STEADY, ABOVE[:4]).words
    assert early.on_card == "Too early: 4\u00a0of\u00a07 points"
    assert (early.icon, early.tone) == ("list-check", "nochange")
    worse = verdict(STEADY, [*BELOW, 46]).words
    assert worse.on_card == "It got worse: last 8 points below usual"
    assert verdict(STEADY, AROUND).words.on_card == (
        "No signal yet: 10 points look like the usual ups and downs"
    )
    ended = verdict(STEADY, [*ABOVE, 54, *AROUND[1:]])
    assert ended.words.on_card == "Improved, then went back: better for 8\u00a0weeks"
    unusual = verdict(STEADY, [*AROUND, 80]).words
    assert unusual.on_card == "One unusual week: 12\u00a0October, find out what happened"


def test_what_it_rests_on_is_said_with_it() -> None:
    shares = [Observed(MONDAY + timedelta(7 * i), None, 40 + i % 3, 50) for i in range(24)]
    shares += [Observed(MONDAY + timedelta(7 * i), None, 46, 50) for i in range(24, 33)]
    found = judge(shares, better="up", chart="p", unit="%", starts_on=shares[24].x)
    assert rule_words(found.facts) == "Making Data Count rules on a p chart, run of 7"
    assert numbers_words(found.facts) == "24 points before (82%), 9 since (92%)"
    many = verdict(STEADY, [*AROUND, 90, 10, 90, 10])
    assert many.words.label == "Four unusual weeks"
    assert many.words.short.endswith("and 1 more, find out what happened")


def test_forbidden_words_are_never_said() -> None:
    told: list[str] = []
    for better in ("up", "down", "neutral"):
        for after in (ABOVE, BELOW, [*ABOVE, 40], [*ABOVE, *BELOW], AROUND, [*AROUND, 90], [51]):
            for before in (STEADY, STEADY[:9], STEADY[:5], list(range(12))):
                found = verdict(before, after, better=better, lookback_days=14)
                told += [found.words.in_full, found.words.short, *found.doubt]
                told += [f"{c.question} {c.answer}" for c in found.checks]
    text = " ".join(told).lower()
    for word in ("caused?", "proved", "proof", "significant", "p.?values?", "late", "target"):
        assert not re.search(rf"\b{word}\b", text), word
    assert "!" not in text


def test_doubt_names_what_weakens_the_data() -> None:
    def said(found: Any) -> str:
        return " ".join(found.doubt)

    assert "no limits are drawn" in said(verdict(STEADY[:9], AROUND))
    assert "Trial limits: only 14 points" in said(verdict(STEADY[:14], AROUND))
    assert "looks back 14 days" in said(verdict(STEADY, ABOVE, lookback_days=14))
    assert "looks back" not in said(verdict(STEADY, ABOVE, lookback_days=7))
    months = [Observed(date(2025 + i // 12, i % 12 + 1, 1), STEADY[i]) for i in range(18)]
    assert "season can look like a change" in said(
        judge(months, better="up", chart="i", period="month", starts_on=date(2025, 11, 1))
    )
    assert "season can look" not in said(
        judge(months, better="up", chart="i", period="month", starts_on=date(2026, 1, 1))
    )
    inside = judge(months, better="up", chart="i", period="month", starts_on=date(2025, 11, 9))
    assert "part-way through a month" in said(inside)
    assert "part-way" not in said(
        judge(months, better="up", chart="i", period="month", starts_on=date(2025, 11, 1))
    )
    assert "One point across the line" in said(verdict(STEADY, [*ABOVE, 48, 54, 54]))
    few = [Observed(MONDAY + timedelta(7 * i), None, 2 + i % 2, 5) for i in range(20)]
    assert "about 5 cases" in said(
        judge(few, better="up", chart="p", unit="%", starts_on=few[12].x)
    )


def test_a_measure_that_never_moves_gets_no_limits_and_says_so() -> None:
    found = verdict([7] * 12, [7] * 6 + [8])
    assert found.code == "no_signal"
    assert not found.facts["has_limits"]
    assert "No limits" in found.facts["limits_note"]
    assert found.facts["limits_note"] in found.doubt
    almost = [7] * 20
    almost[5] = 9
    collapsed = verdict(almost, [7, 8, 7, 7, 8, 7, 7]).facts
    assert not collapsed["has_limits"]
    assert collapsed["points_outside"] == []
    all_seen = [Observed(MONDAY + timedelta(7 * i), None, 20, 20) for i in range(24)]
    rows = [*all_seen, *(Observed(MONDAY + timedelta(7 * i), None, 19, 20) for i in range(24, 31))]
    assert judge(rows, better="up", chart="p", unit="%", starts_on=rows[24].x).code == (
        "deterioration"
    )


def test_spark_holds_what_a_sparkline_draws() -> None:
    rows, starts_on = weekly([*STEADY, *STEADY], [*ABOVE[:4], None])
    analysis = analyse_series(rows, chart="i", starts_on=starts_on)
    found = judge_chart(analysis, better="up")
    spark = spark_facts(analysis, found.code)
    assert found.code == "too_early"
    assert len(spark["before"]) == 24
    assert spark["after"] == ABOVE[:4]
    assert spark["missing"] == 3
    assert spark["centre"] == pytest.approx(found.facts["centre_before"], rel=1e-5)
    assert json.loads(json.dumps(spark)) == spark


def test_words_of_a_small_test() -> None:
    words = verdict_words("small_test", {"expected": 5, "expected_of": 6, "saw": 6, "saw_of": 6})
    assert words.on_card == ("Tried small: expected 5\u00a0of\u00a06, saw 6\u00a0of\u00a06")
    assert words.icon == "circle-check"
    assert verdict_words("small_test", {}).short == "too small for the chart"


def test_every_code_has_words_with_a_known_icon_and_tone() -> None:
    facts = verdict(STEADY, [*ABOVE, 80]).facts | {"points_outside": ["2026-10-12"]}
    for code in CODES:
        words = verdict_words(code, facts)
        assert words.tone in {"better", "worse", "changed", "nochange"}
        assert words.icon in {
            "trending-up",
            "trending-down",
            "diamond",
            "minus",
            "list-check",
            "circle-check",
        }
        assert words.sentence.endswith(".")


def test_points_between_two_cycles_belong_to_neither() -> None:
    rows, starts_on = weekly(STEADY, [*AROUND, *ABOVE])
    analysis = analyse_series(
        rows, chart="i", starts_on=starts_on + timedelta(70), first_judged_on=starts_on
    )
    assert len(analysis.part(Part.BETWEEN)) == 10
    assert len(analysis.usable(Part.AFTER)) == 7
