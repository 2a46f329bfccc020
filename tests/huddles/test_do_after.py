"""“To do after”: a missing item becomes an action, and a hard gate stays hard."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from improve.huddles import queries, service
from improve.huddles.kinds import Part
from improve.huddles.models import Action
from improve.ideas import queries as ideas_queries
from improve.ideas import service as ideas
from improve.ideas.kinds import Stage, Way
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, actor
from tests.huddles.scene import Scene, audited, fields_refused, make_scene

pytestmark = pytest.mark.usefixtures("context")


def after(scene: Scene, key: str, name: str = "colleague", **facts: Any) -> service.ToDoAfter:
    """Leave one missing item of the idea in Plan for after the huddle."""
    given = {"item_id": scene.item_id(scene.pinned), "form_token": f"after {key}", **facts}
    return service.do_after(scene.cast.actor(name), huddle_id=scene.huddle_id, key=key, **given)


def missing(scene: Scene, *, is_hard: bool) -> str:
    """Return the key of something that the idea in Plan misses."""
    detail = ideas_queries.huddle_idea(scene.cast.actor("manager"), scene.pinned)
    return next(need.key for need in detail.missing if need.is_hard is is_hard)


def test_it_is_for_whoever_asks_where_nobody_leads_and_due_in_a_week(scene: Scene) -> None:
    made = after(scene, missing(scene, is_hard=False))
    row = db.session.get_one(Action, made.action_id)
    detail = ideas_queries.huddle_idea(scene.cast.actor("manager"), scene.pinned)
    owner = detail.lead_id or scene.cast.colleague
    assert (row.owner_id, row.due_on, row.idea_id) == (owner, date(2026, 12, 1), scene.pinned)
    assert row.what.endswith(": A picture calendar")
    assert made.note.startswith("To do after the huddle: ")
    assert made.note.endswith(f". {actor(owner).first_name}, Tue 1 Dec")
    assert (made.is_new, made.is_hard, made.idea_id) == (True, False, scene.pinned)


def test_it_is_for_the_lead(scene: Scene) -> None:
    manager = scene.cast.actor("manager")
    ideas.choose_lead(manager, idea_id=scene.pinned, lead_id=scene.cast.practitioner)
    made = after(scene, missing(scene, is_hard=False))
    assert db.session.get_one(Action, made.action_id).owner_id == scene.cast.practitioner


def test_whom_and_when_may_be_chosen(scene: Scene) -> None:
    made = after(
        scene,
        missing(scene, is_hard=False),
        owner_id=scene.cast.coach,
        due_on=date(2026, 11, 25),
    )
    row = db.session.get_one(Action, made.action_id)
    assert (row.owner_id, row.due_on) == (scene.cast.coach, date(2026, 11, 25))


def test_twice_is_harmless(scene: Scene) -> None:
    key = missing(scene, is_hard=False)
    first, again = after(scene, key), after(scene, key)
    assert (again.action_id, again.is_new, again.note) == (first.action_id, False, first.note)
    assert len(audited("action_added")) == 1


def test_its_words_pass_the_soft_needs_of_a_move(scene: Scene) -> None:
    """The note fills the move form; the idea then moves, and says what is still to be done."""
    manager = scene.cast.actor("manager")
    keys = [need.key for need in ideas_queries.huddle_idea(manager, scene.pinned).missing]
    made = after(scene, keys[-1])
    form = ideas_queries.move_form(manager, scene.pinned)
    hard = [
        need for need in ideas_queries.huddle_idea(manager, scene.pinned).missing if need.is_hard
    ]
    asked = {
        "idea_id": scene.pinned,
        "way": Way.DO,
        "seen_version": form.version,
        "from_stage": Stage.PLAN,
        "note": made.note,
    }
    if hard:
        with pytest.raises(RuleBroken):
            ideas.move_stage(manager, **asked)
        assert ideas_queries.huddle_idea(manager, scene.pinned).card.stage is Stage.PLAN
        answers = {"prediction": "Seven of ten know", "study_by_on": date(2026, 12, 8)}
        moved = ideas.move_stage(manager, **asked, answers=answers)
    else:
        moved = ideas.move_stage(manager, **asked)
    assert moved.to_stage is Stage.DO


def test_a_hard_need_stays_hard(scene: Scene) -> None:
    """A suggestion needs a reply: that may be done after, but it does not move."""
    item_id = scene.item_id(scene.new)
    made = after(scene, "reply", item_id=item_id)
    assert made.is_hard
    manager = scene.cast.actor("manager")
    detail = ideas_queries.huddle_idea(manager, scene.new)
    assert detail.card.stage is Stage.SUGGESTED
    with pytest.raises(RuleBroken):
        ideas.move_stage(
            manager,
            idea_id=scene.new,
            way=Way.PLAN,
            seen_version=detail.version,
            from_stage=Stage.SUGGESTED,
            note=made.note,
        )


def test_refusals(scene: Scene) -> None:
    key = missing(scene, is_hard=False)
    assert fields_refused(lambda: after(scene, "no such need")) == {"key"}
    assert fields_refused(
        lambda: after(scene, key, owner_id=scene.cast.outsider, due_on=date(2026, 11, 1))
    ) == {"owner_id", "due_on"}
    with pytest.raises(Forbidden):
        after(scene, key, "leader")
    with pytest.raises(NotFound):
        after(scene, key, "outsider")
    scene.end()
    with pytest.raises(RuleBroken, match="finished"):
        after(scene, key)
    page = queries.huddle_page(scene.cast.actor("leader"), "riverside", scene.huddle_id)
    assert page.actions == ()


def test_long_titles_are_cut(cast: Cast) -> None:
    from tests.factories import make_idea

    idea_id = make_idea(cast, text="w" * 120)
    scene = make_scene(cast)
    made = after(scene, "reply", item_id=scene.item_id(idea_id))
    assert len(db.session.get_one(Action, made.action_id).what) <= 300


def test_what_is_in_hand_is_not_made_twice(scene: Scene) -> None:
    """Pressed on two pages, with two tokens, it is one action; its owner may be another by now."""
    key = missing(scene, is_hard=False)
    first = after(scene, key, owner_id=scene.cast.coach)
    again = after(scene, key, form_token="from another page")
    assert (again.action_id, again.is_new, again.note) == (first.action_id, False, first.note)
    assert len(audited("action_added")) == 1


def test_the_page_says_who_does_it_by_when_and_the_move_takes_all_of_it_along(
    scene: Scene,
) -> None:
    manager = scene.cast.actor("manager")
    soft = [
        need
        for need in ideas_queries.huddle_idea(manager, scene.pinned).missing
        if not need.is_hard
    ][:2]
    made = [after(scene, need.key, owner_id=scene.cast.coach) for need in soft]
    place = ("riverside", scene.huddle_id, Part.STUCK, scene.item_id(scene.pinned))
    detail = queries.huddle_page(manager, *place).detail
    assert detail is not None
    coach = actor(scene.cast.coach).first_name
    assert {key: said.replace("\u00a0", " ") for key, said in detail.in_hand.items()} == {
        need.key: f"{coach}, Tue 1 Dec" for need in soft
    }
    assert detail.after_note == made[-1].note
    assert all(need.words in detail.after_note for need in soft)
    assert detail.after_note.count("To do after the huddle") == 1


def test_a_day_that_has_not_come_is_nothing_to_do(scene: Scene) -> None:
    """“The end date is not reached yet” is no action for anybody."""
    manager = scene.cast.actor("manager")
    form = ideas_queries.move_form(manager, scene.pinned)
    ideas.move_stage(
        manager,
        idea_id=scene.pinned,
        way=Way.DO,
        seen_version=form.version,
        from_stage=Stage.PLAN,
        note="We start small.",
        answers={"prediction": "Seven of ten know", "study_by_on": date(2026, 12, 8)},
    )
    place = ("riverside", scene.huddle_id, Part.STUCK, scene.item_id(scene.pinned))
    detail = queries.huddle_page(manager, *place).detail
    assert detail is not None
    assert detail.not_to_do == {"study_day"}
    assert fields_refused(lambda: after(scene, "study_day")) == {"key"}
    assert audited("action_added") == []
