"""What becomes of a team's measures and tallies when the team is closed or joined to another."""

from __future__ import annotations

from sqlalchemy import func, select, update

from improve.accounts.actor import Actor
from improve.accounts.held import TeamHolds
from improve.measures.models import DipSample, Measure, Tally
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import plural


def measures_of_team_held(actor: Actor, team_id: int) -> list[TeamHolds]:
    """Return a team's measures in words: they stay readable."""
    count = db.session.execute(
        select(func.count()).where(
            Measure.organisation_id == actor.organisation_id, Measure.team_id == team_id
        )
    ).scalar_one()
    if not count:
        return []
    return [TeamHolds(plural(count, "measure"), "They stay readable, with all their numbers.")]


def move_measures_of_team(actor: Actor, from_id: int, to_id: int) -> None:
    """Have another team own what a team counts, in the present transaction. No number changes."""
    for model in (Measure, Tally, DipSample):
        db.session.execute(
            update(model)
            .where(model.organisation_id == actor.organisation_id, model.team_id == from_id)
            .values(team_id=to_id, version=model.version + 1)
            .execution_options(synchronize_session="fetch")
        )


def end_tallies_of_team(actor: Actor, team_id: int) -> None:
    """End the tallies of a team that closes; the taps of its last week still become a point."""
    db.session.execute(
        update(Tally)
        .where(
            Tally.organisation_id == actor.organisation_id,
            Tally.team_id == team_id,
            Tally.closed_at.is_(None),
        )
        .values(closed_at=clock.now(), version=Tally.version + 1)
        .execution_options(synchronize_session="fetch")
    )
