"""Where words stand in free text, whatever wrote it: for access and erasure, and nothing else.

Search knows titles and texts of ideas; a name may stand in a huddle's note as well. So each free
text of the council is gone through. What is sealed, private or hidden is not: see ``NOT_READ``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    String,
    Table,
    Text,
    cast,
    literal,
    null,
    or_,
    select,
    union_all,
)

from improve.open_data.queries.archive import all_tables, is_of
from improve.privacy.data_classes import DataClass, class_of
from improve.privacy.kept_kinds import KIND_OF_TABLE
from improve.privacy.person_rows import NOT_COPIED, OWN_ONLY
from improve.redaction.texts import Root, RootKind, leaves_of, pattern_of
from improve.shared.db import db

#: Kinds of record that nobody looks through, and why.
NOT_READ: Final = {
    "voices": "What children and families told is sealed, and read by its readers alone",
    "help": "Who wants help is known to the duty team alone",
    "reports": "Confidential reports are sealed, and read by their reviewers alone",
    "learned": "What was learned from reports points to nobody",
    "access": "Keys of doors hold no words",
    "mail": "Mails on their way: they follow the text that they tell of",
    "drafts": "What was begun and not finished goes by itself",
    "hidden": "Hidden words wait on the desk for words that may identify someone",
    "audit": "The log holds no words",
    "erasures": "Erasures hold no words",
}
#: Places shown at once.
PLACES_MOST: Final = 200
#: Words of columns that are no free text though somebody typed them.
_NOT_TEXT: Final = NOT_COPIED | {"email", "device", "issuer", "subject", "mentions", "group_name"}
#: What a row may stand on: the columns that say so, by the kind of root.
_ROOTS: Final = (
    ("idea_id", RootKind.IDEA),
    ("measure_id", RootKind.MEASURE),
    ("huddle_id", RootKind.HUDDLE),
    ("aim_id", RootKind.AIM),
    ("borrowed_page_id", RootKind.BORROWED),
)
#: Rows that others stand on, or that stand alone.
_OWN_ROOTS: Final = {
    "ideas": RootKind.IDEA,
    "measures": RootKind.MEASURE,
    "huddles": RootKind.HUDDLE,
    "aims": RootKind.AIM,
    "thanks": RootKind.THANKS,
    "huddle_actions": RootKind.ACTION,
    "leader_answers": RootKind.ANSWER,
}


@dataclass(frozen=True, slots=True)
class FoundText:
    """One free text that holds the words. ``is_whole``: it is nothing but them.

    ``roots``: what it may stand on, as redaction has it. Which of them, its texts say.
    """

    table: str
    column: str
    row_id: int
    words: str
    roots: tuple[Root, ...]
    is_whole: bool

    @property
    def root(self) -> Root | None:
        """What it stands on first, as a page may name it."""
        return self.roots[0] if self.roots else None


@cache
def free_texts() -> tuple[tuple[Table, tuple[str, ...]], ...]:
    """Return the tables whose free text is gone through, with the columns that hold it."""
    found = []
    for name, table in all_tables().items():
        if KIND_OF_TABLE[name].key in NOT_READ or name in {*OWN_ONLY, "cpd_pieces"}:
            continue
        # The name of an account is found as a person, not as a text.
        columns = () if name == "people" else tuple(c.name for c in table.c if _is_text(name, c))
        if columns and "id" in table.c:
            found.append((table, columns))
    return tuple(found)


def _is_text(table: str, column: Any) -> bool:
    kinds = (Text, JSON, String)
    is_confidential = class_of(table, column.name) is DataClass.CONFIDENTIAL
    return is_confidential and isinstance(column.type, kinds) and column.name not in _NOT_TEXT


def texts_with(organisation_id: int, phrases: Sequence[str]) -> tuple[list[FoundText], bool]:
    """Return the texts that hold one of the phrases as whole words, and whether there are more.

    In one statement; by table and row.
    """
    if not phrases:
        return [], False
    parts = [
        _part(table, column, organisation_id, phrases)
        for table, columns in free_texts()
        for column in columns
    ]
    statement = union_all(*parts).order_by("in_table", "row_id", "named").limit(PLACES_MOST * 5)
    found: list[FoundText] = []
    for row in db.session.execute(statement):
        found += _holding(row, phrases)
        if len(found) > PLACES_MOST:
            return found[:PLACES_MOST], True
    return found, False


def _part(table: Table, column: str, organisation_id: int, phrases: Sequence[str]) -> Any:
    words = cast(table.c[column], Text)
    roots = [
        (table.c[name] if name in table.c else cast(null(), Integer)).label(name)
        for name, _ in _ROOTS
    ]
    return select(
        literal(table.name).label("in_table"),
        literal(column).label("named"),
        table.c.id.label("row_id"),
        words.label("words"),
        *roots,
    ).where(is_of(table, organisation_id), or_(*(_like(words, one) for one in phrases)))


def _like(words: ColumnElement[str], phrase: str) -> ColumnElement[bool]:
    """Return the condition that lets through each text that may hold the phrase, and others.

    Blanks of any kind stand between its words, and JSON writes letters such as “ë” in its own way.
    """
    plain = phrase.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return words.ilike("%" + re.sub(r"[^\x21-\x7e]+", "%", plain) + "%", escape="\\")


def _holding(row: Any, phrases: Sequence[str]) -> Iterator[FoundText]:
    column = all_tables()[row.in_table].c[row.named]
    value: Any = row.words
    if isinstance(column.type, JSON):
        value = json.loads(value)
    for path, words in leaves_of(value):
        if any(pattern_of(phrase).search(words) for phrase in phrases):
            yield FoundText(
                table=row.in_table,
                column=f"{row.named}/{path}" if path else row.named,
                row_id=row.row_id,
                words=words,
                roots=_roots_of(row),
                is_whole=not path and any(words.split() == one.split() for one in phrases),
            )


def _roots_of(row: Any) -> tuple[Root, ...]:
    own = _OWN_ROOTS.get(row.in_table)
    # An action of a huddle, and a thank-you about an idea, stand on these; else alone.
    is_first = own in {RootKind.IDEA, RootKind.MEASURE, RootKind.HUDDLE, RootKind.AIM}
    alone = (Root(own, row.row_id),) if own else ()
    others = tuple(Root(kind, row._mapping[name]) for name, kind in _ROOTS if row._mapping[name])
    return alone + others if is_first else others + alone
