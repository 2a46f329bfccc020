"""What the acts of commands mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.PRIVACY: {
            "backup_made": "A backup was made",
            "backup_restored": "A backup was restored",
            "erased_again": "What had been erased was erased again",
            "ended_again": "What had been closed, hidden or destroyed was so again",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of commands."""
    return _ACTS
