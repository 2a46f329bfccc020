"""Moving an idea through its stages, as the people who may."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from improve.accounts.queries import team_by_id
from improve.ideas import queries, service
from improve.ideas.kinds import Outcome, ReplyKind, Stage, Way
from improve.ideas.models import Cycle, StageMove
from improve.notifications.queries import notices
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.ideas import journeys
from tests.ideas.journeys import bring_to, move

pytestmark = pytest.mark.usefixtures("context")


def test_whole_journey_keeps_its_history(cast):
    idea_id = bring_to(cast, Stage.DONE)
    ways = db.session.execute(
        select(StageMove.way).where(StageMove.idea_id == idea_id).order_by(StageMove.id)
    ).scalars()
    assert list(ways) == ["plan", "do", "study", "act", "keep"]
    page = queries.idea_page(cast.actor("colleague"), idea_id)
    assert page.ending is not None
    assert (page.ending.words, page.ending.lesson) == ("Kept", "A photo is enough.")
    card = queries.card(cast.actor("colleague"), idea_id)
    assert card.ending is not None
    assert card.small_test is not None
    assert card.small_test.words == "expected 4\u00a0of\u00a05, saw 4\u00a0of\u00a05"


def test_idea_without_reply_does_not_leave_ideas(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(RuleBroken) as refused:
        move(cast.actor("manager"), idea_id, Way.PLAN)
    assert [r.field for r in refused.value.reasons] == ["reply", "lead_id", "note"] or [
        r.field for r in refused.value.reasons
    ] == ["reply", "lead_id", "improves", "note"]
    assert journeys.idea(idea_id).stage == Stage.SUGGESTED


def test_author_plans_after_we_will_try_it_and_not_before(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(Forbidden):
        move(author, idea_id, Way.PLAN)
    journeys.reply(manager, idea_id, ReplyKind.NEED_TO_KNOW, words="Which visits?")
    with pytest.raises(Forbidden):
        move(author, idea_id, Way.PLAN)
    journeys.reply(manager, idea_id)
    assert move(author, idea_id, Way.PLAN, lead_id=author.person_id).to_stage is Stage.PLAN


@pytest.mark.security(16)
@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("practitioner", True),
        ("colleague", False),
        ("manager", True),
        ("other_manager", False),
        ("coach", True),
        ("leader", False),
        ("voices_reader", False),
    ],
)
def test_only_its_people_the_manager_and_coaches_move_it(cast, name, may):
    idea_id = bring_to(cast, Stage.PLAN)
    if may:
        move(cast.actor(name), idea_id, Way.DO, answers=journeys.plan_answers())
        return
    with pytest.raises(Forbidden) as refused:
        move(cast.actor(name), idea_id, Way.DO, answers=journeys.plan_answers())
    assert "manager" in refused.value.words
    assert journeys.idea(idea_id).stage == Stage.PLAN


def test_member_moves_it_once_they_take_part(cast):
    colleague = cast.actor("colleague")
    idea_id = bring_to(cast, Stage.PLAN)
    service.join_idea(colleague, idea_id=idea_id)
    service.join_idea(colleague, idea_id=idea_id)
    move(colleague, idea_id, Way.DO, answers=journeys.plan_answers())
    page = queries.idea_page(colleague, idea_id)
    assert [m.first_name for m in page.members] == ["Jo"]


@pytest.mark.parametrize("name", ["outsider", "guest", "administrator"])
def test_stranger_finds_nothing(cast, name):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(NotFound):
        move(cast.actor(name), idea_id, Way.DO)


@pytest.mark.security(16)
@pytest.mark.parametrize("name", ["practitioner", "coach", "other_manager", "leader"])
def test_only_the_teams_manager_decides(cast, name):
    idea_id = bring_to(cast, Stage.ACT)
    with pytest.raises(Forbidden) as refused:
        move(cast.actor(name), idea_id, Way.KEEP, answers={"decision_why": "It works"})
    assert refused.value.words == "A manager of this team decides to keep, change or stop."


def test_entering_do_locks_the_prediction(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.DO)
    idea = journeys.idea(idea_id)
    with pytest.raises(RuleBroken, match="locked"):
        service.save_answers(
            author,
            idea_id=idea_id,
            seen_version=idea.version,
            answers={"prediction": "I knew it all along"},
        )
    assert idea.due_to_study_on == clock.today() + timedelta(days=14)
    assert queries.card(author, idea_id).next_words == "Study on Tue\u00a08\u00a0Dec"


def test_prediction_may_be_written_anew_after_going_back_to_plan(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.DO)
    with pytest.raises(RuleBroken, match="Say in one line why"):
        move(author, idea_id, Way.PLAN)
    move(author, idea_id, Way.PLAN, note="The families changed")
    service.save_answers(
        author,
        idea_id=idea_id,
        seen_version=journeys.idea(idea_id).version,
        answers={"prediction": "Three of five"},
    )
    assert journeys.idea(idea_id).due_to_study_on is None


def test_change_opens_the_next_cycle_with_the_plan_carried_over(cast):
    idea_id = bring_to(cast, Stage.ACT)
    moved = move(
        cast.actor("manager"),
        idea_id,
        Way.CHANGE,
        answers={"decision_why": "Now with the whole team", "next_step": "Ask the other workers"},
    )
    assert (moved.to_stage, moved.cycle_number) == (Stage.PLAN, 2)
    first, second = db.session.execute(
        select(Cycle).where(Cycle.idea_id == idea_id).order_by(Cycle.number)
    ).scalars()
    assert (first.decision, first.learned) == ("adapt", "A photo is enough.")
    assert second.change_to_try == first.change_to_try
    assert second.prediction == ""
    assert second.study_by_on is None
    card = queries.card(cast.actor("practitioner"), idea_id)
    assert card.next_words == "To move to Do: say what you expect to see"
    assert card.small_test is not None


@pytest.mark.parametrize("stage", [Stage.PLAN, Stage.DO, Stage.STUDY])
def test_stop_takes_lesson_and_why_in_one_form(cast, stage):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, stage)
    with pytest.raises(RuleBroken) as refused:
        move(manager, idea_id, Way.STOP)
    assert [r.field for r in refused.value.reasons] == ["learned", "decision_why"]
    moved = move(
        manager,
        idea_id,
        Way.STOP,
        answers={"learned": "Families felt outnumbered", "decision_why": "A call does more"},
    )
    assert moved.outcome is Outcome.ABANDONED
    page = queries.finished_cycles(cast.actor("leader"))
    assert [(c.decision_words, c.lesson) for c in page.cycles] == [
        ("Stopped", "Families felt outnumbered")
    ]
    assert (page.total, page.kept, page.stopped) == (1, 0, 1)


def test_not_now_tells_the_author_why_and_counts_as_the_reply(cast):
    manager, author = cast.actor("manager"), cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(RuleBroken) as refused:
        move(manager, idea_id, Way.NOT_NOW)
    assert [r.field for r in refused.value.reasons] == ["note", "look_again_on"]
    again = clock.today() + timedelta(days=60)
    move(manager, idea_id, Way.NOT_NOW, note="Inspection week", look_again_on=again)
    page = queries.idea_page(author, idea_id)
    assert page.reply is not None
    assert page.reply.words == "Inspection week"
    assert page.look_again_on == again
    assert [n.kind.value for n in notices(author)] == ["not_now"]
    back = move(cast.actor("coach"), idea_id, Way.BRING_BACK)
    assert back.to_stage is Stage.SUGGESTED
    assert journeys.idea(idea_id).waiting_since is None


def test_quick_fix_carries_its_sentence_to_the_author(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(Forbidden):
        move(author, idea_id, Way.QUICK_FIX, answers={"what_happened": "Done"})
    move(
        cast.actor("manager"),
        idea_id,
        Way.QUICK_FIX,
        answers={"what_happened": "We put a sign up", "learned": "People find the room"},
    )
    page = queries.idea_page(author, idea_id)
    assert page.reply is not None
    assert page.reply.words == "We put a sign up"
    assert page.ending is not None
    assert page.ending.lesson == "People find the room"


def test_author_withdraws_without_a_reply_and_others_cannot(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(Forbidden):
        move(cast.actor("manager"), idea_id, Way.WITHDRAW)
    assert move(cast.actor("practitioner"), idea_id, Way.WITHDRAW).outcome is Outcome.WITHDRAWN
    assert move(cast.actor("practitioner"), idea_id, Way.BRING_BACK).to_stage is Stage.SUGGESTED
    assert journeys.idea(idea_id).waiting_since is not None


def test_finished_idea_begins_again_only_as_a_new_cycle(cast):
    idea_id = bring_to(cast, Stage.DONE)
    with pytest.raises(RuleBroken):
        move(cast.actor("manager"), idea_id, Way.STUDY)
    moved = move(cast.actor("manager"), idea_id, Way.AGAIN)
    assert (moved.to_stage, moved.cycle_number) == (Stage.PLAN, 2)


def test_stale_move_is_refused_with_who_and_when(cast):
    author, manager = cast.actor("practitioner"), cast.actor("manager")
    idea_id = bring_to(cast, Stage.DO)
    seen = journeys.idea(idea_id).version
    move(manager, idea_id, Way.STUDY, answers=journeys.RESULT, note="All done")
    with pytest.raises(Stale) as refused:
        move(author, idea_id, Way.STUDY, seen_version=seen, from_stage=Stage.DO)
    facts = refused.value.facts
    assert (facts["by"], facts["to"], facts["is_moved"]) == ("Sam", Stage.STUDY, True)
    assert facts["values"]["what_happened"] == journeys.RESULT["what_happened"]


def test_same_move_sent_twice_is_answered_once(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.PLAN)
    seen = journeys.idea(idea_id).version
    facts = {"seen_version": seen, "from_stage": Stage.PLAN, "answers": journeys.plan_answers()}
    first = move(author, idea_id, Way.DO, **facts)
    second = move(author, idea_id, Way.DO, **facts)
    assert first == second
    count = db.session.execute(
        select(func.count()).select_from(StageMove).where(StageMove.way == "do")
    ).scalar()
    assert count == 1


def test_same_move_with_other_words_is_not_taken_for_the_first(cast):
    """Two windows of one person: the words of the second are offered back, never dropped."""
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.PLAN)
    facts = {"seen_version": journeys.idea(idea_id).version, "from_stage": Stage.PLAN}
    move(author, idea_id, Way.DO, answers=journeys.plan_answers(), **facts)
    other = {**journeys.plan_answers(), "prediction": "Parents find the room"}
    with pytest.raises(Stale):
        move(author, idea_id, Way.DO, answers=other, **facts)


def test_move_is_audited_and_tells_author_and_lead_but_not_who_moved(cast):
    idea_id = bring_to(cast, Stage.STUDY)
    db.session.commit()
    actions = db.session.execute(
        select(audit.AuditEntry.action)
        .where(audit.AuditEntry.object_id == str(idea_id), audit.AuditEntry.object_kind == "idea")
        .order_by(audit.AuditEntry.id)
    ).scalars()
    assert list(actions) == [
        "idea_logged",
        "first_reply_given",
        "idea_moved",
        "idea_moved",
        "idea_moved",
    ]
    told = [n.kind.value for n in notices(cast.actor("practitioner"))]
    assert told == ["moved", "first_reply"]
    assert notices(cast.actor("manager")) == []


def test_moving_raises_the_boards_version(cast):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.PLAN)
    before = team_by_id(manager, cast.team).board_version
    move(manager, idea_id, Way.DO, answers=journeys.plan_answers())
    assert team_by_id(manager, cast.team).board_version > before


def test_soft_needs_passed_with_words_stay_on_the_move(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.DO)
    move(author, idea_id, Way.STUDY, note="No more visits this term")
    row = db.session.execute(select(StageMove).where(StageMove.way == "study")).scalar_one()
    assert row.note == "No more visits this term"
    assert row.soft_missing == ["what_happened", "as_planned", "number", "study_day"]
