"""What a huddle reads of a team's ideas: which belong in it, why, and at what cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import update

from improve.accounts.actor import Place
from improve.accounts.queries import team_by_slug
from improve.accounts.roles import Role
from improve.ideas import queries, service
from improve.ideas.acts import IdeaActed
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.ideas.models import Idea
from improve.shared import clock, events
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.benchmarks.seeding import add_ideas
from tests.factories import Cast
from tests.ideas.journeys import bring_to, move
from tests.statements import Watch, watched

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def told() -> Iterator[list[IdeaActed]]:
    """Collect acts as they are told."""
    heard: list[IdeaActed] = []
    events.subscribe(IdeaActed, heard.append)
    yield heard
    events._handlers[IdeaActed].remove(heard.append)


def _read(cast: Cast, name: str = "practitioner", today: date | None = None):
    actor = cast.actor(name)
    return queries.for_huddle(actor, team_by_slug(actor, "riverside"), today or clock.today())


def test_each_idea_says_why_it_is_there(cast):
    waiting = bring_to(cast, Stage.SUGGESTED)
    planned = bring_to(cast, Stage.PLAN)
    tried = bring_to(cast, Stage.DO)
    blocked = bring_to(cast, Stage.STUDY)
    service.mark_blocked(cast.actor("manager"), idea_id=blocked, reason="Waits", who="IT")
    later = clock.now() + timedelta(days=29)
    with clock.moved(later):
        found = {idea.id: idea for idea in _read(cast)}
    assert set(found) == {waiting, planned, tried, blocked}
    assert found[waiting].needs_reply
    assert found[waiting].waiting_working_days > 2
    assert found[planned].over_usual
    assert not found[planned].needs_reply
    assert (found[planned].age_days, found[planned].usual_days) == (29, 28)
    assert found[tried].is_due_to_study
    assert not found[tried].over_usual
    assert found[blocked].is_blocked


def test_an_idea_that_goes_well_is_not_there(cast):
    bring_to(cast, Stage.DO)
    bring_to(cast, Stage.DONE)
    assert _read(cast) == []


def test_not_now_comes_back_on_its_day(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    day = clock.today() + timedelta(days=7)
    service.reply_first(
        cast.actor("manager"),
        idea_id=idea_id,
        kind=ReplyKind.NOT_NOW,
        words="After the move.",
        seen_version=1,
        look_again_on=day,
    )
    assert _read(cast, today=day - timedelta(days=1)) == []
    (found,) = _read(cast, today=day)
    assert found.look_again
    assert found.look_again_on == day
    assert not found.needs_reply


def test_a_pinned_idea_stands_first_and_says_by_whom(cast):
    waiting, pinned = bring_to(cast, Stage.SUGGESTED), bring_to(cast, Stage.DO)
    service.pin(cast.actor("practitioner"), idea_id=pinned)
    assert [(i.id, i.is_pinned, i.pinned_by) for i in _read(cast)] == [
        (pinned, True, cast.actor("practitioner").first_name),
        (waiting, False, ""),
    ]
    service.unpin(cast.actor("manager"), idea_id=pinned)
    assert [i.id for i in _read(cast)] == [waiting]


def test_an_idea_that_nobody_leads_needs_a_lead(cast):
    led, unled = bring_to(cast, Stage.PLAN), bring_to(cast, Stage.PLAN)
    service.choose_lead(cast.actor("manager"), idea_id=unled, lead_id=None)
    assert [(i.id, i.needs_lead) for i in _read(cast)] == [(unled, True)]
    assert led not in {i.id for i in _read(cast)}


def test_one_statement_each_whatever_the_board_holds(cast, statements: Watch):
    actor = cast.actor("practitioner")
    add_ideas(
        organisation_id=actor.organisation_id,
        team_id=cast.team,
        author_id=actor.person_id,
        count=500,
    )
    db.session.commit()
    team = team_by_slug(actor, "riverside")
    with statements() as seen:
        found = queries.for_huddle(actor, team, clock.today())
    assert len(seen) == 1
    assert len(found) > 100
    with statements() as seen:
        queries.huddle_idea(actor, found[0].id)
    assert len(seen) == 1


def test_each_reason_is_picked_from_an_index(cast):
    actor = cast.actor("practitioner")
    add_ideas(
        organisation_id=actor.organisation_id,
        team_id=cast.team,
        author_id=actor.person_id,
        count=5000,
    )
    # Most ideas of a team that has done this for years are finished.
    db.session.execute(
        update(Idea)
        .where(Idea.id % 25 != 0)
        .values(
            stage="done",
            outcome="adopted",
            finished_at=clock.now(),
            waiting_since=None,
            due_to_study_on=None,
        )
    )
    db.session.execute(db.text("ANALYZE"))
    db.session.commit()
    team = team_by_slug(actor, "riverside")
    with watched() as asked:
        queries.for_huddle(actor, team, clock.today())
    (statement,) = asked
    is_sqlite = db.engine.dialect.name == "sqlite"
    explain = "EXPLAIN QUERY PLAN " if is_sqlite else "EXPLAIN "
    plan = "\n".join(
        str(row[-1])
        for row in db.session.connection().exec_driver_sql(explain + statement, statement.values)
    )
    for index in ("ix_ideas_look_again", "ix_ideas_due_to_study", "ix_ideas_pinned"):
        assert index in plan
    assert "ix_ideas_board" in plan
    if is_sqlite:
        assert "SCAN ideas" not in plan


def test_an_idea_of_another_organisation_is_not_found(cast):
    idea_id = bring_to(cast, Stage.PLAN)
    with pytest.raises(NotFound):
        queries.huddle_idea(cast.actor("outsider"), idea_id)


def test_what_is_missing_stands_as_data_the_hard_first(cast):
    idea_id = bring_to(cast, Stage.PLAN)
    found = queries.huddle_idea(cast.actor("practitioner"), idea_id)
    assert [(m.key, m.is_hard) for m in found.missing] == [
        ("prediction", True),
        ("study_by", True),
        ("scope", False),
        ("measure_or_tally", False),
    ]
    assert found.missing[0].name == "What you expect to see"
    assert found.missing[0].words == "say what you expect to see"
    assert found.may_move
    assert not found.may_reply
    assert found.suggestion == "Text families a photo"


def test_a_hidden_author_stays_hidden_on_the_wall_even_from_the_manager(cast):
    idea_id = bring_to(cast, Stage.SUGGESTED, hides_name=True)
    found = queries.huddle_idea(cast.actor("manager"), idea_id)
    assert (found.card.who, found.author_id, found.author_job_title) == ("A colleague", None, "")


def test_acts_are_told_once_each_in_words(cast, told):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.DO)
    service.mark_blocked(manager, idea_id=idea_id, reason="The form is with IT", who="Their lead")
    service.mark_blocked(manager, idea_id=idea_id, reason="The form is with IT", who="Their lead")
    service.unblock(manager, idea_id=idea_id)
    assert [(act.kind, act.words) for act in told] == [
        ("replied", "Replied: We will try it"),
        ("moved", "Moved to Plan"),
        ("moved", "Moved to Do"),
        ("blocked", "Blocked: The form is with IT. Their lead can help"),
        ("unblocked", "Not blocked any more"),
    ]
    assert {(act.idea_id, act.team_id, act.title) for act in told} == {
        (idea_id, cast.team, "Text families a photo")
    }
    assert (told[2].stage, told[2].cycle_number, told[2].outcome) == (Stage.DO, 1, None)


def test_a_new_cycle_an_ending_and_an_undo_say_so(cast, told):
    manager = cast.actor("manager")
    idea_id = bring_to(cast, Stage.ACT)
    told.clear()
    moved = move(manager, idea_id, Way.CHANGE, answers={"decision_why": "Shorter text"})
    service.undo_move(manager, idea_id=idea_id, move_id=moved.move_id)
    move(manager, idea_id, Way.KEEP, answers={"decision_why": "It works"})
    assert [act.words for act in told] == [
        "Cycle 2 begins in Plan",
        "Took the last move back: in Act again",
        "Kept",
    ]


def test_an_idea_that_only_a_coach_sees_is_told_to_nobody(cast, told):
    idea_id = bring_to(cast, Stage.SUGGESTED)
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(is_on_board=False))
    service.mark_blocked(cast.actor("coach"), idea_id=idea_id, reason="Waits", who="IT")
    assert told == []
    with pytest.raises(RuleBroken):
        service.pin(cast.actor("coach"), idea_id=idea_id)


def test_a_hidden_author_is_named_nowhere(cast):
    author = cast.actor("practitioner")
    idea_id = bring_to(cast, Stage.PLAN)
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(hides_name=True))
    service.choose_lead(cast.actor("manager"), idea_id=idea_id, lead_id=author.person_id)
    service.pin(author, idea_id=idea_id)
    (found,) = _read(cast, "colleague")
    detail = queries.huddle_idea(cast.actor("manager"), idea_id)
    for read in (found, detail):
        assert (read.pinned_by, read.lead_id) == ("A colleague", None)
    assert (detail.author_id, detail.pinned_by_id, detail.lead_name) == (None, None, "")
    assert not found.needs_lead, "it has one"
    for read in (found, detail):
        assert "Amina" not in repr(read)


def test_people_of_other_teams_do_not_pin(cast):
    idea_id = bring_to(cast, Stage.DO)
    with pytest.raises(Forbidden):
        service.pin(cast.actor("leader"), idea_id=idea_id)


def test_a_wall_screen_reads_the_board_of_its_team_alone(cast):
    idea_id = bring_to(cast, Stage.DO)
    reader = cast.actor("practitioner")
    wall = replace(reader, person_id=0, places=(Place(Role.WALL, team_id=cast.team),))
    elsewhere = replace(wall, places=(Place(Role.WALL, team_id=cast.other_team),))
    found = queries.huddle_idea(wall, idea_id)
    assert found.title == "Text families a photo"
    assert not found.may_move
    assert not found.may_reply
    with pytest.raises(NotFound):
        queries.huddle_idea(elsewhere, idea_id)
    db.session.execute(update(Idea).where(Idea.id == idea_id).values(is_on_board=False))
    with pytest.raises(NotFound):
        queries.huddle_idea(wall, idea_id)
