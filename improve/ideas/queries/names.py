"""Names of ideas, for pages that stand below and only know their numbers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.ideas.models import Idea
from improve.ideas.queries.door import visible
from improve.shared.db import db


def names_of_ideas(actor: Actor, idea_ids: Iterable[int]) -> dict[int, str]:
    """Return the titles of those ideas that the actor may know of, by id."""
    rows = db.session.execute(
        select(Idea.id, Idea.title)
        .where(visible(actor), Idea.id.in_(sorted(set(idea_ids))))
        .order_by(Idea.id)
    )
    return {row.id: row.title for row in rows}
