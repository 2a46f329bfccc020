"""Reads of ideas as they stood at a moment, for notes that must not change afterwards."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Subquery, and_, select

from improve.accounts.actor import Actor
from improve.accounts.queries import person_names
from improve.ideas.kinds import Stage
from improve.ideas.models import Idea, StageMove, Thanks
from improve.shared.db import db


class IdeaAsOf(NamedTuple):
    """An idea's name and ring at a moment. ``outcome`` is how it had ended, None while open."""

    id: int
    title: str
    stage: str
    cycle_number: int
    outcome: str | None


class SaidThanks(NamedTuple):
    """One thank-you: the sentence, and the names of the two people."""

    id: int
    words: str
    by: str
    to: str


def ideas_as_of(
    actor: Actor, idea_ids: Collection[int | None], at: datetime
) -> dict[int, IdeaAsOf]:
    """Return these ideas of the organisation's boards by id, each at the stage it had at ``at``."""
    wanted = {i for i in idea_ids if i is not None}
    if not wanted:
        return {}
    rows = db.session.execute(
        select(
            Idea.id,
            Idea.title,
            StageMove.to_stage,
            StageMove.cycle_number,
            StageMove.outcome,
        )
        .outerjoin(
            StageMove,
            and_(StageMove.idea_id == Idea.id, StageMove.at <= at, StageMove.undone_at.is_(None)),
        )
        .where(Idea.organisation_id == actor.organisation_id, Idea.is_on_board, Idea.id.in_(wanted))
        .order_by(Idea.id, StageMove.id)
    )
    # The last move of an idea wins; without one it had only been suggested.
    return {
        row.id: IdeaAsOf(
            row.id,
            row.title,
            row.to_stage or Stage.SUGGESTED.value,
            row.cycle_number or 0,
            row.outcome if row.to_stage == Stage.DONE.value else None,
        )
        for row in rows
    }


def thanks_among(actor: Actor, ids: Any) -> list[SaidThanks]:
    """Return the thanks with these ids that still stand, in the order in which they were said."""
    by, to = person_names().alias("by"), person_names().alias("to")
    rows = db.session.execute(
        select(Thanks.id, Thanks.words, by.c.name, to.c.name)
        .join(by, by.c.id == Thanks.from_id)
        .join(to, to.c.id == Thanks.to_id)
        .where(
            Thanks.organisation_id == actor.organisation_id,
            Thanks.id.in_(ids),
            Thanks.removed_at.is_(None),
        )
        .order_by(Thanks.id)
    )
    return [SaidThanks(*row) for row in rows]


def board_titles(actor: Actor) -> Subquery:
    """Return ideas of the organisation's boards as a selectable for joins: id, title."""
    return (
        select(Idea.id, Idea.title)
        .where(Idea.organisation_id == actor.organisation_id, Idea.is_on_board)
        .subquery("board_titles")
    )
