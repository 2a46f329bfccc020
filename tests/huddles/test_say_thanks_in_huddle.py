"""Thanking somebody in a huddle."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import func, select, update

from improve.huddles import queries, service
from improve.huddles.models import HuddleThanks
from improve.ideas.models import Idea
from improve.ideas.queries import idea_page
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import actor
from tests.huddles.scene import Scene, fields_refused

pytestmark = pytest.mark.usefixtures("context")
WORDS = "You rang the boy’s gran back the same night."


def thank(scene: Scene, name: str = "colleague", **facts: Any) -> int:
    """Thank the practitioner."""
    given = {"to_id": scene.cast.practitioner, "words": WORDS, "form_token": "ta", **facts}
    return service.thank_in_huddle(scene.cast.actor(name), huddle_id=scene.huddle_id, **given)


def test_it_stands_in_the_huddle(scene: Scene) -> None:
    thank(scene, item_id=scene.item_id(scene.pinned))
    page = queries.huddle_page(scene.cast.actor("manager"), "riverside", scene.huddle_id)
    (line,) = page.thanks
    assert (line.words, line.from_name, line.to_name, line.idea_id) == (
        WORDS,
        scene.cast.actor("colleague").first_name,
        actor(scene.cast.practitioner).first_name,
        scene.pinned,
    )
    assert scene.huddle().version == 2


def test_twice_thanks_once(scene: Scene) -> None:
    assert thank(scene) == thank(scene)
    assert db.session.scalar(select(func.count()).select_from(HuddleThanks)) == 1
    assert scene.huddle().version == 2


def test_a_thank_you_that_was_taken_back_is_not_shown(scene: Scene) -> None:
    from improve.ideas import service as ideas

    made = thank(scene)
    ideas.remove_thanks(scene.cast.actor("colleague"), thanks_id=made)
    page = queries.huddle_page(scene.cast.actor("manager"), "riverside", scene.huddle_id)
    assert page.thanks == ()


@pytest.mark.parametrize("name", ["practitioner", "manager"])
def test_about_an_idea_of_a_hidden_author_it_is_only_to_them(scene: Scene, name: str) -> None:
    # By the author, and to the author by who knows: the notes name both, so the idea must not say
    # the same words with “A colleague” in the place of one name.
    db.session.execute(update(Idea).where(Idea.id == scene.new).values(hides_name=True))
    to_id = scene.cast.manager if name == "practitioner" else scene.cast.practitioner
    thank(scene, name, to_id=to_id, item_id=scene.item_id(scene.new))
    page = queries.huddle_page(scene.cast.actor("manager"), "riverside", scene.huddle_id)
    assert [line.idea_id for line in page.thanks] == [None]
    assert idea_page(scene.cast.actor("colleague"), scene.new).thanks == ()


def test_refusals(scene: Scene) -> None:
    me = scene.cast.colleague
    assert fields_refused(lambda: thank(scene, to_id=me)) == {"to_id"}
    assert fields_refused(lambda: thank(scene, to_id=scene.cast.outsider)) == {"to_id"}
    assert fields_refused(lambda: thank(scene, words=" ")) == {"words"}
    # “Whoever logged it” may be somebody who does not want to be named.
    at_idea = {"to_id": 0, "item_id": scene.item_id(scene.new)}
    assert fields_refused(lambda: thank(scene, **at_idea)) == {"to_id"}
    with pytest.raises(Forbidden):
        thank(scene, "leader")
    with pytest.raises(NotFound):
        thank(scene, "outsider")
    with pytest.raises(NotFound):
        thank(scene, item_id=9_999)
    scene.end()
    with pytest.raises(RuleBroken, match="finished"):
        thank(scene)
