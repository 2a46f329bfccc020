"""What the people of a huddle do to ideas meanwhile stands in its notes by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from improve.huddles import queries
from improve.huddles.kinds import DecisionKind
from improve.huddles.models import Decision
from improve.ideas import queries as ideas_queries
from improve.ideas import service as ideas
from improve.ideas.kinds import ReplyKind, Stage, Way
from improve.ideas.models import Idea
from improve.shared import clock
from improve.shared.db import db
from tests.conftest import NOW
from tests.factories import make_idea
from tests.huddles.scene import Scene

pytestmark = pytest.mark.usefixtures("context")


def lines() -> list[tuple[str, str, int | None]]:
    """Return kind, words and idea of every line."""
    rows = db.session.execute(select(Decision).order_by(Decision.id)).scalars()
    return [(row.kind, row.words, row.idea_id) for row in rows]


def reply(scene: Scene, name: str = "manager", idea_id: int = 0) -> None:
    """Answer the suggestion."""
    idea_id = idea_id or scene.new
    seen = ideas_queries.huddle_idea(scene.cast.actor(name), idea_id)
    ideas.reply_first(
        scene.cast.actor(name),
        idea_id=idea_id,
        seen_version=seen.version,
        kind=ReplyKind.WILL_TRY,
        words="Yes. Let’s try it with two families.",
    )


def test_a_reply_is_noted_and_settles_the_idea(scene: Scene) -> None:
    reply(scene)
    assert lines() == [("replied", "Replied: We will try it", scene.new)]
    item = scene.item(scene.new)
    assert item.settled_at is not None
    assert item.settled_words == "Replied: We will try it"
    assert scene.huddle().version == 2


def test_about_an_idea_of_a_hidden_author_no_line_names_anybody(scene: Scene) -> None:
    # Whoever drives is known, so a line without a name for the author alone would tell.
    db.session.execute(update(Idea).where(Idea.id == scene.new).values(hides_name=True))
    reply(scene)
    ideas.unblock(scene.cast.actor("colleague"), idea_id=scene.blocked)
    page = queries.huddle_page(scene.cast.actor("practitioner"), "riverside", scene.huddle_id)
    assert [(line.idea_id, line.by) for line in page.decisions] == [
        (scene.new, ""),
        (scene.blocked, "Jo"),
    ]


def test_moves_and_marks_are_noted(scene: Scene) -> None:
    colleague, manager = scene.cast.actor("colleague"), scene.cast.actor("manager")
    ideas.unblock(colleague, idea_id=scene.blocked)
    ideas.mark_blocked(colleague, idea_id=scene.pinned, reason="No printer", who="Office")
    version = ideas_queries.huddle_idea(manager, scene.blocked).version
    ideas.move_stage(
        manager,
        idea_id=scene.blocked,
        way=Way.PLAN,
        seen_version=version,
        from_stage=Stage.DO,
        note="Back to the plan",
    )
    assert lines() == [
        (DecisionKind.UNBLOCKED, "Not blocked any more", scene.blocked),
        (DecisionKind.BLOCKED, "Blocked: No printer. Office can help", scene.pinned),
        (DecisionKind.MOVED, "Moved to Plan", scene.blocked),
    ]
    # What settled it first stands.
    assert scene.item(scene.blocked).settled_words == "Not blocked any more"


def test_an_idea_that_is_on_no_list_is_noted_too(scene: Scene) -> None:
    fresh = make_idea(scene.cast, text="Only just thought of")
    reply(scene, idea_id=fresh)
    assert [line[2] for line in lines()] == [fresh]


def test_those_who_are_not_here_are_not_noted(scene: Scene) -> None:
    ideas.unblock(scene.cast.actor("practitioner"), idea_id=scene.blocked)
    reply(scene, "coach")
    assert lines() == []
    assert scene.item(scene.new).settled_at is None


def test_an_act_belongs_to_the_huddle_of_its_team(scene: Scene) -> None:
    elsewhere = make_idea(scene.cast, team_id=scene.cast.other_team, text="Another team’s")
    ideas.mark_blocked(
        scene.cast.actor("other_manager"), idea_id=elsewhere, reason="No room", who="Office"
    )
    assert lines() == []


def test_a_huddle_that_was_left_open_notes_nothing(scene: Scene) -> None:
    with clock.moved(NOW + timedelta(hours=3, seconds=1)):
        reply(scene)
    assert lines() == []
    with clock.moved(NOW + timedelta(hours=3)):
        ideas.unblock(scene.cast.actor("manager"), idea_id=scene.blocked)
    assert len(lines()) == 1


def test_a_finished_huddle_notes_nothing(scene: Scene) -> None:
    scene.end()
    reply(scene)
    assert lines() == []


def test_an_act_that_fails_leaves_no_line(scene: Scene) -> None:
    db.session.commit()
    reply(scene)
    db.session.rollback()
    assert lines() == []
    assert scene.huddle().version == 1
