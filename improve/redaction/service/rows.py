"""Texts in rows of a table, read and written by their table's description.

What a capability hands in: a model of its own, which columns hold words, and who wrote them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    String,
    Text,
    cast,
    literal,
    null,
    select,
    union_all,
    update,
)

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


def held_in(*parts: tuple[Table, ColumnElement[bool]]) -> list[Held]:
    """Return the texts of the rows that each condition lets through, in one statement.

    Each part is a table and its condition. Empty texts are left out.
    """
    width = max(len(table.fields) for table, _ in parts)
    rows = db.session.execute(
        union_all(*(_select(at, *part, width) for at, part in enumerate(parts))).order_by(
            "part", "id"
        )
    )
    found = []
    for row in rows:
        table = parts[row.part][0]
        for at, (field, label) in enumerate(table.fields.items()):
            value = row[at + 3]
            if _is_data(table, field) and value:
                value = json.loads(value)
            found += [
                Held(
                    name=Name(table.kind, row.id, f"{field}/{path}" if path else field),
                    label=label,
                    words=words,
                    most=most_of(table, field),
                    author_id=row.author_id,
                    is_shown=table.is_shown,
                )
                for path, words in leaves_of(value)
                if words.strip()
            ]
    return found


def _select(at: int, table: Table, condition: ColumnElement[bool], width: int) -> Any:
    model: Any = table.model
    author = getattr(model, table.author) if table.author else cast(null(), Integer)
    texts = [cast(getattr(model, name), Text).label(f"t{n}") for n, name in enumerate(table.fields)]
    empty = [cast(literal(""), Text).label(f"t{n}") for n in range(len(texts), width)]
    return select(
        literal(at).label("part"), model.id, author.label("author_id"), *texts, *empty
    ).where(condition)


def _is_data(table: Table, field: str) -> bool:
    return isinstance(table.model.__table__.c[field].type, JSON)


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
