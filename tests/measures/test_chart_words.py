"""Scales, months and labels: round numbers, and no words on words."""

from __future__ import annotations

from itertools import pairwise

import pytest

from improve.measures.chart import draw
from improve.measures.chart.axis import TimeAxis, ticks
from improve.measures.chart.labels import NEAREST, Level, line_labels, spread
from improve.measures.chart.scale import (
    label_words,
    reach_of,
    roomy_scale,
    snug_scale,
    tick_words,
)
from improve.measures.chart.sizes import GRID, MEASURE
from improve.measures.spc.analysis import analyse_series
from improve.measures.spc.series import Observed
from tests.measures.chart_series import MONDAY, month, weekly


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


def test_scales_end_where_numbers_end() -> None:
    high = weekly([96, 99, 100, 97, 98, 95, 100, 99, 94, 97, 98, 100, 99, 96], unit="%")
    drawing = draw(high, size=MEASURE)
    assert drawing.gridlines[-1].words == "100%"
    assert not any(label.words == "upper limit" for label in drawing.labels)
    few = draw(weekly([1, 0, 2, 1, 3, 0, 1, 1, 0, 2, 1, 0, 1], chart="c"), size=MEASURE)
    assert few.gridlines[0].words == "0"
    assert not any(label.words == "lower limit" for label in few.labels)


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


@pytest.mark.parametrize("share", [0.0, 37.5, 100.0])
def test_one_share_stands_between_none_and_all(share: float) -> None:
    # The point and its middle: shares are alike, and nothing is enlarged to a tenth of a per cent.
    reach = reach_of([share, share], [], "%")
    assert snug_scale(reach, top=8, bottom=100).gridlines == (0, 50, 100)
    assert reach_of([12.0, 12.0], [], "days").greatest < 14
