"""Words that are taken back leave every answer for everybody that may hold them."""

from __future__ import annotations

from sqlalchemy import delete, update

from improve.shared.db import db, forget_deleted_words
from improve.voices.models import Voice, VoiceAnswer


def withdraw_public_answers(voice: Voice) -> None:
    """Have no answer of this voice stand for everybody, until a reader gives one again.

    Whoever said it still reads them by receipt. “You said” may hold the very words that are taken
    back, and settling other words later would bring it to everybody again. What was taken back in
    this transaction leaves the file, too.
    """
    forget_deleted_words()
    db.session.execute(
        update(VoiceAnswer)
        .where(
            VoiceAnswer.voice_key == voice.key,
            VoiceAnswer.organisation_id == voice.organisation_id,
            VoiceAnswer.given_on.is_not(None),
            VoiceAnswer.is_public,
        )
        .values(is_public=False)
        .execution_options(synchronize_session="fetch")
    )


def delete_public_words(voice: Voice) -> None:
    """Delete what answers to a voice said for everybody, and its drafts: nothing may use them."""
    own = (
        VoiceAnswer.voice_key == voice.key,
        VoiceAnswer.organisation_id == voice.organisation_id,
    )
    db.session.execute(
        delete(VoiceAnswer)
        .where(*own, VoiceAnswer.given_on.is_(None))
        .execution_options(synchronize_session="fetch")
    )
    db.session.execute(
        update(VoiceAnswer)
        .where(*own)
        .values(said="", tried="", happened="")
        .execution_options(synchronize_session="fetch")
    )
