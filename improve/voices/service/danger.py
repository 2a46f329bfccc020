"""Could anyone be in danger? Always the first question, and open to change at any time."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.shared import clock, limits
from improve.shared.errors import Reason, RuleBroken
from improve.voices.kinds import State, StepKind
from improve.voices.models import Voice
from improve.voices.service.one import check_opened, check_seen, keep_step, voice_for_reading
from improve.voices.service.withdraw import delete_public_words, withdraw_public_answers

NEEDS_WORDS = "Say who you rang, when, and what was agreed."


def say_no_danger(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Keep that nobody seems to be in danger. Twice is harmless; a locked voice stays locked."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.is_danger is False:
        return
    if voice.locked_at is not None:
        raise RuleBroken("This is with safeguarding, and stays locked.")
    check_seen(voice, seen_version)
    voice.is_danger = False
    keep_step(actor, voice, StepKind.DANGER_NO)


def lock_for_danger(actor: Actor, *, key: str, agreed: str) -> None:
    """Lock a voice away with what was agreed with duty. Twice is harmless.

    It needs no version and no opening by the same reader: a danger never waits for either.
    """
    voice = voice_for_reading(actor, key)
    if voice.state == State.SAFEGUARDING.value:
        return
    check_agreed(agreed, NEEDS_WORDS)
    voice.is_danger = True
    lock(voice, State.SAFEGUARDING)
    keep_step(actor, voice, StepKind.DANGER_YES, agreed)


def lock(voice: Voice, state: State) -> None:
    """Lock a voice away: nobody reads it but readers, and it counts nowhere.

    What answers said of it for everybody goes, and answers that were never given.
    """
    voice.state = state.value
    voice.locked_at = clock.now()
    voice.shareable, voice.changes, voice.shared_at, voice.shared_by_id = "", [], None, None
    voice.given_to_team_id = None
    withdraw_public_answers(voice)
    delete_public_words(voice)


def check_agreed(words: str, needs: str) -> None:
    """Refuse nothing said, or more than is kept. The field is “agreed”."""
    most = limits.length("voice_step")
    if not words.strip():
        raise RuleBroken([Reason(needs, "agreed")])
    if len(words) > most:
        raise RuleBroken([Reason(f"Use {most} characters or fewer.", "agreed")])
