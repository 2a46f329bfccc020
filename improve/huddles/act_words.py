"""What the acts of huddles mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.TEAMS: {
            "huddle_planned": "Planned how a team meets",
            "hour_promised": "Promised a team an hour",
            "hour_answered": "Said whether an hour was kept",
        },
        ActGroup.UNSHOWN: {
            "action_added": "Added an action",
            "action_ended": "Ended an action",
            "action_moved": "Moved an action",
            "action_reopened": "Opened an action again",
            "action_handed_over": "Handed an action over",
            "huddle_started": "Started a huddle",
            "huddle_finished": "Finished a huddle",
            "huddle_reopened": "Opened a huddle again",
            "huddle_resumed": "Went on with a huddle",
            "huddle_decided": "Decided in a huddle",
            "huddle_decision_removed": "Took a decision out",
            "huddle_driver_changed": "Another drove a huddle",
            "huddle_taps_brought_in": "Brought taps into a huddle",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of huddles."""
    return _ACTS
