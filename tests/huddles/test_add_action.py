"""Adding an action: what, who, by when."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from flask import Flask

from improve.huddles import queries, service
from improve.huddles.models import Action
from improve.ideas.models import Idea
from improve.notifications import queries as notices
from improve.notifications.kinds import NoticeKind
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.conftest import NOW
from tests.factories import actor, make_cast
from tests.huddles.scene import Scene, audited, fields_refused, make_scene, refused

pytestmark = pytest.mark.usefixtures("context")
DUE = date(2026, 11, 27)


def add(scene: Scene, name: str = "colleague", **facts: Any) -> service.Added:
    """Add an action for the practitioner."""
    given = {
        "what": "Ring IT",
        "owner_id": scene.cast.practitioner,
        "due_on": DUE,
        "form_token": "once",
        **facts,
    }
    return service.add_action(scene.cast.actor(name), huddle_id=scene.huddle_id, **given)


def test_it_is_there_for_whom_and_by_when(scene: Scene) -> None:
    made = add(scene, item_id=scene.item_id(scene.blocked))
    owner = actor(scene.cast.practitioner)
    assert made.words.replace("\u00a0", " ") == f"Added for {owner.first_name}, Fri 27 Nov"
    page = queries.huddle_page(scene.cast.actor("colleague"), "riverside", scene.huddle_id)
    (line,) = page.actions
    assert (line.what, line.owner_name, line.idea_title) == (
        "Ring IT",
        owner.name,
        "Texts from the duty phone",
    )
    assert line.state_words.replace("\u00a0", " ") == "by Fri 27 Nov"
    assert [line.id for line in queries.actions_to_do(owner)] == [made.action_id]
    assert queries.actions_to_do(scene.cast.actor("colleague")) == []
    assert scene.item(scene.blocked).settled_at is not None
    assert scene.huddle().version > 1


def test_an_action_does_not_answer_a_suggestion(scene: Scene) -> None:
    add(scene, item_id=scene.item_id(scene.new))
    assert scene.item(scene.new).settled_at is None


def test_twice_is_harmless_also_after_the_finish(scene: Scene) -> None:
    first = add(scene)
    scene.end()
    again = add(scene)
    assert (again.action_id, again.is_new, again.words) == (first.action_id, False, first.words)
    words = refused(RuleBroken, lambda: add(scene, form_token="new"))
    assert "finished" in words


def test_the_same_form_twice_at_the_same_moment(app: Flask) -> None:
    with app.app_context():
        made = make_cast()
        scene = make_scene(made)
        sender = made.actor("colleague")
        db.session.commit()
    gate = threading.Barrier(2)

    def send(_number: int) -> int:
        with app.app_context(), clock.moved(NOW):
            gate.wait()
            added = service.add_action(
                sender,
                huddle_id=scene.huddle_id,
                what="Ring IT",
                owner_id=made.practitioner,
                due_on=DUE,
                form_token="same",
            )
            db.session.commit()
            return added.action_id

    with ThreadPoolExecutor(2) as pool:
        ids = list(pool.map(send, range(2)))
    assert ids[0] == ids[1]


def test_the_owner_may_be_anybody_active_of_the_council(scene: Scene) -> None:
    assert add(scene, owner_id=scene.cast.leader, form_token="1").is_new
    assert add(scene, owner_id=scene.cast.other_manager, form_token="2").is_new


def test_refusals_come_all_at_once(scene: Scene) -> None:
    assert fields_refused(
        lambda: add(scene, what=" ", owner_id=scene.cast.outsider, due_on=date(2026, 11, 23))
    ) == {"what", "owner_id", "due_on"}
    most = limits.length("action")
    assert fields_refused(lambda: add(scene, what="x" * (most + 1))) == {"what"}
    assert fields_refused(lambda: add(scene, due_on=date(2027, 11, 25))) == {"due_on"}
    assert add(scene, what="x" * most, due_on=date(2026, 11, 24)).is_new
    for name in ("leader", "other_manager", "voices_reader"):
        with pytest.raises(Forbidden):
            add(scene, name, form_token="no")
    with pytest.raises(NotFound):
        add(scene, "outsider", form_token="no")
    with pytest.raises(NotFound):
        add(scene, item_id=9_999, form_token="no")


def test_somebody_who_left_owns_nothing(scene: Scene) -> None:
    from improve.accounts.models import Person

    db.session.get_one(Person, scene.cast.practitioner).is_active = False
    db.session.flush()
    assert fields_refused(lambda: add(scene)) == {"owner_id"}


def test_it_stands_in_the_audit_log_without_words(scene: Scene) -> None:
    made = add(scene)
    (row,) = audited("action_added")
    assert (row.object_id, row.facts["owner"]) == (
        str(made.action_id),
        scene.cast.practitioner,
    )
    assert "Ring IT" not in str(row.facts)


def test_the_day_is_the_councils(scene: Scene) -> None:
    """Late in the evening of summer time it is already tomorrow in London."""
    late = NOW.replace(month=7, hour=23, minute=30)
    with clock.moved(late):
        assert fields_refused(lambda: add(scene, due_on=date(2026, 7, 24))) == {"due_on"}
        made = add(scene, due_on=date(2026, 7, 25))
    assert db.session.get_one(Action, made.action_id).first_due_on == date(2026, 7, 25)


# ---- whoever is to do it hears of it


def told(scene: Scene, person_id: int) -> list[tuple[str, str, int]]:
    """Return what one person was told of actions: title, words, action."""
    return [
        (one.title, one.words, one.subject_id)
        for one in notices.notices(actor(person_id))
        if one.kind is NoticeKind.ACTION_GIVEN
    ]


def test_whoever_gets_an_action_is_told_once(scene: Scene) -> None:
    made = add(scene, item_id=scene.item_id(scene.blocked))
    add(scene, item_id=scene.item_id(scene.blocked))
    by = scene.cast.actor("colleague").first_name
    assert told(scene, scene.cast.practitioner) == [
        ("Texts from the duty phone", f"{by} put an action to your name", made.action_id)
    ]
    assert "Ring IT" not in str(told(scene, scene.cast.practitioner))


def test_nobody_is_told_of_what_they_took_themselves(scene: Scene) -> None:
    add(scene, name="practitioner")
    assert told(scene, scene.cast.practitioner) == []


def test_without_an_idea_it_is_something_to_do(scene: Scene) -> None:
    add(scene)
    assert [title for title, _, _ in told(scene, scene.cast.practitioner)] == ["Something to do"]


def test_given_to_another_person_it_is_told_there_and_here_no_more(scene: Scene) -> None:
    made = add(scene)
    service.move_action(
        scene.cast.actor("colleague"),
        action_id=made.action_id,
        due_on=DUE,
        owner_id=scene.cast.manager,
        seen_version=1,
    )
    assert told(scene, scene.cast.practitioner) == []
    assert [action for _, _, action in told(scene, scene.cast.manager)] == [made.action_id]


def test_what_has_ended_is_no_news(scene: Scene) -> None:
    made = add(scene)
    service.end_action(
        actor(scene.cast.practitioner), action_id=made.action_id, is_done=True, seen_version=1
    )
    assert told(scene, scene.cast.practitioner) == []


def test_beside_a_hidden_author_nobody_is_named(scene: Scene) -> None:
    idea = db.session.get_one(Idea, scene.blocked)
    idea.hides_name = True
    db.session.flush()
    add(scene, item_id=scene.item_id(scene.blocked))
    assert [words for _, words, _ in told(scene, scene.cast.practitioner)] == [
        "A colleague put an action to your name"
    ]
