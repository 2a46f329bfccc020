"""The one row in which a council keeps its choices about something: read under a lock, changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from improve.shared.db import db
from improve.shared.errors import Stale

Row = TypeVar("Row")


def locked_choices(model: type[Row], organisation_id: int) -> Row:
    """Return a council's row of this model, locked; the first one to ask makes it, version 0.

    What is set up is changed under this lock, so that two who save at once wait.
    """
    table: Any = model
    found = (
        select(table)
        .where(table.organisation_id == organisation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    row = db.session.scalars(found).first()
    if row is None:
        try:
            with db.session.begin_nested():
                row = table(organisation_id=organisation_id, version=0)
                db.session.add(row)
        except IntegrityError:
            # Somebody else was the first, at this very moment.
            row = db.session.scalars(found).one()
    kept: Row = row
    return kept


def change_choices(
    row: Any, values: Mapping[str, Any], *, seen_version: int, what: str
) -> list[str]:
    """Change a locked row and return the names of what changed, A to Z; none: it was so already.

    Raises ``Stale`` where something changes and ``seen_version`` is not the row's any more.
    """
    changed = sorted(name for name, value in values.items() if getattr(row, name) != value)
    if not changed:
        return []
    check_seen(row, seen_version, what)
    for name in changed:
        setattr(row, name, values[name])
    row.version += 1
    db.session.flush()
    return changed


def check_seen(row: Any, seen_version: int, what: str) -> None:
    """Raise ``Stale`` where a row has another version by now than the one that was on the page."""
    if row.version != seen_version:
        raise Stale(what=what, version=row.version)
