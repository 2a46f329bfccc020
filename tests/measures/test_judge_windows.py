"""Tests of change on measures: opened, judged as numbers come, closed, kept at the decision."""

from __future__ import annotations

from collections.abc import Iterator
from contextvars import copy_context
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update

from improve.ideas.queries import other_tests
from improve.measures import queries, service
from improve.measures.judging import stretch_of
from improve.measures.models import TestWindow
from improve.measures.service import VerdictsRewritten, decisions
from improve.shared import clock, events
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.conftest import NOW
from tests.factories import Cast, enter_numbers, make_measure
from tests.statements import Watch

IDEA = 7
FIRST = date(2026, 1, 5)
#: Twenty steady weeks around 40 of 50.
STEADY = [
    (40 + step, 50) for step in (0, 2, -1, 1, -2, 0, 1, -1, 2, -2, 1, 0, -1, 2, 0, -2, 1, -1, 0, 1)
]
CHANGED = FIRST + timedelta(weeks=len(STEADY))


@pytest.fixture
def heard() -> Iterator[list[VerdictsRewritten]]:
    """Every event that was published."""
    seen: list[VerdictsRewritten] = []
    events.subscribe(VerdictsRewritten, seen.append)
    kept = list(events._handlers[VerdictsRewritten])
    events._handlers[VerdictsRewritten][:] = [seen.append]
    yield seen
    events._handlers[VerdictsRewritten][:] = [h for h in kept if h != seen.append]


@pytest.fixture
def measure_id(context: Flask, cast: Cast, heard: list[VerdictsRewritten]) -> int:
    """A measure with a steady baseline."""
    made = make_measure(cast, name="Visits on time", numbers=STEADY, first_on=FIRST)
    db.session.commit()
    return made


def opened(cast: Cast, measure_id: int, **more: object) -> None:
    """Open a judged window of the idea."""
    given = {
        "cycle_number": 1,
        "place": "main",
        "label": "Cycle 1",
        "starts_on": CHANGED,
        "is_judged": True,
    }
    service.open_window(
        cast.actor("manager"),
        measure_id=measure_id,
        **{"idea_id": IDEA, **given, **more},  # type: ignore[arg-type]
    )


def codes(cast: Cast) -> list[str | None]:
    """The verdicts now, oldest cycle first."""
    return [w.verdict_code for w in queries.windows_of_idea(cast.actor("manager"), IDEA)]


def test_verdict_follows_the_numbers(
    cast: Cast, measure_id: int, heard: list[VerdictsRewritten]
) -> None:
    opened(cast, measure_id)
    assert codes(cast) == ["too_early"]
    enter_numbers(cast, measure_id, [(47, 50)] * 7, first_on=CHANGED)
    window = queries.windows_of_idea(cast.actor("manager"), IDEA)[0]
    assert window.verdict_code == "improvement"
    assert window.words is not None
    assert window.words.sentence.startswith("the last 7 points are all better")
    changes = [c for event in heard for c in event.changes]
    assert [(c.idea_id, c.old_code, c.new_code) for c in changes] == [
        (IDEA, None, "too_early"),
        (IDEA, "too_early", "improvement"),
    ]


def test_nothing_is_told_where_nothing_changes(
    cast: Cast, measure_id: int, heard: list[VerdictsRewritten]
) -> None:
    opened(cast, measure_id)
    heard.clear()
    assert service.recompute([measure_id]).idea_ids == ()
    other = make_measure(cast, numbers=STEADY)
    assert service.recompute([other]).idea_ids == ()
    assert heard == []


def test_a_small_test_is_not_judged_and_does_not_end_the_baseline(
    cast: Cast, measure_id: int
) -> None:
    small_from = CHANGED - timedelta(weeks=4)
    opened(cast, measure_id, label="Cycle 1, small", starts_on=small_from, is_judged=False)
    assert codes(cast) == [None]
    service.close_window(
        cast.actor("manager"), idea_id=IDEA, cycle_number=1, ends_on=CHANGED - timedelta(days=1)
    )
    opened(cast, measure_id, cycle_number=2)
    enter_numbers(cast, measure_id, [(47, 50)] * 8, first_on=CHANGED)
    windows = queries.windows_of_idea(cast.actor("manager"), IDEA)
    assert [w.verdict_code for w in windows] == [None, "improvement"]
    assert windows[1].verdict_facts["n_before"] == 20
    assert windows[0].spark["code"] == ""


