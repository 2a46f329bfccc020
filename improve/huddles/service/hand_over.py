"""Actions of somebody who leaves, and of a team that is joined to another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sqlalchemy import func, select, update

from improve.accounts.actor import Actor
from improve.accounts.held import HeldThing, TeamHolds
from improve.accounts.queries import team_names
from improve.accounts.service import raise_board_versions
from improve.huddles.models import Action, Huddle
from improve.huddles.service.actions import tell_owner
from improve.shared import audit
from improve.shared.db import db
from improve.shared.formatting import day, plural

_PREFIX: Final = "action-"


def actions_held(actor: Actor, person_id: int) -> list[HeldThing]:
    """Return the actions that a person said they would do and that are open."""
    team = team_names()
    rows = db.session.execute(
        select(Action.id, Action.what, Action.due_on, Action.team_id, team.c.name)
        .join(team, team.c.id == Action.team_id)
        .where(
            Action.organisation_id == actor.organisation_id,
            Action.owner_id == person_id,
            Action.ended_at.is_(None),
        )
        .order_by(Action.due_on, Action.id)
    )
    return [
        HeldThing(
            key=f"{_PREFIX}{row.id}",
            title=row.what,
            words=f"Does it by {day(row.due_on)}",
            url=f"/actions/{row.id}",
            team_id=row.team_id,
            team_name=row.name,
            may_be_nobodys=False,
        )
        for row in rows
    ]


def hand_over_actions(actor: Actor, person_id: int, to: Mapping[str, int | None]) -> None:
    """Give a person's open actions to others: “action-12” to an id. They are told."""
    wanted = {
        int(key.removeprefix(_PREFIX)): taker
        for key, taker in to.items()
        if key.startswith(_PREFIX) and taker is not None
    }
    rows = (
        db.session.execute(
            select(Action)
            .where(
                Action.organisation_id == actor.organisation_id,
                Action.owner_id == person_id,
                Action.ended_at.is_(None),
                Action.id.in_(sorted(wanted)),
            )
            .order_by(Action.id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
        .scalars()
        .all()
    )
    for row in rows:
        row.owner_id = wanted[row.id] or row.owner_id
        row.version += 1
        audit.record(actor, "action_handed_over", "action", row.id, owner=row.owner_id)
        tell_owner(actor, row)
    db.session.flush()
    raise_board_versions(row.team_id for row in rows)


def huddles_of_team(actor: Actor, team_id: int) -> list[TeamHolds]:
    """Return a team's huddles and open actions in words: they stay readable."""
    row = db.session.execute(
        select(
            select(func.count())
            .where(Huddle.organisation_id == actor.organisation_id, Huddle.team_id == team_id)
            .scalar_subquery(),
            select(func.count())
            .where(
                Action.organisation_id == actor.organisation_id,
                Action.team_id == team_id,
                Action.ended_at.is_(None),
            )
            .scalar_subquery(),
        )
    ).one()
    held = []
    if row[0]:
        held.append(TeamHolds(plural(row[0], "huddle"), "Notes stay readable under this name."))
    if row[1]:
        held.append(
            TeamHolds(plural(row[1], "open action"), "They stay with the people who do them.")
        )
    return held


def move_actions_of_team(actor: Actor, from_id: int, to_id: int) -> None:
    """Let the other team's huddles ask after open actions. Notes stay where they were taken."""
    db.session.execute(
        update(Action)
        .where(
            Action.organisation_id == actor.organisation_id,
            Action.team_id == from_id,
            Action.ended_at.is_(None),
        )
        .values(team_id=to_id, version=Action.version + 1)
        .execution_options(synchronize_session="fetch")
    )
