"""What becomes of leaders' answers to a team when the team is joined to another, or closed."""

from __future__ import annotations

from sqlalchemy import update

from improve.accounts.actor import Actor
from improve.accounts.held import TeamHolds
from improve.review import queries
from improve.review.models import LeaderAnswer
from improve.shared.db import db
from improve.shared.formatting import plural


def answers_of_team_held(actor: Actor, team_id: int) -> list[TeamHolds]:
    """Return the leaders' answers to a team in words: they stop nothing."""
    count = queries.answers_of_team(actor, team_id)
    if not count:
        return []
    words = plural(count, "answer of leaders", "answers of leaders")
    return [TeamHolds(words, "They stay readable on “You asked, leaders did”.")]


def move_answers_of_team(actor: Actor, from_id: int, to_id: int) -> set[int]:
    """Let the answers to a team follow it into another. Nobody is told for this: returns none."""
    db.session.flush()
    db.session.execute(
        update(LeaderAnswer)
        .where(
            LeaderAnswer.organisation_id == actor.organisation_id, LeaderAnswer.team_id == from_id
        )
        .values(team_id=to_id)
        .execution_options(synchronize_session="fetch")
    )
    return set()
