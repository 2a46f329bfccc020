"""The tables that the actor may have: which, how many rows, and the rows as a stream."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import func, select

from improve.accounts.actor import Actor
from improve.shared import contributions
from improve.shared.db import db
from improve.shared.errors import NotFound
from improve.shared.export import Cell
from improve.shared.open_tables import CONTRIBUTION, OpenTable

#: Rows fetched at a time.
AT_ONCE = 500


def tables(actor: Actor) -> list[OpenTable]:
    """Return every table that the actor may have, in the order in which they are offered."""
    return [table for offer in contributions.gather(CONTRIBUTION) for table in offer(actor)]


def table(actor: Actor, name: str) -> OpenTable:
    """Return one of them. Raises ``NotFound``."""
    found = next((one for one in tables(actor) if one.name == name), None)
    if found is None:
        raise NotFound
    return found


def counts(found: Sequence[OpenTable]) -> dict[str, int]:
    """Return how many rows each of these tables has, in one statement; none of a worked out one."""
    counted = [one for one in found if one.rows is not None]
    if not counted:
        return {}
    asked: list[Any] = [
        select(func.count()).select_from(one.rows.order_by(None).subquery()).scalar_subquery()
        for one in counted
    ]
    row = db.session.execute(select(*asked)).one()
    return {one.name: int(row[n]) for n, one in enumerate(counted)}


def rows(one: OpenTable) -> Iterator[Sequence[Cell]]:
    """Yield the cells of every row, some hundreds in memory at a time."""
    if one.worked_out is not None:
        yield from one.worked_out()
        return
    # Plain rows: entities of thousands would stay in the session.
    found = db.session.connection().execute(one.rows, execution_options={"yield_per": AT_ONCE})
    with found:
        for row in found.mappings():
            yield one.shape(row)
