"""What the acts of voices mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.VOICES: {
            "voice_opened": "Opened what somebody told",
            "voice_danger_no": "Said that nobody is in danger",
            "voice_danger_yes": "Said that somebody may be in danger",
            "voice_staff_no": "Said that it is not about staff",
            "voice_staff_yes": "Said that it is about a member of staff",
            "voice_complaint_no": "Said that it is no complaint",
            "voice_complaint_yes": "Said that it is a complaint",
            "voice_english": "Put a voice into English",
            "voice_words_settled": "Settled which words others may read",
            "voice_words_reopened": "Changed words that others read",
            "voice_second_reader": "Asked another reader",
            "voice_theme_chosen": "Chose a theme",
            "voice_theme_only": "Released the theme of a voice alone",
            "voice_thanks_passed_on": "Passed thanks on",
            "voice_idea_started": "Started an idea from a voice",
            "voice_idea_linked": "Linked a voice to an idea",
            "voice_given_to_team": "Gave a voice to a team",
            "voice_passed_on": "Passed a voice on",
            "voice_hidden": "Hid words of a voice",
            "voice_shown_again": "Showed words of a voice again",
            "voice_answered": "Answered a voice",
            "voice_set_aside": "Set a voice aside",
            "voice_reply_read": "Read what came back to an answer",
            "voices_set_aside": "Set a flood of voices aside",
            "voice_answer_drafted": "Drafted an answer",
            "voice_answers_drafted": "Answers were drafted as an idea ended",
            "voice_typed_in": "Typed in what somebody said",
            "voice_theme_added": "Added a theme",
            "voice_theme_renamed": "Renamed a theme",
            "voice_code_made": "Made an address of the form",
            "voice_code_ended": "Ended an address of the form",
            "voice_survey_made": "Made a survey",
            "voice_survey_codes_replaced": "Replaced the codes of a survey",
            "voice_words_emptied": "Originals had their days and were deleted",
            "voices_emptied": "Released words had their days and were deleted",
            "voice_replies_emptied": "Replies had their days and were deleted",
            "voice_answer_drafts_deleted": "Drafts of answers were deleted",
            "voice_notes_deleted": "Readers’ notes were deleted",
            "help_opened": "A wish for help was opened",
            "help_picked_up": "A wish for help was picked up",
            "help_deleted": "A wish for help was deleted",
            "help_never_picked_up": "A wish for help ended that nobody picked up",
        },
        ActGroup.COUNTED: {
            "voices.month_counted": "A month of voices was counted",
            "voices.replies_counted": "A month of replies was counted",
            "voices.survey_counted": "A survey was counted",
        },
        ActGroup.SETTINGS: {
            "voices_opened": "Opened the form for families",
            "voices_closed": "Closed the form for families",
            "voices_signed_off": "Noted who signed the form for families off",
            "voices_facts_changed": "Changed what the form for families says",
            "voices_words_changed": "Changed words of the form for families",
            "voices_promise_signed": "Signed the promise to those who tell us",
            "voices_reader_trained": "Entered the training of a reader",
            "voices_cover_added": "Added days to the readers’ calendar",
            "voices_cover_removed": "Took days out of the readers’ calendar",
            "voices_language_on": "Turned a language on",
            "voices_language_off": "Turned a language off",
        },
    },
    at_open_pages=frozenset({"help_opened", "help_picked_up"}),
)


def act_words() -> Acts:
    """Return the acts of voices."""
    return _ACTS
