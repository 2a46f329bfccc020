"""Finished ideas of one's own of which nothing is written down for others yet."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, Final

from sqlalchemy import and_, or_

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, has_any
from improve.ideas.kinds import Stage
from improve.ideas.queries import finished_ideas
from improve.library.models import LearningPage
from improve.shared import clock
from improve.shared.to_do import ToDoKind, to_do_rows

#: While it is fresh it is offered, the newest few; afterwards the idea's own page still offers it.
OFFERED_FOR: Final = timedelta(days=28)
OFFERED_MOST: Final = 3


def learning_rows(actor: Actor) -> Any | None:
    """Return the ideas that ended lately without a page, for who leads them, else their author."""
    if not has_any(actor, Permission.WRITE_LEARNING):
        return None
    idea = finished_ideas(actor)
    return (
        to_do_rows(
            ToDoKind.LEARNING,
            subject_id=idea.c.id,
            words=idea.c.title,
            about=idea.c.team_name,
            at=idea.c.finished_at,
        )
        .outerjoin(LearningPage, LearningPage.idea_id == idea.c.id)
        .where(
            LearningPage.id.is_(None),
            idea.c.stage == Stage.DONE.value,
            idea.c.finished_at >= clock.now() - OFFERED_FOR,
            or_(
                idea.c.lead_id == actor.person_id,
                and_(idea.c.lead_id.is_(None), idea.c.author_id == actor.person_id),
            ),
        )
        .order_by(idea.c.finished_at.desc(), idea.c.id.desc())
        .limit(OFFERED_MOST)
    )
