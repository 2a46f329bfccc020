"""Rows of actions for what changes them or lists them; the organisation always inside."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true

from improve.accounts.actor import Actor
from improve.accounts.roles import Role
from improve.huddles.models import Action, Huddle, HuddleItem
from improve.ideas.queries import idea_heads, ideas_invited_to, is_stranger_to
from improve.shared.db import db
from improve.shared.errors import NotFound


def action_for_change(actor: Actor, action_id: int) -> Action:
    """Return an action of the organisation, locked. Raises ``NotFound``."""
    found = db.session.execute(
        select(Action)
        .where(Action.id == action_id, Action.organisation_id == actor.organisation_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).scalar_one_or_none()
    if found is None or is_out_of_reach(actor, found.idea_id):
        raise NotFound
    return found


def within_reach(actor: Actor) -> ColumnElement[bool]:
    """Return whether an action is still for the actor to know of, as a column.

    Those of an idea that a guest was taken out of are not, though they were put to their name.
    """
    if Role.GUEST not in actor.roles:
        return true()
    return Action.idea_id.in_(ideas_invited_to(actor))


def is_out_of_reach(actor: Actor, idea_id: int | None) -> bool:
    """Return whether an action of this idea, or of none, is no longer a guest's to know of."""
    return Role.GUEST in actor.roles and is_stranger_to(actor.person_id, idea_id)


def item_of_action(huddle: Huddle, action_id: int) -> HuddleItem | None:
    """Return where an action stands on the list of a huddle, or None."""
    return db.session.execute(
        select(HuddleItem)
        .where(HuddleItem.huddle_id == huddle.id, HuddleItem.action_id == action_id)
        .order_by(HuddleItem.id)
        .limit(1)
    ).scalar_one_or_none()


def added_with(actor: Actor, form_token: str) -> Action | None:
    """Return the action that this form of the actor's has made, or None."""
    return db.session.execute(
        select(Action).where(Action.added_by_id == actor.person_id, Action.form_token == form_token)
    ).scalar_one_or_none()


def idea_of(row: Action) -> tuple[str, bool]:
    """Return the title of an action's idea, and whether it hides its author; “” without one."""
    if row.idea_id is None:
        return "", False
    ideas = idea_heads()
    found = db.session.execute(
        select(ideas.c.title, ideas.c.hides_name).where(
            ideas.c.id == row.idea_id, ideas.c.organisation_id == row.organisation_id
        )
    ).one_or_none()
    return (found.title, found.hides_name) if found else ("", False)


def open_actions_of_idea(actor: Actor, idea_id: int) -> list[Action]:
    """Return what is still to be done for an idea, the first made first."""
    return list(
        db.session.execute(
            select(Action)
            .where(
                Action.organisation_id == actor.organisation_id,
                Action.idea_id == idea_id,
                Action.ended_at.is_(None),
            )
            .order_by(Action.id)
        ).scalars()
    )


def actions_to_look_at(
    actor: Actor, team_id: int, *, ended_since: datetime | None, most: int
) -> list[Action]:
    """Return a team's open actions, the first due first, then those ended since, the last first."""
    ended: ColumnElement[bool] = Action.ended_at.is_(None)
    if ended_since is not None:
        ended = or_(ended, Action.ended_at >= ended_since)
    return list(
        db.session.execute(
            select(Action)
            .where(
                Action.organisation_id == actor.organisation_id, Action.team_id == team_id, ended
            )
            .order_by(Action.ended_at.is_not(None), Action.due_on, Action.id)
            .limit(most)
        ).scalars()
    )
