"""What the readers' desk shows. Every read is of one council alone."""

from __future__ import annotations

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.voices.models import Voice


def voice_for_change(actor: Actor, key: str) -> Voice:
    """Return a voice of the reader's council, held against others until the end. ``NotFound``."""
    row = db.session.scalars(
        select(Voice)
        .where(Voice.key == key, Voice.organisation_id == actor.organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if row is None:
        raise NotFound
    return row
