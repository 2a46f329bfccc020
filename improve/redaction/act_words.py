"""What the acts of redaction mean in the log of acts. Pure."""

from __future__ import annotations

from typing import Final

from improve.shared.act_words import ActGroup, Acts

_ACTS: Final = Acts(
    {
        ActGroup.WORDS: {
            "words_removed": "Took words out everywhere",
            "text_shown_again": "Showed a hidden text again",
        },
        ActGroup.UNSHOWN: {
            "text_hidden": "Hid a text that may identify somebody",
            "identifier_hint_shown": "Was shown words that may identify somebody",
        },
    },
)


def act_words() -> Acts:
    """Return the acts of redaction."""
    return _ACTS
