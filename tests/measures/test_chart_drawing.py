"""Charts as coordinates and words: nothing outside the box, no words on words, honest shapes."""

from __future__ import annotations

import math
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jinja2 import Environment, FileSystemLoader

from improve.measures.chart import (
    ChartDrawing,
    ChartNote,
    TestSpan,
    draw,
    draw_spark,
    draw_strip,
    draw_views,
    table_rows,
)
from improve.measures.chart.axis import TimeAxis, ticks
from improve.measures.chart.labels import NEAREST, Level, line_labels, spread
from improve.measures.chart.lettering import text_width
from improve.measures.chart.scale import label_words, reach_of, roomy_scale, tick_words
from improve.measures.chart.sizes import (
    BESIDE,
    BESIDE_SIZES,
    GRID,
    GRID_SIZES,
    IDEA,
    IDEA_SIZES,
    MEASURE,
    MEASURE_SIZES,
    PHONE,
    PHONE_SMALL,
    STRIP_SIZES,
    ChartSize,
)
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.series import ChartAnalysis, Observed, Signal

ROOT = Path(__file__).resolve().parents[2]
MONDAY = date(2026, 1, 5)
SIZES = {
    size.name + ("" if size.last or not size.is_from_baseline else "-whole"): size
    for size in (*MEASURE_SIZES, *IDEA_SIZES, *BESIDE_SIZES, *GRID_SIZES)
}
PAIR = re.compile(r"(-?[\d.]+) (-?[\d.]+)")


def week(number: int) -> date:
    return MONDAY + timedelta(days=7 * number)


