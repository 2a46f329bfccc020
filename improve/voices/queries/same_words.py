"""Voices of the very same words: what a machine sends a thousand times is read once."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, case

from improve.voices.kinds import State
from improve.voices.models import Voice


def unopened_with_same_words(voice: Voice) -> tuple[ColumnElement[bool], ...] | None:
    """Return what holds for others of the same council and words that nobody opened yet.

    None where nothing was written, or it is deleted: then nothing is the same.
    """
    if not voice.words_hash:
        return None
    return (
        Voice.organisation_id == voice.organisation_id,
        Voice.words_hash == voice.words_hash,
        Voice.state == State.WAITING.value,
        Voice.opened_on.is_(None),
        Voice.key != voice.key,
    )


def group_of_words() -> ColumnElement[Any]:
    """Return what a voice is listed under: its words while nobody opened it, else itself."""
    is_apart = (Voice.words_hash == "") | Voice.opened_on.is_not(None)
    return case((is_apart, Voice.key), else_=Voice.words_hash)
