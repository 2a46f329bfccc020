"""What the acts of privacy mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.OUT: {
            "subject_copy_made": "Made a copy of what is kept of somebody",
            "own_copy_made": "Took a copy of what is kept of oneself",
        },
        ActGroup.PRIVACY: {
            "subject_searched": "Looked for somebody’s data in words",
            "person_erased": "Erased a person",
            "retention_set": "Set how long data is kept",
            "document_facts_set": "Filled in facts of the privacy documents",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of privacy."""
    return _ACTS