def test_every_cycle_is_judged_against_the_first_baseline(cast: Cast, measure_id: int) -> None:
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 8, first_on=CHANGED)
    second = CHANGED + timedelta(weeks=8)
    service.close_window(
        cast.actor("manager"), idea_id=IDEA, cycle_number=1, ends_on=second - timedelta(days=1)
    )
    opened(cast, measure_id, cycle_number=2, label="Cycle 2", starts_on=second)
    enter_numbers(cast, measure_id, [(33, 50)] * 8, first_on=second)
    windows = queries.windows_of_idea(cast.actor("manager"), IDEA)
    assert [w.verdict_code for w in windows] == ["improvement", "deterioration"]
    assert {w.verdict_facts["baseline_to"] for w in windows} == {
        (CHANGED - timedelta(weeks=1)).isoformat()
    }
    # The first ended where the second began: later points are not its own.
    assert windows[0].verdict_facts["n_after"] == 8


def test_current_is_the_newest_cycle(cast: Cast, measure_id: int) -> None:
    opened(cast, measure_id)
    beside = make_measure(cast, name="Beside", numbers=STEADY)
    opened(cast, beside, place="beside")
    opened(cast, measure_id, cycle_number=2, starts_on=CHANGED + timedelta(weeks=8))
    rows = db.session.execute(select(queries.current_window_rows())).all()
    assert [(r.idea_id, r.place, r.cycle_number, r.measure_id) for r in rows] == [
        (IDEA, "main", 2, measure_id)
    ]
    service.remove_windows(cast.actor("manager"), idea_id=IDEA, cycle_number=2)
    rows = db.session.execute(select(queries.current_window_rows())).all()
    assert {(r.place, r.cycle_number) for r in rows} == {("main", 1), ("beside", 1)}
    service.remove_windows(cast.actor("manager"), idea_id=IDEA, cycle_number=2)


def test_opening_again_moves_the_window(cast: Cast, measure_id: int) -> None:
    opened(cast, measure_id)
    other = make_measure(cast, numbers=STEADY)
    opened(cast, other, label="Cycle 1, whole team", starts_on=CHANGED + timedelta(weeks=1))
    windows = queries.windows_of_idea(cast.actor("manager"), IDEA)
    assert [(w.measure_id, w.label) for w in windows] == [(other, "Cycle 1, whole team")]


def test_decided_is_written_once(cast: Cast, measure_id: int) -> None:
    manager = cast.actor("manager")
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 8, first_on=CHANGED)
    service.keep_decided(manager, idea_id=IDEA, cycle_number=1)
    enter_numbers(cast, measure_id, [(39, 50)] * 3, first_on=CHANGED + timedelta(weeks=8))
    service.keep_decided(manager, idea_id=IDEA, cycle_number=1)
    window = queries.windows_of_idea(manager, IDEA)[0]
    assert (window.decided_code, window.verdict_code) == ("improvement", "improvement_not_held")
    assert window.has_changed_since_decision
    assert window.decided_words is not None
    assert "the last 8 points" in window.decided_words.sentence


def test_undoing_a_decision_takes_the_end_and_what_was_kept_back(
    cast: Cast, measure_id: int
) -> None:
    manager = cast.actor("manager")
    opened(cast, measure_id)
    service.keep_decided(manager, idea_id=IDEA, cycle_number=1)
    service.close_window(manager, idea_id=IDEA, cycle_number=1, ends_on=CHANGED - timedelta(days=9))
    window = queries.windows_of_idea(manager, IDEA)[0]
    assert window.ends_on == CHANGED
    service.reopen_window(manager, idea_id=IDEA, cycle_number=1)
    window = queries.windows_of_idea(manager, IDEA)[0]
    assert (window.ends_on, window.decided_code, window.decided_on) == (None, None, None)


