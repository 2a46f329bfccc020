"""What is deleted once it has had its time: each class in words, with what deletes it.

The nightly run deletes it, of what is slow no more than fits a night. ``flask purge`` deletes all
of it at any time, and with ``--dry-run`` it only says how much there is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from improve.shared import contributions

#: Kind of contribution.
CONTRIBUTION: Final = "purge"
#: More portions of one class than this, and something is deleted again and again.
_ROUNDS_MOST: Final = 1000


@dataclass(frozen=True, slots=True)
class Clearing:
    """One class of rows. ``words``: what they are, such as “mails that left a month ago”."""

    words: str
    #: Deletes what has had its time, or as much as one night takes, and returns how many; it never
    #: commits.
    delete: Callable[[], int]

    def __call__(self) -> int:
        """Delete a night's portion of them; return how many."""
        return self.delete()

    def rounds(self) -> Iterator[int]:
        """Delete all of them, a night's portion at a time; yield how many after each."""
        for _ in range(_ROUNDS_MOST):
            count = self.delete()
            if not count:
                return
            yield count


def clears(words: str, delete: Callable[[], int]) -> None:
    """Offer to delete a class of rows that has had its time."""
    contributions.register(CONTRIBUTION, Clearing(words, delete))


def clearings() -> list[Clearing]:
    """Return all that was offered, in the order of registration."""
    return [one for one in contributions.gather(CONTRIBUTION) if isinstance(one, Clearing)]
