"""What is deleted once it has had its time: each class in words, with what deletes it.

The nightly run deletes all of it, ``flask purge`` does so at any time, and with ``--dry-run`` it
only says how much there is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from improve.shared import contributions

#: Kind of contribution.
CONTRIBUTION: Final = "purge"


@dataclass(frozen=True, slots=True)
class Clearing:
    """One class of rows. ``words``: what they are, such as “mails that left a month ago”."""

    words: str
    #: Deletes what has had its time, and returns how many; it never commits.
    delete: Callable[[], int]

    def __call__(self) -> int:
        """Delete them; return how many."""
        return self.delete()


def clears(words: str, delete: Callable[[], int]) -> None:
    """Offer to delete a class of rows that has had its time."""
    contributions.register(CONTRIBUTION, Clearing(words, delete))


def clearings() -> list[Clearing]:
    """Return all that was offered, in the order of registration."""
    return [one for one in contributions.gather(CONTRIBUTION) if isinstance(one, Clearing)]
