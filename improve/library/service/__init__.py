"""What people do in the library, one function a thing they want."""

from __future__ import annotations

from improve.library.service.hand_over import hand_over_looks, looks_held
from improve.library.service.publish import (
    Outgoing,
    ending_undone,
    outgoing,
    publish_page,
    take_down,
)
from improve.library.service.spread import (
    WHO_CHANGES_TOLD,
    Tried,
    change_adaptation,
    change_told,
    link_to_origin,
    remove_told,
    tell_spread,
    try_in_team,
    unlink_from_origin,
)
from improve.library.service.sustain import answer_sustained, remind_of_sustaining
from improve.library.service.write import WHO_WRITES, share_page, write_page

__all__ = [
    "WHO_CHANGES_TOLD",
    "WHO_WRITES",
    "Outgoing",
    "Tried",
    "answer_sustained",
    "change_adaptation",
    "change_told",
    "ending_undone",
    "hand_over_looks",
    "link_to_origin",
    "looks_held",
    "outgoing",
    "publish_page",
    "remind_of_sustaining",
    "remove_told",
    "share_page",
    "take_down",
    "tell_spread",
    "try_in_team",
    "unlink_from_origin",
    "write_page",
]
