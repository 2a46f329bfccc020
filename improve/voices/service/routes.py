"""The two other routes: an allegation about a member of staff, and a complaint."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.shared.errors import RuleBroken
from improve.voices.kinds import State, StepKind
from improve.voices.service.danger import check_agreed, lock
from improve.voices.service.one import check_opened, check_seen, keep_step, voice_for_reading

NEEDS_WORDS = "Say who you told, when, and what was agreed."
DANGER_FIRST = "First say whether anyone could be in danger."


def say_not_about_staff(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Keep that it is no allegation about a member of staff. Twice is harmless."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.is_about_staff is False:
        return
    _check_danger(voice.is_danger)
    check_seen(voice, seen_version)
    voice.is_about_staff = False
    keep_step(actor, voice, StepKind.STAFF_NO)


def lock_for_allegation(actor: Actor, *, key: str, agreed: str) -> None:
    """Lock a voice away for the designated officer, with what was agreed. Twice is harmless."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.state == State.ALLEGATION.value:
        return
    _check_danger(voice.is_danger)
    check_agreed(agreed, NEEDS_WORDS)
    voice.is_about_staff = True
    lock(voice, State.ALLEGATION)
    keep_step(actor, voice, StepKind.STAFF_YES, agreed)


def say_complaint(actor: Actor, *, key: str, is_complaint: bool, seen_version: int | None) -> None:
    """Keep whether it may be a complaint; it is used for learning either way."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.is_complaint is is_complaint:
        return
    _check_danger(voice.is_danger)
    check_seen(voice, seen_version)
    voice.is_complaint = is_complaint
    keep_step(actor, voice, StepKind.COMPLAINT_YES if is_complaint else StepKind.COMPLAINT_NO)


def _check_danger(is_danger: bool | None) -> None:
    if is_danger is None:
        raise RuleBroken(DANGER_FIRST)
    if is_danger:
        raise RuleBroken("This is with safeguarding, and stays locked.")
