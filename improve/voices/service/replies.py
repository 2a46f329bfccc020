"""“Did we get it right?”: what the person said of the answer is read like a voice, danger first."""

from __future__ import annotations

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.shared import clock
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken
from improve.voices.kinds import State, StepKind
from improve.voices.models import VoiceReply
from improve.voices.service.one import check_opened, keep_step, voice_for_reading
from improve.voices.service.put_right import state_once_read


def read_reply(actor: Actor, *, key: str, reply_key: str) -> None:
    """Keep that a reply was read and shows nobody in danger. Twice is harmless.

    A danger goes the way of the voice itself, ``danger.lock_for_danger``. When the last reply is
    read, the voice is owed another answer, unless their last word is that it was put right.
    """
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    replies = db.session.scalars(
        select(VoiceReply)
        .where(
            VoiceReply.voice_key == voice.key,
            VoiceReply.organisation_id == voice.organisation_id,
        )
        .order_by(VoiceReply.key)
    ).all()
    reply = next((one for one in replies if one.key == reply_key), None)
    if reply is None:
        raise NotFound
    if reply.read_at is not None:
        return
    if voice.locked_at is not None:
        raise RuleBroken("This is with safeguarding, and stays locked.")
    reply.read_at, reply.read_by_id = clock.now(), actor.person_id
    if voice.state == State.AGAIN.value and not any(_waits(one) for one in replies):
        voice.state = state_once_read(voice)
    keep_step(actor, voice, StepKind.REPLY_READ)


def _waits(reply: VoiceReply) -> bool:
    """Return whether a reply waits to be read: a “yes” without words asks nothing of anybody."""
    return reply.read_at is None and (reply.sealed is not None or reply.said != "yes")
