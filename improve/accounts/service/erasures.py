"""Noting what was erased, so that it stays erased after a restore."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from improve.accounts.actor import Actor
from improve.accounts.models import Erasure, Organisation
from improve.shared import clock, erased_file
from improve.shared.db import db
from improve.shared.erased_file import Erased


def note_erasure(
    actor: Actor | None,
    *,
    kind: str,
    object_id: int | str,
    facts: Mapping[str, Any],
    organisation_id: int | None = None,
) -> Erased:
    """Write the row of an erasure and, after the commit, its line in ERASED_FILE.

    ``facts`` are ids, codes, counts and marks, never words. Without an actor, such as a leaver
    whose time is over, give the organisation.
    """
    whose = actor.organisation_id if actor else organisation_id
    if whose is None:
        raise ValueError("an erasure belongs to an organisation")
    erased = Erased(
        key=secrets.token_urlsafe(16),
        organisation_id=whose,
        kind=kind,
        object_id=str(object_id),
        erased_on=clock.today(),
        facts=dict(facts),
    )
    _add(erased, erased_by_id=actor.person_id if actor else None)
    erased_file.write_after_commit(erased)
    return erased


def keep_noted(erased: Erased) -> bool:
    """Write the row of an erasure that only the file knows; False where there is one already.

    False, too, where the organisation is not here: the file is another installation's.
    """
    here = select(Organisation.id).where(Organisation.id == erased.organisation_id)
    noted = select(Erasure.key).where(Erasure.key == erased.key)
    if db.session.execute(noted).first() or not db.session.execute(here).first():
        return False
    _add(erased, erased_by_id=None)
    return True


def complete_file() -> int:
    """Write into ERASED_FILE what it does not name yet; return how many. For the nightly run."""
    if erased_file.file_path() is None:
        return 0
    known = {one.key for one in erased_file.read()}
    rows = db.session.execute(select(Erasure).order_by(Erasure.erased_on, Erasure.key)).scalars()
    missing = [
        Erased(row.key, row.organisation_id, row.kind, row.object_id, row.erased_on, row.facts)
        for row in rows
        if row.key not in known
    ]
    return len(missing) if erased_file.write(missing) else 0


def _add(erased: Erased, *, erased_by_id: int | None) -> None:
    db.session.add(
        Erasure(
            key=erased.key,
            organisation_id=erased.organisation_id,
            kind=erased.kind,
            object_id=erased.object_id,
            facts=erased.facts,
            erased_on=erased.erased_on,
            erased_by_id=erased_by_id,
        )
    )
    db.session.flush()
