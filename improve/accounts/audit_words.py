"""The log of acts in words: what each code means, under which kind it is looked for. Pure.

Every capability's acts stand here, since whoever reads the log reads it whole; a test finds each
code in the source and misses it here. What is of kind ``UNSHOWN`` is kept and checked like all
else and stands on no page of the log: who logged an idea may have hidden their name, thanks and
choices are people's own, and whoever hides words that may identify somebody is named nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from improve.accounts.audit_unshown import UNSHOWN


class ActGroup(StrEnum):
    """What is looked for together; the value stands in addresses."""

    SIGN_IN = "sign-in"
    PEOPLE = "people"
    REFUSED = "refused"
    OUT = "out"
    PRIVACY = "privacy"
    WORDS = "words"
    VOICES = "voices"
    REPORTS = "reports"
    SETTINGS = "settings"
    TEAMS = "teams"
    NUMBERS = "numbers"
    LEARNING = "learning"
    UNSHOWN = ""


GROUP_WORDS: Final[Mapping[ActGroup, str]] = {
    ActGroup.SIGN_IN: "Signing in, phones and screens",
    ActGroup.PEOPLE: "People and what they may act as",
    ActGroup.REFUSED: "Pages that were refused or not found",
    ActGroup.OUT: "Taken out of Improve",
    ActGroup.PRIVACY: "Privacy, backups and the log itself",
    ActGroup.WORDS: "Words taken out or shown again",
    ActGroup.VOICES: "Voices of children and families",
    ActGroup.REPORTS: "Confidential reports, set up and released",
    ActGroup.SETTINGS: "How the council is set up",
    ActGroup.TEAMS: "Teams, busy times and deputies",
    ActGroup.NUMBERS: "Measures and their numbers",
    ActGroup.LEARNING: "Learning, other councils and leaders’ answers",
}

_BY_GROUP: Final[Mapping[ActGroup, Mapping[str, str]]] = {
    ActGroup.SIGN_IN: {
        "signed_in": "Signed in",
        "signed_out": "Signed out",
        "sign_in_refused": "A sign-in was refused",
        "device_ended": "Signed a device out",
        "devices_ended": "Signed all other devices out",
        "sessions_ended": "Signed somebody out everywhere",
        "reset_asked": "A new password was asked for",
        "password_given": "Gave the right password; a code from the phone comes next",
        "second_factor_refused": "A code from the phone was refused",
        "second_factor_set_up": "Set up their phone for codes",
        "second_factor_turned_off": "Turned the codes of their phone off",
        "recovery_codes_made": "Made new recovery codes",
        "recovery_code_used": "Got in by a recovery code",
        "password_reset": "A new password was chosen by a link",
        "password_changed": "Changed their password",
        "address_changed": "Changed their e-mail address",
        "capture_pass_made": "Made a pass for logging by phone",
        "capture_pass_ended": "A pass for logging by phone ended",
        "calendar_feed_made": "Made a secret calendar address",
        "calendar_feed_ended": "Ended a secret calendar address",
        "wall_made": "Made a code for a wall screen",
        "wall_begun": "A wall screen was let in",
        "wall_ended": "A wall screen was signed out",
        "wall_code_refused": "A code for a wall screen was refused",
    },
    ActGroup.PEOPLE: {
        "organisation_founded": "The council began here",
        "person_added": "An account was made on the server",
        "role_granted": "A role was given on the server",
        "invitation_sent": "Sent an invitation",
        "invitation_revoked": "Took an invitation back",
        "invitation_accepted": "Took up an invitation",
        "roles_changed": "Changed what somebody may act as",
        "account_closed": "Closed an account",
        "account_opened": "Opened a closed account",
        "reset_link_made": "Made a link for a new password",
        "second_factor_reset": "Took somebody’s phone away",
        "council_account_joined": "A council account was joined",
        "council_account_entered": "Entered the key of somebody’s council account",
        "council_account_forgotten": "A council account was let go",
        "group_role_added": "Said what a group of the council gives",
        "group_role_removed": "Took away what a group gave",
        "group_roles_settled": "Groups of the council changed what somebody may act as",
        "handed_over": "Handed over what somebody led",
        "details_changed": "Changed their name or job",
        "guest_invited": "Invited a guest",
        "guest_ended": "A guest’s invitation ended",
    },
    ActGroup.REFUSED: {"page_refused": "A page was refused or not found"},
    ActGroup.OUT: {
        "open_data_taken": "Took all tables of open data",
        "archive_made": "Made an archive of the council",
        "learning_exported": "Downloaded signed learning pages",
        "subject_copy_made": "Made a copy of what is kept of somebody",
        "own_copy_made": "Took a copy of what is kept of oneself",
        "log_taken": "Downloaded from this log",
    },
    ActGroup.PRIVACY: {
        "log_brought_in": "A log was brought in",
        "subject_searched": "Looked for somebody’s data in words",
        "person_erased": "Erased a person",
        "retention_set": "Set how long data is kept",
        "document_facts_set": "Filled in facts of the privacy documents",
        "backup_made": "A backup was made",
        "backup_restored": "A backup was restored",
        "erased_again": "What had been erased was erased again",
        "ended_again": "What had been closed, hidden or destroyed was so again",
    },
    ActGroup.WORDS: {
        "words_removed": "Took words out everywhere",
        "text_shown_again": "Showed a hidden text again",
    },
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
        "voices.month_counted": "A month of voices was counted",
        "voices.replies_counted": "A month of replies was counted",
        "voices.survey_counted": "A survey was counted",
        "help_opened": "A wish for help was opened",
        "help_picked_up": "A wish for help was picked up",
        "help_deleted": "A wish for help was deleted",
        "help_never_picked_up": "A wish for help ended that nobody picked up",
    },
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
    ActGroup.SETTINGS: {
        "closing_days_added": "Added closing days",
        "closing_day_removed": "Took a closing day out",
        "starting_days_set": "Set days usual in a stage",
        "duty_numbers_set": "Set the safeguarding numbers",
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
    ActGroup.TEAMS: {
        "team_added": "Added a team",
        "team_changed": "Changed a team",
        "team_closed": "Closed a team",
        "team_opened": "Opened a team again",
        "team_joined": "Joined a team to another",
        "team_days_set": "Set a team’s working days",
        "service_added": "Added a service",
        "service_renamed": "Renamed a service",
        "busy_time_set": "Said that a team is busy",
        "busy_time_renewed": "Asked for a longer busy time",
        "busy_time_answered": "Answered a busy team",
        "busy_time_ended": "Ended a busy time",
        "busy_time_over": "A busy time was over",
        "deputy_named": "Named a deputy",
        "cover_ended": "A deputy’s days ended",
        "huddle_days_set": "Set when a team meets",
        "huddle_planned": "Planned how a team meets",
        "hour_promised": "Promised a team an hour",
        "hour_answered": "Said whether an hour was kept",
        "log_taken_back": "Took a brought-in log of ideas back",
    },
    ActGroup.NUMBERS: {
        "measure.defined": "Defined a measure",
        "measure.adopted": "Took a measure from the catalogue",
        "measure.edited": "Changed a measure",
        "measure.closed": "Stopped counting a measure",
        "measure.reopened": "Counts a measure again",
        "measure.chart_chosen": "Chose a chart",
        "measure.target_set": "Set a target",
        "measure.baseline_set": "Set a baseline",
        "measure.baseline_removed": "Took a baseline back",
        "measure.line_drawn": "Drew a line where something changed",
        "measure.line_removed": "Took a line away",
        "measure.point_added": "Added a number",
        "measure.point_changed": "Put a number right",
        "measure.point_removed": "Took a number out",
        "measure.point_excluded": "Left a number out of the arithmetic",
        "measure.point_included": "Counts a number again",
        "measure.note_written": "Wrote a note on a chart",
        "measure.points_imported": "Brought numbers in",
        "measure.table_imported": "Brought a table of numbers in",
        "tally.made": "Made a tally",
        "tally.closed": "Closed a tally",
        "tally.reopened": "Opened a tally again",
        "tally.point_added": "A week of taps became a number",
        "tally.point_changed": "A week of taps was counted again",
        "tally.point_removed": "A number of taps was taken out",
        "tally.point_gap": "A week had too few taps",
        "dip_sample.made": "Made a dip sample",
        "dip_sample.read": "Read a dip sample",
        "dip_sample.settled": "Settled a dip sample",
        "dip_sample.stopped": "Stopped a dip sample",
        "dip_sample.reopened": "Opened a dip sample again",
        "dip_sample.reader_changed": "Changed a reader of a dip sample",
        "dip_sample.point_made": "A dip sample became a number",
    },
    ActGroup.LEARNING: {
        "learning_written": "Wrote a learning page",
        "learning_changed": "Changed a learning page",
        "learning_shared": "Shared a learning page",
        "learning_published": "Published a learning page",
        "learning_taken_down": "Took a public learning page down",
        "learning_brought_in": "Brought in pages of another council",
        "borrowed_taken_out": "Took a borrowed page out",
        "council_trusted": "Trusted the key of another council",
        "council_trust_ended": "Ended trust in another council",
        "spread_told": "Told how it went elsewhere",
        "spread_told_changed": "Changed how it went elsewhere",
        "spread_told_removed": "Took out how it went elsewhere",
        "sustain_asked": "Asked whether a change still holds",
        "leader_answered": "Answered what a month asked",
        "leader_answer_changed": "Changed an answer to a month",
        "leader_outcome_said": "Said what came of an answer",
        "month_letters_sent": "The letters of a month were sent",
        "cycle_read": "Ticked a finished cycle as read",
    },
    ActGroup.UNSHOWN: UNSHOWN,
}

#: What each code means, for whoever reads the log.
ACT_WORDS: Final[Mapping[str, str]] = {
    code: words for acts in _BY_GROUP.values() for code, words in acts.items()
}
#: The codes that are looked for together.
ACTS_OF: Final[Mapping[ActGroup, tuple[str, ...]]] = {
    group: tuple(acts) for group, acts in _BY_GROUP.items()
}
#: All codes that the pages of the log show. One that has no words is not among them.
SHOWN_ACTS: Final = tuple(
    code for group, acts in ACTS_OF.items() if group is not ActGroup.UNSHOWN for code in acts
)
_GROUP_OF: Final = {code: group for group, acts in ACTS_OF.items() for code in acts}

#: Acts of somebody who was not yet signed in: done by whom they are about.
OWN_ACTS: Final = frozenset(
    {"signed_in", "password_given", "password_reset", "invitation_accepted"}
)
#: Acts of no person but of a command, which whoever runs the server gives.
SERVER_ACTS: Final = frozenset(
    {
        "organisation_founded",
        "person_added",
        "role_granted",
        "backup_made",
        "backup_restored",
        "erased_again",
        "ended_again",
    }
)
#: Facts that the log says in words, each with what stands before it.
_FACTS: Final[Mapping[str, str]] = {
    "role": "as",
    "before": "before:",
    "after": "after:",
    "page": "",
    "answer": "answered",
    "rows": "rows:",
    "count": "count:",
    "pages": "pages:",
    "codes": "codes:",
    "letters": "letters:",
    "things": "things:",
    "places": "places:",
    "request": "asked for:",
    "bytes": "bytes:",
    "until": "until",
    "days": "days:",
    "month": "month",
    "language": "language:",
    "changed": "changed:",
    "fields": "changed:",
}
#: Longer than this, and a fact is cut.
_LONGEST_FACT: Final = 200


def group_of(action: str) -> ActGroup:
    """Return under which kind an act is looked for; ``UNSHOWN`` also for a code without words."""
    return _GROUP_OF.get(action, ActGroup.UNSHOWN)


def facts_in_words(facts: Mapping[str, object]) -> str:
    """Return the facts of an entry as one line: codes, counts and days, never anybody's words.

    A fact whose name is not known here is left out: the log may come to hold others.
    """
    said = []
    for name, before in _FACTS.items():
        value = facts.get(name)
        if value in (None, "", [], {}):
            continue
        if isinstance(value, list):
            value = ", ".join(_role_in_words(str(one)) for one in value)
        said.append(f"{before} {value}".strip()[:_LONGEST_FACT])
    return "; ".join(said)


def _role_in_words(code: str) -> str:
    """Return “manager:12” as “manager of team 12”; anything else as it is, with blanks."""
    role, _, team = code.partition(":")
    return (f"{role} of team {team}" if team.isdecimal() else code).replace("_", " ")