def month(number: int) -> date:
    return date(2024 + number // 12, number % 12 + 1, 1)


def weekly(
    values: list[float | None], *, chart: str = "i", unit: str = "", starts: int | None = None
) -> ChartAnalysis:
    rows = [Observed(week(i), value) for i, value in enumerate(values)]
    return analyse_series(
        rows, chart=chart, unit=unit, starts_on=None if starts is None else week(starts)
    )


def noise(mean: float, spread_by: float, n: int, seed: int = 1) -> list[float | None]:
    chance = random.Random(seed)  # noqa: S311  a made-up series, nothing secret
    return [round(chance.gauss(mean, spread_by), 2) for _ in range(n)]


def improved(unit: str = "%") -> ChartAnalysis:
    before = noise(60, 4, 24)
    return weekly([*before, 71, 73, 70, 75, 74, 72, 76, 75], unit=unit, starts=24)


def shares() -> ChartAnalysis:
    chance = random.Random(3)  # noqa: S311
    rows = []
    for i in range(40):
        n = chance.randint(30, 60)
        rows.append(Observed(week(i), None, round(n * min(chance.gauss(0.8, 0.06), 1)), n))
    return analyse_series(rows, chart="p", unit="%", starts_on=week(30))


ODD_SERIES: dict[str, Callable[[], ChartAnalysis]] = {
    "no points": lambda: weekly([]),
    "one point": lambda: weekly([12]),
    "two points": lambda: weekly([12, 14]),
    "all equal": lambda: weekly([7.0] * 20),
    "all 100%": lambda: weekly([100.0] * 20, unit="%"),
    "all zero": lambda: weekly([0.0] * 20),
    "all gaps": lambda: weekly([None] * 12),
    "gaps": lambda: weekly([7, 8, None, None, 9, 6, None, 7, 8, 6, 7, 7, 8, 9, 5, 6, None]),
    "520 points": lambda: weekly([*noise(50, 8, 400), *noise(57, 8, 120, 2)], starts=400),
    "negative": lambda: weekly(noise(-3000, 800, 30), unit="£"),
    "both signs": lambda: weekly(noise(0, 3, 30)),
    "huge": lambda: weekly(noise(3e12, 8e11, 30), unit="£"),
    "very huge": lambda: weekly([1e200, 2e200, 1.5e200] * 5),
    "tiny": lambda: weekly(noise(0.0003, 0.00004, 30)),
    "shares": shares,
    "improved": improved,
    "just started": lambda: weekly(noise(60, 4, 14), unit="%", starts=14),
    "too few before": lambda: weekly(noise(60, 4, 9), unit="%", starts=5),
    "wild": lambda: weekly([*noise(10, 1, 30), 4000.0]),
}
WINDOWS = (
    TestSpan("Cycle 1, small", week(8), week(11), is_judged=False),
    TestSpan("Cycle 2, the whole team", week(14)),
    TestSpan("Another idea, everyone", week(24), week(40)),
)
NOTES = tuple(ChartNote(i + 1, week(w)) for i, w in enumerate((0, 1, 1, 2, 13, 25, 31)))


def outlines(drawing: ChartDrawing) -> list[str]:
    found = [
        drawing.line,
        drawing.dots,
        drawing.centre,
        drawing.centre_onward,
        drawing.centre_since,
        drawing.limits,
        *(flag.leader for flag in drawing.flags),
        *(outline for marks in drawing.marks for outline in marks.outlines),
    ]
    if drawing.bracket:
        found.append(drawing.bracket.outline)
    return found


def places(drawing: ChartDrawing) -> list[tuple[float, float]]:
    found = [(float(x), float(y)) for path in outlines(drawing) for x, y in PAIR.findall(path)]
    found += [*drawing.points, *drawing.hollow, *drawing.to_come]
    found += [(line.words_x, line.y) for line in drawing.gridlines]
    found += [(tick.x, drawing.bottom) for tick in drawing.ticks]
    found += [(band.x, drawing.bar_y) for band in drawing.bands]
    found += [(band.x + band.width, drawing.bottom) for band in drawing.bands]
    found += [(flag.x, flag.y) for flag in drawing.flags]
    found += [(ring.x, ring.y) for ring in drawing.rings]
    found += [(label.x, label.y) for label in drawing.labels]
    return found


Box = tuple[float, float, float, float, str]


def box(words: str, x: float, y: float, anchor: str = "start", *, is_bold: bool = False) -> Box:
    """Left, top, right, bottom of one line of words whose baseline is at ``y``."""
    long = text_width(words, is_bold=is_bold) * 0.97
    left = {"start": x, "middle": x - long / 2, "end": x - long}[anchor]
    return left, y - 11, left + long, y + 3, words


def word_boxes(drawing: ChartDrawing) -> list[Box]:
    found = [
        box(line.words, line.words_x, line.words_y, line.anchor)
        for line in drawing.gridlines
        if line.words
    ]
    found += [
        box(tick.words, tick.label_x, drawing.bottom + 22, tick.anchor)
        for tick in drawing.ticks
        if tick.words
    ]
    for band in drawing.bands:
        if band.label:
            one = band.label
            found.append(box(one.words, one.x, drawing.bar_y - 9, one.anchor, is_bold=True))
    for label in drawing.labels:
        line = f"{label.number} {label.words}" if label.word_y is None else label.number
        found.append(box(line.strip(), label.x, label.y + 5))
        if label.word_y is not None:
            found.append(box(label.words, label.x, label.word_y + 5))
    if drawing.bracket and drawing.bracket.words:
        found.append(box(drawing.bracket.words, drawing.bracket.x, drawing.bracket.y, "middle"))
    found += [(f.x - 11, f.y - 11, f.x + 11, f.y + 11, f"disc {f.number}") for f in drawing.flags]
    return found


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", ODD_SERIES)
def test_everything_drawn_lies_in_the_box(name: str, size: ChartSize) -> None:
    for tone in ("nochange", "better", "changed"):
        drawing = draw(
            ODD_SERIES[name](), size=size, tone=tone, windows=WINDOWS, notes=NOTES, to_come=3
        )
        for x, y in places(drawing):
            assert math.isfinite(x)
            assert math.isfinite(y)
            assert -0.5 <= x <= size.width + 0.5
            assert -0.5 <= y <= size.height + 7
        for x, y in drawing.points:
            assert drawing.axis.left <= x <= drawing.axis.right
            assert drawing.top <= y <= drawing.bottom
        assert not any(word in path for path in outlines(drawing) for word in ("nan", "inf", "e"))


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
@pytest.mark.parametrize("name", sorted(set(ODD_SERIES) - {"very huge"}))
def test_no_words_lie_on_words(name: str, size: ChartSize) -> None:
    for tone in ("nochange", "better"):
        drawing = draw(ODD_SERIES[name](), size=size, tone=tone, windows=WINDOWS, notes=NOTES)
        boxes = word_boxes(drawing)
        for left, _top, right, _bottom, words in boxes:
            assert left >= -1, words
            assert right <= size.width + 4, words
        for a, b in combinations(boxes, 2):
            is_apart = a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
            assert is_apart, (a, b)


def test_limits_give_way_and_means_stay_on_their_lines() -> None:
    levels = [
        Level(100, "92%", ("since",), "better"),
        Level(140, "81%", ("usual",), "usual"),
        Level(95, "", ("upper limit",), "limit", is_limit=True, is_upper=True),
        Level(150, "", ("lower limit",), "limit", is_limit=True),
    ]
    labels = line_labels(levels, x=0, room=126, top=20, bottom=300, is_stacked=False)
    heights = {label.words: label.y for label in labels}
    assert heights["since"] == 100
    assert heights["usual"] == 140
    assert heights["upper limit"] == 100 - NEAREST
    assert heights["lower limit"] == 140 + NEAREST


def test_a_limit_without_room_is_not_named() -> None:
    levels = [
        Level(22, "92%", ("since",), "better"),
        Level(40, "81%", ("usual",), "usual"),
        Level(21, "", ("upper limit",), "limit", is_limit=True, is_upper=True),
    ]
    labels = line_labels(levels, x=0, room=126, top=20, bottom=50, is_stacked=False)
    assert [label.words for label in labels] == ["since", "usual"]


def test_means_closer_than_a_line_are_parted_evenly() -> None:
    levels = [Level(100, "61%", ("usual",), "usual"), Level(96, "62%", ("since",), "better")]
    labels = line_labels(levels, x=0, room=126, top=20, bottom=300, is_stacked=False)
    assert [label.y for label in labels] == [89, 107]
    assert [label.words for label in labels] == ["since", "usual"]


def test_words_too_long_for_the_margin_are_shortened() -> None:
    levels = [Level(100, "£1,234,567", ("usual before", "usual", ""), "usual")]
    (label,) = line_labels(levels, x=0, room=126, top=20, bottom=300, is_stacked=False)
    assert label.words in ("usual", "")


def test_a_missing_value_breaks_the_line() -> None:
    drawing = draw(weekly([7, 8, None, 9, 6, 7]), size=IDEA)
    assert drawing.line.count("M") == 2
    assert drawing.dots.count("M") == 5


def test_a_missing_week_breaks_the_line_too() -> None:
    rows = [Observed(week(i), 5.0 + i % 3) for i in (0, 1, 2, 3, 6, 7, 8)]
    drawing = draw(analyse_series(rows, chart="i"), size=IDEA, period="week")
    assert drawing.line.count("M") == 2


def test_excluded_points_are_hollow() -> None:
    rows = [
        Observed(week(i), value, is_excluded=i == 4) for i, value in enumerate(noise(20, 2, 20))
    ]
    drawing = draw(analyse_series(rows, chart="i"), size=IDEA)
    assert len(drawing.hollow) == 1
    assert drawing.hollow[0] == drawing.points[4]
    assert f"M{drawing.points[4][0]:.1f} " not in drawing.dots


@pytest.mark.parametrize(
    ("better", "tone", "shape"),
    [
        ("up", "better", "better"),
        ("higher", "better", "better"),
        ("down", "worse", "worse"),
        ("lower", "worse", "worse"),
        ("neutral", "changed", "changed"),
        ("neither", "changed", "changed"),
        ("up", "changed", "changed"),  # improved, then went back
    ],
)
def test_shapes_say_what_the_verdict_says(better: str, tone: str, shape: str) -> None:
    drawing = draw(improved(), size=GRID, better=better, tone=tone)
    after = max(drawing.marks, key=lambda marks: len(marks.outlines))
    assert after.tone == shape
    assert len(after.outlines) == 8


def test_no_signal_draws_plain_dots() -> None:
    analysis = weekly(noise(60, 4, 34), unit="%", starts=24)
    judged = [p for p in analysis.points[24:] if Signal.OUTSIDE_LIMITS in p.signals]
    assert not judged
    drawing = draw(analysis, size=IDEA, tone="nochange")
    xs = {x for x, _y in drawing.points[24:]}
    assert all(f"M{x:.1f} " in drawing.dots for x in xs)
    assert drawing.centre_since == ""


def test_a_point_beyond_a_limit_is_ringed_and_speaks_for_itself() -> None:
    analysis = weekly([*noise(60, 3, 24), 61, 58, 20, 62, 60, 59, 61, 60], unit="%", starts=24)
    drawing = draw(analysis, size=IDEA, tone="nochange", better="up")
    assert [ring.tone for ring in drawing.rings] == ["worse"]
    lower_is_better = draw(analysis, size=IDEA, tone="nochange", better="down")
    assert [ring.tone for ring in lower_is_better.rings] == ["better"]


def test_a_run_beyond_a_limit_is_not_hidden_by_rings() -> None:
    analysis = weekly([*noise(60, 2, 24), *noise(80, 2, 20)], unit="%", starts=24)
    drawing = draw(analysis, size=MEASURE, tone="better")
    assert drawing.rings == ()
    assert sum(len(marks.outlines) for marks in drawing.marks) == 20


def test_the_level_since_names_its_year_in_a_long_series() -> None:
    analysis = weekly([*noise(60, 2, 24), *noise(80, 2, 60)], unit="%", starts=24)
    drawing = draw(analysis, size=MEASURE, tone="better")
    assert "since 2026" in [label.words for label in drawing.labels]


def test_the_frozen_level_is_firm_over_the_baseline_and_fine_onward() -> None:
    drawing = draw(improved(), size=IDEA, tone="better")
    firm = PAIR.findall(drawing.centre)
    onward = PAIR.findall(drawing.centre_onward)
    start = drawing.axis.edge(24)
    assert float(firm[-1][0]) == pytest.approx(start, abs=0.1)
    assert float(onward[0][0]) == pytest.approx(start, abs=0.1)
    assert float(onward[-1][0]) == pytest.approx(drawing.axis.right, abs=0.1)
    assert PAIR.findall(drawing.centre_since)[0][0] == onward[0][0]


def test_too_few_points_have_no_usual_level() -> None:
    drawing = draw(weekly([11.6, 12.2, 10.9, 11.8, 12.4]), size=IDEA)
    assert drawing.centre == ""
    assert drawing.labels == ()


def test_labels_name_the_lines_without_a_legend() -> None:
    drawing = draw(improved(), size=IDEA, tone="better")
    words = {label.words: label.number for label in drawing.labels}
    assert words["since 22\u00a0Jun"] == "73%"
    assert words["usual before"] == "60%"
    assert {"upper limit", "lower limit"} <= set(words)
    quiet = draw(improved(), size=BESIDE)
    assert [label.words for label in quiet.labels] == ["usual"]
    phone = draw(improved(), size=PHONE, tone="better")
    assert [(label.words, label.tone) for label in phone.labels] == [
        ("since", "better"),
        ("usual", "usual"),
    ]


def test_a_judged_test_is_shaded_from_its_first_point() -> None:
    windows = [
        TestSpan("Cycle 1, small", week(18), week(21), is_judged=False),
        TestSpan("Cycle 2, whole team", week(24) - timedelta(days=3)),
    ]
    drawing = draw(improved(), size=IDEA, tone="better", windows=windows)
    small, judged = drawing.bands
    assert judged.x == pytest.approx(drawing.axis.edge(24))
    assert judged.x + judged.width == pytest.approx(drawing.axis.right)
    assert small.x == pytest.approx(drawing.axis.edge(18))
    assert small.x + small.width == pytest.approx(drawing.axis.edge(22))
    assert judged.label
    assert judged.label.anchor == "start"
    assert small.label
    assert small.label.anchor == "end"
    phone = draw(improved(), size=PHONE, tone="better", windows=windows)
    assert [band.label.words for band in phone.bands if band.label] == ["Cycle 1", "Cycle 2"]


def test_a_test_that_has_begun_without_points_shows_its_start() -> None:
    analysis = weekly(noise(60, 4, 14), unit="%", starts=14)
    window = TestSpan("Cycle 1, everyone", week(14))
    (band,) = draw(analysis, size=IDEA, windows=[window]).bands
    assert band.width > 0
    waiting = draw(analysis, size=IDEA, windows=[window], to_come=7)
    assert len(waiting.to_come) == 7
    assert waiting.to_come[0][0] > waiting.points[-1][0]


def test_the_baseline_is_bracketed_and_counted() -> None:
    drawing = draw(improved(), size=IDEA)
    assert drawing.bracket
    assert drawing.bracket.words == "Baseline: 24\u00a0points, frozen"
    assert draw(improved(), size=PHONE).bracket.words == "24\u00a0points, frozen"  # type: ignore[union-attr]
    assert draw(weekly(noise(5, 1, 20)), size=IDEA).bracket is None


def test_scales_end_where_numbers_end() -> None:
    high = weekly([96, 99, 100, 97, 98, 95, 100, 99, 94, 97, 98, 100, 99, 96], unit="%")
    drawing = draw(high, size=MEASURE)
    assert drawing.gridlines[-1].words == "100%"
    assert not any(label.words == "upper limit" for label in drawing.labels)
    few = draw(weekly([1, 0, 2, 1, 3, 0, 1, 1, 0, 2, 1, 0, 1], chart="c"), size=MEASURE)
    assert few.gridlines[0].words == "0"
    assert not any(label.words == "lower limit" for label in few.labels)


def test_a_phone_shows_the_newest_36_points() -> None:
    drawing = draw(weekly(noise(50, 5, 60)), size=PHONE)
    assert len(drawing.points) == 36
    words = [line.words for line in drawing.gridlines]
    assert words[0]
    assert words[-1]
    assert not any(words[1:-1])


def test_the_strip_stands_on_the_axis_above_it() -> None:
    above = draw_views(improved(), "measure", tone="better", notes=NOTES)
    rows = [Observed(week(i), 70.0 + i % 4) for i in range(6, 30)]
    strip = draw_strip(analyse_series(rows, chart="i", unit="%"), above)
    assert [d.size for d in strip.drawings] == list(STRIP_SIZES)
    for upper, lower in zip(above.drawings, strip.drawings, strict=True):
        assert upper.axis == lower.axis
        assert lower.ticks == ()
    assert strip.drawings[0].points[0][0] == pytest.approx(above.drawings[0].points[6][0])


def test_the_chart_beside_covers_the_same_months() -> None:
    main = draw_views(improved(), "idea", tone="better")
    rows = [Observed(week(i), 70.0 + i % 4) for i in range(-20, 30)]
    beside = draw_views(analyse_series(rows, chart="i", unit="%"), "beside", span=main.span)
    assert beside.span == main.span
    assert main.drawings[0].height == beside.drawings[0].height


def test_months_then_years_stand_under_the_axis() -> None:
    weeks = TimeAxis("week", MONDAY, 0, 45, 52, 1192)
    assert [t.words for t in ticks(weeks, width=1328)][:3] == ["Jan", "Feb", "Mar"]
    years = draw(
        analyse_series([Observed(month(i), 10.0 + i % 5) for i in range(30)], chart="i"),
        size=GRID,
        period="month",
    )
    words = [tick.words for tick in years.ticks if tick.words]
    assert words[0] == "2024"
    assert "2025" in words
    days = TimeAxis("week", MONDAY, 0, 4, 52, 692)
    assert [t.words for t in ticks(days, width=828)] == [
        f"{day}\u00a0Jan" for day in (5, 12, 19, 26)
    ]


@pytest.mark.parametrize(
    ("values", "unit", "words"),
    [
        ((0.0, 50.0, 100.0), "%", ("0%", "50%", "100%")),
        ((-2000.0, 0.0, 2000.0), "£", ("\u2212£2,000", "£0", "£2,000")),
        ((0.0, 10_000.0, 20_000.0), "", ("0", "10k", "20k")),
        ((0.0, 1.0, 2.0), "hours", ("0", "1", "2")),
        ((0.0, 0.5, 1.0), "", ("0.0", "0.5", "1.0")),
        ((0.0, 2e6, 4e6), "£", ("£0", "£2m", "£4m")),
    ],
)
def test_gridlines_in_words(values: tuple[float, ...], unit: str, words: tuple[str, ...]) -> None:
    assert tick_words(values, values[1] - values[0], unit) == words


def test_levels_in_words() -> None:
    assert label_words(81.2, "%") == "81%"
    assert label_words(12.43, "hours") == "12.4"
    assert label_words(-2991, "£") == "\u2212£2,991"
    assert label_words(3_312_000, "£") == "£3.31m"


def test_gridlines_cover_the_data_at_round_steps() -> None:
    reach = reach_of([55.8, 98.2], [63.0, 97.0], "%")
    scale = roomy_scale(reach, top=64, bottom=362, gridlines=6, has_bracket=True)
    assert scale.gridlines == (50, 60, 70, 80, 90, 100)


def test_notes_close_together_are_spread_in_order() -> None:
    found = spread([10, 11, 12, 200], apart=24, left=0, right=210)
    assert found == sorted(found)
    assert all(b - a >= 24 for a, b in pairwise(found))


# ---------------------------------------------------------------- sparkline and pips


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


# ---------------------------------------------------------------- table


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


# ---------------------------------------------------------------- templates and style sheet


@pytest.fixture(scope="module")
def templates() -> Environment:
    return Environment(loader=FileSystemLoader(ROOT / "templates"), autoescape=True)


def rendered(templates: Environment, name: str, macro: str, *arguments: object) -> str:
    return str(getattr(templates.get_template(f"measures/{name}").module, macro)(*arguments))


@pytest.mark.parametrize("name", sorted(set(ODD_SERIES) - {"520 points"}))
def test_every_svg_is_well_formed_and_obeys_the_content_policy(
    templates: Environment, name: str
) -> None:
    views = draw_views(
        ODD_SERIES[name](),
        "measure",
        title="Visits <on> time & “seen”",
        finding="Improvement: & more.",
        tone="better",
        windows=WINDOWS,
        notes=NOTES,
        to_come=2,
    )
    page = rendered(templates, "_chart.html", "chart", views, "chart-7")
    tree = ElementTree.fromstring(page)  # noqa: S314  our own output
    assert "style" not in {attribute for node in tree.iter() for attribute in node.attrib}
    assert not [node for node in tree.iter() if node.tag.endswith("style")]
    ids = [node.attrib["id"] for node in tree.iter() if "id" in node.attrib]
    assert len(ids) == len(set(ids))
    for svg in tree:
        assert svg.attrib["role"] == "img"
        for named in svg.attrib["aria-labelledby"].split():
            assert named in ids
        assert svg[0].text == "Visits <on> time & “seen”"


def test_sparkline_and_pips_are_well_formed(templates: Environment) -> None:
    spark = draw_spark({"before": [5, 6, 7], "after": [8, 9], "centre": 6, "code": "improvement"})
    drawn = ElementTree.fromstring(rendered(templates, "_spark.html", "spark", spark))  # noqa: S314
    assert drawn.attrib["aria-hidden"] == "true"
    assert rendered(templates, "_spark.html", "spark", None).strip() == ""
    pips = ElementTree.fromstring(rendered(templates, "_pips.html", "pips", 5, 6, 6, 6))  # noqa: S314
    expected, saw = pips.iter("svg")
    assert expected.attrib["aria-label"] == "5\u00a0of\u00a06"
    assert [dot.attrib["class"] for dot in expected] == ["pip-outline"] * 5 + ["pip-rest"]
    assert {dot.attrib["class"] for dot in saw} == {"pip-filled"}
    many = rendered(templates, "_pips.html", "pips", None, None, 40, 60)
    assert "40\u00a0of\u00a060" in many
    assert "Expected" not in many
    assert rendered(templates, "_pips.html", "pips", None, None, None, None).strip() == ""


def test_the_sheet_shows_every_width_and_starts_with_the_smallest() -> None:
    sheet = (ROOT / "static" / "css" / "charts.css").read_text(encoding="utf-8")
    widths = {size.width for size in SIZES.values()}
    for width in widths:
        assert re.search(rf"\.chart-w{width}\b[^{{}}]*\{{ display: block", sheet)
        if width != PHONE_SMALL.width:
            assert f"(min-width: {width}px)" in sheet
    assert "style" not in sheet.split("@layer", 1)[1]


def _luminance(rgb: tuple[float, float, float]) -> float:
    parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in rgb]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


