"""What others may read: written, compared with what came, settled with a rule for each change."""

from __future__ import annotations

from collections.abc import Sequence

from improve.accounts.actor import Actor
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken
from improve.shared.marked_changes import Rule, marked_changes
from improve.voices.kinds import State, StepKind
from improve.voices.models import Voice
from improve.voices.queries.desk import original_of
from improve.voices.service.one import (
    check_opened,
    check_seen,
    keep_step,
    seal_again,
    voice_for_reading,
    written,
)
from improve.voices.service.withdraw import withdraw_public_answers


def write_words(actor: Actor, *, key: str, words: str, seen_version: int | None) -> None:
    """Keep words to compare with what came; nobody else reads them until they are settled."""
    voice = _open_to_words(actor, key)
    words = words.strip()
    if voice.shareable == words and voice.shared_at is None:
        return
    check_seen(voice, seen_version)
    if not words:
        raise RuleBroken([Reason("Write what others may read, or keep the theme only.", "words")])
    if len(words) > limits.length("voice_words"):
        most = limits.length("voice_words")
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    voice.shareable, voice.changes = words, []
    voice.shared_at, voice.shared_by_id = None, None
    withdraw_public_answers(voice)
    voice.version += 1
    db.session.flush()


def settle_words(
    actor: Actor, *, key: str, rules: Sequence[str], could_tell: str, seen_version: int | None
) -> None:
    """Let others read the words, with the rule of each change. Twice is harmless.

    ``could_tell``: whether their own worker could tell who this is. Only “no” shares the words;
    “yes” keeps the theme only; “maybe” is refused: blur more first.
    """
    voice = _open_to_words(actor, key)
    if voice.shared_at is not None or voice.is_theme_only:
        return
    check_seen(voice, seen_version)
    if could_tell == "yes":
        voice.shareable, voice.changes, voice.is_theme_only = "", [], True
        voice.hidden_at, voice.hidden_by_id = None, None
        voice.state = State.TO_ANSWER.value
        keep_step(actor, voice, StepKind.THEME_ONLY)
        return
    if could_tell != "no":
        words = "Blur more, then look again." if could_tell == "maybe" else "Choose one."
        raise RuleBroken([Reason(words, "could_tell")])
    if not voice.shareable:
        raise RuleBroken([Reason("Write what others may read first.", "words")])
    changes = marked_changes(original_of(written(voice)), voice.shareable).changes
    known = {rule.value for rule in Rule}
    if len(rules) != len(changes) or not set(rules) <= known:
        raise RuleBroken([Reason("Choose why, for each change.", "rules")])
    was_hidden = voice.hidden_at is not None
    # Only what stands there now is kept, never the words that were taken out.
    voice.changes = [
        {"n": one.n, "kind": one.kind.value, "to": one.now, "rule": rule}
        for one, rule in zip(changes, rules, strict=True)
    ]
    voice.shared_at, voice.shared_by_id = clock.now(), actor.person_id
    voice.hidden_at, voice.hidden_by_id = None, None
    voice.state = State.TO_ANSWER.value
    keep_step(actor, voice, StepKind.SHOWN_AGAIN if was_hidden else StepKind.WORDS_SETTLED)


def put_into_english(actor: Actor, *, key: str, english: str, seen_version: int | None) -> None:
    """Keep what somebody wrote in another language in English, sealed beside the original."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    kept = written(voice)
    if not kept:
        raise RuleBroken("What they wrote is deleted.")
    if kept.get("english") == english.strip():
        return
    check_seen(voice, seen_version)
    if not english.strip():
        raise RuleBroken([Reason("Write it in English.", "english")])
    if len(english) > limits.length("voice_words"):
        raise RuleBroken([Reason("Use 4,000 characters or fewer.", "english")])
    seal_again(voice, {**kept, "english": english.strip()})
    keep_step(actor, voice, StepKind.ENGLISH)


def _open_to_words(actor: Actor, key: str) -> Voice:
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.locked_at is not None:
        raise RuleBroken("This is locked: nobody else reads it.")
    if None in (voice.is_danger, voice.is_about_staff, voice.is_complaint):
        raise RuleBroken("Answer the questions before it first.")
    return voice
