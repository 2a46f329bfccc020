"""Erasing again, after a restore, what had been erased since the backup was made."""

from __future__ import annotations

from improve.accounts.service import keep_noted
from improve.shared import audit, contributions, erased_file
from improve.shared.db import db


def erase_again() -> int:
    """Erase again what ERASED_FILE names and still stands here; return how many were.

    Each entry in a transaction of its own, noted in the audit log: a break leaves the rest to the
    next time, and again is harmless. Needs no file: without one there is nothing to do.
    """
    ways = {
        way.kind: way
        for way in contributions.gather(erased_file.CONTRIBUTION)
        if isinstance(way, erased_file.ErasesAgain)
    }
    again = 0
    for erased in erased_file.read():
        keep_noted(erased)
        way = ways.get(erased.kind)
        if way is not None and way(erased):
            audit.record(
                None,
                "erased_again",
                erased.kind,
                erased.object_id,
                organisation_id=erased.organisation_id,
                erasure=erased.key,
            )
            again += 1
        db.session.commit()
    return again
