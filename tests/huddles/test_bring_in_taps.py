"""This week's taps become a point while people look at it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from improve.huddles import service
from improve.measures import service as measures
from improve.measures.models import Observation
from improve.measures.queries.tallies import tally
from improve.measures.service import TallyDetails
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.factories import Cast
from tests.huddles.scene import Scene, audited, make_scene

pytestmark = pytest.mark.usefixtures("context")


@pytest.fixture
def scene(cast: Cast, lay: Callable[[str, Callable[[], Scene]], Scene]) -> Scene:
    """A huddle that goes on."""
    return lay("huddle", lambda: make_scene(cast))


@pytest.fixture
def tally_id(cast: Cast) -> int:
    """A tally of the team."""
    return measures.make_tally(
        cast.actor("manager"),
        team_id=cast.team,
        details=TallyDetails(question="Did they know your name?"),
    )


def tap(cast: Cast, tally_id: int, *answers: int) -> None:
    """Tap answers of this week."""
    for answer in answers:
        key = secrets.token_hex(16)
        measures.tap(cast.actor("practitioner"), tally_id=tally_id, key=key, answer=answer)


def bring(scene: Scene, tally_id: int, name: str = "manager") -> str:
    """Bring this week's taps in."""
    words = service.bring_in_taps(
        scene.cast.actor(name), huddle_id=scene.huddle_id, tally_id=tally_id
    )
    return words.replace("\u00a0", " ")


def points() -> int:
    """Return how many points there are."""
    return db.session.scalar(select(func.count()).select_from(Observation)) or 0


def test_the_taps_become_a_point_and_the_wall_looks_again(scene: Scene, tally_id: int) -> None:
    tap(scene.cast, tally_id, 1, 1, 0)
    assert bring(scene, tally_id) == "2 of 3 this week"
    assert (points(), scene.huddle().version) == (1, 2)
    assert bring(scene, tally_id) == "2 of 3 this week"
    assert (points(), scene.huddle().version) == (1, 2)
    tap(scene.cast, tally_id, 1)
    assert bring(scene, tally_id) == "3 of 4 this week"
    assert (points(), scene.huddle().version) == (1, 3)
    assert len(audited("huddle_taps_brought_in")) == 2


def test_refusals(scene: Scene, tally_id: int) -> None:
    with pytest.raises(RuleBroken, match="Nobody has tapped"):
        bring(scene, tally_id)
    tap(scene.cast, tally_id, 1)
    # Whoever may not settle the team's numbers may not here, either.
    for name in ("practitioner", "leader", "voices_reader"):
        with pytest.raises(Forbidden):
            bring(scene, tally_id, name)
    for name, wanted in (("outsider", tally_id), ("manager", 9_999)):
        with pytest.raises(NotFound):
            bring(scene, wanted, name)
    elsewhere = measures.make_tally(
        scene.cast.actor("coach"),
        team_id=scene.cast.other_team,
        details=TallyDetails(question="Was the room free?"),
    )
    with pytest.raises(NotFound):
        bring(scene, elsewhere)
    scene.end()
    with pytest.raises(RuleBroken, match="finished"):
        bring(scene, tally_id)
    assert points() == 0
    assert tally(scene.cast.actor("manager"), tally_id).is_open
