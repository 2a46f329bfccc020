"""Which texts are hidden now."""

from __future__ import annotations

from sqlalchemy import Subquery, select

from improve.accounts.actor import Actor
from improve.redaction.models import HiddenText
from improve.shared.db import db


def hidden_rows() -> Subquery:
    """Return the texts hidden now, for a join: organisation_id, kind, subject_id, field, idea_id,
    root_kind, root_id. Their words are out of their rows already.
    """
    return (
        select(
            HiddenText.id,
            HiddenText.organisation_id,
            HiddenText.kind,
            HiddenText.subject_id,
            HiddenText.field,
            HiddenText.root_kind,
            HiddenText.root_id,
            HiddenText.idea_id,
            HiddenText.author_id,
        )
        .where(HiddenText.settled_at.is_(None))
        .subquery("hidden_now")
    )


def hidden_of_idea(actor: Actor, idea_id: int) -> frozenset[tuple[str, int, str]]:
    """Return which texts of an idea are hidden now: kind, row, field. In one statement.

    Nothing has to be done to hide them: their rows hold the line that says so.
    """
    rows = db.session.execute(
        select(HiddenText.kind, HiddenText.subject_id, HiddenText.field)
        .where(
            HiddenText.organisation_id == actor.organisation_id,
            HiddenText.idea_id == idea_id,
            HiddenText.settled_at.is_(None),
        )
        .order_by(HiddenText.id)
    )
    return frozenset((row.kind, row.subject_id, row.field) for row in rows)
