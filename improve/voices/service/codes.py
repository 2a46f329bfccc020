"""Making an address of the form, and ending it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from improve.accounts.actor import Actor
from improve.accounts.queries import teams
from improve.shared import audit, clock, limits, receipt_words
from improve.shared.db import db
from improve.shared.errors import NotFound, Reason, RuleBroken
from improve.voices.models import VoiceCode
from improve.voices.queries.codes import is_taken

#: Words that are pages of their own under the same address.
KEPT_WORDS: Final = frozenset({"once"})
_WORD: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TRIES: Final = 20


def propose_code() -> str:
    """Return a free word that is easily said and typed, such as “otter-lamp”."""
    for _ in range(_TRIES):
        word = "-".join(receipt_words.new().split()[:2])
        if not is_taken(word):
            return word
    return "-".join(receipt_words.new().split())


def make_code(actor: Actor, *, label: str, code: str = "", team_id: int | None = None) -> int:
    """Make an address for a team or a kind of visit; return its id.

    Without a word one is proposed. The same address sent twice is made once. A word that leads
    somewhere already, here or in another council, is refused. Raises ``NotFound`` for a team that
    is not of this council.
    """
    if team_id is not None and team_id not in {team.id for team in teams(actor)}:
        raise NotFound
    label, word = label.strip(), re.sub(r"[\s_]+", "-", code.strip().lower())
    same = db.session.scalars(
        select(VoiceCode).where(
            VoiceCode.organisation_id == actor.organisation_id, VoiceCode.code == word
        )
    ).first()
    if same is not None and (same.label, same.team_id, same.ends_on) == (label, team_id, None):
        return same.id
    word = word or propose_code()
    if faults := _faults(label, word):
        raise RuleBroken(faults)
    row = VoiceCode(
        organisation_id=actor.organisation_id,
        code=word,
        label=label,
        team_id=team_id,
        made_by_id=actor.person_id,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError:
        raise RuleBroken([_taken()]) from None
    audit.record(actor, "voice_code_made", "voice_code", row.id, team_id=team_id)
    return row.id


def end_code(actor: Actor, *, code_id: int) -> None:
    """End an address today: from now on it leads to the general form. Twice is harmless."""
    row = db.session.scalars(
        select(VoiceCode)
        .where(VoiceCode.organisation_id == actor.organisation_id, VoiceCode.id == code_id)
        .with_for_update()
    ).first()
    if row is None:
        raise NotFound
    today = clock.today()
    if row.ends_on is not None and row.ends_on < today:
        return
    row.ends_on = today - timedelta(days=1)
    db.session.flush()
    audit.record(actor, "voice_code_ended", "voice_code", row.id)


def _faults(label: str, word: str) -> list[Reason]:
    if not label:
        return [Reason("Write what it is for, such as “After a first visit”.", "label")]
    if len(label) > limits.length("voice_label"):
        return [Reason("Use fewer words for what it is for.", "label")]
    if not _WORD.fullmatch(word) or len(word) > limits.length("voice_code"):
        return [Reason("Use letters from a to z, digits and hyphens only.", "code")]
    return [_taken()] if word in KEPT_WORDS or is_taken(word) else []


def _taken() -> Reason:
    return Reason("This word is taken. Choose another, or leave it empty.", "code")
