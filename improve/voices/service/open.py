"""Opening a voice: kept for all readers, before a word of it is shown."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.shared import clock
from improve.voices.kinds import State, StepKind
from improve.voices.service.one import keep_step, voice_for_reading


def open_voice(actor: Actor, *, key: str) -> None:
    """Open a voice to read it; each reader's first opening is kept. Twice is harmless."""
    voice = voice_for_reading(actor, key)
    if voice.reader_id == actor.person_id:
        return
    voice.reader_id = actor.person_id
    if voice.opened_on is None:
        voice.opened_on = clock.today()
    if voice.state == State.WAITING.value:
        voice.state = State.READING.value
    keep_step(actor, voice, StepKind.OPENED)
