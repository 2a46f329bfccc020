"""The review as somebody likes to see it: kept by name, for that person alone."""

from __future__ import annotations

from typing import Final

from improve.accounts.actor import Actor
from improve.review import queries
from improve.review.finished_address import as_query, from_query
from improve.review.models import SavedReview
from improve.shared import audit, clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken
from improve.shared.turns import Turn, take_turn
from improve.shared.view_names import check_view_name, is_same_view_name

SAVED_MOST: Final = 20


def save_review(actor: Actor, *, name: str, query: str) -> int:
    """Keep a filter of finished work by name, and return its id. Twice is harmless.

    Refuses an empty name, one that another saved review of the person has, nothing to keep, and
    more than twenty. Only what the page knows is kept of the query; days chosen by a quick period
    move along with the calendar.
    """
    kept = as_query(from_query(query))
    if not kept or len(kept) > limits.length("view_query"):
        raise RuleBroken([Reason("Choose what the page shows first, then save it.")])
    # One form sent twice at one moment makes one.
    take_turn(Turn.VIEWS, actor.person_id)
    mine = queries.saved_reviews(actor)
    same = next((one for one in mine if is_same_view_name(one.name, name)), None)
    if same is not None and same.query == kept:
        return same.id
    check_view_name(name, [one.name for one in mine])
    if len(mine) >= SAVED_MOST:
        raise RuleBroken([Reason(f"You have {SAVED_MOST} saved views. Remove one first.")])
    row = SavedReview(
        organisation_id=actor.organisation_id,
        person_id=actor.person_id,
        name=name.strip(),
        query=kept,
        created_at=clock.now(),
    )
    db.session.add(row)
    db.session.flush()
    audit.record(actor, "review_saved", "review", row.id)
    return row.id


def rename_review(actor: Actor, *, saved_id: int, name: str) -> None:
    """Give one's own saved review another name. Refuses one that another has. ``NotFound``."""
    take_turn(Turn.VIEWS, actor.person_id)
    row = queries.saved_for_change(actor, saved_id)
    others = [one.name for one in queries.saved_reviews(actor) if one.id != saved_id]
    check_view_name(name, others)
    if row.name == name.strip():
        return
    row.name = name.strip()
    db.session.flush()
    audit.record(actor, "review_renamed", "review", saved_id)


def remove_review(actor: Actor, *, saved_id: int) -> str:
    """Remove one's own saved review and return its name. ``NotFound``, also when it is gone."""
    row = queries.saved_for_change(actor, saved_id)
    name = row.name
    db.session.delete(row)
    db.session.flush()
    audit.record(actor, "review_removed", "review", saved_id)
    return name
