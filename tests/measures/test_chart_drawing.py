"""Charts as coordinates and words: nothing outside the box, no words on words, honest shapes."""

from __future__ import annotations

import math
from datetime import timedelta
from itertools import combinations

import pytest

from improve.measures.chart import ChartDrawing, TestSpan, draw, draw_strip, draw_views
from improve.measures.chart.lettering import text_width
from improve.measures.chart.sizes import (
    BESIDE,
    GRID,
    IDEA,
    MEASURE,
    PHONE,
    STRIP_SIZES,
    ChartSize,
)
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.series import Observed, Signal
from tests.measures.chart_series import (
    NOTES,
    ODD_SERIES,
    PAIR,
    SIZES,
    WINDOWS,
    improved,
    noise,
    week,
    weekly,
)


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
    if drawing.hope:
        found += [(drawing.hope.x, drawing.hope.y), (drawing.hope.x, drawing.hope.words_y)]
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
    if drawing.hope:
        found.append(box(drawing.hope.words, drawing.hope.x, drawing.hope.words_y))
    if drawing.unit_words:
        found.append(box(drawing.unit_words, 0, drawing.unit_y))
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


@pytest.mark.parametrize(("size", "name"), [(MEASURE, "Cycle 1, small"), (PHONE, "Cycle 1")])
def test_a_small_test_right_before_the_wide_one_keeps_its_name(size: ChartSize, name: str) -> None:
    windows = [
        TestSpan("Cycle 1, small", week(18), week(23), is_judged=False),
        TestSpan("Cycle 2", week(24)),
    ]
    small, judged = draw(improved(), size=size, windows=windows).bands
    assert small.label
    assert judged.label
    assert (small.label.words, judged.label.words) == (name, "Cycle 2")
    assert small.x < small.label.x <= judged.label.x - 12


def test_a_small_test_too_narrow_for_a_name_of_its_own_has_none() -> None:
    windows = [
        TestSpan("Cycle 1, small", week(23), week(23), is_judged=False),
        TestSpan("Cycle 2", week(24)),
    ]
    small, judged = draw(improved(), size=PHONE, windows=windows).bands
    assert small.label is None
    assert judged.label


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