def _rgba(colour: str) -> tuple[float, float, float, float]:
    digits = colour.lstrip("#")
    values = [int(digits[i : i + 2], 16) / 255 for i in range(0, len(digits), 2)]
    return values[0], values[1], values[2], values[3] if len(values) == 4 else 1.0


def _over(top: str, under: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue, alpha = _rgba(top)
    mixed = [a * alpha + b * (1 - alpha) for a, b in zip((red, green, blue), under, strict=True)]
    return mixed[0], mixed[1], mixed[2]


def _ratio(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_and_shapes_are_readable_on_the_shaded_time_too(theme: int) -> None:
    sheet = (ROOT / "static" / "css" / "improve.css").read_text(encoding="utf-8")

    def token(name: str) -> str:
        found = re.search(rf"--{name}: light-dark\((#\w+), (#\w+)\)", sheet)
        assert found, name
        return found.group(theme + 1)

    surface = _rgba(token("surface"))[:3]
    band = _over(token("band"), surface)
    hatched = _over(token("hatch"), band)
    for words in ("ink", "ink2"):
        for ground in (surface, band, hatched):
            assert _ratio(_rgba(token(words))[:3], ground) >= 4.5, words
    for tone in ("better", "worse", "changed", "nochange"):
        assert _ratio(_rgba(token(tone))[:3], surface) >= 4.5, tone
        for ground in (band, hatched):
            assert _ratio(_rgba(token(tone))[:3], ground) >= 3, tone
    for shape in ("line-strong", "brandline"):
        for ground in (surface, band):
            assert _ratio(_rgba(token(shape))[:3], ground) >= 3, shape
