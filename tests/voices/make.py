"""A voice from nothing, straight into its table: a test states only what matters to it.

The public form makes them one at a time and keeps the day alone; tests of reading, answering and
counting need many, of any day and in any state.
"""

from __future__ import annotations

import json
import secrets
from typing import Any

from flask import current_app
from sqlalchemy import select

from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import Sealer
from improve.voices.kinds import Speaker, Wording
from improve.voices.models import Voice, VoiceAnswer
from improve.voices.sealed import words_hash


def voice_of(key: str) -> Voice:
    """Return the row of a voice."""
    return db.session.scalars(select(Voice).where(Voice.key == key)).one()


def make_voice(
    organisation_id: int,
    *,
    happened: str = "I waited a long time and nobody told me why.",
    better: str = "Tell me when you are coming.",
    **facts: Any,
) -> str:
    """Return the key of a new voice; ``facts`` are columns of ``Voice``. The caller commits."""
    key = str(facts.pop("key", secrets.token_urlsafe(16)))
    wording = facts.setdefault("wording", Wording.OLDER.value)
    facts.setdefault("scale", 3 if wording == Wording.YOUNGER.value else 5)
    facts.setdefault("rating", 2)
    facts.setdefault("speaker_kind", Speaker.YOUNG_PERSON.value)
    facts.setdefault("way_in", "web")
    facts.setdefault("came_on", clock.today())
    facts.setdefault("receipt_hash", secrets.token_hex(32))
    facts.setdefault("words_hash", words_hash(happened, better))
    if "sealed" not in facts:
        words = json.dumps({"happened": happened, "better": better})
        facts["sealed"] = Sealer(current_app.config["SEALING_KEYS"], "voices").seal(
            words, about=key
        )
    db.session.add(Voice(key=key, organisation_id=organisation_id, **facts))
    db.session.flush()
    return key


def make_shared_voice(organisation_id: int, *, by_id: int, words: str, **facts: Any) -> str:
    """Return the key of a voice whose words were settled, for all staff to read."""
    return make_voice(
        organisation_id,
        **{
            "state": "to_answer",
            "opened_on": clock.today(),
            "is_danger": False,
            "is_about_staff": False,
            "is_complaint": False,
            "shareable": words,
            "may_show": "yes",
            "shared_at": clock.now(),
            "shared_by_id": by_id,
            **facts,
        },
    )


def make_answer(voice_key: str, *, by_id: int, **facts: Any) -> int:
    """Return the id of an answer that was given today; ``given_on=None`` makes it a draft."""
    voice = db.session.scalars(select(Voice).where(Voice.key == voice_key)).one()
    facts.setdefault("words", "Thank you. We now write down when we come.")
    facts.setdefault("given_on", clock.today())
    answer = VoiceAnswer(
        organisation_id=voice.organisation_id,
        voice_key=voice_key,
        written_by_id=by_id,
        given_by_id=by_id if facts["given_on"] else None,
        created_at=clock.now(),
        **facts,
    )
    db.session.add(answer)
    db.session.flush()
    return answer.id
