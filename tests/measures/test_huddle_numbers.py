"""Numbers as a huddle looks at them: what is new, this week's taps, the chart and its fresh point."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from improve.measures import queries
from improve.measures import service as measures
from improve.measures.chart.sizes import HUDDLE_SIZES, WALL
from improve.measures.huddle_views import HuddleChart, HuddlePips
from improve.measures.queries import HuddleNumbers
from improve.measures.service.lines import BaselineChoice, set_baseline
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import Cast, enter_numbers, make_measure
from tests.huddles.dot_scene import THIS_WEEK, DotScene, make_dot_scene
from tests.statements import Watch

pytestmark = pytest.mark.usefixtures("context")

STEADY = [(float(n), 100.0) for n in (44, 47, 42, 46, 43, 48, 45, 41, 47, 44, 46, 43, 45, 47)]


def look(cast: Cast, scene: DotScene, name: str = "manager") -> HuddleNumbers:
    """Look at the idea's numbers, as a huddle does that began just before."""
    return queries.huddle_chart(
        cast.actor(name),
        scene.measure_id,
        since=clock.now() - timedelta(minutes=1),
        idea_id=scene.idea_id,
        beside_id=scene.beside_id,
    )


def scene_of(cast: Cast, **facts: int) -> DotScene:
    """Return the scene, whose numbers were all entered an hour ago."""
    with clock.moved(NOW - timedelta(hours=1)):
        return make_dot_scene(cast, **facts)


def chart_of(numbers: HuddleNumbers) -> HuddleChart:
    """Return the chart that is there."""
    assert numbers.chart is not None
    return numbers.chart


def bring(cast: Cast, scene: DotScene) -> None:
    """Make this week's taps a point."""
    measures.settle_tally(cast.actor("manager"), scene.tally_id, THIS_WEEK)


def plain(words: str) -> str:
    return words.replace("\u00a0", " ")


def test_a_point_that_came_since_is_fresh(cast: Cast) -> None:
    scene = scene_of(cast)
    numbers = look(cast, scene)
    chart, (tally,) = chart_of(numbers), numbers.tallies
    assert (chart.fresh_on, chart.fresh_words, chart.code) == (None, "", "too_early")
    assert chart.pips(4) == HuddlePips(4, 7)
    assert chart.drawing(WALL).fresh is None
    assert (plain(tally.figures), tally.head_words) == ("13 of 18", "This week’s taps")
    assert (tally.is_on_chart, tally.may_settle, tally.has_come) == (False, True, False)

    bring(cast, scene)
    numbers = look(cast, scene)
    chart, (tally,) = chart_of(numbers), numbers.tallies
    assert (chart.fresh_on, chart.fresh_words) == (THIS_WEEK, "72% this week")
    pips = chart.pips(4)
    assert pips == HuddlePips(5, 7, 4)
    assert plain(pips.before_words) == "It was 4 of 7 until just now"
    assert (tally.is_on_chart, tally.may_settle, tally.has_come) == (True, False, True)
    assert tally.head_words == "This week’s taps have just come in"
    assert chart.beside is not None
    assert chart.beside_name == "assessments finished in 45 days"
    assert chart.beside_drawing is not None
    assert chart.kind_words == "Run chart, by week"


def test_the_drawing_takes_the_fresh_point_apart(cast: Cast) -> None:
    scene = scene_of(cast)
    bring(cast, scene)
    chart = chart_of(look(cast, scene))
    for size in (WALL, *HUDDLE_SIZES):
        drawing = chart.drawing(size)
        fresh = drawing.fresh
        assert fresh is not None
        end = f"{fresh.x:.1f} {fresh.y:.1f}"
        assert drawing.chart.points[-1] == (fresh.x, fresh.y)
        assert fresh.line.endswith(end)
        assert not drawing.chart.line.endswith(end)
        assert f"M{end}h0" not in drawing.chart.dots
        assert not fresh.is_marked
        assert 0 <= fresh.words_y <= drawing.height
        assert 0 <= fresh.words_x <= drawing.width
        assert drawing.level is not None
        assert drawing.level.words == "usual before: 46%"
    names = [band.label.words for band in chart.drawing(WALL).chart.bands if band.label]
    assert [plain(name) for name in names] == ["Cycle 1 starts, 26 Oct"]


