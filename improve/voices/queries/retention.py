"""What is past the days that a council keeps it, of all councils at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import Voice, VoiceDraft, VoiceReply, VoiceSetup
from improve.voices.queries.desk import KEEP_DAYS


def is_past_its_days(table: type[Voice] | type[VoiceReply]) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for rows whose written words are past the days of their council."""
    today = clock.today()
    chosen = select(VoiceSetup.organisation_id)
    own = [
        (table.came_on <= today - timedelta(days=days))
        & table.organisation_id.in_(chosen.where(VoiceSetup.keep_days == days))
        for days in db.session.scalars(
            select(VoiceSetup.keep_days).distinct().order_by(VoiceSetup.keep_days)
        )
    ]
    by_default = (table.came_on <= today - timedelta(days=KEEP_DAYS)) & (
        table.organisation_id.not_in(chosen)
    )
    return table.sealed.is_not(None), or_(by_default, *own)


def drafts_to_delete() -> Sequence[VoiceDraft]:
    """Return drafts that were begun before yesterday: older than a day whatever the hour."""
    before = clock.today() - timedelta(days=1)
    return list(
        db.session.scalars(
            select(VoiceDraft).where(VoiceDraft.began_on < before).order_by(VoiceDraft.token_hash)
        )
    )
