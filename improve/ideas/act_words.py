"""What the acts of ideas mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.PEOPLE: {
            "guest_invited": "Invited a guest",
            "guest_ended": "A guest’s invitation ended",
        },
        ActGroup.PRIVACY: {
            "log_brought_in": "A log was brought in",
        },
        ActGroup.TEAMS: {
            "log_taken_back": "Took a brought-in log of ideas back",
        },
        ActGroup.UNSHOWN: {
            "idea_logged": "Logged an idea",
            "idea_edited": "Edited an idea",
            "idea_moved": "Moved an idea",
            "move_undone": "Undid a move",
            "first_reply_given": "Gave a first reply",
            "idea_answers_saved": "Saved answers of a test",
            "idea_team_changed": "Gave an idea to another team",
            "idea_lead_chosen": "Chose who leads an idea",
            "idea_measures_chosen": "Chose measures of an idea",
            "idea_hung_on_driver": "Hung an idea on a driver",
            "idea_put_on_board": "Put an idea on the board",
            "idea_handed_over": "Handed an idea over",
            "idea_blocked": "Said that an idea is blocked",
            "idea_unblocked": "Said that an idea goes on",
            "idea_pinned": "Pinned an idea",
            "idea_unpinned": "Unpinned an idea",
            "idea_followed": "Followed an idea",
            "idea_unfollowed": "Stopped following an idea",
            "idea_joined": "Took part in an idea",
            "ideas_joined": "Joined two ideas",
            "ideas_joined_here": "Another idea was joined",
            "ideas_split": "Took two ideas apart",
            "ideas_split_here": "An idea was taken apart",
            "comment_added": "Commented",
            "comment_edited": "Edited a comment",
            "comment_removed": "Removed a comment",
            "words_added": "Added words after a conflict",
            "words_left_out": "Left words out after a conflict",
            "coach_asked": "Asked a coach",
            "coach_answered": "Answered as a coach",
            "coach_request_taken_back": "Took a question to a coach back",
            "reminder_sent": "A reminder was sent",
            "thanks_said": "Said thanks",
            "thanks_removed": "Took thanks back",
            "aim_made": "Made an aim",
            "aim_changed": "Changed an aim",
            "aim_closed": "Closed an aim",
            "aim_moved": "Moved an aim",
            "aim_opened_again": "Opened an aim again",
            "driver_added": "Added a driver",
            "driver_renamed": "Renamed a driver",
            "driver_closed": "Closed a driver",
            "driver_moved": "Moved a driver",
            "driver_opened_again": "Opened a driver again",
            "view_saved": "Saved a view of a board",
            "view_renamed": "Renamed a view of a board",
            "view_removed": "Removed a view of a board",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of ideas."""
    return _ACTS
