"""How much of a board changed since somebody's page drew it, their own acts left out. Pure.

A board's version rises by one with each change. A page knows the version it was drawn with, and by
how much that person's own acts on it have raised the version since.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from improve.shared.formatting import whole_number

#: The header in which a page's own script says what it has seen: “17.2”.
SEEN_HEADER: Final = "X-Board-Seen"


@dataclass(frozen=True, slots=True)
class Seen:
    """The version a page was drawn with, and what its own acts added."""

    version: int
    own: int = 0

    def others_until(self, version: int) -> int:
        """Return how many changes of others there are up to this version, 0 for none."""
        return max(0, version - self.version - self.own)

    def with_own(self, raised: int) -> Seen:
        """Return the same page after an act of its own that raised the version so often."""
        return replace(self, own=self.own + raised)


def seen_in(text: str | None) -> Seen | None:
    """Return what “17.2” says, or None for anything else."""
    version, _, own = (text or "").partition(".")
    drawn, added = whole_number(version), whole_number(own or "0")
    return None if drawn is None or added is None else Seen(drawn, added)
