"""The first reply: who gives it, what it stops, what it starts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from improve.ideas import queries, service
from improve.ideas.kinds import Outcome, ReplyKind, Stage, Way
from improve.notifications.queries import notices
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.ideas import journeys
from tests.ideas.journeys import bring_to, reply

pytestmark = pytest.mark.usefixtures("context")


@pytest.mark.parametrize(
    ("name", "may"),
    [
        ("manager", True),
        ("coach", True),
        ("leader", True),
        ("practitioner", False),
        ("colleague", False),
        ("other_manager", False),
        ("voices_reader", False),
    ],
)
def test_manager_coach_or_leader_reply(cast, name, may):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    if may:
        reply(cast.actor(name), idea_id)
        assert journeys.idea(idea_id).waiting_since is None
        return
    with pytest.raises(Forbidden, match="gives the first reply"):
        reply(cast.actor(name), idea_id)


def test_stranger_finds_no_idea_to_answer(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(NotFound):
        reply(cast.actor("outsider"), idea_id)


def test_reply_stops_the_clock_and_reaches_the_author_in_its_own_words(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with clock.moved(clock.now() + timedelta(days=6)):
        card = queries.card(author, idea_id)
        assert card.next_strong == "Waiting 4\u00a0working\u00a0days"
        assert card.next_words == "for a first reply"
        assert card.is_over_usual
        assert card.usual_words == "usual 2"
        reply(cast.actor("manager"), idea_id, words="Yes. Try it.")
    page = queries.idea_page(author, idea_id)
    assert page.reply is not None
    assert (page.reply.words, page.reply.kind_words) == ("Yes. Try it.", "We will try it")
    assert page.next_step.way is Way.PLAN
    assert page.next_step.button == "I’ll try it"
    assert [n.kind.value for n in notices(author)] == ["first_reply"]


def test_bare_move_does_not_stop_the_clock(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(RuleBroken, match="first reply"):
        journeys.move(cast.actor("coach"), idea_id, Way.PLAN, note="Go")
    assert journeys.idea(idea_id).waiting_since is not None


def test_not_now_needs_a_day_and_finishes_the_idea(cast):
    leader = cast.actor("leader")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    with pytest.raises(RuleBroken) as refused:
        reply(leader, idea_id, ReplyKind.NOT_NOW, words="")
    assert [r.field for r in refused.value.reasons] == ["words", "look_again_on"]
    with pytest.raises(RuleBroken, match="after today"):
        reply(leader, idea_id, ReplyKind.NOT_NOW, words="No", look_again_on=clock.today())
    words = "Because of the move to the new office. " * 10
    moved = service.reply_first(
        leader,
        idea_id=idea_id,
        kind=ReplyKind.NOT_NOW,
        words=words,
        seen_version=1,
        look_again_on=clock.today() + timedelta(days=30),
    )
    assert moved is not None
    assert moved.outcome is Outcome.NOT_NOW
    page = queries.idea_page(cast.actor("practitioner"), idea_id)
    assert page.reply is not None
    assert page.reply.words == words.strip()


def test_second_reply_is_stale_and_the_same_sent_twice_is_harmless(cast):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    reply(manager, idea_id, words="Yes.", seen_version=1)
    reply(manager, idea_id, words="Yes.", seen_version=1)
    with pytest.raises(Stale) as refused:
        reply(cast.actor("coach"), idea_id, words="No.", seen_version=1)
    assert refused.value.facts["by"] == "Sam"
    with pytest.raises(RuleBroken, match="Write a comment instead"):
        reply(cast.actor("coach"), idea_id, words="No.")


def test_empty_and_long_replies_are_refused(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    for words in ("  ", "x" * (limits.length("reply") + 1)):
        with pytest.raises(RuleBroken):
            reply(cast.actor("manager"), idea_id, words=words)


def test_idea_past_ideas_is_not_answered_any_more(cast):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(RuleBroken, match="has left Ideas"):
        reply(cast.actor("manager"), idea_id)


def test_waiting_ideas_are_listed_for_who_answers(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    assert [i.id for i in queries.waiting_for_reply(cast.actor("manager"))] == [idea_id]
    for name in ("other_manager", "coach", "leader", "practitioner", "outsider"):
        assert queries.waiting_for_reply(cast.actor(name)) == []


def test_ill_try_it_opens_the_plan_with_the_authors_words_and_starts_the_test(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.SUGGESTED, text="Send a photo before the visit")
    reply(cast.actor("manager"), idea_id)
    form = queries.plan_form(author, idea_id)
    assert form.values["change_to_try"] == "Send a photo before the visit"
    assert form.may_start
    with pytest.raises(RuleBroken) as refused:
        service.plan_small_test(
            author,
            idea_id=idea_id,
            seen_version=form.version,
            from_stage=Stage.SUGGESTED,
            answers={"families_count": 3},
            is_started=True,
        )
    assert {"prediction", "study_by_on"} <= {r.field for r in refused.value.reasons}
    db.session.rollback()
    # The route rolls the refusal back; the factories' people were committed before.


def test_plan_saved_for_later_waits_in_plan_and_starts_from_there(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.SUGGESTED)
    reply(cast.actor("manager"), idea_id)
    saved = service.plan_small_test(
        author,
        idea_id=idea_id,
        seen_version=journeys.idea(idea_id).version,
        from_stage=Stage.SUGGESTED,
        answers={"families_count": 3},
        is_started=False,
    )
    assert saved is not None
    assert saved.to_stage is Stage.PLAN
    assert journeys.idea(idea_id).lead_id == author.person_id
    started = service.plan_small_test(
        author,
        idea_id=idea_id,
        seen_version=saved.version,
        from_stage=Stage.PLAN,
        answers=journeys.plan_answers(),
        is_started=True,
    )
    assert started is not None
    assert started.to_stage is Stage.DO
    assert started.words == "Moved to Do. The prediction is now locked."