def test_the_last_point_that_is_needed_keeps_its_pips_no_longer_than_it_waits(cast: Cast) -> None:
    """Six of seven, then seven: the verdict speaks in its own words, and the seventh is ringed."""
    scene = scene_of(cast, since=6)
    assert chart_of(look(cast, scene)).pips(6) == HuddlePips(6, 7)
    bring(cast, scene)
    chart = chart_of(look(cast, scene))
    assert chart.code == "improvement"
    assert chart.pips(6) == HuddlePips(7, 7, 6)
    assert chart.pips(7) is None
    assert chart.pips() is None


def test_who_may_only_look_brings_nothing_in(cast: Cast) -> None:
    scene = scene_of(cast)
    for name in ("practitioner", "leader"):
        (tally,) = look(cast, scene, name).tallies
        assert not tally.may_settle
    assert look(cast, scene, "outsider") == HuddleNumbers()
    assert queries.huddle_chart(cast.actor("manager"), None, since=NOW) == HuddleNumbers()
    assert queries.huddle_chart(cast.actor("manager"), 9_999, since=NOW) == HuddleNumbers()


def test_a_measure_by_itself_and_one_without_numbers(cast: Cast) -> None:
    alone = make_measure(cast, numbers=STEADY, first_on=THIS_WEEK - timedelta(weeks=14))
    empty = make_measure(cast)
    manager = cast.actor("manager")
    chart = chart_of(queries.huddle_chart(manager, alone, since=clock.now() + timedelta(hours=1)))
    assert (chart.words, chart.beside, chart.fresh_on) == (None, None, None)
    assert "usual ups and downs" in chart.finding
    level = chart.drawing(WALL).level
    assert level is not None
    assert level.words == "usual: 45%"
    assert queries.huddle_chart(manager, empty, since=NOW) == HuddleNumbers()


def test_the_chart_is_read_as_the_pages_of_the_measure_and_idea_read_it(cast: Cast) -> None:
    scene = scene_of(cast)
    coach = cast.actor("coach")
    set_baseline(
        coach,
        measure_id=scene.measure_id,
        choice=BaselineChoice(
            starts_on=THIS_WEEK - timedelta(weeks=14),
            ends_on=THIS_WEEK - timedelta(weeks=5),
            idea_id=scene.idea_id,
        ),
        reason="Before the holidays",
        seen=0,
    )
    windows = queries.windows_of_idea(coach, scene.idea_id)
    tied = {"main": scene.measure_id, "beside": scene.beside_id}
    main, beside = queries.charts_of_windows(coach, windows, tied)
    chart = chart_of(look(cast, scene))
    assert chart.reading.analysis == main.reading.analysis
    assert chart.reading.verdict == main.reading.verdict
    assert chart.beside is not None
    assert chart.beside.verdict == beside.reading.verdict
    page = queries.measure_page(coach, scene.measure_id)
    assert page.reading.analysis == chart.reading.analysis


# ---- what is new


def new(cast: Cast, since: datetime | None = None) -> list[tuple[str, str, bool]]:
    """Return (name, note, is news) of what a huddle looks at."""
    found = queries.for_huddle(cast.actor("manager"), cast.team, since)
    return [(one.name, plain(one.note), one.is_news) for one in found]


def series(cast: Cast, name: str, numbers: list[float], since: list[float]) -> None:
    """Make a measure, its ``since`` numbers entered now and the others the day before."""
    weeks = len(numbers) + len(since)
    first = THIS_WEEK - timedelta(weeks=weeks)
    with clock.moved(NOW - timedelta(days=1)):
        made = make_measure(cast, name=name, numbers=[(n, 100.0) for n in numbers], first_on=first)
    enter_numbers(
        cast,
        made,
        [(n, 100.0) for n in since],
        first_on=first + timedelta(weeks=len(numbers)),
    )


