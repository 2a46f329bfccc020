"""A lawful order to keep one report: two people say so, and two people end it. Pure.

One alone stops signing off, other routes and the published schedule, so that nothing is lost while
another looks, or where nobody else may read it; anybody who reads it can take that back.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Keeping:
    """Who said that an order came (``by``, then ``also``), and who asked to end it (``ending``)."""

    by: int | None = None
    also: int | None = None
    ending: int | None = None

    @property
    def is_kept(self) -> bool:
        """Whether two people keep it: nothing of it is changed, and no schedule destroys it."""
        return self.by is not None and self.also is not None

    @property
    def is_asked(self) -> bool:
        """Whether one alone said so: another has to look."""
        return self.by is not None and self.also is None


def kept(keeping: Keeping, person_id: int) -> Keeping:
    """Return the keeping after somebody said that an order came. Twice is harmless."""
    if keeping.by is None:
        return Keeping(by=person_id)
    if keeping.also is None and keeping.by != person_id:
        return Keeping(by=keeping.by, also=person_id)
    return keeping


def ended(keeping: Keeping, person_id: int) -> Keeping:
    """Return the keeping after somebody asked to end it.

    Where two keep it, two end it: the first of them asks, another agrees. What one alone asked for
    is taken back by anybody.
    """
    if not keeping.is_kept:
        return Keeping()
    if keeping.ending is None:
        return Keeping(by=keeping.by, also=keeping.also, ending=person_id)
    return keeping if keeping.ending == person_id else Keeping()
