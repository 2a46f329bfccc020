"""The board: columns, counts, filters, pages, and how few statements it takes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from improve.accounts.queries import team_by_slug
from improve.ideas import queries, service
from improve.ideas.board import COLUMN_SIZE, BoardFilter
from improve.ideas.kinds import Source, Stage, Way
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound
from tests.benchmarks.seeding import add_ideas
from tests.ideas import journeys
from tests.ideas.journeys import bring_to, move
from tests.statements import WRITES, watched

pytestmark = pytest.mark.usefixtures("context")


def _board(cast, name="practitioner", **facts) -> queries.BoardPage:
    actor = cast.actor(name)
    return queries.board(actor, team_by_slug(actor, "riverside"), **facts)


def _column(page, stage):
    return next(c for c in page.columns if c.stage is stage)


def test_every_stage_stands_in_its_column_oldest_first(cast):
    made = {stage: bring_to(cast, stage) for stage in Stage}
    with clock.moved(clock.now() + timedelta(days=1)):
        second = bring_to(cast, Stage.PLAN)
        page = _board(cast)
    assert [c.name for c in page.columns] == ["Ideas", "Plan", "Do", "Study", "Act", "Done"]
    for stage, idea_id in made.items():
        assert _column(page, stage).cards[0].id == idea_id
    assert [c.id for c in _column(page, Stage.PLAN).cards] == [made[Stage.PLAN], second]
    assert _column(page, Stage.PLAN).count_words == "2\u00a0of\u00a04"
    assert page.total == 7


def test_counts_above_the_board_are_true(cast):
    bring_to(cast, Stage.SUGGESTED)
    blocked = bring_to(cast, Stage.DO)
    service.mark_blocked(
        cast.actor("manager"), idea_id=blocked, reason="Needs a contract", who="Florence"
    )
    bring_to(cast, Stage.STUDY)
    with clock.moved(clock.now() + timedelta(days=14)):
        page = _board(cast)
    assert (page.needs_reply, page.blocked, page.ready_to_study) == (1, 1, 1)


def test_board_takes_three_statements_whatever_it_holds(cast):
    for stage in Stage:
        bring_to(cast, stage)
    add_ideas(
        organisation_id=cast.organisation,
        team_id=cast.team,
        author_id=cast.practitioner,
        count=300,
    )
    db.session.commit()
    actor = cast.actor("manager")
    with watched() as seen:
        page = queries.board(actor, team_by_slug(actor, "riverside"))
    assert len(seen) == 3
    plan = _column(page, Stage.PLAN)
    assert (len(plan.cards), plan.total, plan.has_more) == (COLUMN_SIZE, 61, True)
    more = _board(cast, more_of=Stage.PLAN, page=2)
    rest = _column(more, Stage.PLAN)
    assert (len(rest.cards), rest.has_more, rest.page) == (11, False, 2)
    assert not {c.id for c in rest.cards} & {c.id for c in plan.cards}
    assert len(_column(more, Stage.DO).cards) == COLUMN_SIZE


def test_one_card_and_the_idea_page_take_few_statements(cast):
    idea_id = bring_to(cast, Stage.ACT)
    actor = cast.actor("colleague")
    with watched() as seen:
        queries.card(actor, idea_id)
    assert len(seen) == 1
    with watched() as seen:
        queries.idea_page(actor, idea_id)
    assert len(seen) <= 4
    with watched() as seen:
        queries.finished_cycles(actor)
    assert len(seen) <= 3


def test_move_writes_the_same_number_of_rows_whatever_the_column_holds(cast):
    first, second = bring_to(cast, Stage.PLAN), bring_to(cast, Stage.PLAN)
    db.session.commit()

    def writes_of_a_move(idea_id: int) -> int:
        with watched() as seen:
            move(cast.actor("manager"), idea_id, Way.DO, answers=journeys.plan_answers())
        return len([s for s in seen if s.verb in WRITES])

    few = writes_of_a_move(first)
    add_ideas(
        organisation_id=cast.organisation,
        team_id=cast.team,
        author_id=cast.practitioner,
        count=300,
    )
    assert writes_of_a_move(second) == few


@pytest.mark.parametrize(
    ("narrowed", "which"),
    [
        (BoardFilter(is_mine=True), {"mine"}),
        (BoardFilter(needs_reply=True), {"mine", "theirs"}),
        (BoardFilter(source=Source.CHILD), {"theirs"}),
        (BoardFilter(text="PHOTO door"), {"mine"}),
        (BoardFilter(text="100%"), {"theirs"}),
        (BoardFilter(is_blocked=True), set()),
        (BoardFilter(), {"mine", "theirs"}),
    ],
)
def test_filter_keeps_what_it_says_and_counts_both(cast, narrowed, which):
    ids = {
        "mine": journeys.log(cast.actor("practitioner"), cast.team, "A photo at the door"),
        "theirs": journeys.log(
            cast.actor("colleague"), cast.team, "Welcome 100% of children", source=Source.CHILD
        ),
    }
    page = _board(cast, narrowed=narrowed)
    shown = {c.id for c in _column(page, Stage.SUGGESTED).cards}
    assert shown == {ids[name] for name in which}
    assert (page.shown, page.total) == (len(which), 2)


def test_done_holds_thirty_days_and_the_list_holds_all(cast):
    idea_id = bring_to(cast, Stage.DONE)
    with clock.moved(clock.now() + timedelta(days=31)):
        newer = bring_to(cast, Stage.DONE)
        done = _column(_board(cast), Stage.DONE)
        assert ([c.id for c in done.cards], done.total, done.finished_total) == ([newer], 1, 2)
        actor = cast.actor("leader")
        listed = queries.all_finished(actor, team_by_slug(actor, "riverside"))
    assert [i.id for i in listed.ideas] == [newer, idea_id]
    assert listed.total == 2


def test_over_limit_is_said_in_words(cast):
    for _ in range(5):
        bring_to(cast, Stage.PLAN)
    plan = _column(_board(cast), Stage.PLAN)
    assert plan.count_words == "5\u00a0of\u00a04, over limit"
    idea_id = bring_to(cast, Stage.SUGGESTED)
    journeys.reply(cast.actor("manager"), idea_id)
    form = queries.move_form(cast.actor("manager"), idea_id)
    assert form.wip_words == "Plan would hold 6; the team’s own limit is 4."


def test_boards_of_two_councils_never_mix(cast):
    bring_to(cast, Stage.SUGGESTED)
    outsider = cast.actor("outsider")
    page = queries.board(outsider, team_by_slug(outsider, "riverside"))
    assert page.total == 0
    # Even with the other council's own team in hand.
    practitioner = cast.actor("practitioner")
    smuggled = team_by_slug(practitioner, "riverside")
    assert all(not c.cards for c in queries.board(outsider, smuggled).columns)


def test_outsider_finds_no_idea_form_or_list(cast):
    idea_id = bring_to(cast, Stage.ACT)
    outsider = cast.actor("outsider")
    for find in (
        queries.card,
        queries.idea_page,
        queries.move_form,
        queries.plan_form,
        queries.history,
        queries.sent,
    ):
        with pytest.raises(NotFound):
            find(outsider, idea_id)
    assert queries.my_ideas(outsider).total == 0
    assert queries.finished_cycles(outsider).total == 0


def test_my_ideas_are_those_i_wrote_lead_or_take_part_in(cast):
    mine = bring_to(cast, Stage.PLAN)
    theirs = bring_to(cast, Stage.PLAN, who="colleague")
    author = cast.actor("practitioner")
    assert [i.id for i in queries.my_ideas(author).ideas] == [mine]
    service.join_idea(author, idea_id=theirs)
    assert {i.id for i in queries.my_ideas(author).ideas} == {mine, theirs}


def test_reader_sees_a_card_without_move(cast):
    idea_id = bring_to(cast, Stage.DO)
    card = queries.card(cast.actor("leader"), idea_id)
    assert not card.may_move
    assert queries.card(cast.actor("practitioner"), idea_id).may_move
    form = queries.move_form(cast.actor("leader"), idea_id)
    assert form.choices == ()
    assert "manager" in form.refusal
