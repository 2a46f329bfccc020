"""What was written goes after the council's days; what others may read stays."""

from __future__ import annotations

from sqlalchemy import func, select, update

from improve.shared import audit
from improve.shared.db import db, forget_deleted_words
from improve.voices.models import (
    HelpRequest,
    Voice,
    VoiceAnswer,
    VoiceDraft,
    VoiceReply,
    VoiceStep,
    VoiceSurveyCode,
)
from improve.voices.queries.retention import drafts_to_delete, is_past_its_days

#: What is sent, deleted or taken back lies in these; the night writes them anew.
_TABLES = (Voice, VoiceReply, VoiceDraft, VoiceSurveyCode, HelpRequest, VoiceStep, VoiceAnswer)


def tables_of_voices() -> list[str]:
    """Return the tables whose order of coming and deleted words nobody may read from the files."""
    return [table.__tablename__ for table in _TABLES]


def delete_what_was_written() -> int:
    """Delete sealed texts past their days, and drafts older than a day. Returns how many.

    One statement a table, whatever there is: a flood of ten thousand goes as one voice does.
    """
    counts: dict[int, int] = {}
    for table in (Voice, VoiceReply):
        is_past = is_past_its_days(table)
        gone = {"sealed": None, "words_hash": ""} if table is Voice else {"sealed": None}
        for organisation_id, count in db.session.execute(
            select(table.organisation_id, func.count())
            .where(*is_past)
            .group_by(table.organisation_id)
        ).all():
            counts[organisation_id] = counts.get(organisation_id, 0) + count
        db.session.execute(
            update(table)
            .where(*is_past)
            .values(gone)
            .execution_options(synchronize_session="fetch")
        )
    for organisation_id, count in sorted(counts.items()):
        audit.record(
            None, "voices_emptied", "voice", None, organisation_id=organisation_id, count=count
        )
    drafts = drafts_to_delete()
    for draft in drafts:
        db.session.delete(draft)
    found = sum(counts.values()) + len(drafts)
    if found:
        db.session.flush()
        forget_deleted_words()
    return found
