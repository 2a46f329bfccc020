"""Answers to whoever reported, sealed apart from the report: they are read when it is gone."""

from __future__ import annotations

import secrets
from datetime import date
from typing import Final

from improve.incidents.answer_words import sealed_answer, words_in
from improve.incidents.models import Incident, IncidentAnswer
from improve.shared.db import db

__all__ = ["END", "NOW", "add_answer", "sealed_answer", "words_in"]

#: As soon as there is something to say; and when the idea has ended.
NOW: Final = "now"
END: Final = "end"


def add_answer(
    incident: Incident, *, words: str, moment: str = NOW, given_week: date | None = None
) -> IncidentAnswer:
    """Keep an answer to the reporter of ``incident``; without a week it is a draft.

    The caller has checked who may, and the words.
    """
    key = secrets.token_urlsafe(16)
    row = IncidentAnswer(
        key=key,
        organisation_id=incident.organisation_id,
        incident_key=incident.key,
        moment=moment,
        sealed=sealed_answer(words, key=key),
        given_week=given_week,
    )
    db.session.add(row)
    db.session.flush()
    return row
