"""Joining two ideas of the same thing and taking them apart: nothing is lost, nobody told twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from improve.accounts.queries import team_by_id
from improve.accounts.service import close_team
from improve.ideas import queries, service
from improve.ideas.kinds import Answerer, FollowReason, Outcome, Stage, Way
from improve.ideas.models import Idea, IdeaFollower, IdeaMember
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.factories import Cast, actor, idea_in, make_idea, make_person
from tests.ideas.journeys import idea as stands

WORDS = "Jo asked for the same last week, so we try both as one."

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def cast(app: Flask, cast: Cast) -> Cast:
    return cast


def row_of(idea_id: int) -> dict[str, Any]:
    """Return every column of an idea but its version, which only ever rises."""
    found = db.session.execute(select(*Idea.__table__.columns).where(Idea.id == idea_id))
    return {name: value for name, value in found.mappings().one().items() if name != "version"}


def followers(idea_id: int) -> dict[int, tuple[bool, str]]:
    rows = db.session.execute(select(IdeaFollower).where(IdeaFollower.idea_id == idea_id)).scalars()
    return {row.person_id: (row.is_following, row.why) for row in rows}


def members(idea_id: int) -> set[int]:
    found = select(IdeaMember.person_id).where(IdeaMember.idea_id == idea_id)
    return set(db.session.execute(found).scalars())


def told(person_id: int, kind: str) -> list[int]:
    rows = db.session.execute(
        text("SELECT subject_id FROM notices WHERE person_id = :p AND kind = :k ORDER BY id"),
        {"p": person_id, "k": kind},
    )
    return list(rows.scalars())


def join(cast: Cast, idea_id: int, into_id: int, who: int | None = None, **changed: Any) -> None:
    facts = {"words": WORDS, "seen_version": stands(idea_id).version, **changed}
    service.join_ideas(actor(who or cast.manager), idea_id=idea_id, into_id=into_id, **facts)


def test_a_join_ends_the_idea_with_a_reply_and_brings_its_people(cast: Cast) -> None:
    first, second = make_idea(cast), idea_in(cast, Stage.DO, by=cast.colleague)
    leah = actor(cast.other_manager)
    service.comment(leah, idea_id=first, words="Us too", form_token="a")
    service.comment(actor(cast.coach), idea_id=second, words="Good", form_token="b")
    service.comment(actor(cast.coach), idea_id=first, words="Good", form_token="c")
    join(cast, first, second)
    joined = stands(first)
    assert (joined.stage, joined.outcome) == (Stage.DONE, Outcome.JOINED)
    assert joined.joined_to_id == second
    assert joined.waiting_since is None
    assert joined.first_reply_words == WORDS
    assert stands(second).stage == Stage.DO
    # Each once, with why; whoever followed the other one already keeps their reason.
    now = followers(second)
    assert now[cast.practitioner] == (True, FollowReason.LEAD)
    assert now[cast.other_manager] == (True, FollowReason.JOINED)
    assert now[cast.coach] == (True, FollowReason.COMMENTED)
    # Told once each, of their own idea.
    assert told(cast.practitioner, "joined") == [first]
    assert told(cast.other_manager, "joined") == [first]
    assert told(cast.coach, "joined") == [first]
    assert told(cast.colleague, "joined") == [second]
    assert told(cast.manager, "joined") == []
    join(cast, first, second, seen_version=1)  # the same form twice
    assert told(cast.colleague, "joined") == [second]
    db.session.commit()
    acts = list(db.session.execute(text("SELECT action FROM audit_entries")).scalars())
    assert acts.count("ideas_joined") == acts.count("ideas_joined_here") == 1


def test_both_boards_look_different(cast: Cast) -> None:
    first = make_idea(cast)
    second = make_idea(cast, by=cast.other_manager, team_id=cast.other_team)

    def versions() -> list[int]:
        found = db.session.execute(text("SELECT board_version FROM teams ORDER BY id LIMIT 2"))
        return list(found.scalars())

    before = versions()
    join(cast, first, second)
    after = versions()
    assert all(now > then for then, now in zip(before, after, strict=True))
    service.split_ideas(actor(cast.other_manager), idea_id=first)
    assert all(now > then for then, now in zip(after, versions(), strict=True))


def test_a_split_puts_everything_back_and_keeps_what_was_written_since(cast: Cast) -> None:
    first = idea_in(cast, Stage.PLAN)
    second = make_idea(cast, by=cast.colleague)
    service.join_idea(actor(cast.manager), idea_id=first)
    service.comment(actor(cast.coach), idea_id=first, words="Us too", form_token="a")
    service.comment(actor(cast.other_manager), idea_id=first, words="Us too", form_token="b")
    service.pin(actor(cast.manager), idea_id=first)
    service.stop_following(actor(cast.manager), idea_id=second)
    before = {i: (row_of(i), followers(i), members(i)) for i in (first, second)}
    join(cast, first, second)
    assert members(second) == {cast.practitioner, cast.manager}
    assert followers(second)[cast.manager] == (False, FollowReason.CHOSE)
    service.comment(actor(cast.coach), idea_id=second, words="On we go", form_token="c")
    service.split_ideas(actor(cast.coach), idea_id=first)
    assert row_of(first) == before[first][0]
    assert (followers(first), members(first)) == before[first][1:]
    assert row_of(second) == before[second][0]
    assert members(second) == before[second][2]
    # The coach has a reason of their own by now.
    assert followers(second) == {
        **before[second][1],
        cast.coach: (True, FollowReason.COMMENTED),
    }
    assert [c.words for c in queries.idea_page(actor(cast.coach), second).comments] == ["On we go"]
    assert told(cast.practitioner, "split") == [first]
    assert told(cast.colleague, "split") == [second]
    service.split_ideas(actor(cast.coach), idea_id=first)  # twice is harmless
    assert told(cast.colleague, "split") == [second]
    # And it can be joined again, or go on.
    join(cast, first, second)
    service.split_ideas(actor(cast.manager), idea_id=first)
    assert row_of(first) == before[first][0]


def test_the_clock_of_the_first_reply_goes_on_after_a_split(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast)
    waiting = stands(first).waiting_since
    join(cast, first, second)
    service.split_ideas(actor(cast.manager), idea_id=first)
    again = stands(first)
    assert again.waiting_since == waiting
    assert again.first_reply_at is None
    assert again.first_reply_words == ""
    lines = queries.history(actor(cast.manager), first)
    assert any("taken back by Sam" in line.words for line in lines)


def test_a_split_in_another_team_leaves_its_huddle_alone(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast, by=cast.colleague)
    service.pin(actor(cast.manager), idea_id=first)
    join(cast, first, second)
    coach = actor(cast.coach)
    service.change_team(
        coach,
        idea_id=first,
        team_id=cast.other_team,
        why="It is theirs",
        seen_version=stands(first).version,
    )
    service.split_ideas(coach, idea_id=first)
    assert stands(first).stage == Stage.SUGGESTED.value
    assert stands(first).pinned_at is None


def test_nothing_is_opened_again_in_a_team_that_is_closed(cast: Cast) -> None:
    first, second, third = (
        make_idea(cast),
        make_idea(cast, by=cast.colleague),
        make_idea(cast, team_id=cast.other_team),
    )
    sam = actor(cast.manager)
    join(cast, first, third)
    seen = stands(second)
    later = clock.today() + timedelta(days=30)
    moved = service.move_stage(
        sam,
        idea_id=second,
        way=Way.NOT_NOW,
        seen_version=seen.version,
        from_stage=Stage.SUGGESTED,
        note="After the summer",
        look_again_on=later,
    )
    closing = team_by_id(sam, cast.team)
    close_team(actor(cast.administrator), team_id=cast.team, seen_version=closing.version)
    coach = actor(cast.coach)
    for act in (
        lambda: service.split_ideas(coach, idea_id=first),
        lambda: service.undo_move(coach, idea_id=second, move_id=moved.move_id),
        lambda: service.move_stage(
            coach,
            idea_id=second,
            way=Way.BRING_BACK,
            seen_version=moved.version,
            from_stage=Stage.DONE,
        ),
    ):
        with pytest.raises(RuleBroken, match="Riverside is closed"):
            act()


def test_a_later_reply_undone_brings_no_words_of_a_join_back(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast, by=cast.colleague)
    join(cast, first, second)
    service.split_ideas(actor(cast.manager), idea_id=first)
    moved = service.move_stage(
        actor(cast.manager),
        idea_id=first,
        way=Way.NOT_NOW,
        seen_version=stands(first).version,
        from_stage=Stage.SUGGESTED,
        note="After the summer",
        look_again_on=clock.today() + timedelta(days=30),
    )
    service.undo_move(actor(cast.manager), idea_id=first, move_id=moved.move_id)
    assert (stands(first).first_reply_at, stands(first).first_reply_words) == (None, "")


def test_no_chains_and_no_circles(cast: Cast) -> None:
    first, second, third = (make_idea(cast) for _ in range(3))
    join(cast, first, second)
    with pytest.raises(RuleBroken, match="joined to another itself"):
        join(cast, third, first)
    with pytest.raises(RuleBroken, match="is joined to this one"):
        join(cast, second, third)
    with pytest.raises(RuleBroken, match="joined to another already"):
        join(cast, first, third)
    with pytest.raises(RuleBroken, match="Choose another idea"):
        join(cast, third, third)
    assert queries.join_pair(actor(cast.manager), third, first).instead == (
        second,
        stands(second).title,
    )


@pytest.mark.parametrize("stage", [Stage.DO, Stage.STUDY, Stage.ACT])
def test_a_test_that_has_begun_is_finished_first(cast: Cast, stage: Stage) -> None:
    first, second = idea_in(cast, stage), make_idea(cast)
    with pytest.raises(RuleBroken, match="being tried"):
        join(cast, first, second, who=cast.coach)
    join(cast, second, first)  # the other way round is fine


def test_rules_in_words(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast)
    with pytest.raises(RuleBroken, match="Write a sentence"):
        join(cast, first, second, words="  ")
    with pytest.raises(RuleBroken, match="1,000"):
        join(cast, first, second, words="y" * 1001)
    hidden = make_idea(cast, answerer=Answerer.COACH)
    with pytest.raises(RuleBroken, match="not shown this idea"):
        join(cast, hidden, second, who=cast.coach)
    with pytest.raises(RuleBroken, match="not on its team’s board"):
        join(cast, first, hidden, who=cast.coach)


def test_somebody_was_faster(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast)
    with pytest.raises(Stale):
        join(cast, first, second, seen_version=99)


def test_who_may(cast: Cast) -> None:
    first = make_idea(cast)
    second = make_idea(cast, by=cast.other_manager, team_id=cast.other_team)
    for who in (cast.practitioner, cast.other_manager, cast.leader):
        with pytest.raises(Forbidden):
            join(cast, first, second, who=who)
    with pytest.raises(NotFound):
        join(cast, first, second, who=cast.outsider)
    join(cast, first, second, who=cast.coach)
    for who in (cast.practitioner, cast.leader):
        with pytest.raises(Forbidden):
            service.split_ideas(actor(who), idea_id=first)
    with pytest.raises(NotFound):
        service.split_ideas(actor(cast.outsider), idea_id=first)
    service.split_ideas(actor(cast.other_manager), idea_id=first)


def test_a_joined_idea_goes_nowhere_by_itself(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast)
    join(cast, first, second)
    view = queries.move_form(actor(cast.manager), first)
    assert view.choices == ()
    with pytest.raises(RuleBroken):
        service.move_stage(
            actor(cast.manager),
            idea_id=first,
            way=Way.AGAIN,
            seen_version=view.version,
            from_stage=Stage.DONE,
        )
    page = queries.idea_page(actor(cast.manager), first)
    assert page.undo is None
    assert first not in {
        i.id for i in queries.similar_ideas(actor(cast.manager), "Small change number")
    }


def test_a_hidden_author_stays_hidden_on_the_other_page(cast: Cast) -> None:
    first, second = make_idea(cast, hides_name=True), make_idea(cast, by=cast.colleague)
    service.comment(actor(cast.practitioner), idea_id=first, words="More of it", form_token="a")
    service.say_thanks(
        actor(cast.leader), idea_id=first, to_id=cast.practitioner, words="Lovely", form_token="t"
    )
    join(cast, first, second)
    seen = queries.idea_page(actor(cast.colleague), second)
    assert cast.practitioner not in members(second)
    (joined,) = seen.joined_here
    assert joined.author.name == "A colleague"
    assert [c.author.name for c in joined.comments] == ["A colleague"]
    assert [t.to.name for t in seen.thanks] in ([], ["A colleague"])
    manager = queries.idea_page(actor(cast.manager), second)
    assert manager.joined_here[0].author.name == "Amina Birch"


def test_guests_of_one_idea_read_no_other(cast: Cast) -> None:
    first, second = make_idea(cast), make_idea(cast, by=cast.colleague)
    pat = make_person(cast.organisation, name="Pat School", role=None)
    db.session.execute(
        text(
            "INSERT INTO idea_followers VALUES (:i, :p, true, 'commented', '2026-11-24 09:00:00')"
        ),
        {"i": first, "p": pat},
    )
    db.session.execute(
        text(
            "INSERT INTO idea_guests (idea_id, person_id, invited_by_id, at, ends_on)"
            " VALUES (:i, :p, :m, '2026-11-24 09:00:00', '2026-12-24')"
        ),
        {"i": first, "p": pat, "m": cast.manager},
    )
    join(cast, first, second)
    assert pat not in followers(second)
