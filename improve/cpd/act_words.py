"""What the acts of people’s own records of learning mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.UNSHOWN: {
            "cpd.exported": "Took their record of learning",
            "supervision.shared": "Shared a page for supervision",
            "supervision.sharing_stopped": "Stopped sharing a page for supervision",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of people’s own records of learning."""
    return _ACTS
