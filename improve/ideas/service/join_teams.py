"""What becomes of a team's ideas when the team is joined to another one, or closed."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update

from improve.accounts.actor import Actor
from improve.accounts.held import TeamHolds
from improve.accounts.queries import team_by_id
from improve.ideas.kinds import Stage
from improve.ideas.models import Idea, IdeaEdit, IdeaFollower, SavedView
from improve.shared import clock
from improve.shared.db import db
from improve.shared.formatting import plural
from improve.shared.many_rows import insert_rows


def ideas_of_team(actor: Actor, team_id: int) -> list[TeamHolds]:
    """Return a team's ideas in words: open ones have to go somewhere before it is closed."""
    is_open = Idea.stage != Stage.DONE.value
    row = db.session.execute(
        select(func.count().filter(is_open), func.count().filter(~is_open)).where(
            Idea.organisation_id == actor.organisation_id, Idea.team_id == team_id
        )
    ).one()
    held = []
    if row[0]:
        held.append(TeamHolds(plural(row[0], "open idea"), stops_closing=True))
    if row[1]:
        held.append(TeamHolds(plural(row[1], "finished idea"), "They stay readable, with names."))
    return held


def move_ideas_of_team(actor: Actor, from_id: int, to_id: int) -> set[int]:
    """Move every idea of a team to another one, with a line of history each.

    In the present transaction and a fixed number of statements, however many there are: whoever
    leads an idea comes along, since the people do. Returns who follows an open one.
    """
    old, new = team_by_id(actor, from_id).name, team_by_id(actor, to_id).name
    of_team = (Idea.organisation_id == actor.organisation_id, Idea.team_id == from_id)
    rows = db.session.execute(
        select(Idea.id, Idea.version, Idea.cycle_number)
        .where(*of_team)
        .order_by(Idea.id)
        .with_for_update(key_share=True)
    ).all()
    if not rows:
        return set()
    follows = set(
        db.session.execute(
            select(IdeaFollower.person_id)
            .join(Idea, Idea.id == IdeaFollower.idea_id)
            .where(*of_team, Idea.stage != Stage.DONE.value, IdeaFollower.is_following)
            .distinct()
        ).scalars()
    )
    db.session.flush()
    db.session.execute(
        update(Idea)
        .where(*of_team)
        .values(team_id=to_id, pinned_at=None, pinned_by_id=None, version=Idea.version + 1)
        .execution_options(synchronize_session="fetch")
    )
    at = clock.now()
    insert_rows(
        IdeaEdit.__table__,  # type: ignore[arg-type]
        [
            {
                "organisation_id": actor.organisation_id,
                "idea_id": row.id,
                "kind": "team",
                "field": "team_id",
                "cycle_number": row.cycle_number,
                "old": old,
                "new": new,
                "by_id": actor.person_id,
                "at": at,
                "version": row.version + 1,
            }
            for row in rows
        ],
    )
    # How somebody liked to see a board that is no more.
    db.session.execute(
        delete(SavedView)
        .where(SavedView.team_id == from_id)
        .execution_options(synchronize_session=False)
    )
    return follows
