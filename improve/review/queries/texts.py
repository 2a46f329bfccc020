"""Rows of the review whose words may be taken out."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select, update

from improve.accounts.actor import Actor
from improve.review.models import CycleRead
from improve.shared.db import db


def read_named(actor: Actor, read_id: int) -> tuple[int, int] | None:
    """Return the idea and the cycle of a leader's tick; None where there is none here."""
    row = db.session.execute(
        select(CycleRead.idea_id, CycleRead.cycle_number).where(
            CycleRead.id == read_id, CycleRead.organisation_id == actor.organisation_id
        )
    ).one_or_none()
    return (row[0], row[1]) if row else None


def raise_versions(model: Any, row_id: int) -> None:
    """Make a form that is open on this row grow stale."""
    db.session.execute(
        update(model)
        .where(model.id == row_id)
        .values(version=model.version + 1)
        .execution_options(synchronize_session=False)
    )
