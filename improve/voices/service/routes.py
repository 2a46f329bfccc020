"""The two other routes: an allegation about a member of staff, and a complaint."""

from __future__ import annotations

from improve.accounts.actor import Actor
from improve.shared.errors import RuleBroken
from improve.voices.kinds import State, StepKind
from improve.voices.service.danger import check_agreed, lock
from improve.voices.service.one import check_opened, check_seen, keep_step, voice_for_reading

NEEDS_WORDS = "Say who you told, when, and what was agreed."
#: What is kept where nobody was told: voices take no names, so mostly nobody can be reached.
NOBODY_TO_REACH = "No way to reach them: our answer says how to complain."
COMPLAINT_NEEDS_WORDS = "Say who you told, when, and whether an advocate was offered."
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


def say_not_complaint(actor: Actor, *, key: str, seen_version: int | None) -> None:
    """Keep that it is no complaint. Twice is harmless; what was kept as one stays one."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.is_complaint is False:
        return
    if voice.is_complaint:
        raise RuleBroken("It is kept as a complaint, and stays one.")
    _check_danger(voice.is_danger)
    check_seen(voice, seen_version)
    voice.is_complaint = False
    keep_step(actor, voice, StepKind.COMPLAINT_NO)


def keep_complaint(actor: Actor, *, key: str, agreed: str, seen_version: int | None) -> None:
    """Keep that it may be a complaint, with who was told of it. Twice is harmless.

    The answer must then say how to complain; what they said is used for learning all the same.
    ``agreed``: the complaints manager, when, and an advocate; or ``NOBODY_TO_REACH``.
    """
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.is_complaint:
        return
    _check_danger(voice.is_danger)
    check_agreed(agreed, COMPLAINT_NEEDS_WORDS)
    check_seen(voice, seen_version)
    voice.is_complaint = True
    keep_step(actor, voice, StepKind.COMPLAINT_YES, agreed)


def _check_danger(is_danger: bool | None) -> None:
    if is_danger is None:
        raise RuleBroken(DANGER_FIRST)
    if is_danger:
        raise RuleBroken("This is with safeguarding, and stays locked.")
