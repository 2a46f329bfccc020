"""Learning pages to be changed: the row itself, locked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import RowMapping, select

from improve.accounts.actor import Actor
from improve.ideas.queries import finished_ideas
from improve.library.models import LearningPage
from improve.shared.db import db
from improve.shared.errors import NotFound


def idea_for_page(actor: Actor, idea_id: int) -> RowMapping:
    """Return the finished idea of a page, see ``ideas.queries.finished_ideas``; or ``NotFound``."""
    idea = finished_ideas(actor)
    row = db.session.execute(select(*idea.c).where(idea.c.id == idea_id)).mappings().one_or_none()
    if row is None:
        raise NotFound
    return row


def page_for_change(actor: Actor, which: Any) -> LearningPage | None:
    """Return one page of the organisation, locked, None where there is none."""
    return db.session.execute(
        select(LearningPage)
        .where(LearningPage.organisation_id == actor.organisation_id, which)
        .with_for_update(of=LearningPage)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()


def page_by_id(actor: Actor, page_id: int) -> LearningPage:
    """Return one page, locked. Raises ``NotFound``."""
    found = page_for_change(actor, LearningPage.id == page_id)
    if found is None:
        raise NotFound
    return found


def page_by_idea(actor: Actor, idea_id: int) -> LearningPage | None:
    """Return the page of an idea, locked, None where there is none."""
    return page_for_change(actor, LearningPage.idea_id == idea_id)