def test_stored_equals_recomputed(cast: Cast, measure_id: int) -> None:
    """Whatever happened to the numbers, what is stored is what the data say."""
    manager = cast.actor("manager")
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 9, first_on=CHANGED)
    service.add_point(
        manager,
        measure_id=measure_id,
        period_start=CHANGED,
        numerator=20,
        denominator=50,
        replace=True,
        reason="Wrong week",
    )
    last = queries.observations_of(manager, [measure_id])[measure_id][-1]
    assert last.id is not None
    service.remove_point(
        manager, measure_id=measure_id, observation_id=last.id, reason="Wrong team"
    )
    details = service.MeasureDetails(
        name="Now lower is better", numerator="x", denominator="y", better_when="lower"
    )
    service.edit_measure(manager, measure_id=measure_id, seen_version=1, details=details)
    columns = (
        TestWindow.verdict_code,
        TestWindow.verdict_facts,
        TestWindow.spark,
        TestWindow.analysis_version,
    )
    stored = db.session.execute(select(*columns)).one()
    assert stored.verdict_code == "deterioration"
    db.session.execute(
        update(TestWindow).values(verdict_code=None, verdict_facts={}, spark={}, analysis_version=0)
    )
    assert service.recompute_all(organisation_id=cast.other_organisation) == 0
    assert service.recompute_all() == 1
    assert db.session.execute(select(*columns)).one() == stored


def test_an_upgrade_to_other_rules_works_verdicts_out_anew(
    context: Flask, cast: Cast, measure_id: int
) -> None:
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 7, first_on=CHANGED)
    db.session.execute(update(TestWindow).values(verdict_code="no_signal", analysis_version=1))
    db.session.commit()
    said = context.test_cli_runner().invoke(args=["upgrade"]).output
    assert "by earlier rules, which are now worked out anew: 1.\n" in said
    assert "Verdicts that read differently now: 1.\n" in said
    assert codes(cast) == ["improvement"]
    db.session.rollback()
    again = context.test_cli_runner().invoke(args=["upgrade"]).output
    assert again.count("\n") == 1, "there is nothing to do twice"


def test_an_idea_s_charts_cost_three_statements(
    cast: Cast, measure_id: int, statements: Watch
) -> None:
    beside = make_measure(cast, name="Beside", numbers=STEADY)
    opened(cast, measure_id)
    opened(cast, beside, place="beside", is_judged=False)
    db.session.commit()
    actor = cast.actor("practitioner")
    with statements() as seen:
        charts = queries.charts_of_windows(actor, queries.windows_of_idea(actor, IDEA))
    assert len(seen) == 3
    assert [(c.place, c.reading.verdict is not None) for c in charts] == [
        ("main", True),
        ("beside", False),
    ]
    assert charts[0].reading.views("idea").drawings
    assert queries.windows_of_idea(cast.actor("outsider"), IDEA) == []


def test_another_councils_measure_is_not_found(cast: Cast, measure_id: int) -> None:
    with pytest.raises(NotFound):
        service.open_window(
            cast.actor("outsider"),
            measure_id=measure_id,
            idea_id=IDEA,
            cycle_number=1,
            place="main",
            label="x",
            starts_on=CHANGED,
            is_judged=True,
        )
    opened(cast, measure_id)
    service.remove_windows(cast.actor("outsider"), idea_id=IDEA, cycle_number=1)
    assert codes(cast) == ["too_early"]


