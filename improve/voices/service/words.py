"""What others may read: written, compared with what came, settled with a rule for each change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from improve.accounts.actor import Actor
from improve.shared import clock, limits
from improve.shared.db import db
from improve.shared.errors import Reason, RuleBroken
from improve.shared.marked_changes import Change, Rule, marked_changes
from improve.voices.kinds import State, StepKind
from improve.voices.models import Voice
from improve.voices.queries.desk import asks_second, original_of, steps_of
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
    """Keep words to compare with what came; nobody else reads them until they are settled.

    Where others read some already, these are taken back, and the voice waits for a reader again.
    """
    voice = _open_to_words(actor, key)
    words = words.strip()
    if voice.is_theme_only:
        raise RuleBroken([Reason("Only the theme is kept: nobody reads words of it.", "words")])
    if words and voice.shareable == words:
        return
    check_seen(voice, seen_version)
    if not words:
        raise RuleBroken([Reason("Write what others may read, or keep the theme only.", "words")])
    if len(words) > limits.length("voice_words"):
        most = limits.length("voice_words")
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "words")])
    was_shared = voice.shared_at is not None
    voice.shareable, voice.changes = words, []
    voice.shared_at, voice.shared_by_id = None, None
    withdraw_public_answers(voice)
    if was_shared:
        voice.state = State.READING.value
        keep_step(actor, voice, StepKind.WORDS_REOPENED)
        return
    voice.version += 1
    db.session.flush()


def settle_words(
    actor: Actor, *, key: str, rules: Sequence[str], could_tell: str, seen_version: int | None
) -> None:
    """Let others read the words, with the rule of each change. Twice is harmless.

    ``could_tell``: whether their own worker could tell who this is. Only “no” shares the words;
    “yes” keeps the theme only; “maybe” is refused: blur more first. Where a reader asked another,
    only another says no.
    """
    voice = _open_to_words(actor, key)
    if voice.is_theme_only if could_tell == "yes" else voice.shared_at is not None:
        return
    # Another reader said otherwise meanwhile: neither answer passes for the other.
    check_seen(voice, seen_version)
    if could_tell == "yes":
        voice.shareable, voice.changes, voice.is_theme_only = "", [], True
        voice.hidden_at, voice.hidden_by_id = None, None
        voice.shared_at, voice.shared_by_id, voice.given_to_team_id = None, None, None
        withdraw_public_answers(voice)
        voice.state = State.TO_ANSWER.value
        keep_step(actor, voice, StepKind.THEME_ONLY)
        return
    if could_tell != "no":
        words = "Blur more, then look again." if could_tell == "maybe" else "Choose one."
        raise RuleBroken([Reason(words, "could_tell")])
    if not voice.shareable:
        raise RuleBroken([Reason("Write what others may read first.", "words")])
    changes = _changes_of(voice)
    if not _is_whole(rules, changes):
        raise RuleBroken([Reason("Choose why, for each change.", "rules")])
    asked = asks_second(steps_of(actor, key))
    if asked is not None and asked.person_id == actor.person_id:
        raise RuleBroken([Reason("You asked another reader: they say.", "could_tell")])
    was_hidden = voice.hidden_at is not None
    if voice.sealed is not None:
        voice.changes = _with_rules(changes, rules)
    voice.shared_at, voice.shared_by_id = clock.now(), actor.person_id
    voice.hidden_at, voice.hidden_by_id = None, None
    voice.state = State.TO_ANSWER.value
    keep_step(actor, voice, StepKind.SHOWN_AGAIN if was_hidden else StepKind.WORDS_SETTLED)


def ask_second_reader(
    actor: Actor, *, key: str, rules: Sequence[str], seen_version: int | None
) -> None:
    """Ask another reader whether their own worker could tell who this is. Twice is harmless.

    The voice goes to the desk with the words and the rules chosen so far; who asks does not say no.
    """
    asked = asks_second(steps_of(actor, key))
    if asked is not None and voice_for_reading(actor, key).reader_id is None:
        return
    voice = _open_to_words(actor, key)
    check_seen(voice, seen_version)
    if not voice.shareable:
        raise RuleBroken([Reason("Write what others may read first.", "words")])
    if voice.shared_at is not None:
        raise RuleBroken("It is settled already.")
    changes = _changes_of(voice)
    if voice.sealed is not None:
        voice.changes = _with_rules(changes, rules) if _is_whole(rules, changes) else []
    voice.reader_id = None
    keep_step(actor, voice, StepKind.SECOND_READER)


def _changes_of(voice: Voice) -> Sequence[Change]:
    """Return what was changed; nothing where the original is gone, and what is kept of it stays."""
    if voice.sealed is None:
        return ()
    return marked_changes(original_of(written(voice)), voice.shareable).changes


def _is_whole(rules: Sequence[str], changes: Sequence[Change]) -> bool:
    return len(rules) == len(changes) and set(rules) <= {rule.value for rule in Rule}


def _with_rules(changes: Sequence[Change], rules: Sequence[str]) -> list[dict[str, Any]]:
    """Return what is kept of changes: what stands there now, never the words taken out."""
    return [
        {"n": one.n, "kind": one.kind.value, "to": one.now, "rule": rule}
        for one, rule in zip(changes, rules, strict=True)
    ]


def put_into_english(actor: Actor, *, key: str, english: str, seen_version: int | None) -> None:
    """Keep what somebody wrote in another language in English, sealed beside the original."""
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    kept = written(voice)
    if not kept:
        is_deleted = voice.sealed is None
        raise RuleBroken(
            "What they wrote is deleted." if is_deleted else "There are no words here to read."
        )
    english, most = english.strip(), limits.length("voice_words")
    if kept.get("english") == english:
        return
    check_seen(voice, seen_version)
    if not english:
        raise RuleBroken([Reason("Write it in English.", "english")])
    if len(english) > most:
        raise RuleBroken([Reason(f"Use {most:,} characters or fewer.", "english")])
    seal_again(voice, {**kept, "english": english})
    keep_step(actor, voice, StepKind.ENGLISH)


def _open_to_words(actor: Actor, key: str) -> Voice:
    voice = voice_for_reading(actor, key)
    check_opened(actor, voice)
    if voice.locked_at is not None:
        raise RuleBroken("This is locked: nobody else reads it.")
    if None in (voice.is_danger, voice.is_about_staff, voice.is_complaint):
        raise RuleBroken("Answer the questions before it first.")
    return voice
