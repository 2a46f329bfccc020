"""What the acts of the library mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.OUT: {
            "learning_exported": "Downloaded signed learning pages",
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
        },
        ActGroup.UNSHOWN: {
            "spread_began": "Began to try an idea elsewhere",
            "spread_linked": "Linked an idea to where it came from",
            "spread_unlinked": "Took the link of an idea away",
            "adaptation_changed": "Changed what was adapted",
            "sustain_answered": "Said whether a change still holds",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of the library."""
    return _ACTS
