"""Thank-yous: those to oneself, and one whole. None is ever counted.

Those about an idea come with the rest of its page, see ``queries.one``.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import func, or_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names, team_names
from improve.ideas.models import Idea, IdeaMember, Thanks
from improve.ideas.queries import door
from improve.ideas.thanks_views import ThanksView, shape_thanks
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound

#: Thank-yous on a page; the newest are kept.
THANKS_MOST: Final = 50


def thanks_to_me(actor: Actor, *, limit: int = THANKS_MOST) -> list[ThanksView]:
    """Return what colleagues said to the actor, whole, the newest first."""
    rows = db.session.execute(
        _thanks(actor)
        .where(Thanks.to_id == actor.person_id)
        .order_by(Thanks.id.desc())
        .limit(limit)
    ).mappings()
    now = clock.now()
    return [shape_thanks(row, actor, now) for row in rows]


def one_thanks(actor: Actor, thanks_id: int) -> ThanksView:
    """Return a thank-you to or from the actor. Raises ``NotFound`` for everybody else."""
    row = (
        db.session.execute(
            _thanks(actor).where(
                Thanks.id == thanks_id,
                or_(Thanks.to_id == actor.person_id, Thanks.from_id == actor.person_id),
            )
        )
        .mappings()
        .one_or_none()
    )
    if row is None:
        raise NotFound
    return shape_thanks(row, actor, clock.now())


def thanks_said_with(actor: Actor, form_token: str) -> int | None:
    """Return the thank-you that this form of the actor's made already, or None."""
    return db.session.execute(
        select(Thanks.id).where(Thanks.form_token == form_token, Thanks.from_id == actor.person_id)
    ).scalar()


def lead_and_members(idea: Idea) -> set[int]:
    """Return who takes part in an idea that came through the door, besides its author."""
    found = db.session.execute(
        select(IdeaMember.person_id)
        .where(IdeaMember.idea_id == idea.id)
        .order_by(IdeaMember.person_id)
    ).scalars()
    return {*found, *([idea.lead_id] if idea.lead_id else [])} - {idea.author_id}


def thanks_for_change(actor: Actor, thanks_id: int) -> tuple[Thanks, bool]:
    """Return a thank-you, locked, and whether it is about an idea that the actor may see.

    Raises ``NotFound`` for one of another organisation.
    """
    row = db.session.execute(
        select(Thanks, func.coalesce(door.visible(actor), False))
        .outerjoin(Idea, Idea.id == Thanks.idea_id)
        .where(Thanks.id == thanks_id, Thanks.organisation_id == actor.organisation_id)
        .with_for_update(of=Thanks)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row[0], bool(row[1])


def own_thanks(actor: Actor) -> Any:
    """Return the statement of thanks for a table; the caller keeps those of the actor."""
    return _thanks(actor)


def _thanks(actor: Actor) -> Any:
    by, to, team = person_names().alias("by"), person_names().alias("to"), team_names()
    return (
        select(
            Thanks.id,
            Thanks.words,
            Thanks.from_id,
            Thanks.to_id,
            Thanks.created_at,
            Thanks.team_id,
            Thanks.idea_id,
            Idea.title.label("idea_title"),
            Idea.author_id,
            Idea.hides_name,
            Idea.team_id.label("idea_team_id"),
            func.coalesce(door.visible(actor), False).label("is_visible"),
            by.c.name.label("from_name"),
            by.c.job_title.label("from_title"),
            to.c.name.label("to_name"),
            to.c.job_title.label("to_title"),
            team.c.slug.label("team_slug"),
            team.c.name.label("team_name"),
        )
        .join(by, by.c.id == Thanks.from_id)
        .join(to, to.c.id == Thanks.to_id)
        .join(team, team.c.id == Thanks.team_id)
        .outerjoin(Idea, Idea.id == Thanks.idea_id)
        .where(Thanks.organisation_id == actor.organisation_id, Thanks.removed_at.is_(None))
    )
