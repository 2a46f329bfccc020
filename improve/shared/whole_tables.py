"""Every table as the database has it, past the walls between capabilities.

Elsewhere a table is read and written by its own capability alone. Two tasks mean all of them, also
those that the next version adds: leaving with everything (``open_data``) and what privacy asks for
(copies, deadlines, erasing). They go by this module and by nothing else; ``setup.cfg`` names who
may import it, and decision 018 says why and what it costs. Whoever uses it

- names each table and what becomes of it in a list that a test compares with ``all_tables()``;
- asks for one council's rows by ``is_of``, or for one person's by a column that points to them;
- is given rows, never objects of the models: no rule of a capability runs on the way.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Table, literal, select

from improve.shared.db import Base

_OWNER: Final = "organisation_id"


@cache
def all_tables() -> dict[str, Table]:
    """Return every table by name, each after those it points to."""
    return {table.name: table for table in Base.metadata.sorted_tables}


def is_of(table: Table, organisation_id: int) -> ColumnElement[bool]:
    """Return the condition that a row of ``table`` belongs to the council."""
    if table.name == "organisations":
        return table.c.id == literal(organisation_id)
    if _OWNER in table.c:
        return table.c[_OWNER] == literal(organisation_id)
    column, target = owner_of(table)
    return column.in_(select(target.c.id).where(is_of(target, organisation_id)))


def owner_of(table: Table) -> tuple[Column[Any], Table]:
    """Return the column that says whose a row is, and the table it points to.

    Of several the first that leads to a thing: people only say who did it, and are asked last.
    Raises ``LookupError`` for a table that is nobody's: it cannot be archived.
    """
    leads = [
        (key.parent, key.column.table)
        for key in table.foreign_keys
        if not key.parent.nullable and key.column.table is not table
    ]
    if not leads:
        raise LookupError(f"{table.name} belongs to no organisation")
    place = list(table.c)
    leads.sort(key=lambda lead: (lead[1].name == "people", place.index(lead[0])))
    return leads[0]
