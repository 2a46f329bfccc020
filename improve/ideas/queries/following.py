"""Who hears of an idea, and why."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, or_, select

from improve.ideas.kinds import FollowReason
from improve.ideas.models import Idea, IdeaFollower, IdeaGuest
from improve.shared import clock
from improve.shared.db import db


def followers_of(idea_id: int) -> list[tuple[int, FollowReason]]:
    """Return who hears of an idea that came through the door, by id, and why.

    Author and lead are named as such, whatever made them follow first. A guest whose invitation
    ended hears nothing more.
    """
    rows = db.session.connection().execute(_followers(), {"idea": idea_id, "today": clock.today()})
    return [(row[0], FollowReason(row[1])) for row in rows]


@cache
def _followers() -> Any:
    # Every act on an idea asks it: written once, so that only the values change.
    return (
        select(IdeaFollower.person_id, why_column())
        .join(Idea, Idea.id == IdeaFollower.idea_id)
        .where(
            IdeaFollower.idea_id == bindparam("idea"),
            IdeaFollower.is_following,
            _is_still_invited(),
        )
        .order_by(IdeaFollower.person_id)
    )


def why_column() -> ColumnElement[Any]:
    """Return why a follower of the joined idea hears of it, as a column."""
    return case(
        (IdeaFollower.person_id == Idea.author_id, FollowReason.AUTHOR.value),
        (IdeaFollower.person_id == Idea.lead_id, FollowReason.LEAD.value),
        else_=IdeaFollower.why,
    )


def _is_still_invited() -> ColumnElement[bool]:
    return ~exists().where(
        IdeaGuest.idea_id == IdeaFollower.idea_id,
        IdeaGuest.person_id == IdeaFollower.person_id,
        or_(IdeaGuest.ended_at.is_not(None), IdeaGuest.ends_on < bindparam("today")),
    )
