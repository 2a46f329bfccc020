"""Drafting an answer: by managers and coaches, from settled words alone. Only a reader gives it."""

from __future__ import annotations

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden, RuleBroken, Stale
from improve.voices.models import VoiceAnswer
from improve.voices.queries.answers import my_draft, voice_to_draft
from improve.voices.service.answer import AnswerWords, answer_in, check_texts, write

WHO_DRAFTS = "Managers, coaches and readers draft answers."


def draft_answer(actor: Actor, *, key: str, answer: AnswerWords, seen_version: int | None) -> int:
    """Keep the actor's own draft for a voice, one each, and return its id. Twice is harmless.

    ``seen_version``: of the draft they saw, 0 for none. ``NotFound`` where nobody drafts: a voice
    that is locked, hidden, set aside, or of which only the theme is kept. ``Stale`` where a reader
    gave it out meanwhile: what is given is no draft any more.
    """
    if not roles.may(actor, Permission.DRAFT_ANSWER):
        raise Forbidden(WHO_DRAFTS)
    voice_to_draft(actor, key)
    row = my_draft(actor, key, for_change=True)
    if row is not None and answer_in(row) == answer:
        return row.id
    if (row.version if row is not None else 0) != seen_version:
        raise Stale()
    if reasons := check_texts(answer):
        raise RuleBroken(reasons)
    if row is None:
        row = VoiceAnswer(
            organisation_id=actor.organisation_id,
            voice_key=key,
            written_by_id=actor.person_id,
            created_at=clock.now(),
        )
        db.session.add(row)
    else:
        row.version += 1
    write(row, answer)
    db.session.flush()
    audit.record(actor, "voice_answer_drafted", "voice", key)
    return row.id
