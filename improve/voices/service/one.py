"""One voice, for a reader to do something with: the only way to load it, and to keep its steps."""

from __future__ import annotations

import json

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.voices.kinds import StepKind
from improve.voices.models import Voice, VoiceStep
from improve.voices.queries.desk import voice_for_change
from improve.voices.sealed import sealer, words_in

ONLY_READERS = "Only readers of voices can do this."


def voice_for_reading(actor: Actor, key: str) -> Voice:
    """Return a voice of the reader's council, held until the transaction ends.

    Raises ``Forbidden`` for anybody but a reader, ``NotFound`` for a voice of another council.
    """
    if not roles.may(actor, Permission.READ_VOICES):
        raise Forbidden(ONLY_READERS)
    return voice_for_change(actor, key)


def check_seen(voice: Voice, seen_version: int | None) -> None:
    """Refuse what was decided on an older state of the voice: raises ``Stale``."""
    if seen_version != voice.version:
        raise Stale(version=voice.version, shareable=voice.shareable)


def keep_step(actor: Actor, voice: Voice, kind: StepKind, words: str = "") -> None:
    """Keep that somebody did a step, for all readers and the audit; the words are the reader's."""
    db.session.add(
        VoiceStep(
            organisation_id=voice.organisation_id,
            voice_key=voice.key,
            kind=kind.value,
            words=words.strip(),
            person_id=actor.person_id,
            at=clock.now(),
        )
    )
    voice.version += 1
    db.session.flush()
    audit.record(actor, f"voice_{kind.value}", "voice", voice.key)


def written(voice: Voice) -> dict[str, str]:
    """Return what they wrote: happened, better, english; empty once deleted, or without its key."""
    return words_in(voice.sealed, about=voice.key) or {}


def seal_again(voice: Voice, words: dict[str, str]) -> None:
    """Seal the words of a voice anew, such as with their English beside them."""
    voice.sealed = sealer().seal(json.dumps(words), about=voice.key)


def is_settled(voice: Voice) -> bool:
    """Return whether a reader settled what others may read, were it the theme only."""
    return voice.shared_at is not None or voice.is_theme_only


def check_opened(actor: Actor, voice: Voice) -> None:
    """Refuse whoever has not opened the voice: opening is kept before anything else."""
    if voice.reader_id != actor.person_id:
        raise RuleBroken("Open this first: opening it is kept for all readers.")
