"""What the pages of a huddle read: parts and items, the wall, a phone, in few statements."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from improve.huddles import queries, service
from improve.huddles.kinds import Part
from improve.ideas import service as ideas
from improve.ideas.kinds import Stage
from improve.measures import service as measures
from improve.measures.service import TallyDetails
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound
from tests.conftest import NOW
from tests.factories import Cast, idea_in, make_idea, make_measure
from tests.huddles.scene import Scene, make_scene
from tests.statements import Watch

pytestmark = pytest.mark.usefixtures("context")
MOST = 7


def page(scene: Scene, *where: Any, name: str = "colleague") -> Any:
    """Return a page of the huddle."""
    return queries.huddle_page(scene.cast.actor(name), "riverside", scene.huddle_id, *where)


def test_without_a_part_it_is_what_the_wall_shows(scene: Scene) -> None:
    shown = page(scene)
    assert (shown.step.part, shown.item.idea_id) == (Part.NEW, scene.new)
    assert shown.detail.idea.suggestion == "Ask parents once"
    assert (shown.previous, shown.next.part) == (None, Part.STUCK)
    assert shown.on_wall.id == shown.item.id
    assert shown.head.is_first
    assert shown.teach is not None


def test_a_phone_looks_at_another_part(scene: Scene) -> None:
    shown = page(scene, Part.BLOCKED)
    assert shown.item.idea_id == scene.blocked
    assert [step.part for step in shown.steps if step.is_current] == [Part.BLOCKED]
    assert [step.part for step in shown.steps if step.is_on_wall] == [Part.NEW]
    assert shown.on_wall.idea_id == scene.new
    assert not shown.item.is_on_wall
    assert (shown.previous.part, shown.next.part) == (Part.STUCK, Part.CLOSE)


def test_empty_parts_say_so_kindly(scene: Scene) -> None:
    shown = page(scene, Part.STUDY)
    assert (shown.items, shown.detail, shown.step.is_empty) == ((), None, True)
    assert shown.empty_words == "Nothing to study today."


def test_the_next_thing_is_one_that_waits(cast: Cast) -> None:
    second = make_idea(cast, text="Second")
    third = make_idea(cast, text="Third")
    scene = make_scene(cast)
    service.settle(cast.actor("manager"), huddle_id=scene.huddle_id, item_id=scene.item_id(third))
    shown = page(scene, Part.NEW, scene.item_id(second))
    assert shown.next_item.idea_id == scene.new
    assert (shown.step.count, shown.step.left) == (3, 2)
    shown = page(scene, Part.NEW, scene.item_id(scene.new))
    assert shown.next_item.idea_id == second


def test_people_are_the_team_those_here_and_oneself(scene: Scene) -> None:
    service.tick_here(
        scene.cast.actor("manager"), huddle_id=scene.huddle_id, here_ids=[scene.cast.leader]
    )
    people = {person.id: person for person in page(scene, name="coach").people}
    assert {scene.cast.leader, scene.cast.coach, scene.cast.manager} <= set(people)
    assert people[scene.cast.leader].is_here
    assert people[scene.cast.coach].is_me
    assert people[scene.cast.manager].is_driver
    assert scene.cast.other_manager not in people


def test_a_hidden_name_stays_hidden(cast: Cast) -> None:
    idea_id = make_idea(cast, text="From nobody", hides_name=True)
    scene = make_scene(cast)
    shown = page(scene, Part.NEW, scene.item_id(idea_id), name="practitioner")
    name = cast.actor("practitioner").name
    assert shown.item.who == "A colleague"
    assert name not in repr((shown.items, shown.detail.idea))


def test_no_such_place(scene: Scene) -> None:
    for where in ((Part.HARD,), (Part.NEW, 9_999), (Part.NEW, scene.item_id(scene.blocked))):
        with pytest.raises(NotFound):
            page(scene, *where)
    with pytest.raises(NotFound):
        queries.huddle_page(scene.cast.actor("colleague"), "harbour", scene.huddle_id)
    with pytest.raises(NotFound):
        queries.huddle_head(scene.cast.actor("colleague"), "riverside", 9_999)


def test_who_reads(scene: Scene) -> None:
    assert not page(scene, name="leader").head.may_run
    with pytest.raises(Forbidden):
        page(scene, name="voices_reader")
    with pytest.raises(NotFound):
        page(scene, name="outsider")
    # The wall is no secret among staff, but it is one to others.
    reader, outsider = scene.cast.actor("voices_reader"), scene.cast.actor("outsider")
    shown = queries.wall_page(reader, "riverside", scene.huddle_id)
    assert (shown.people, shown.item.idea_id) == ((), scene.new)
    with pytest.raises(NotFound):
        queries.wall_page(outsider, "riverside", scene.huddle_id)
    with pytest.raises(Forbidden):
        queries.wall_page(scene.cast.actor("administrator"), "riverside", scene.huddle_id)


def test_which_huddle_goes_on(scene: Scene) -> None:
    cast = scene.cast
    head = queries.going_on(cast.actor("colleague"), cast.team)
    assert head is not None
    assert head.id == scene.huddle_id
    assert queries.going_on(cast.actor("outsider"), cast.team) is None
    assert queries.going_on(cast.actor("administrator"), cast.team) is None
    scene.end()
    assert queries.going_on(cast.actor("colleague"), cast.team) is None


def test_what_a_phone_adds_to(scene: Scene) -> None:
    shown = queries.add_page(scene.cast.actor("colleague"), "riverside", scene.huddle_id)
    assert shown.on_wall is not None
    assert shown.on_wall.title == "Ask parents once"
    assert len(shown.conditions) == 14
    assert [choice.words.replace("\u00a0", " ") for choice in shown.dues] == [
        "Fri 27 Nov",
        "In a week, Tue 1 Dec",
    ]


def test_few_statements_whatever_it_holds(cast: Cast, statements: Watch) -> None:
    for number in range(60):
        make_idea(cast, text=f"Idea {number} {'w' * 90}")
    scene = make_scene(cast)
    manager = cast.actor("manager")
    for number in range(40):
        service.decide(
            manager, huddle_id=scene.huddle_id, words="So be it", form_token=f"d{number}"
        )
        service.add_action(
            manager,
            huddle_id=scene.huddle_id,
            what="Do it",
            owner_id=cast.colleague,
            due_on=date(2026, 11, 27),
            form_token=f"a{number}",
        )
    db.session.commit()
    for part in (Part.NEW, Part.STUCK, Part.BLOCKED, Part.CLOSE, Part.STUDY, Part.SIGNALS):
        with statements() as seen:
            shown = page(scene, part)
        assert len(seen) <= MOST, (part, len(seen))
        assert len(shown.items) <= 30
    with statements() as seen:
        queries.wall_page(manager, "riverside", scene.huddle_id)
    assert len(seen) <= MOST - 1
    with statements() as seen:
        queries.add_page(manager, "riverside", scene.huddle_id)
    assert len(seen) <= 4
    with statements() as seen:
        queries.huddle_head(manager, "riverside", scene.huddle_id)
    assert len(seen) == 1
    scene.end()
    with statements() as seen:
        queries.start_page(manager, "riverside")
    assert len(seen) <= MOST


def with_numbers(cast: Cast) -> tuple[int, int, int]:
    """Return a measure with points of earlier weeks, a tally of it, and the idea that it judges."""
    measure = make_measure(
        cast, numbers=[(20 + n % 3, 50) for n in range(14)], first_on=date(2026, 8, 17)
    )
    idea_id = idea_in(cast, Stage.DO, text="A photo before the first visit")
    manager = cast.actor("manager")
    ideas.choose_measures(manager, idea_id=idea_id, main_id=measure, beside_id=None)
    tally_id = measures.make_tally(
        manager,
        team_id=cast.team,
        details=TallyDetails(
            question="Did they know your name?", measure_id=measure, idea_id=idea_id
        ),
    )
    for number in range(3):
        measures.tap(cast.actor("practitioner"), tally_id=tally_id, key=f"{number:032}", answer=1)
    ideas.pin(manager, idea_id=idea_id)
    return measure, tally_id, idea_id


def test_numbers_that_say_something_new(cast: Cast, statements: Watch) -> None:
    measure, tally_id, idea_id = with_numbers(cast)
    with clock.moved(NOW + timedelta(minutes=1)):
        scene = make_scene(cast)
    with statements() as seen:
        shown = page(scene, Part.SIGNALS)
    assert len(seen) <= MOST
    assert [item.measure_id for item in shown.items] == [measure]
    assert shown.detail.chart is not None
    assert shown.item.note
    (tally,) = shown.detail.tallies
    assert (tally.id, tally.has_come) == (tally_id, False)
    item_id, colleague = scene.item_id(idea_id), cast.actor("colleague")
    with statements() as seen:
        shown = queries.huddle_page(colleague, "riverside", scene.huddle_id, Part.STUCK, item_id)
    assert len(seen) <= MOST
    assert shown.detail.chart is not None
    assert shown.detail.chart.fresh_on is None


def test_the_dot_arrives(cast: Cast) -> None:
    _, tally_id, idea_id = with_numbers(cast)
    db.session.commit()
    with clock.moved(NOW + timedelta(minutes=1)):
        scene = make_scene(cast)
    with clock.moved(NOW + timedelta(minutes=5)):
        service.bring_in_taps(cast.actor("manager"), huddle_id=scene.huddle_id, tally_id=tally_id)
        shown = page(scene, Part.STUCK, scene.item_id(idea_id))
    assert shown.detail.chart.fresh_on == date(2026, 11, 23)
    assert shown.detail.tallies[0].has_come
