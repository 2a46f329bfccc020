"""What was written goes after the council's days; what others may read stays."""

from __future__ import annotations

from improve.shared import audit
from improve.shared.db import db, forget_deleted_words
from improve.voices.models import Voice, VoiceReply
from improve.voices.queries.desk import drafts_to_delete, replies_to_empty, voices_to_empty


def delete_what_was_written() -> int:
    """Delete sealed texts past their days, and drafts older than a day. Returns how many."""
    voices, replies, drafts = voices_to_empty(), replies_to_empty(), drafts_to_delete()
    written: list[Voice | VoiceReply] = [*voices, *replies]
    counts: dict[int, int] = {}
    for row in written:
        row.sealed = None
        counts[row.organisation_id] = counts.get(row.organisation_id, 0) + 1
    for organisation_id, count in sorted(counts.items()):
        audit.record(
            None, "voices_emptied", "voice", None, organisation_id=organisation_id, count=count
        )
    for draft in drafts:
        db.session.delete(draft)
    found = len(voices) + len(replies) + len(drafts)
    if found:
        db.session.flush()
        forget_deleted_words()
    return found
