"""What the acts of accounts mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.SIGN_IN: {
            "signed_in": "Signed in",
            "signed_out": "Signed out",
            "sign_in_refused": "A sign-in was refused",
            "device_ended": "Signed a device out",
            "devices_ended": "Signed all other devices out",
            "sessions_ended": "Signed somebody out everywhere",
            "reset_asked": "A new password was asked for",
            "proved_again": "Proved once more who they are, with the council account",
            "password_given": "Gave the right password; a code from the phone comes next",
            "second_factor_refused": "A code from the phone was refused",
            "second_factor_set_up": "Set up their phone for codes",
            "second_factor_turned_off": "Turned the codes of their phone off",
            "recovery_codes_made": "Made new recovery codes",
            "recovery_code_used": "Got in by a recovery code",
            "password_reset": "A new password was chosen by a link",
            "password_changed": "Changed their password",
            "address_asked": "Asked for another e-mail address",
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
            "example_loaded": "Loaded the example board, which goes by night at the latest",
            "example_removed": "Removed the example board",
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
        },
        ActGroup.REFUSED: {
            "page_refused": "A page was refused or not found",
        },
        ActGroup.OUT: {
            "log_taken": "Downloaded from this log",
        },
        ActGroup.SETTINGS: {
            "closing_days_added": "Added closing days",
            "closing_day_removed": "Took a closing day out",
            "starting_days_set": "Set days usual in a stage",
            "duty_numbers_set": "Set the safeguarding numbers",
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
        },
        ActGroup.UNSHOWN: {
            "settings_changed": "Changed own settings",
        },
    },
    own=frozenset(
        {
            "council_account_joined",
            "invitation_accepted",
            "password_given",
            "password_reset",
            "signed_in",
        }
    ),
    at_open_pages=frozenset(
        {
            "capture_pass_ended",
            "reset_asked",
            "second_factor_refused",
            "sign_in_refused",
            "wall_begun",
            "wall_code_refused",
            "wall_ended",
        }
    ),
)


def act_words() -> Acts:
    """Return the acts of accounts."""
    return _ACTS
