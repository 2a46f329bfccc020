"""Answers so far, by the token of the form, and what is asked as it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from improve.shared import clock
from improve.shared.db import db
from improve.shared.sealing import CannotOpen, Sealer
from improve.voices.models import Voice, VoiceDraft
from improve.voices.sealed import sealer

#: What drafts are sealed and named under.
PURPOSE: Final = "voices form"
#: How long answers that were not sent are kept, and how long the code to come back is shown.
KEPT: Final = timedelta(hours=24)
SHOWN: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Draft:
    """Answers so far of one form. ``receipt``: the code to come back, once it was sent.

    ``skipped``: what was passed over, with what stood in the box; it is shown again, never sent.
    """

    code: str
    language: str
    answers: Mapping[str, str]
    began_at: datetime
    survey_id: int | None = None
    sent_at: datetime | None = None
    receipt: str = ""
    #: Of the printed code by which somebody came; gone from here once it was sent.
    code_hash: str = ""
    skipped: Mapping[str, str] = field(default_factory=dict)
    #: How they were asked, once it was sent; before that the answers say it.
    wording: str = ""

    @property
    def is_sent(self) -> bool:
        """Whether it was sent: nothing of the answers is left in it."""
        return self.sent_at is not None

    def as_json(self) -> str:
        """Return the text that is sealed."""
        return json.dumps(
            {
                "code": self.code,
                "language": self.language,
                "answers": dict(self.answers),
                "began_at": self.began_at.isoformat(),
                "survey_id": self.survey_id,
                "sent_at": self.sent_at.isoformat() if self.sent_at else None,
                "receipt": self.receipt,
                "code_hash": self.code_hash,
                "skipped": dict(self.skipped),
                "wording": self.wording,
            }
        )


def draft_of(token: str, code: str) -> Draft | None:
    """Return the answers so far to the form at ``code``, None where there are none any more."""
    return opened(row_of(token), token, code)


def row_of(token: str, *, for_change: bool = False) -> VoiceDraft | None:
    """Return the row of a form's token; for a change it is locked."""
    if not token:
        return None
    found = (
        select(VoiceDraft)
        .where(VoiceDraft.token_hash.in_(sealer(PURPOSE).hashes(token)))
        .order_by(VoiceDraft.token_hash)
    )
    return db.session.scalars(found.with_for_update() if for_change else found).first()


def seal_of(token: str) -> Sealer:
    """Return what seals the answers so far: no one without the form's own token can open them.

    The token is in the cookie alone. Where that went, the row is of no use to anybody.
    """
    return sealer(f"{PURPOSE} {token}")


def opened(row: VoiceDraft | None, token: str, code: str) -> Draft | None:
    """Return what a row holds. None for another form’s, one a day old, or under a lost key."""
    if row is None:
        return None
    try:
        held: dict[str, Any] = json.loads(seal_of(token).open(row.sealed, about=row.token_hash))
    except CannotOpen:
        return None
    sent_at = datetime.fromisoformat(held["sent_at"]) if held["sent_at"] else None
    began_at = datetime.fromisoformat(held["began_at"])
    ends = sent_at + SHOWN if sent_at else began_at + KEPT
    if held["code"] != code or clock.now() >= ends:
        return None
    return Draft(
        code=held["code"],
        language=held["language"],
        answers=held["answers"],
        began_at=began_at,
        survey_id=held["survey_id"],
        sent_at=sent_at,
        receipt=held["receipt"],
        code_hash=held["code_hash"],
        skipped=held["skipped"],
        wording=held["wording"],
    )


def drafts_begun_on(organisation_id: int, day: date) -> int:
    """Return how many forms of a council were begun on a day, and were not deleted since."""
    return _count(
        select(func.count())
        .select_from(VoiceDraft)
        .where(VoiceDraft.began_on == day, VoiceDraft.organisation_id == organisation_id)
    )


def voices_that_came_on(organisation_id: int, day: date) -> int:
    """Return how many voices came to a council on a day."""
    return _count(
        select(func.count())
        .select_from(Voice)
        .where(Voice.organisation_id == organisation_id, Voice.came_on == day)
    )


def _count(counted: Any) -> int:
    return int(db.session.execute(counted).scalar_one())
