"""Stories that teams picked for leaders."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.ideas.kinds import Outcome
from improve.ideas.page import TeamRef
from improve.ideas.queries import finished_ideas
from improve.library.models import LearningPage
from improve.library.views import Story
from improve.shared.db import db

STORIES_MOST = 30


def stories(
    actor: Actor,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    team_ids: Collection[int] | None = None,
    most: int = STORIES_MOST,
) -> tuple[Story, ...]:
    """Return shared stories, the last shared first: one statement.

    ``since`` and ``until`` bound the moment of sharing (the second is not part of it);
    ``team_ids`` None: every team.
    """
    idea = finished_ideas(actor)
    chosen = (
        select(
            LearningPage.id,
            LearningPage.title,
            LearningPage.was_hard,
            LearningPage.tried,
            LearningPage.changed_for_child,
            LearningPage.shared_at,
            idea.c.id.label("idea_id"),
            idea.c.outcome,
            idea.c.team_id,
            idea.c.team_slug,
            idea.c.team_name,
        )
        .join(idea, idea.c.id == LearningPage.idea_id)
        .where(
            LearningPage.organisation_id == actor.organisation_id,
            LearningPage.shared_at.is_not(None),
            LearningPage.is_story,
        )
        .order_by(LearningPage.shared_at.desc(), LearningPage.id.desc())
        .limit(most)
    )
    if since is not None:
        chosen = chosen.where(LearningPage.shared_at >= since)
    if until is not None:
        chosen = chosen.where(LearningPage.shared_at < until)
    if team_ids is not None:
        chosen = chosen.where(idea.c.team_id.in_(sorted(team_ids)))
    return tuple(
        Story(
            page_id=row.id,
            idea_id=row.idea_id,
            title=row.title,
            outcome=Outcome(row.outcome),
            team=TeamRef(row.team_id, row.team_slug, row.team_name),
            was_hard=row.was_hard,
            tried=row.tried,
            changed_for_child=row.changed_for_child,
            shared_at=row.shared_at,
        )
        for row in db.session.execute(chosen)
    )