def test_news_is_what_the_numbers_did_not_say_before(cast: Cast) -> None:
    steady = [top for top, _ in STEADY]
    series(cast, "A run completed", [*steady, *[52.0] * 6], [53.0])
    series(cast, "A run that went on", [*steady, *[52.0] * 8], [53.0])
    series(cast, "Nothing", steady, [45.0, 44.0])
    series(cast, "No new number", [*steady, *[52.0] * 7], [])
    since = NOW - timedelta(hours=3)
    assert new(cast, since) == [("A run completed", "the newest point stands out", True)]
    # Before the first huddle: all that came within a week.
    assert len(new(cast)) == 3
    assert new(cast, NOW + timedelta(hours=1)) == []


def test_a_verdict_that_can_be_said_is_new_and_stands_before_taps(cast: Cast) -> None:
    scene = scene_of(cast, since=6)
    since = clock.now() - timedelta(minutes=1)
    (only,) = new(cast, since)
    assert only == (queries.measure(cast.actor("manager"), scene.measure_id).name,
                    "13 of 18 this week", False)  # fmt: skip
    bring(cast, scene)
    ((_, note, is_news),) = new(cast, since)
    assert is_news
    assert note.startswith("Improvement: last 7 points ")
    (found,) = queries.for_huddle(cast.actor("manager"), cast.team, since)
    assert (found.n_after, found.needed) == (7, 7)


def test_a_test_that_began_is_no_news_and_another_team_s_numbers_are_not_ours(cast: Cast) -> None:
    scene_of(cast, yes=0, no=0)
    assert new(cast, NOW - timedelta(days=30)) == []
    series(cast, "Ours", [top for top, _ in STEADY], [99.0, 99.0, 99.0, 99.0, 99.0, 99.0, 99.0])
    assert len(new(cast, NOW - timedelta(hours=3))) == 1
    assert queries.for_huddle(cast.actor("outsider"), cast.team, None) == []
    assert queries.for_huddle(cast.actor("coach"), cast.other_team, None) == []


def test_two_statements_whatever_there_is(cast: Cast, statements: Watch) -> None:
    scene = scene_of(cast)
    for number in range(12):
        series(cast, f"Measure {number:02}", [top for top, _ in STEADY], [90.0])
    db.session.commit()
    manager, facts = cast.actor("manager"), {"idea_id": scene.idea_id, "since": NOW}
    with statements() as seen:
        queries.huddle_chart(manager, scene.measure_id, beside_id=scene.beside_id, **facts)
    assert len(seen) == 2
    with statements() as seen:
        found = queries.for_huddle(manager, cast.team, NOW - timedelta(hours=3))
    assert len(seen) == 2
    assert len(found) == 13


def test_a_point_of_another_week_is_told_by_its_day(cast: Cast) -> None:
    scene = scene_of(cast, since=5, yes=0, no=0)
    numbers = look(cast, scene)
    assert chart_of(numbers).fresh_on is None
    found = queries.huddle_chart(
        cast.actor("manager"), scene.measure_id, since=NOW - timedelta(days=1)
    )
    chart = chart_of(found)
    assert chart.fresh_on == date(2026, 11, 16)
    assert plain(chart.fresh_words) == "58%, 16 Nov"


def test_limits_are_drawn_where_a_point_lies_beyond_one(cast: Cast) -> None:
    manager, since = cast.actor("manager"), clock.now() - timedelta(minutes=1)
    first_on = THIS_WEEK - timedelta(weeks=14)
    calm = make_measure(cast, numbers=STEADY, first_on=first_on)
    loud = make_measure(cast, numbers=[*STEADY[:-1], (90.0, 100.0)], first_on=first_on)
    chart = chart_of(queries.huddle_chart(manager, calm, since=since))
    assert (chart.kind_words, chart.drawing(WALL).chart.limits) == ("p chart, by week", "")
    chart = chart_of(queries.huddle_chart(manager, loud, since=since))
    assert chart.kind_words == "p chart with limits, by week"
    drawing = chart.drawing(WALL)
    assert drawing.chart.limits
    # The newest point has a shape of its own, and the rings about it.
    assert drawing.fresh is not None
    assert drawing.fresh.is_marked
    assert drawing.chart.marks
