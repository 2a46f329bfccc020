"""What made the right thing hard: conditions, and nobody's name anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import inspect, select

from improve.huddles import queries, service
from improve.huddles.kinds import Part
from improve.huddles.models import HardThing
from improve.huddles.notes_words import mail_text
from improve.huddles.queries.notes import notes
from improve.shared import limits
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import Forbidden, NotFound, RuleBroken
from tests.huddles.scene import Scene, fields_refused

pytestmark = pytest.mark.usefixtures("context")


def note(scene: Scene, name: str = "colleague", **facts: Any) -> None:
    """Note that handover was hard."""
    given = {"condition": "F08", "words": "Friday afternoons", "form_token": "h", **facts}
    service.note_hard_thing(scene.cast.actor(name), huddle_id=scene.huddle_id, **given)


def kept() -> list[HardThing]:
    """Return what is kept."""
    return list(db.session.execute(select(HardThing).order_by(HardThing.id)).scalars())


def test_it_is_kept_once(scene: Scene) -> None:
    note(scene)
    note(scene)
    note(scene, words="", condition="F14", form_token="another")
    assert [(row.condition, row.words) for row in kept()] == [
        ("F08", "Friday afternoons"),
        ("F14", ""),
    ]
    assert scene.huddle().version == 3


def test_who_said_it_is_kept_nowhere(scene: Scene) -> None:
    db.session.commit()
    before = db.session.execute(select(AuditEntry.id)).scalars().all()
    note(scene)
    db.session.commit()
    assert db.session.execute(select(AuditEntry.id)).scalars().all() == before
    columns = {column.key for column in inspect(HardThing).columns}
    assert not {name for name in columns if name.endswith("by_id") or "person" in name}


def test_refusals(scene: Scene) -> None:
    too_long = "x" * (limits.length("hard_thing") + 1)
    assert fields_refused(lambda: note(scene, condition="F15", words=too_long)) == {
        "condition",
        "words",
    }
    with pytest.raises(Forbidden):
        note(scene, "leader")
    with pytest.raises(NotFound):
        note(scene, "outsider")
    scene.end()
    with pytest.raises(RuleBroken, match="finished"):
        note(scene)
    assert kept() == []


def test_the_team_reads_it_by_condition_and_leaders_do_not(scene: Scene) -> None:
    """What was given is seen to be kept; its order does not tell who said it when."""
    note(scene, condition="F14", words="")
    note(scene, form_token="another")
    scene.end()
    colleague, leader = scene.cast.actor("colleague"), scene.cast.actor("leader")
    read = notes(colleague, "riverside", scene.huddle_id)
    assert [(line.condition, line.words) for line in read.hard] == [
        ("Handover and continuity", "Friday afternoons"),
        ("The child’s voice", ""),
    ]
    assert not read.is_empty
    assert "Friday afternoons" not in mail_text(read, address="https://example.org/notes")
    assert notes(leader, "riverside", scene.huddle_id).hard == ()


def test_its_part_shows_what_is_noted_so_far(scene: Scene) -> None:
    huddle = scene.huddle()
    huddle.parts = [*huddle.parts[:-1], "hard", "close"]
    db.session.flush()
    note(scene)
    page = queries.huddle_page(
        scene.cast.actor("colleague"), "riverside", scene.huddle_id, Part.HARD
    )
    assert [line.words for line in page.hard] == ["Friday afternoons"]
    page = queries.huddle_page(
        scene.cast.actor("colleague"), "riverside", scene.huddle_id, Part.CLOSE
    )
    assert page.hard == ()
