"""Names of ideas, for pages that stand below and only know their numbers."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Subquery, select

from improve.accounts.actor import Actor
from improve.ideas.models import Idea, Thanks
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


def idea_heads() -> Subquery:
    """Return ideas as a selectable for joins: id, organisation_id, title, stage, outcome,
    cycle_number, hides_name.

    Where ``hides_name`` is true, nobody may be named beside the idea who could be its author. The
    caller's own filter must stand on the table it joins to, which only ever points to ideas that
    stand on a board.
    """
    return select(
        Idea.id,
        Idea.organisation_id,
        Idea.title,
        Idea.stage,
        Idea.outcome,
        Idea.cycle_number,
        Idea.hides_name,
    ).subquery("idea_heads")


def thanks_lines() -> Subquery:
    """Return thank-yous that stand, as a selectable for joins: id, organisation_id, words,
    from_id, to_id, idea_id. The caller's own filter must stand on the table it joins to."""
    return (
        select(
            Thanks.id,
            Thanks.organisation_id,
            Thanks.words,
            Thanks.from_id,
            Thanks.to_id,
            Thanks.idea_id,
        )
        .where(Thanks.removed_at.is_(None))
        .subquery("thanks_lines")
    )
