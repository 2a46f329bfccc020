"""What the acts of the review mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.LEARNING: {
            "leader_answered": "Answered what a month asked",
            "leader_answer_changed": "Changed an answer to a month",
            "leader_outcome_said": "Said what came of an answer",
            "month_letters_sent": "The letters of a month were sent",
            "cycle_read": "Ticked a finished cycle as read",
        },
        ActGroup.UNSHOWN: {
            "read_words_changed": "Changed words to a team",
            "review_saved": "Saved a view of finished work",
            "review_renamed": "Renamed a view of finished work",
            "review_removed": "Removed a view of finished work",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of the review."""
    return _ACTS
