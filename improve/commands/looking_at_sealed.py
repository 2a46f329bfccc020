"""What ``flask doctor`` sees of what is sealed: whether SEALING_KEY names the keys it needs."""

from __future__ import annotations

from flask import current_app

from improve.shared import contributions, database_facts, resealing
from improve.shared.checkup import Finding
from improve.shared.db import db


def look_at_sealed() -> list[Finding]:
    """Whether each thing that is sealed, or known by its hash, is so under a key that is set."""
    keys: tuple[str, ...] = current_app.config["SEALING_KEYS"]
    if not keys or not database_facts.revision_of(db.session.connection()):
        return []
    lost = [
        column.words
        for kind in (resealing.SEALED, resealing.HASHED)
        for offer in contributions.gather(kind)
        for column in offer()
        if resealing.under_no_key(column, keys)
    ]
    if not lost:
        return [Finding(False, "SEALING_KEY names every key that something is sealed under")]
    return [
        Finding(
            True,
            f"SEALING_KEY does not name the key that these need: {', '.join(lost)}",
            "Add the earlier key after the present one, with a comma. Nobody can read them till "
            "then, and people with a phone that gives codes cannot sign in.",
        )
    ]
