"""Texts in rows of a table, read and written by their table's description.

What a capability hands in: a model of its own, which columns hold words, and who wrote them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, ColumnElement, String, Text, select, update

from improve.redaction.texts import Held, Name, leaves_of, with_leaf
from improve.shared.db import Base, db

#: What a text without a limit of its own takes, in characters.
NO_LIMIT = 100_000


@dataclass(frozen=True)
class Table:
    """Texts of one model: its kind by name, and each column with what the text is called.

    ``author`` is the column of who wrote them. ``limits`` are those of fields whose column has
    none. Not ``is_shown``: gone through when words are taken out, named by nobody.
    """

    kind: str
    model: type[Base]
    fields: Mapping[str, str]
    limits: Mapping[str, int]
    author: str = ""
    is_shown: bool = True


def held_in(table: Table, condition: ColumnElement[bool]) -> list[Held]:
    """Return the texts of the rows that the condition lets through, empty ones left out."""
    model: Any = table.model
    columns = [model.id, *(getattr(model, name) for name in table.fields)]
    if table.author:
        columns.append(getattr(model, table.author).label("author_id"))
    rows = db.session.execute(select(*columns).where(condition).order_by(model.id)).mappings()
    return [
        Held(
            name=Name(table.kind, row["id"], f"{field}/{path}" if path else field),
            label=label,
            words=words,
            most=most_of(table, field),
            author_id=row["author_id"] if table.author else None,
            is_shown=table.is_shown,
        )
        for row in rows
        for field, label in table.fields.items()
        for path, words in leaves_of(row[field])
        if words.strip()
    ]


def put_into(table: Table, name: Name, words: str) -> None:
    """Write the words of one text of this table."""
    model: Any = table.model
    field, _, path = name.field.partition("/")
    value: Any = words
    if path:
        column = getattr(model, field)
        kept = db.session.execute(select(column).where(model.id == name.subject_id)).scalar_one()
        value = with_leaf(kept, path, words)
    # “fetch” would read the words again; whatever is loaded is read anew by whoever needs it.
    db.session.execute(
        update(model)
        .where(model.id == name.subject_id)
        .values({field: value})
        .execution_options(synchronize_session="evaluate")
    )


def most_of(table: Table, field: str) -> int:
    """Return how many characters a field takes: its column's limit, else the stated one."""
    kind = table.model.__table__.c[field].type
    if isinstance(kind, Text | JSON):
        return table.limits.get(field, NO_LIMIT)
    if isinstance(kind, String) and kind.length:
        return kind.length
    return table.limits.get(field, NO_LIMIT)
