"""A team in the middle of a huddle, for the tests of what is done in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from improve.huddles import service
from improve.huddles.models import Huddle, HuddleItem
from improve.ideas.kinds import Stage
from improve.shared.audit import AuditEntry
from improve.shared.db import db
from improve.shared.errors import DomainError, RuleBroken
from tests.factories import Cast, idea_in, make_idea


@dataclass(frozen=True)
class Scene:
    """A huddle of the first team that its manager drives, and the colleague is ticked as here."""

    cast: Cast
    huddle_id: int
    #: A suggestion without an answer, an idea in Do that is blocked, one in Plan, pinned.
    new: int
    blocked: int
    pinned: int

    def huddle(self) -> Huddle:
        """Return the row as it stands."""
        return db.session.get_one(Huddle, self.huddle_id, populate_existing=True)

    def item(self, thing_id: int, *, kind: str = "idea_id") -> HuddleItem:
        """Return the item of an idea, or of another thing."""
        return db.session.execute(
            select(HuddleItem)
            .where(HuddleItem.huddle_id == self.huddle_id, getattr(HuddleItem, kind) == thing_id)
            .execution_options(populate_existing=True)
        ).scalar_one()

    def item_id(self, idea_id: int) -> int:
        """Return the id of the item of an idea."""
        return self.item(idea_id).id

    def end(self) -> None:
        """Finish the huddle, in the plainest way."""
        huddle = self.huddle()
        huddle.finished_at = huddle.first_finished_at = huddle.acted_at
        db.session.flush()


def make_scene(cast: Cast, **facts: Any) -> Scene:
    """Return a running huddle of the first team; the caller commits."""
    from improve.ideas import service as ideas

    new = make_idea(cast, text="Ask parents once")
    blocked = idea_in(cast, Stage.DO, text="Texts from the duty phone")
    pinned = idea_in(cast, Stage.PLAN, text="A picture calendar")
    ideas.mark_blocked(cast.actor("manager"), idea_id=blocked, reason="No phone", who="IT")
    ideas.pin(cast.actor("colleague"), idea_id=pinned)
    facts = {"here_ids": [cast.colleague], **facts}
    started = service.start_huddle(
        cast.actor("manager"), team_id=cast.team, form_token="begin", **facts
    )
    return Scene(cast, started.huddle_id, new, blocked, pinned)


def audited(action: str) -> list[AuditEntry]:
    """Return the audit rows of an action; commits, since only a commit writes them."""
    db.session.commit()
    return list(
        db.session.execute(
            select(AuditEntry).where(AuditEntry.action == action).order_by(AuditEntry.id)
        ).scalars()
    )


def refused(error: type[DomainError], act: Callable[[], Any]) -> str:
    """Return the words with which an act is refused."""
    with pytest.raises(error) as raised:
        act()
    return str(raised.value) or getattr(raised.value, "words", "")


def fields_refused(act: Callable[[], Any]) -> set[str | None]:
    """Return the fields of the reasons why an act breaks a rule."""
    with pytest.raises(RuleBroken) as raised:
        act()
    return {reason.field for reason in raised.value.reasons}
