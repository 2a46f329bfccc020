"""What the acts of confidential reports mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.REPORTS: {
            "reports_opened": "Opened the form for reports",
            "reports_closed": "Closed the form for reports",
            "reports_signed_off": "Noted who signed reports off",
            "reports_choices_changed": "Changed how reports are set up",
            "reports_words_changed": "Changed words of the form for reports",
            "reports_promise_signed": "Signed the promise to those who report",
            "reports_reviewer_trained": "Entered the training of a reviewer",
            "reports_cover_added": "Added days to the reviewers’ calendar",
            "reports_cover_removed": "Took days out of the reviewers’ calendar",
            "reports_group_added": "Added a group of teams",
            "reports_group_changed": "Changed a group of teams",
            "reports_group_closed": "Closed a group of teams",
            "reports_group_opened": "Opened a group of teams again",
            "report_note_published": "Published what a month taught",
            "report_note_changed": "Changed what a month taught",
            "report_words_hidden": "Words learned from reports were hidden",
            "report_words_shown": "Showed words learned from reports again",
            "report_words_removed": "Took words learned from reports away",
            "report_disclosure_entered": "Entered that an identity came out",
        },
    },
    unnamed=frozenset({"report_words_hidden"}),
)


def act_words() -> Acts:
    """Return the acts of confidential reports."""
    return _ACTS
