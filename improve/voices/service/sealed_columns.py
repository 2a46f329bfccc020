"""What of voices is under the sealing key: sealed anew when it changes, or kept until its time."""

from __future__ import annotations

from improve.shared.resealing import HashedColumn, SealedColumn
from improve.voices.models import HelpRequest, Voice, VoiceDraft, VoiceReply, VoiceSurveyCode
from improve.voices.queries.help_wanted import PURPOSE


def sealed_columns() -> list[SealedColumn]:
    """Return what can be sealed anew."""
    return [
        SealedColumn("voices", Voice.key, Voice.sealed, "voices"),
        SealedColumn("replies to answers", VoiceReply.key, VoiceReply.sealed, "voices"),
        SealedColumn("wishes for help", HelpRequest.key, HelpRequest.sealed, PURPOSE),
    ]


def hashed_columns() -> list[HashedColumn]:
    """Return what cannot, and until when it needs the key that it was made under.

    Answers so far are sealed under the token of their form, too, which is in a cookie alone.
    """
    return [
        HashedColumn(
            "words to come back with", "as long as their voices stand", Voice.receipt_hash
        ),
        HashedColumn(
            "marks that words came more than once", "until the originals go", Voice.words_hash
        ),
        HashedColumn(
            "printed codes", "until the last day of their surveys", VoiceSurveyCode.code_hash
        ),
        HashedColumn("links of wishes for help", "28 days", HelpRequest.token_hash),
        HashedColumn("forms that were begun", "two days", VoiceDraft.token_hash),
    ]
