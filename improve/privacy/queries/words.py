"""Where words stand in free text, whatever wrote it: for access and erasure, and nothing else.

Search knows titles and texts of ideas; a name may stand in a huddle's note as well. So each free
text of the council is gone through. What is sealed, private or hidden is not: see ``NOT_READ``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Sequence
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

from improve.open_data.archive_readme import column_words
from improve.privacy.data_classes import DataClass, class_of
from improve.privacy.kept_kinds import KIND_OF_TABLE
from improve.privacy.person_rows import NOT_COPIED, OWN_ONLY
from improve.redaction.texts import Root, RootKind, leaves_of, pattern_of
from improve.shared.db import db
from improve.shared.whole_tables import all_tables, is_of

#: Kinds of record that nobody looks through, and why.
NOT_READ: Final = {
    "voices": "What children and families told is sealed, and read by its readers alone",
    "help": "Who wants help is known to the duty team alone",
    "reports": "Confidential reports are sealed, and read by their reviewers alone",
    "learned": "What was learned from reports is read by its reviewers; notes that are published "
    "are looked through",
    "access": "Keys of doors hold no words",
    "proofs": "Keys of doors hold no words",
    "tries": "Counts hold no words",
    "mail": "Mails on their way: they follow the text that they tell of",
    "drafts": "What was begun and not finished goes by itself",
    "hidden": "Hidden words wait on the desk for words that may identify someone",
    "audit": "The log holds no words",
    "erasures": "Erasures hold no words",
}
#: Places shown at once.
PLACES_MOST: Final = 200
#: Rows that the database hands over at once while they are gone through.
_AT_ONCE: Final = 500
_KEY: Final = "A key or an address, made by the software or of another site"
#: Columns of text that nobody looks through, and why.
NOT_TEXT: Final = {
    **dict.fromkeys(NOT_COPIED, "Keys, what is sealed, and what is worked out from other texts"),
    **dict.fromkeys(("slug", "code", "public_key", "verify_key", "fingerprint"), _KEY),
    **dict.fromkeys(("feed_address", "source_address", "leave_url", "stop_url", "issuer"), _KEY),
    **dict.fromkeys(("email", "subject"), "An address of an account goes with the account"),
    **dict.fromkeys(("device", "language"), "One of a list of the software"),
    "mentions": "The numbers of people who are named",
    "group_name": "The key of a group in the council’s directory",
}
#: Tables of a kind that is not looked through which everybody reads all the same, and what says
#: that they do.
_READ_BY_ALL: Final = {"incident_notes": "published_at"}
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


#: Texts between two people, such as a question to a coach that is kept off the board.
BETWEEN_TWO: Final = frozenset({"coach_requests", "thanks"})


@dataclass(frozen=True, slots=True)
class FoundText:
    """One free text that holds the words. ``row_id`` is the key of its row, whatever it is called.

    ``roots``: what it may stand on, as redaction has it. Which of them, its texts say.
    """

    table: str
    column: str
    row_id: int
    words: str
    roots: tuple[Root, ...]

    @property
    def root(self) -> Root | None:
        """What it stands on first, as a page may name it."""
        return self.roots[0] if self.roots else None


@cache
def free_texts() -> tuple[tuple[Table, tuple[str, ...]], ...]:
    """Return the tables whose free text is gone through, with the columns that hold it."""
    found = []
    for name, table in all_tables().items():
        columns = tuple(c.name for c in table.c if is_words(name, c) and not why_not_read(name, c))
        if columns:
            found.append((table, columns))
    return tuple(found)


def text_words(table: str, column: str) -> str:
    """Return what a text is, as people say it: “what was learned”."""
    words = column_words(table, column.partition("/")[0])
    return words[:1].lower() + words[1:]


def is_words(table: str, column: Any) -> bool:
    """Return whether somebody may have been named in a column, by its class and its type."""
    kinds = (DataClass.CONFIDENTIAL, DataClass.PUBLIC)
    return class_of(table, column.name) in kinds and isinstance(column.type, (Text, JSON, String))


def why_not_read(table: str, column: Any) -> str:
    """Return why a column of words is not looked through, or “” where it is."""
    if table == "people":
        return "The name of an account is found as a person, not as a text"
    if table in {*OWN_ONLY, "cpd_pieces"}:
        return "Only they themselves may read it"
    if table not in _READ_BY_ALL:
        why = NOT_READ.get(KIND_OF_TABLE[table].key, "")
        if why:
            return why
    return NOT_TEXT.get(column.name, "")


def texts_with(
    organisation_id: int, phrases: Sequence[str], *, but: Collection[str] = ()
) -> tuple[list[FoundText], bool]:
    """Return the texts that hold one of the phrases as whole words, and whether there are more.

    ``but``: tables that whoever looks may not read. In one statement; by table and row. Nothing is
    cut off before it was read: the database lets through all that may hold them, and each is read
    until there are more than can be shown.
    """
    if not phrases:
        return [], False
    parts = [
        _part(table, column, organisation_id, phrases)
        for table, columns in free_texts()
        if table.name not in but
        for column in columns
    ]
    statement = union_all(*parts).order_by("in_table", "row_id", "named")
    patterns = [pattern_of(phrase) for phrase in phrases]
    found: list[FoundText] = []
    rows = db.session.execute(statement, execution_options={"yield_per": _AT_ONCE})
    try:
        for row in rows:
            found += _holding(row, patterns)
            if len(found) > PLACES_MOST:
                return found[:PLACES_MOST], True
    finally:
        rows.close()
    return found, False


def may_hold(column: Any, phrase: str) -> ColumnElement[bool]:
    """Return the condition that lets through each text that may hold the phrase, and others.

    Blanks of any kind stand between its words. How databases treat capitals of letters beyond
    ASCII differs, so any one character stands for each; JSON writes such letters, and quotes, in
    its own way.
    """
    asked = re.sub(r"[\\%_]", r"\\\g<0>", " ".join(phrase.split()))
    if isinstance(column.type, JSON):
        asked = re.sub(r'[^\x21-\x7e]+|"|\\\\', "%", asked)
    else:
        asked = re.sub(r"[^\x20-\x7e]", "_", asked).replace(" ", "%")
    return cast(column, Text).ilike(f"%{asked}%", escape="\\")


def _part(table: Table, column: str, organisation_id: int, phrases: Sequence[str]) -> Any:
    [key] = table.primary_key.columns
    roots = [
        (table.c[name] if name in table.c else cast(null(), Integer)).label(name)
        for name, _ in _ROOTS
    ]
    shown = _READ_BY_ALL.get(table.name)
    return select(
        literal(table.name).label("in_table"),
        literal(column).label("named"),
        key.label("row_id"),
        cast(table.c[column], Text).label("words"),
        *roots,
    ).where(
        is_of(table, organisation_id),
        or_(*(may_hold(table.c[column], one) for one in phrases)),
        *((table.c[shown].is_not(None),) if shown else ()),
    )


def _holding(row: Any, patterns: Sequence[re.Pattern[str]]) -> Iterator[FoundText]:
    column = all_tables()[row.in_table].c[row.named]
    value: Any = row.words
    if isinstance(column.type, JSON):
        value = json.loads(value)
    for path, words in leaves_of(value):
        if any(pattern.search(words) for pattern in patterns):
            yield FoundText(
                table=row.in_table,
                column=f"{row.named}/{path}" if path else row.named,
                row_id=row.row_id,
                words=words,
                roots=_roots_of(row),
            )


def _roots_of(row: Any) -> tuple[Root, ...]:
    own = _OWN_ROOTS.get(row.in_table)
    # An action of a huddle, and a thank-you about an idea, stand on these; else alone.
    is_first = own in {RootKind.IDEA, RootKind.MEASURE, RootKind.HUDDLE, RootKind.AIM}
    alone = (Root(own, row.row_id),) if own else ()
    others = tuple(Root(kind, row._mapping[name]) for name, kind in _ROOTS if row._mapping[name])
    return alone + others if is_first else others + alone
