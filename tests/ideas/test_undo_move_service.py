"""Undoing the last move: as if it had not been, while nothing happened since."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from improve.ideas import queries, service
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.ideas.models import Cycle
from improve.notifications.queries import notices
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.ideas import journeys
from tests.ideas.journeys import bring_to, move

pytestmark = pytest.mark.usefixtures("context")

#: What an undo must put back, whatever the move.
FACTS = (
    "stage",
    "stage_entered_at",
    "outcome",
    "finished_at",
    "waiting_since",
    "due_to_study_on",
    "look_again_on",
    "first_reply_at",
    "first_reply_kind",
    "first_reply_words",
)
WHY = {"decision_why": "It costs nothing"}
STOP = {"learned": "Not like this", **WHY}
AGAIN = timedelta(days=30)


def _facts(idea_id: int) -> dict[str, object]:
    idea = journeys.idea(idea_id)
    return {name: getattr(idea, name) for name in FACTS}


@pytest.mark.parametrize(
    ("stage", "way", "facts"),
    [
        (Stage.SUGGESTED, Way.NOT_NOW, {"note": "Inspection week"}),
        (Stage.SUGGESTED, Way.QUICK_FIX, {"answers": {"what_happened": "A sign", "learned": "Ok"}}),
        (Stage.PLAN, Way.SUGGESTED, {"note": "Too big"}),
        (Stage.PLAN, Way.DO, {}),
        (Stage.PLAN, Way.STOP, {"answers": STOP}),
        (Stage.DO, Way.PLAN, {"note": "The families changed"}),
        (Stage.DO, Way.STUDY, {"note": "All done"}),
        (Stage.DO, Way.STOP, {"answers": STOP}),
        (Stage.STUDY, Way.DO, {"note": "Two more visits"}),
        (Stage.STUDY, Way.ACT, {"answers": journeys.LESSON}),
        (Stage.ACT, Way.KEEP, {"answers": WHY}),
        (Stage.ACT, Way.CHANGE, {"answers": WHY}),
        (Stage.ACT, Way.STOP, {"answers": WHY}),
        (Stage.DONE, Way.AGAIN, {}),
    ],
)
def test_undo_puts_everything_back(cast, stage, way, facts):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, stage)
    before, cycles = _facts(idea_id), _cycles(idea_id)
    if way is Way.NOT_NOW:
        facts = {**facts, "look_again_on": clock.today() + AGAIN}
    if way is Way.DO and stage is Stage.PLAN:
        facts = {"answers": journeys.plan_answers()}
    with clock.moved(clock.now() + timedelta(hours=1)):
        moved = move(manager, idea_id, way, **facts)
        assert _facts(idea_id) != before
        undone = service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    assert _facts(idea_id) == before
    assert undone.to_stage is stage
    assert _cycles(idea_id) == cycles


def _cycles(idea_id: int) -> list[tuple[object, ...]]:
    rows = db.session.execute(
        select(
            Cycle.number,
            Cycle.started_on,
            Cycle.ended_on,
            Cycle.prediction_locked_at,
            Cycle.decision,
            Cycle.decided_at,
        )
        .where(Cycle.idea_id == idea_id)
        .order_by(Cycle.number)
    )
    return [tuple(row) for row in rows]


def test_words_written_with_the_move_stay(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.DO)
    moved = move(author, idea_id, Way.STUDY, answers=journeys.RESULT, note="All done")
    service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)
    page = queries.idea_page(author, idea_id)
    assert page.cycle is not None
    assert page.cycle.what_happened == journeys.RESULT["what_happened"]
    first = page.history[0]
    assert (first.kind, first.words) == ("undone", "moved it to Study, taken back by Amina")


def test_undo_is_refused_with_what_happened_since(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.PLAN)
    moved = move(author, idea_id, Way.DO, answers=journeys.plan_answers())
    move(manager, idea_id, Way.STUDY, note="All done")
    with pytest.raises(RuleBroken, match=r"Sam moved it to Study since then, today.09:30"):
        service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)


def test_undo_is_refused_after_a_change_of_team_in_its_words(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.PLAN)
    moved = move(author, idea_id, Way.DO, answers=journeys.plan_answers())
    seen = queries.idea_page(manager, idea_id).version
    service.change_team(
        manager, idea_id=idea_id, team_id=cast.other_team, why="Theirs", seen_version=seen
    )
    with pytest.raises(RuleBroken, match="Sam moved it from Riverside to Hillside since then"):
        service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)


def test_undo_twice_and_after_a_day_is_refused(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.PLAN)
    moved = move(author, idea_id, Way.DO, answers=journeys.plan_answers())
    with (
        clock.moved(clock.now() + timedelta(hours=25)),
        pytest.raises(RuleBroken, match="24 hours"),
    ):
        service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)
    service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)
    with pytest.raises(RuleBroken, match="undone already"):
        service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)


def test_only_who_moved_it_manager_and_coach_undo(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.PLAN)
    moved = move(manager, idea_id, Way.DO, answers=journeys.plan_answers())
    assert queries.idea_page(author, idea_id).undo is None
    assert queries.idea_page(manager, idea_id).undo is not None
    with pytest.raises(Forbidden):
        service.undo_move(author, idea_id=idea_id, move_id=moved.move_id)
    with pytest.raises(NotFound):
        service.undo_move(cast.actor("outsider"), idea_id=idea_id, move_id=moved.move_id)
    service.undo_move(cast.actor("coach"), idea_id=idea_id, move_id=moved.move_id)
    told = [n.kind.value for n in notices(manager)]
    assert told == ["undone"]


def test_undoing_a_later_not_now_brings_back_the_reply_before(cast):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    journeys.reply(manager, idea_id, ReplyKind.NEED_TO_KNOW, words="Which visits?")
    moved = move(
        manager, idea_id, Way.NOT_NOW, note="Not this term", look_again_on=clock.today() + AGAIN
    )
    service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    idea = journeys.idea(idea_id)
    assert (idea.first_reply_kind, idea.first_reply_words) == ("need_to_know", "Which visits?")


def test_undo_of_a_change_takes_the_new_cycle_away(cast):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.ACT)
    moved = move(manager, idea_id, Way.CHANGE, answers=WHY)
    service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    count = db.session.execute(select(func.count()).select_from(Cycle)).scalar()
    assert count == 1
    assert queries.finished_cycles(cast.actor("leader")).total == 0
