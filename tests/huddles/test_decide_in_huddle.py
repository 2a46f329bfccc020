"""Writing down what was decided, going on with a test, looking at things and putting them off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from improve.huddles import queries, service
from improve.huddles.kinds import DecisionKind, Part
from improve.huddles.models import Decision
from improve.ideas import queries as ideas_queries
from improve.shared import limits
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast, make_idea
from tests.huddles.scene import Scene, audited, fields_refused, make_scene, refused

pytestmark = pytest.mark.usefixtures("context")
WORDS = "Ask IT for a date, try a shared mobile"


def decide(scene: Scene, name: str = "colleague", **facts: Any) -> service.Decided:
    """Decide about the blocked idea."""
    given = {
        "words": WORDS,
        "item_id": scene.item_id(scene.blocked),
        "form_token": "once",
        **facts,
    }
    return service.decide(scene.cast.actor(name), huddle_id=scene.huddle_id, **given)


def lines(scene: Scene, name: str = "colleague") -> list[Any]:
    """Return the lines as a page shows them."""
    page = queries.huddle_page(scene.cast.actor(name), "riverside", scene.huddle_id)
    return list(page.decisions)


def test_a_decision_stands_with_its_idea_and_settles_it(scene: Scene) -> None:
    decide(scene)
    (line,) = lines(scene)
    assert (line.words, line.idea_id, line.title) == (
        WORDS,
        scene.blocked,
        "Texts from the duty phone",
    )
    assert (line.kind, line.stage, line.may_remove) == (DecisionKind.SAID, "do", True)
    assert scene.item(scene.blocked).settled_words == WORDS
    assert scene.huddle().version == 2


def test_words_do_not_answer_a_suggestion(scene: Scene) -> None:
    decide(scene, item_id=scene.item_id(scene.new))
    assert scene.item(scene.new).settled_at is None


def test_about_nothing_in_particular(scene: Scene) -> None:
    decide(scene, item_id=None)
    (line,) = lines(scene)
    assert (line.idea_id, line.title) == (None, "")


def test_twice_is_harmless(scene: Scene) -> None:
    first = decide(scene)
    again = decide(scene, words="")
    assert (again.decision_id, again.is_new) == (first.decision_id, False)
    assert scene.huddle().version == 2
    # Another person's form may carry the same token.
    assert decide(scene, "manager").is_new


def test_sent_again_after_the_finish_is_harmless(scene: Scene) -> None:
    first = decide(scene)
    scene.end()
    assert decide(scene).decision_id == first.decision_id
    words = refused(RuleBroken, lambda: decide(scene, form_token="new"))
    assert "finished" in words


def test_refusals(scene: Scene) -> None:
    assert fields_refused(lambda: decide(scene, words="  ")) == {"words"}
    most = limits.length("decision")
    assert fields_refused(lambda: decide(scene, words="x" * (most + 1))) == {"words"}
    assert decide(scene, words="x" * most).is_new
    with pytest.raises(Forbidden):
        decide(scene, "leader", form_token="no")
    with pytest.raises(NotFound):
        decide(scene, "outsider", form_token="no")
    with pytest.raises(NotFound):
        decide(scene, item_id=9_999, form_token="no")


def test_it_stands_in_the_audit_log_without_words(scene: Scene) -> None:
    decide(scene)
    (row,) = audited("huddle_decided")
    assert row.facts["idea"] == scene.blocked
    assert WORDS not in str(row.facts)


def test_whoever_wrote_it_or_the_driver_takes_it_out(scene: Scene) -> None:
    made = decide(scene).decision_id

    def remove(name: str) -> None:
        service.remove_decision(scene.cast.actor(name), huddle_id=scene.huddle_id, decision_id=made)

    assert not lines(scene, "coach")[0].may_remove
    with pytest.raises(Forbidden):
        remove("coach")
    with pytest.raises(Forbidden):
        remove("leader")
    remove("manager")
    remove("colleague")
    assert lines(scene) == []
    assert len(audited("huddle_decision_removed")) == 1
    scene.end()
    with pytest.raises(RuleBroken):
        remove("manager")


def keep(scene: Scene, name: str = "manager", **facts: Any) -> service.Decided:
    """Go on with the test."""
    given = {
        "item_id": scene.item_id(scene.blocked),
        "study_on": date(2026, 12, 8),
        "form_token": "keep",
        **facts,
    }
    return service.keep_testing(scene.cast.actor(name), huddle_id=scene.huddle_id, **given)


def test_going_on_moves_the_study_day(scene: Scene) -> None:
    keep(scene, words="5 of 7 points, too early to say.")
    keep(scene)
    (line,) = lines(scene)
    said = line.words.replace("\u00a0", " ")
    assert said == "Go on. Study on Tue 8 Dec. 5 of 7 points, too early to say."
    assert line.kind is DecisionKind.GO_ON
    detail = ideas_queries.huddle_idea(scene.cast.actor("manager"), scene.blocked)
    assert detail.due_to_study_on == date(2026, 12, 8)
    assert scene.item(scene.blocked).settled_at is not None


def test_going_on_is_refused_in_words(scene: Scene) -> None:
    for day in (date(2026, 11, 24), date(2027, 11, 25)):
        with pytest.raises(RuleBroken) as raised:
            keep(scene, study_on=day)
        assert {reason.field for reason in raised.value.reasons} == {"study_on"}
    with pytest.raises(RuleBroken, match="no plan"):
        keep(scene, item_id=scene.item_id(scene.new))
    with pytest.raises(Forbidden):
        keep(scene, "leader")
    scene.end()
    with pytest.raises(RuleBroken, match="finished"):
        keep(scene)


def test_looked_at_keeps_the_first_words(scene: Scene) -> None:
    item_id = scene.item_id(scene.pinned)
    for words in ("Keep going", "Something else"):
        service.settle(
            scene.cast.actor("colleague"),
            huddle_id=scene.huddle_id,
            item_id=item_id,
            words=words,
        )
    assert scene.item(scene.pinned).settled_words == "Keep going"
    assert scene.huddle().version == 2


def test_put_off_goes_to_the_end_and_the_wall_moves_on(cast: Cast) -> None:
    second = make_idea(cast, text="Second")
    scene = make_scene(cast)
    first, last = scene.item_id(second), scene.item_id(scene.new)
    manager = cast.actor("manager")
    assert scene.huddle().item_id == first

    def put_off(name: str, item_id: int) -> None:
        service.put_off(cast.actor(name), huddle_id=scene.huddle_id, item_id=item_id)

    put_off("manager", first)
    assert scene.huddle().item_id == last
    page = queries.huddle_page(manager, "riverside", scene.huddle_id, Part.NEW)
    assert [item.id for item in page.items] == [last, first]
    version = scene.huddle().version
    put_off("manager", first)
    assert scene.huddle().version == version
    # A colleague puts it off on a phone: the wall stays where its driver stands.
    put_off("colleague", last)
    assert scene.huddle().item_id == last
    # The only one left has nothing to wait for.
    put_off("manager", scene.item_id(scene.pinned))
    assert scene.item(scene.pinned).put_off_at is None


def test_kept_apart_by_council(scene: Scene) -> None:
    decide(scene)
    outsider = scene.cast.actor("outsider")
    with pytest.raises(NotFound):
        queries.huddle_page(outsider, "riverside", scene.huddle_id)
    with pytest.raises(NotFound):
        service.settle(outsider, huddle_id=scene.huddle_id, item_id=scene.item_id(scene.blocked))
    assert db.session.execute(select(Decision.organisation_id)).scalars().all() == [
        scene.cast.organisation
    ]
