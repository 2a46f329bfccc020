"""To the other reader, or aside: a voice leaves one's own hands."""

from __future__ import annotations

from collections.abc import Sequence

from improve.accounts.actor import Actor
from improve.shared.errors import RuleBroken
from improve.voices.kinds import State, StepKind
from improve.voices.service.one import check_opened, keep_step, voice_for_reading


def pass_to_other_reader(actor: Actor, *, key: str) -> None:
    """Give a voice back to the desk for another reader. Twice is harmless."""
    voice = voice_for_reading(actor, key)
    if voice.reader_id != actor.person_id:
        return
    voice.reader_id = None
    keep_step(actor, voice, StepKind.PASSED_ON)


def set_aside(actor: Actor, *, keys: Sequence[str]) -> int:
    """Set voices aside that are nobody's words, and return how many. Twice is harmless.

    Each was opened by the reader, and said to hold no danger.
    """
    count = 0
    for key in sorted(set(keys)):
        voice = voice_for_reading(actor, key)
        if voice.state == State.SET_ASIDE.value:
            continue
        check_opened(actor, voice)
        if voice.is_danger is not False or voice.locked_at is not None:
            raise RuleBroken("First say that nobody could be in danger.")
        voice.state = State.SET_ASIDE.value
        keep_step(actor, voice, StepKind.SET_ASIDE)
        count += 1
    return count
