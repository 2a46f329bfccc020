"""To the other reader, or aside: a voice leaves one's own hands."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import cast, insert, literal, select, update

from improve.accounts.actor import Actor
from improve.shared import audit, clock
from improve.shared.db import UTCDateTime, db
from improve.shared.errors import RuleBroken
from improve.voices.kinds import State, StepKind
from improve.voices.models import Voice, VoiceStep
from improve.voices.queries.same_words import unopened_with_same_words
from improve.voices.service.one import check_opened, is_settled, keep_step, voice_for_reading


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
        _check_may_go(actor, voice)
        voice.state = State.SET_ASIDE.value
        keep_step(actor, voice, StepKind.SET_ASIDE)
        count += 1
    return count


def set_same_words_aside(actor: Actor, *, key: str) -> int:
    """Set aside one voice with all others of the very same words, and return how many went.

    For a flood: one of them was opened and said to hold no danger, so the same words hold none.
    Only what nobody opened goes with it. Each keeps its step; the audit has one row with a count.
    """
    voice = voice_for_reading(actor, key)
    _check_may_go(actor, voice)
    same = unopened_with_same_words(voice)
    if same is None:
        return set_aside(actor, keys=[key])
    step = select(
        Voice.organisation_id,
        Voice.key,
        literal(StepKind.SET_ASIDE.value),
        literal(""),
        literal(actor.person_id),
        cast(literal(clock.now(), UTCDateTime()), UTCDateTime()),
    ).where(*same)
    columns = ["organisation_id", "voice_key", "kind", "words", "person_id", "at"]
    db.session.execute(insert(VoiceStep).from_select(columns, step))
    found = db.session.execute(
        update(Voice)
        .where(*same)
        .values(state=State.SET_ASIDE.value, version=Voice.version + 1)
        .execution_options(synchronize_session=False)
    )
    others = int(found.rowcount)  # type: ignore[attr-defined]
    audit.record(actor, "voices_set_aside", "voice", voice.key, count=others)
    return others + set_aside(actor, keys=[key])


def take_back(actor: Actor, *, key: str) -> None:
    """Put a voice that was set aside on the desk again. Twice is harmless."""
    voice = voice_for_reading(actor, key)
    if voice.state != State.SET_ASIDE.value:
        return
    # Nothing is settled twice: what was, waits for its answer.
    waits = State.TO_ANSWER if is_settled(voice) else State.READING
    voice.state = waits.value
    voice.reader_id = actor.person_id
    voice.opened_on = voice.opened_on or clock.today()
    keep_step(actor, voice, StepKind.OPENED)


def _check_may_go(actor: Actor, voice: Voice) -> None:
    check_opened(actor, voice)
    if voice.is_danger is not False or voice.locked_at is not None:
        raise RuleBroken("First say that nobody could be in danger.")
    if is_settled(voice):
        raise RuleBroken("This is settled, and is not set aside any more.")
