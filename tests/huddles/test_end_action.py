"""Ending an action, taking that back, and moving its day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from improve.huddles import queries, service
from improve.huddles.kinds import Part
from improve.huddles.models import Action
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken, Stale
from tests.conftest import NOW
from tests.factories import Cast
from tests.huddles.scene import Scene, audited, fields_refused

pytestmark = pytest.mark.usefixtures("context")
DUE = date(2026, 11, 27)


@pytest.fixture
def action_id(scene: Scene) -> int:
    """An action of the practitioner's."""
    return service.add_action(
        scene.cast.actor("manager"),
        huddle_id=scene.huddle_id,
        what="Ring IT",
        owner_id=scene.cast.practitioner,
        due_on=DUE,
        form_token="ring",
    ).action_id


def end(cast: Cast, action_id: int, name: str = "practitioner", **facts: Any) -> None:
    """End an action, done."""
    given = {"is_done": True, "seen_version": 1, **facts}
    service.end_action(cast.actor(name), action_id=action_id, **given)


def move(cast: Cast, action_id: int, due_on: date, **facts: Any) -> None:
    """Move an action as its owner."""
    given = {"seen_version": 1, **facts}
    service.move_action(cast.actor("practitioner"), action_id=action_id, due_on=due_on, **given)


def line(cast: Cast, action_id: int) -> Any:
    """Return the action as its page shows it."""
    return queries.action_page(cast.actor("practitioner"), action_id).action


def test_done(cast: Cast, action_id: int) -> None:
    end(cast, action_id)
    end(cast, action_id)
    done = line(cast, action_id)
    assert (done.is_done, done.state_words, done.done_on) == (True, "done", NOW.date())
    assert queries.actions_to_do(cast.actor("practitioner")) == []
    assert [row.facts["done"] for row in audited("action_ended")] == [True]


def test_done_after_the_huddle_is_finished(cast: Cast, scene: Scene, action_id: int) -> None:
    scene.end()
    version = scene.huddle().version
    end(cast, action_id, "colleague")
    assert line(cast, action_id).is_done
    assert scene.huddle().version == version


def test_dropped_with_a_reason(cast: Cast, action_id: int) -> None:
    drop = {"is_done": False, "why": "IT has left"}
    most = limits.length("reason")
    assert fields_refused(lambda: end(cast, action_id, **drop | {"why": " "})) == {"why"}
    assert fields_refused(lambda: end(cast, action_id, **drop | {"why": "x" * (most + 1)})) == {
        "why"
    }
    end(cast, action_id, **drop)
    end(cast, action_id, **drop)
    dropped = line(cast, action_id)
    assert (dropped.is_dropped, dropped.state_words, dropped.dropped_why) == (
        True,
        "dropped",
        "IT has left",
    )
    with pytest.raises(Stale):
        end(cast, action_id)


def test_done_is_done_though_the_day_was_moved(cast: Cast, action_id: int) -> None:
    move(cast, action_id, date(2026, 12, 1))
    with pytest.raises(Stale):
        end(cast, action_id, is_done=False, why="No need")
    end(cast, action_id)
    assert line(cast, action_id).is_done


def test_taken_back(cast: Cast, action_id: int) -> None:
    owner = cast.actor("practitioner")
    service.reopen_action(owner, action_id=action_id, seen_version=1)
    end(cast, action_id)
    with pytest.raises(Stale):
        service.reopen_action(owner, action_id=action_id, seen_version=1)
    service.reopen_action(owner, action_id=action_id, seen_version=2)
    again = line(cast, action_id)
    assert (again.is_open, again.is_done) == (True, False)
    assert len(audited("action_reopened")) == 1


def test_moved_to_another_day_and_person(cast: Cast, action_id: int) -> None:
    move(cast, action_id, date(2026, 12, 1), owner_id=cast.coach)
    moved = queries.action_page(cast.actor("coach"), action_id).action
    assert (moved.owner_id, moved.first_due_on, moved.is_mine) == (cast.coach, DUE, True)
    assert moved.state_words.replace("\u00a0", " ") == "now Tue 1 Dec"
    assert len(audited("action_moved")) == 1


def test_moved_twice_is_harmless_and_moved_otherwise_is_stale(cast: Cast, action_id: int) -> None:
    move(cast, action_id, date(2026, 12, 1))
    move(cast, action_id, date(2026, 12, 1))
    with pytest.raises(Stale) as raised:
        move(cast, action_id, date(2026, 12, 2))
    assert raised.value.facts == {"what": "action", "action_id": action_id, "version": 2}


def test_a_move_is_refused_in_words(cast: Cast, action_id: int) -> None:
    assert fields_refused(
        lambda: move(cast, action_id, date(2026, 11, 23), owner_id=cast.outsider)
    ) == {"due_on", "owner_id"}
    end(cast, action_id)
    with pytest.raises(RuleBroken, match="has ended"):
        move(cast, action_id, date(2026, 12, 1), seen_version=2)


def test_who_may(cast: Cast, action_id: int) -> None:
    for name in ("leader", "other_manager", "voices_reader"):
        with pytest.raises(Forbidden):
            end(cast, action_id, name)
    with pytest.raises(NotFound):
        end(cast, action_id, "outsider")
    with pytest.raises(NotFound):
        queries.action_page(cast.actor("outsider"), action_id)
    with pytest.raises(Forbidden):
        queries.action_page(cast.actor("voices_reader"), action_id)
    assert not queries.action_page(cast.actor("leader"), action_id).action.may_end
    end(cast, action_id, "coach")


def test_its_owner_may_from_any_team(cast: Cast, action_id: int) -> None:
    service.move_action(
        cast.actor("manager"),
        action_id=action_id,
        due_on=DUE,
        owner_id=cast.other_manager,
        seen_version=1,
    )
    assert queries.action_page(cast.actor("other_manager"), action_id).action.may_end
    end(cast, action_id, "other_manager")


def test_a_huddle_that_goes_on_sees_it(cast: Cast, scene: Scene, action_id: int) -> None:
    """Next week the action stands on the list; what becomes of it settles it there."""
    scene.end()
    with clock.moved(NOW + timedelta(days=7)):
        started = service.start_huddle(
            cast.actor("manager"), team_id=cast.team, form_token="next week"
        )
        assert started.part is Part.DUE
        later = Scene(cast, started.huddle_id, 0, 0, 0)
        move(cast, action_id, date(2026, 12, 4))
        item = later.item(action_id, kind="action_id")
        assert item.settled_words.replace("\u00a0", " ") == "Now Fri 4 Dec"
        end(cast, action_id, "colleague", seen_version=2)
        assert later.item(action_id, kind="action_id").settled_words == "Done"
        service.reopen_action(cast.actor("colleague"), action_id=action_id, seen_version=3)
        assert later.item(action_id, kind="action_id").settled_at is None
        end(cast, action_id, is_done=False, why="IT has left", seen_version=4)
        words = later.item(action_id, kind="action_id").settled_words
        assert (words, later.huddle().version) == ("Dropped: IT has left", 5)
    assert db.session.get_one(Action, action_id).version == 5
