"""Names of the ideas tested on a measure, from whoever keeps ideas."""

from __future__ import annotations

from collections.abc import Iterable

from improve.accounts.access import current_actor
from improve.shared import contributions


def names_of_ideas(ids: Iterable[int]) -> dict[int, str]:
    """Return names by id; ideas that are not on the board have none."""
    wanted = sorted(set(ids))
    names: dict[int, str] = {}
    for offer in contributions.gather("names-of-ideas") if wanted else ():
        names |= offer(current_actor(), wanted)
    return names
