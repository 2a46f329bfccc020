"""What the acts of open data mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.OUT: {
            "open_data_taken": "Took all tables of open data",
            "archive_made": "Made an archive of the council",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of open data."""
    return _ACTS
