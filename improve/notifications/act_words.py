"""What the acts of notifications mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.UNSHOWN: {
            "mail_chosen": "Chose which news comes by mail",
            "mail_stopped": "Stopped news by mail",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of notifications."""
    return _ACTS
