"""“Did we get it right?”: only the person who told it can say so, by their receipt."""

from __future__ import annotations

import json
import secrets
from typing import Final

from sqlalchemy import select

from improve.shared import clock
from improve.shared.db import db, forget_deleted_words
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.shared.sealing import Sealer
from improve.voices.hints import hints_in
from improve.voices.kinds import State
from improve.voices.models import Voice, VoiceAnswer, VoiceReply
from improve.voices.reading import LOCKED

SAYS: Final = ("yes", "partly", "no")
_NOT_AGAIN: Final = (*LOCKED, State.SET_ASIDE)


def say_put_right(
    *, keys: tuple[str, ...], voice_key: str, answer_id: int, said: str, words: str
) -> None:
    """Keep what the person said of an answer. “Partly” and “no” put the voice on the desk again.

    A “yes” after them, with no words to read, takes it off. One row an answer: sent twice it is
    kept once, changed it replaces the first. Refuses an answer that is not of this voice
    (``NotFound``) or nothing chosen, by the name of its text. No time is kept, only the day.
    """
    if said not in SAYS:
        raise RuleBroken([Reason("all.answer.error_right", "said")])
    voice = db.session.scalars(
        select(Voice).where(Voice.key == voice_key).with_for_update()
    ).one_or_none()
    if voice is None or voice.locked_at is not None or voice.state in LOCKED:
        raise NotFound
    answer = db.session.execute(
        select(VoiceAnswer.id).where(
            VoiceAnswer.id == answer_id,
            VoiceAnswer.voice_key == voice.key,
            VoiceAnswer.organisation_id == voice.organisation_id,
            VoiceAnswer.given_on.is_not(None),
        )
    ).scalar()
    if answer is None:
        raise NotFound
    reply = db.session.scalars(
        select(VoiceReply)
        .where(
            VoiceReply.answer_id == answer,
            VoiceReply.organisation_id == voice.organisation_id,
        )
        .order_by(VoiceReply.key)
    ).first()
    sealer = Sealer(keys, "voices")
    if reply is not None and reply.said == said and not _is_new(sealer, reply, words):
        return
    if reply is None:
        reply = VoiceReply(
            key=secrets.token_urlsafe(16),
            organisation_id=voice.organisation_id,
            voice_key=voice.key,
            answer_id=answer,
        )
        db.session.add(reply)
    reply.came_on, reply.said = clock.today(), said
    reply.read_at = reply.read_by_id = None
    if words:
        forget_deleted_words()
        reply.sealed = sealer.seal(json.dumps({"words": words}), about=reply.key)
        # Whoever names themselves or a place may want help: a reader looks at it first.
        found = hints_in([words])
        is_raised = found.may_be_danger or bool(found.kinds)
        reply.may_be_danger = is_raised or bool(reply.may_be_danger)
        if reply.may_be_danger:
            # Readers are told of it within the hour, also where they were told of the voice before.
            voice.may_be_danger, voice.is_told = True, False
    voice.put_right = said
    if said != "yes" and voice.state not in _NOT_AGAIN:
        voice.state = State.AGAIN.value
    elif said == "yes" and voice.state == State.AGAIN.value and reply.sealed is None:
        # They changed their mind and wrote nothing: no reader has anything to read of it.
        voice.state = state_once_read(voice)
    voice.version += 1
    db.session.flush()


def state_once_read(voice: Voice) -> str:
    """Return where a voice stands when nothing that was said of our answers is left to read."""
    if voice.shared_at is None and not voice.is_theme_only:
        # Its words were hidden or taken back meanwhile: they are settled first.
        return State.READING.value
    return (State.ANSWERED if voice.put_right == "yes" else State.TO_ANSWER).value


def _is_new(sealer: Sealer, reply: VoiceReply, words: str) -> bool:
    if not words:
        return False
    if reply.sealed is None:
        return True
    return bool(json.loads(sealer.open(reply.sealed, about=reply.key))["words"] != words)