def test_two_who_enter_numbers_at_once_miss_neither(app: Flask, cast: Cast) -> None:
    """The stored verdict counts both, and of one week entered twice only one is taken."""
    with app.app_context():
        measure_id = make_measure(cast, numbers=STEADY, first_on=FIRST)
        opened(cast, measure_id)
        db.session.commit()
        manager = cast.actor("manager")
    answers: list[str] = []
    start = Barrier(6)

    def enter(week: int) -> None:
        with app.app_context(), clock.moved(NOW):
            start.wait()
            try:
                service.add_point(
                    manager,
                    measure_id=measure_id,
                    period_start=CHANGED + timedelta(weeks=week // 2),
                    numerator=40 + week,
                    denominator=50,
                )
                db.session.commit()
                answers.append("added")
            except service.AlreadyThere:
                db.session.rollback()
                answers.append("there already")
            finally:
                db.session.remove()

    threads = [Thread(target=copy_context().run, args=(enter, week)) for week in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["added"] * 3 + ["there already"] * 3
    with app.app_context():
        window = queries.windows_of_idea(manager, IDEA)[0]
        assert window.verdict_facts["n_after"] == 3
        assert service.recompute([measure_id]).idea_ids == ()


def facts(cast: Cast, idea_id: int) -> dict[str, object]:
    """What is stored of an idea's newest test."""
    return queries.windows_of_idea(cast.actor("manager"), idea_id)[-1].verdict_facts


def test_other_tests_and_notes_in_the_same_time_are_counted(cast: Cast, measure_id: int) -> None:
    """Opening, ending or taking a test back reaches the stored facts of those it overlaps."""
    manager = cast.actor("manager")
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 9, first_on=CHANGED)
    assert (facts(cast, IDEA)["n_overlapping"], facts(cast, IDEA)["n_notes"]) == (0, 0)
    for idea_id, weeks in ((8, 3), (9, 30)):
        service.open_window(
            manager,
            measure_id=measure_id,
            idea_id=idea_id,
            cycle_number=1,
            place="main",
            label="Cycle 1",
            starts_on=CHANGED + timedelta(weeks=weeks),
            is_judged=idea_id == 8,
        )
    assert facts(cast, IDEA)["n_overlapping"] == 2
    assert facts(cast, 8)["n_overlapping"] == 2
    service.close_window(
        manager, idea_id=IDEA, cycle_number=1, ends_on=CHANGED + timedelta(weeks=9)
    )
    assert facts(cast, IDEA)["n_overlapping"] == 1
    service.remove_windows(manager, idea_id=8, cycle_number=1)
    assert facts(cast, IDEA)["n_overlapping"] == 0
    service.note_point(manager, measure_id=measure_id, period_start=CHANGED, note="Snow")
    service.note_point(manager, measure_id=measure_id, period_start=FIRST, note="Before")
    assert facts(cast, IDEA)["n_notes"] == 1
    assert service.recompute_all() == 0


def test_an_idea_s_page_says_the_doubt_that_is_stored(cast: Cast, measure_id: int) -> None:
    manager = cast.actor("manager")
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 9, first_on=CHANGED)
    service.open_window(
        manager,
        measure_id=measure_id,
        idea_id=8,
        cycle_number=1,
        place="main",
        label="Cycle 1",
        starts_on=CHANGED,
        is_judged=True,
    )
    windows = queries.windows_of_idea(manager, IDEA)
    (chart,) = queries.charts_of_windows(manager, windows)
    assert chart.reading.verdict is not None
    assert chart.reading.verdict.facts == windows[0].verdict_facts
    assert "One other test overlaps this one." in chart.reading.verdict.doubt


def test_a_change_kept_earlier_overlaps_no_later_test(cast: Cast, measure_id: int) -> None:
    """A kept change has no end; it was there all through the later test, before and after."""
    manager = cast.actor("manager")
    opened(cast, measure_id, idea_id=8, starts_on=FIRST + timedelta(weeks=2))
    with clock.moved(NOW - timedelta(weeks=30)):
        service.keep_decided(manager, idea_id=8, cycle_number=1)
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 9, first_on=CHANGED)
    decided_on = queries.windows_of_idea(manager, 8)[-1].decided_on
    assert decided_on is not None
    assert decided_on < CHANGED
    assert (facts(cast, IDEA)["n_overlapping"], facts(cast, IDEA)["n_kept_earlier"]) == (0, 1)
    # To the one that was kept, the later test is another all the same.
    assert facts(cast, 8)["n_overlapping"] == 1
    windows = queries.windows_of_idea(manager, IDEA)
    (chart,) = queries.charts_of_windows(manager, windows)
    assert chart.reading.verdict is not None
    assert chart.reading.verdict.facts == windows[0].verdict_facts
    assert "One change kept earlier is still in force." in chart.reading.verdict.doubt
    assert queries.measure_page(manager, measure_id).ideas_meanwhile == ()
    assert other_tests(manager, IDEA, {measure_id: stretch_of(windows[0], windows)}) == {
        measure_id: ()
    }
    assert service.recompute_all() == 0


def test_a_chosen_chart_and_points_left_out_are_facts(cast: Cast, measure_id: int) -> None:
    manager = cast.actor("manager")
    opened(cast, measure_id)
    enter_numbers(cast, measure_id, [(47, 50)] * 9, first_on=CHANGED)
    assert facts(cast, IDEA)["is_chart_chosen"] is False
    assert facts(cast, IDEA)["code_with_all"] is None
    view = queries.measure(manager, measure_id)
    decisions.choose_chart(
        manager, measure_id=measure_id, chart="run", reason="Few cases", seen_version=view.version
    )
    stored = facts(cast, IDEA)
    assert (stored["is_chart_chosen"], stored["usual_chart"]) == (True, "p")
    assert stored["code_by_usual"] == "improvement"
    assert service.recompute_all() == 0
