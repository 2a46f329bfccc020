"""What is past the days that a council keeps it, of all councils at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from improve.shared import clock
from improve.shared.db import db
from improve.voices.models import (
    Voice,
    VoiceAnswer,
    VoiceDraft,
    VoiceReply,
    VoiceSetup,
    VoiceStep,
)
from improve.voices.reading import KEEP_DAYS


def is_past_its_days(table: type[Voice] | type[VoiceReply]) -> tuple[ColumnElement[bool], ...]:
    """Return what holds for rows whose written words are past the days of their council."""
    today = clock.today()
    return table.sealed.is_not(None), _is_past(
        table.organisation_id, lambda days: table.came_on <= today - timedelta(days=days)
    )


def are_words_past_their_days() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for words of voices that nobody settled, or that were hidden, and stay so.

    Begun words may hold all that was written, so they have its days. Where the original is gone
    already, they came of settled ones, and a reader has as many days from the last step.
    """
    today = clock.today()

    def is_older(days: int) -> ColumnElement[bool]:
        stepped = exists().where(
            VoiceStep.voice_key == Voice.key, VoiceStep.at >= _morning_after(days)
        )
        is_past = Voice.came_on <= today - timedelta(days=days)
        return is_past & (Voice.sealed.is_not(None) | ~stepped)

    is_begun = Voice.shareable != ""
    return is_begun, Voice.shared_at.is_(None), _is_past(Voice.organisation_id, is_older)


def is_draft_past_its_days() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for drafts of answers that nobody gave within the days of their council."""
    return VoiceAnswer.given_on.is_(None), _is_past(
        VoiceAnswer.organisation_id, lambda days: VoiceAnswer.created_at < _morning_after(days)
    )


def is_note_past_its_days() -> tuple[ColumnElement[bool], ...]:
    """Return what holds for readers’ notes that are past the days of their council.

    The days count from the note, since a reader may say at any time that there is danger.
    """
    return VoiceStep.words != "", _is_past(
        VoiceStep.organisation_id, lambda days: VoiceStep.at < _morning_after(days)
    )


def drafts_to_delete() -> Sequence[VoiceDraft]:
    """Return drafts that were begun before yesterday: older than a day whatever the hour."""
    before = clock.today() - timedelta(days=1)
    return list(
        db.session.scalars(
            select(VoiceDraft).where(VoiceDraft.began_on < before).order_by(VoiceDraft.token_hash)
        )
    )


def _is_past(
    organisation_id: InstrumentedAttribute[int], is_older: Callable[[int], ColumnElement[bool]]
) -> ColumnElement[bool]:
    """Return what holds for rows that are older than the days of their own council."""
    chosen = select(VoiceSetup.organisation_id)
    own = [
        is_older(days) & organisation_id.in_(chosen.where(VoiceSetup.keep_days == days))
        for days in db.session.scalars(
            select(VoiceSetup.keep_days).distinct().order_by(VoiceSetup.keep_days)
        )
    ]
    return or_(is_older(KEEP_DAYS) & organisation_id.not_in(chosen), *own)


def _morning_after(days: int) -> datetime:
    """Return when the day began that came after the one ``days`` ago."""
    return clock.at_local(clock.today() - timedelta(days=days - 1), 0)
