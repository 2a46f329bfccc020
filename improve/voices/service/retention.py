"""What was written goes after the council's days; what others may read stays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from sqlalchemy import ColumnElement, Delete, Update, delete, func, select, update

from improve.shared import audit
from improve.shared.clearing import clears
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
from improve.voices.queries.retention import (
    are_words_past_their_days,
    drafts_to_delete,
    is_draft_past_its_days,
    is_note_past_its_days,
    is_past_its_days,
)

#: What is sent, deleted or taken back lies in these; the night writes them anew.
_TABLES = (Voice, VoiceReply, VoiceDraft, VoiceSurveyCode, HelpRequest, VoiceStep, VoiceAnswer)


def tables_of_voices() -> list[str]:
    """Return the tables whose order of coming and deleted words nobody may read from the files."""
    return [table.__tablename__ for table in _TABLES]


def clear_voices() -> None:
    """Offer each class of what has had its time."""
    for words, delete_them in _CLASSES.items():
        clears(words, delete_them)


def delete_what_was_written() -> int:
    """Delete all of voices that has had its time; return how many."""
    return sum(delete_them() for delete_them in _CLASSES.values())


def delete_words_not_settled() -> int:
    """Delete words that a reader began, or somebody hid, and nobody settled; they held as much."""
    emptied = update(Voice).values(shareable="", changes=[])
    return _took(Voice, are_words_past_their_days(), "voice_words_emptied", emptied)


def delete_originals() -> int:
    """Delete what was written to the form, and that it was the same as others wrote.

    One statement, whatever there is: a flood of ten thousand goes as one voice does.
    """
    past, gone = is_past_its_days(Voice), {"sealed": None, "words_hash": ""}
    return _took(Voice, past, "voices_emptied", update(Voice).values(gone))


def delete_words_of_replies() -> int:
    """Delete what was written of an answer; what was chosen stays."""
    past = is_past_its_days(VoiceReply)
    emptied = update(VoiceReply).values(sealed=None)
    return _took(VoiceReply, past, "voice_replies_emptied", emptied)


def delete_drafts_of_answers() -> int:
    """Delete answers that somebody drafted and nobody gave."""
    past = is_draft_past_its_days()
    return _took(VoiceAnswer, past, "voice_answer_drafts_deleted", delete(VoiceAnswer))


def delete_notes() -> int:
    """Delete what readers noted of whom they told, locked or not; that they did it stays.

    What was agreed is in the council's own record by then, which is kept as the law says.
    """
    past = is_note_past_its_days()
    return _took(VoiceStep, past, "voice_notes_deleted", update(VoiceStep).values(words=""))


def delete_forms_not_sent() -> int:
    """Delete answers so far that are older than a day."""
    drafts = drafts_to_delete()
    for draft in drafts:
        db.session.delete(draft)
    if drafts:
        db.session.flush()
        forget_deleted_words()
    return len(drafts)


def _took(
    table: type[Voice] | type[VoiceReply] | type[VoiceAnswer] | type[VoiceStep],
    past: tuple[ColumnElement[bool], ...],
    action: str,
    statement: Update | Delete,
) -> int:
    """Do it to what is past its days, note for each council how many, and return how many."""
    counted = select(table.organisation_id, func.count()).where(*past)
    counts = db.session.execute(counted.group_by(table.organisation_id)).all()
    if not counts:
        return 0
    db.session.execute(statement.where(*past).execution_options(synchronize_session="fetch"))
    for organisation_id, count in sorted((one, many) for one, many in counts):
        audit.record(None, action, "voice", None, organisation_id=organisation_id, count=count)
    forget_deleted_words()
    return sum(count for _, count in counts)


#: What goes when, in words.
_CLASSES: Final[dict[str, Callable[[], int]]] = {
    # Before the originals: the days of begun words are theirs.
    "words of voices that nobody settled in their days": delete_words_not_settled,
    "voices whose original has had its days": delete_originals,
    "replies to answers whose words have had their days": delete_words_of_replies,
    "drafts of answers to voices that nobody gave": delete_drafts_of_answers,
    "readers’ notes of whom they told": delete_notes,
    "forms that were begun and not sent": delete_forms_not_sent,
}
