"""Driving: moving the wall, the clock with pauses, taking over, and who is here."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from improve.huddles import queries, service
from improve.huddles.kinds import Part
from improve.huddles.models import HuddlePartTime, HuddlePerson
from improve.huddles.service.pace import settle_part_time
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.conftest import NOW
from tests.huddles.scene import Scene, audited, fields_refused, refused

pytestmark = pytest.mark.usefixtures("context")


def go(scene: Scene, part: Part, item_id: int | None = None, name: str = "manager") -> None:
    """Move the wall."""
    service.go_to(scene.cast.actor(name), huddle_id=scene.huddle_id, part=part, item_id=item_id)


def seconds(scene: Scene) -> dict[str, int]:
    """Return the time each part took."""
    rows = db.session.execute(
        select(HuddlePartTime.part, HuddlePartTime.seconds).where(
            HuddlePartTime.huddle_id == scene.huddle_id
        )
    )
    return {row.part: row.seconds for row in rows}


def test_the_driver_moves_the_wall(scene: Scene) -> None:
    go(scene, Part.BLOCKED)
    huddle = scene.huddle()
    assert (huddle.part, huddle.item_id, huddle.version) == (
        "blocked",
        scene.item_id(scene.blocked),
        2,
    )
    go(scene, Part.STUDY)
    assert (scene.huddle().part, scene.huddle().item_id) == ("study", None)


def test_going_to_where_one_stands_changes_nothing(scene: Scene) -> None:
    go(scene, Part.NEW, scene.item_id(scene.new))
    assert scene.huddle().version == 1


def test_only_the_driver_moves_it_and_the_words_say_who(scene: Scene) -> None:
    words = refused(RuleBroken, lambda: go(scene, Part.BLOCKED, name="colleague"))
    driver = scene.cast.actor("manager").first_name
    assert words == f"{driver} is driving. Take over driving to move what the wall shows."


def test_no_such_place(scene: Scene) -> None:
    with pytest.raises(NotFound):
        go(scene, Part.HARD)
    with pytest.raises(NotFound):
        go(scene, Part.NEW, scene.item_id(scene.blocked))
    with pytest.raises(NotFound):
        go(scene, Part.NEW, 9_999)


def test_reader_outsider_and_a_huddle_that_is_over(scene: Scene) -> None:
    for name in ("leader", "voices_reader", "other_manager"):
        for act in (service.pause, service.go_on, service.take_over_driving):
            with pytest.raises(Forbidden):
                act(scene.cast.actor(name), huddle_id=scene.huddle_id)
    with pytest.raises(NotFound):
        go(scene, Part.BLOCKED, name="outsider")
    scene.end()
    words = refused(RuleBroken, lambda: go(scene, Part.BLOCKED))
    assert words.startswith("This huddle is finished.")


def test_the_clock_stops_in_a_pause(scene: Scene) -> None:
    manager = scene.cast.actor("manager")
    with clock.moved(NOW + timedelta(seconds=100)):
        service.pause(scene.cast.actor("colleague"), huddle_id=scene.huddle_id)
    with clock.moved(NOW + timedelta(seconds=160)):
        service.pause(manager, huddle_id=scene.huddle_id)
        head = queries.huddle_head(manager, "riverside", scene.huddle_id)
        assert (head.pace.used, head.pace.is_paused) == (100, True)
        service.go_on(manager, huddle_id=scene.huddle_id)
        service.go_on(manager, huddle_id=scene.huddle_id)
    with clock.moved(NOW + timedelta(seconds=200)):
        head = queries.huddle_head(manager, "riverside", scene.huddle_id)
    assert (head.pace.words, head.pace.is_running) == ("02:20", True)
    assert scene.huddle().version == 3


def test_each_part_takes_its_time_without_pauses(scene: Scene) -> None:
    manager = scene.cast.actor("manager")
    for after, act in (
        (100, lambda: go(scene, Part.STUCK)),
        (130, lambda: service.pause(manager, huddle_id=scene.huddle_id)),
        # In the pause the wall moves; that takes no time of the huddle.
        (200, lambda: go(scene, Part.BLOCKED)),
        (230, lambda: service.go_on(manager, huddle_id=scene.huddle_id)),
        (240, lambda: go(scene, Part.STUCK)),
        (245, lambda: go(scene, Part.CLOSE)),
    ):
        with clock.moved(NOW + timedelta(seconds=after)):
            act()
    settle_part_time(scene.huddle(), NOW + timedelta(seconds=300))
    assert seconds(scene) == {"new": 100, "stuck": 35, "blocked": 10, "close": 55}


def test_anybody_of_the_team_takes_over(scene: Scene) -> None:
    colleague = scene.cast.actor("colleague")
    service.take_over_driving(colleague, huddle_id=scene.huddle_id)
    service.take_over_driving(colleague, huddle_id=scene.huddle_id)
    go(scene, Part.BLOCKED, name="colleague")
    assert scene.huddle().version == 3
    with pytest.raises(RuleBroken):
        go(scene, Part.NEW)
    assert len(audited("huddle_driver_changed")) == 1


def test_who_was_here_and_left_the_council_stays_ticked(scene: Scene) -> None:
    manager, colleague = scene.cast.actor("manager"), scene.cast.colleague
    db.session.execute(
        text("UPDATE people SET is_active = false WHERE id = :id"), {"id": colleague}
    )
    here = [colleague, scene.cast.practitioner]
    service.tick_here(manager, huddle_id=scene.huddle_id, here_ids=here)
    assert set(db.session.execute(select(HuddlePerson.person_id)).scalars()) == set(here)
    service.tick_here(manager, huddle_id=scene.huddle_id, here_ids=here[1:])
    with pytest.raises(RuleBroken):
        service.tick_here(manager, huddle_id=scene.huddle_id, here_ids=here)


def test_who_is_here(scene: Scene) -> None:
    manager = scene.cast.actor("manager")

    def tick(*people: int, others: int = 0) -> None:
        service.tick_here(manager, huddle_id=scene.huddle_id, here_ids=people, others_here=others)

    tick(scene.cast.manager, scene.cast.coach, others=2)
    here = db.session.execute(select(HuddlePerson.person_id)).scalars().all()
    assert set(here) == {scene.cast.manager, scene.cast.coach}
    version = scene.huddle().version
    tick(scene.cast.manager, scene.cast.coach, others=2)
    assert scene.huddle().version == version
    tick()
    assert queries.huddle_head(manager, "riverside", scene.huddle_id).here_words == ""
    assert fields_refused(lambda: tick(scene.cast.outsider, others=-1)) == {
        "here",
        "others_here",
    }
