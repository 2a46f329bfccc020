"""Moves of a team's last finished ideas, from which its usual days are worked out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlalchemy import select

from improve.ideas.kinds import Outcome, Stage
from improve.ideas.models import Idea, StageMove
from improve.ideas.usual_days import LAST_FINISHED
from improve.shared import clock
from improve.shared.db import db


def finished_moves(team_id: int) -> Iterator[tuple[int, str, date]]:
    """Yield (idea, stage moved to, day) of a team's last hundred finished ideas, in their order.

    Moves that were taken back never happened. Only a service asks, about a team it may change.
    """
    last = (
        select(Idea.id)
        .where(
            Idea.team_id == team_id,
            Idea.is_on_board,
            Idea.finished_at.is_not(None),
            Idea.stage == Stage.DONE.value,
            # One that was joined to another went on there; it says nothing of how long things take.
            Idea.outcome != Outcome.JOINED.value,
        )
        .order_by(Idea.finished_at.desc(), Idea.id.desc())
        .limit(LAST_FINISHED)
        .subquery("last_finished")
    )
    rows = db.session.execute(
        select(StageMove.idea_id, StageMove.to_stage, StageMove.at)
        .join(last, last.c.id == StageMove.idea_id)
        .where(StageMove.undone_at.is_(None))
        .order_by(StageMove.idea_id, StageMove.id)
    )
    for row in rows:
        yield row.idea_id, row.to_stage, clock.local(row.at).date()
