"""“How we decide” shows each rule on a chart that fires it, and no words that its picture denies."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from improve.measures import examples as page_examples
from improve.measures import official_figures
from improve.measures.examples import RuleExample, examples
from improve.measures.official_figures import OfficialSeries
from improve.measures.spc.anhoej import runs
from improve.measures.spc.phrases import value_words
from improve.measures.spc.series import CHART_NAMES, Signal
from tests.factories import Cast
from tests.pages import Visitor, words

Visit = Callable[..., Visitor]
SHOWN = examples()
RULES = (*SHOWN.limits, *SHOWN.run_charts)
OFFICIAL = [one for one in vars(official_figures).values() if isinstance(one, OfficialSeries)]
#: What each title promises.
VERDICTS = {
    "A change that held": "improvement",
    "The usual ups and downs": "no_signal",
    "Better, then back": "improvement_not_held",
    "Worse": "deterioration",
    "Better, then worse": "mixed",
    "One unusual week": "unusual_point",
    "Too early": "too_early",
    "Too little before": "no_baseline",
    "No side is better": "changed_higher",
}


def by_key(key: str) -> RuleExample:
    return next(e for e in (*RULES, *SHOWN.lines) if e.key == key)


@pytest.mark.parametrize("example", SHOWN.verdicts, ids=lambda e: e.title)
def test_each_verdict_is_the_one_its_title_promises(example: page_examples.Example) -> None:
    assert example.code == VERDICTS[example.title]
    for drawing in example.views.drawings:
        assert drawing.finding == example.reading.finding


def test_every_question_is_settled_by_some_chart() -> None:
    shown = {e.code for e in SHOWN.verdicts} | {"baseline_unstable"}
    assert by_key("unstable").words is not None
    assert by_key("unstable").words.label == "Already changing"  # type: ignore[union-attr]
    assert shown >= {
        "no_baseline",
        "baseline_unstable",
        "too_early",
        "mixed",
        "improvement",
        "improvement_not_held",
        "deterioration",
        "unusual_point",
        "no_signal",
    }


@pytest.mark.parametrize("example", RULES, ids=lambda e: e.key)
def test_each_rule_fires_on_its_chart_and_no_other_does(example: RuleExample) -> None:
    fired = {signal for point in example.analysis.points for signal in point.signals}
    if example.signal is Signal.RUNS:
        assert fired == set()
        assert example.analysis.has_runs_signal
        assert example.points == ()
        return
    assert fired == {example.signal}
    marked = [p for p in example.analysis.points if p.signals]
    assert example.finding == example.points[0]
    assert [line.count(": ") for line in example.points] == [1] * len(example.points)
    for drawing in example.views.drawings:
        shapes = sum(len(marks.outlines) for marks in drawing.marks)
        assert shapes == len(marked), drawing.size.name
    assert example.analysis.has_limits is (example in SHOWN.limits)


@pytest.mark.parametrize(
    ("key", "says"),
    [
        ("outside", "above the limits of the usual ups and downs"),
        ("two-in-three", "two of three points in a row near the lower limit"),
        ("shift", "7 in a row below the usual level"),
        ("trend", "7 in a row, each higher than the one before"),
        ("long-run", "8 in a row below the usual level"),
    ],
)
def test_the_sentence_names_the_rule_and_is_said_once(key: str, says: str) -> None:
    (sentence,) = by_key(key).points
    assert says in sentence
    marked = [p.x for p in by_key(key).analysis.points if p.signals]
    start, end = f"{marked[0]:%B}", f"{marked[-1]:%B}"
    assert sentence.startswith(start)
    assert len(marked) == 1 or f" to {end}" in sentence


def test_run_chart_examples_differ_in_what_fires() -> None:
    """Each of Anhøj’s two rules by itself: the other one is quiet on its chart."""
    long = runs(p.side for p in by_key("long-run").analysis.points)
    few = runs(p.side for p in by_key("crossings").analysis.points)
    assert long.longest_run > (long.longest_run_max or 99)
    assert long.n_crossings >= (long.n_crossings_min or 0)
    assert few.longest_run <= (few.longest_run_max or 0)
    assert few.n_crossings < (few.n_crossings_min or 0)
    said = by_key("crossings").finding
    assert f"{few.n_crossings} times" in said
    assert f"at least {few.n_crossings_min} are to be expected" in said


def test_new_line_shows_two_levels_and_fires_nothing() -> None:
    example = by_key("new-line")
    first, second = example.analysis.phases
    assert (first.n_points, second.n_points) == (16, 14)
    for phase in (first, second):
        assert value_words(phase.centre, "%") in example.finding
    assert not any(p.signals for p in example.analysis.points)


def test_point_left_out_no_longer_counts_and_is_still_drawn() -> None:
    example = by_key("left-out")
    left = [p for p in example.analysis.points if p.is_excluded]
    assert len(left) == 1
    kept = [p.value or 0 for p in example.analysis.points if not p.is_excluded]
    assert value_words(sum(kept) / len(kept)) in example.finding
    assert value_words((sum(kept) + (left[0].value or 0)) / 24) in example.finding
    assert all(len(d.hollow) == 1 for d in example.views.drawings)


def test_trial_limits_are_drawn_and_said() -> None:
    example = by_key("trial")
    assert example.analysis.n_baseline == 12
    assert example.analysis.has_limits
    assert example.finding.startswith("Trial limits: only 12 points before")


def test_all_official_figures_are_found() -> None:
    """Where none were, the test below would be skipped, and nothing said."""
    assert len(OFFICIAL) == 7


@pytest.mark.parametrize("series", OFFICIAL, ids=lambda s: s.named)
def test_official_figures_are_two_whole_years(series: OfficialSeries) -> None:
    assert len(series.values) == len(series.months) == 24
    assert all(
        later > earlier for earlier, later in zip(series.months, series.months[1:], strict=False)
    )
    assert series.where in series.named


def test_examples_are_made_once_for_all_threads() -> None:
    found: list[object] = []
    threads = [threading.Thread(target=lambda: found.append(examples())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(one is SHOWN for one in found)


# --- the page


def test_contents_lead_to_every_section(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/how-we-decide")
    listed = [a["href"] for a in page.soup.select(".decide-contents a")]
    sections = ["#" + str(h["id"]) for h in page.soup.select("main section h2")]
    assert sorted(listed) == sorted(sections)
    assert len(listed) == 10


def test_page_shows_every_example_and_whose_numbers(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/how-we-decide")
    titles = [words(h) for h in page.soup.select(".measure-card h3")]
    assert titles == [
        *(e.title for e in SHOWN.verdicts),
        *(e.title for e in (*RULES, *SHOWN.lines)),
    ]
    for example in (*RULES, *SHOWN.lines):
        card = page.soup.find(id=f"rule-{example.key}")
        assert card is not None
        said = words(card)  # type: ignore[arg-type]
        assert example.data.replace("\u00a0", " ") in said
        for sentence in example.points[:1]:
            assert sentence.replace("\u00a0", " ") in said
    assert "Open Government Licence v3.0" in page.main


def test_every_kind_of_chart_is_in_the_table(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/how-we-decide")
    rows = [words(th).lower() for th in page.soup.select(".chart-kinds tbody th")]
    assert len(rows) == len(CHART_NAMES)
    for name in CHART_NAMES.values():
        wanted = name.replace("x-bar", "x̄").lower()
        assert any(row.startswith(wanted) for row in rows), name


FIGURES = (
    "About 2 in 100",
    "With 12 points before and 12 after it is about 5 of 100",
    "With 20 and 20 it is 8 of 100",
    "about 10 of 100",
    "15 of 100 with 12 and 12",
    "19 of 100 with 20 and 20",
    "8 in 100 with 12",
    "17 in 100 with 24",
    "38 in 100 with 52",
    "On a run chart 2, 8 and 26 in 100 are refused",
    "on p, u, c and x̄ charts 5, 16 and 40",
    "On a g chart, whose numbers are uneven by nature, it is about 16, 38 and 71",
    "in 5 of 100 on a p, u or c chart",
    "about half the time with 12 points before and 12 since",
    "7 of 100 with 12 and 12",
    "14 in 100 in place of 5, 23 in place of 8",
)


def test_how_often_it_is_wrong_is_told(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/how-we-decide")
    assert not [figure for figure in FIGURES if figure not in page.main]


def test_questions_of_a_new_middle_line_and_screening_are_told(cast: Cast, visit: Visit) -> None:
    page = visit(cast.practitioner).get("/how-we-decide")
    for said in (
        "Is it really different?",
        "Do we know why?",
        "Do we want it?",
        "Will it last?",
        "This is called screening.",
    ):
        assert said in page.main
