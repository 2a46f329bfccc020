"""Boards as somebody likes to see them: kept by name, for that person and team alone."""

from __future__ import annotations

from typing import Final

from improve.accounts.actor import Actor
from improve.accounts.queries import TeamView
from improve.ideas.board_address import as_query, from_query
from improve.ideas.models import SavedView
from improve.ideas.queries import views
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken
from improve.shared.turns import Turn, take_turn
from improve.shared.view_names import check_view_name, is_same_view_name

VIEWS_MOST: Final = 20


def save_view(actor: Actor, *, team: TeamView, name: str, query: str) -> int:
    """Keep a filter and its view by name, and return its id. Twice is harmless.

    Refuses an empty name, one that another view of the person has here, nothing to keep, and more
    than twenty. Only what a board knows is kept of the query.
    """
    kept = as_query(from_query(query))
    if not kept or len(kept) > limits.length("view_query"):
        raise RuleBroken([Reason("Choose what the board shows first, then save it.")])
    # One form sent twice at one moment makes one view.
    take_turn(Turn.VIEWS, actor.person_id)
    mine = views.saved_views(actor, team.id)
    same = next((one for one in mine if is_same_view_name(one.name, name)), None)
    if same is not None and same.query == kept:
        return same.id
    check_view_name(name, [one.name for one in mine])
    if len(mine) >= VIEWS_MOST:
        raise RuleBroken([Reason(f"You have {VIEWS_MOST} views of this board. Remove one first.")])
    view = SavedView(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        team_id=team.id,
        name=name.strip(),
        query=kept,
        created_at=clock.now(),
    )
    db.session.add(view)
    db.session.flush()
    audit.record(actor, "view_saved", "team", team.id, view=view.id)
    return view.id


def rename_view(actor: Actor, *, team: TeamView, view_id: int, name: str) -> None:
    """Give one's own view another name. Refuses one that another view has. ``NotFound``."""
    take_turn(Turn.VIEWS, actor.person_id)
    view = views.view_for_change(actor, team.id, view_id)
    others = [one.name for one in views.saved_views(actor, team.id) if one.id != view_id]
    check_view_name(name, others)
    if view.name == name.strip():
        return
    view.name = name.strip()
    db.session.flush()
    audit.record(actor, "view_renamed", "team", team.id, view=view_id)


def remove_view(actor: Actor, *, team: TeamView, view_id: int) -> str:
    """Remove one's own view and return its name. Raises ``NotFound``, also when it is gone."""
    view = views.view_for_change(actor, team.id, view_id)
    name = view.name
    db.session.delete(view)
    db.session.flush()
    audit.record(actor, "view_removed", "team", team.id, view=view_id)
    return name
