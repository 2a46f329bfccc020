"""An idea tied to a measure: windows follow its moves, verdicts reach its card."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from improve.accounts.queries import team_by_id
from improve.ideas import queries, service
from improve.ideas.kinds import Stage, Way
from improve.measures.queries import windows_of_idea
from improve.shared import clock
from improve.shared.errors import Forbidden, RuleBroken
from tests.factories import enter_numbers, make_measure
from tests.ideas import journeys
from tests.ideas.journeys import bring_to, move

pytestmark = pytest.mark.usefixtures("context")

BEFORE = [(60 + n % 5, 100) for n in range(24)]
#: A Monday, 24 weeks before the still clock's week.
FIRST = date(2026, 6, 8)


@pytest.fixture
def measure(cast) -> int:
    return make_measure(cast, numbers=BEFORE, first_on=FIRST, name="Visits on time")


def _wide(cast, measure, *, beside: int | None = None, to: Stage = Stage.DO) -> int:
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.PLAN)
    service.choose_measures(manager, idea_id=idea_id, main_id=measure, beside_id=beside)
    answers = journeys.plan_answers(is_wide=True, balancing="Child seen alone")
    move(manager, idea_id, Way.DO, answers=answers)
    if to in {Stage.STUDY, Stage.ACT}:
        move(manager, idea_id, Way.STUDY, answers=journeys.RESULT, note="Done")
    if to is Stage.ACT:
        move(manager, idea_id, Way.ACT, answers=journeys.LESSON, note="Nobody outside yet")
    return idea_id


def test_wide_test_opens_a_judged_window_and_its_verdict_stands_on_the_card(cast, measure):
    manager = cast.actor("manager")
    idea_id = _wide(cast, measure)
    (window,) = windows_of_idea(manager, idea_id)
    assert (window.place, window.is_judged, window.label) == ("main", True, "Cycle 1")
    card = queries.card(manager, idea_id)
    assert card.verdict is not None
    assert card.verdict.code == "too_early"
    assert card.verdict.measure_name == "Visits on time"


def test_small_test_opens_an_unjudged_window_that_ends_with_do(cast, measure):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.PLAN)
    service.choose_measures(author, idea_id=idea_id, main_id=measure, beside_id=None)
    move(author, idea_id, Way.DO, answers=journeys.plan_answers())
    assert queries.card(author, idea_id).verdict is None
    move(author, idea_id, Way.STUDY, answers=journeys.RESULT, note="Done")
    (window,) = windows_of_idea(author, idea_id)
    assert (window.is_judged, window.ends_on) == (False, clock.today())
    assert window.label == "Cycle 1, small"


def test_new_numbers_change_the_verdict_raise_the_board_and_write_history(cast, measure):
    manager = cast.actor("manager")
    idea_id = _wide(cast, measure)
    before = team_by_id(manager, cast.team).board_version
    with clock.moved(clock.now() + timedelta(days=70)):
        enter_numbers(cast, measure, [(95, 100)] * 9, first_on=date(2026, 11, 30))
        card = queries.card(manager, idea_id)
        assert card.verdict is not None
        assert card.verdict.code == "improvement"
        assert team_by_id(manager, cast.team).board_version > before
        lines = [li.words for li in queries.history(manager, idea_id) if li.kind == "verdict"]
    assert lines[0] == "now says “Improvement” instead of “Too early”: numbers were added"


def test_back_to_plan_takes_the_window_away_and_undo_brings_it_again(cast, measure):
    manager = cast.actor("manager")
    idea_id = _wide(cast, measure)
    (before,) = windows_of_idea(manager, idea_id)
    moved = move(manager, idea_id, Way.PLAN, note="Too early")
    assert windows_of_idea(manager, idea_id) == []
    service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    (after,) = windows_of_idea(manager, idea_id)
    assert (after.starts_on, after.is_judged) == (before.starts_on, before.is_judged)


def test_keeping_against_an_unclear_verdict_asks_why_anyway_and_keeps_the_verdict(cast, measure):
    manager = cast.actor("manager")
    idea_id = _wide(cast, measure, to=Stage.ACT)
    assert "adopt_anyway" in queries.move_form(manager, idea_id, Way.KEEP).chosen.fields
    with pytest.raises(RuleBroken) as refused:
        move(manager, idea_id, Way.KEEP, answers={"decision_why": "Families like it"})
    assert [r.field for r in refused.value.reasons] == ["adopt_anyway"]
    moved = move(
        manager,
        idea_id,
        Way.KEEP,
        answers={"decision_why": "Families like it", "adopt_anyway": "It costs nothing"},
    )
    (window,) = windows_of_idea(manager, idea_id)
    assert (window.decided_code, window.ends_on) == ("too_early", None)
    (row,) = queries.finished_cycles(cast.actor("leader")).cycles
    assert (row.decided_code, row.adopt_anyway) == ("too_early", "It costs nothing")
    service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    (window,) = windows_of_idea(manager, idea_id)
    assert window.decided_code is None


def test_stopping_ends_the_window(cast, measure):
    manager = cast.actor("manager")
    idea_id = _wide(cast, measure)
    moved = move(
        manager,
        idea_id,
        Way.STOP,
        answers={"learned": "Not like this", "decision_why": "It takes too long"},
    )
    (window,) = windows_of_idea(manager, idea_id)
    assert (window.ends_on, window.decided_code) == (clock.today(), "too_early")
    service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    (window,) = windows_of_idea(manager, idea_id)
    assert (window.ends_on, window.decided_code) == (None, None)


def test_beside_stands_beside_and_follows_in_do(cast, measure):
    manager = cast.actor("manager")
    partner = make_measure(cast, numbers=BEFORE, first_on=FIRST, name="Child seen alone")
    idea_id = _wide(cast, measure)
    service.choose_measures(manager, idea_id=idea_id, main_id=measure, beside_id=partner)
    card = queries.card(manager, idea_id)
    assert card.beside is not None
    assert card.beside.measure_name == "Child seen alone"
    page = queries.idea_page(manager, idea_id)
    assert [(m.name, m.place) for m in page.measures] == [
        ("Visits on time", "main"),
        ("Child seen alone", "beside"),
    ]


def test_measures_of_others_and_the_same_twice_are_refused(cast, measure):
    manager = cast.actor("manager")
    other = make_measure(cast, team_id=cast.other_team)
    idea_id = bring_to(cast, Stage.PLAN)
    for main, beside in ((other, None), (measure, measure), (None, measure), (10_000, None)):
        with pytest.raises(RuleBroken):
            service.choose_measures(manager, idea_id=idea_id, main_id=main, beside_id=beside)
    with pytest.raises(Forbidden):
        service.choose_measures(
            cast.actor("leader"), idea_id=idea_id, main_id=measure, beside_id=None
        )


def test_second_cycle_after_a_wide_one_is_judged_too(cast, measure):
    manager = cast.actor("manager")
    idea_id = _wide(cast, measure, to=Stage.ACT)
    move(manager, idea_id, Way.CHANGE, answers={"decision_why": "With the pool car"})
    move(manager, idea_id, Way.DO, answers=journeys.plan_answers(is_wide=True))
    first, second = windows_of_idea(manager, idea_id)
    assert (first.ends_on, first.is_current) == (clock.today(), False)
    assert (second.is_judged, second.is_current) == (True, True)
