"""Asking either database which rows hold certain words. The tables are those of revisions 0010
and 0012.

``match_words`` gives a condition on the rows of a search table; whoever asks joins it to its own
table and its own door, so that nobody finds what they may not read. SQLite keeps each search table
as FTS5 without the texts themselves, PostgreSQL as a column of words with a GIN index; triggers
follow every change of a text. Rows go in order of their id: the newest first.

Reports and voices are never searched: ``SEARCHED`` names all there is, and a test compares it with
what stands in the database.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    TableClause,
    and_,
    bindparam,
    cast,
    column,
    func,
    literal,
    literal_column,
    not_,
    select,
    table,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.types import UserDefinedType

from improve.shared.db import db
from improve.shared.search_words import PAGE_SIZE, page_of

#: The kind of contribution under which a capability offers its ``search_words.Source``.
CONTRIBUTION: Final = "search"

#: Every table whose texts are searched.
SEARCHED: Final = (
    "ideas",
    "cycles",
    "comments",
    "measures",
    "learning_pages",
    "borrowed_pages",
)
#: Those whose rows have no title of their own.
WITHOUT_TITLE: Final = ("cycles", "comments")

#: So many rows of a council are looked through, the newest first, before its index of words is.
NEWEST: Final = 1_000

Where = Literal["anywhere", "title", "elsewhere"]
How = Literal["all", "any"]


class _Query(UserDefinedType[str]):
    """What PostgreSQL looks for, given whole: its own parser of texts never sees it."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        """Return the name of the type."""
        return "TSQUERY"


def forget_deleted() -> None:
    """Have words that the present transaction takes out of texts leave the tables of search.

    FTS5 keeps the words of a changed row, marked as deleted, until its parts are put together.
    PostgreSQL forgets them at its next vacuum.
    """
    if is_sqlite():
        for name in SEARCHED:
            made = f"search_{name}"
            db.session.connection().exec_driver_sql(
                f"INSERT INTO {made} ({made}) VALUES ('optimize')"  # noqa: S608 - our own names
            )


def is_sqlite() -> bool:
    """Return whether the database is SQLite."""
    return bool(db.engine.dialect.name == "sqlite")


def search_table(searched: str) -> TableClause:
    """Return the search table of one of ``SEARCHED``, with the ids of that one's rows as ``id``."""
    if searched not in SEARCHED:
        raise ValueError(f"{searched} is not searched")
    name = f"search_{searched}"
    # FTS5 calls it so, and has no other column that can be read.
    key = "rowid" if is_sqlite() else "id"
    words = (column("title", TSVECTOR), column("words", TSVECTOR))
    return table(name, column(key), column("organisation_id"), *words)


def key_of(found: FromClause) -> ColumnElement[int]:
    """Return the column with the ids of a search table."""
    return found.c.rowid if is_sqlite() else found.c.id


def match_words(
    found: FromClause,
    words: Sequence[str],
    *,
    organisation_id: int,
    where: Where = "anywhere",
    how: How = "all",
) -> ColumnElement[bool]:
    """Return the condition that a row of ``found`` holds ``words``, each as a word's beginning.

    ``words`` are those of ``query_words.words_of``: folded, letters and digits only, at least one.
    ``where`` “title” asks that all stand in the title, “elsewhere” that they do not all stand
    there; ``how`` “any” asks for one of them only.
    """
    if not words or not all(word.isalnum() for word in words):
        raise ValueError("words must be folded, and at least one")
    if is_sqlite():
        joined = (" OR " if how == "any" else " AND ").join(f'"{word}"*' for word in words)
        in_title = f"title : ({joined})"
        asked = in_title if where == "title" else f"{{title words}} : ({joined})"
        asked = f'(place : "o{organisation_id}" AND {asked})'
        if where == "elsewhere":
            asked = f"{asked} NOT ({in_title})"
        # Only a table of FTS5 comes here, and it is asked by its name.
        return literal_column(str(found)).op("MATCH")(bindparam(None, asked, unique=True))
    joined = (" | " if how == "any" else " & ").join(f"'{word}':*" for word in words)
    asked_for = cast(literal(joined), _Query())
    titled = found.c.title.bool_op("@@")(asked_for)
    held = found.c.words.bool_op("@@")(asked_for)
    holds = {"title": titled, "anywhere": held, "elsewhere": and_(held, not_(titled))}
    return and_(found.c.organisation_id == organisation_id, holds[where])


def _newest(searched: str, organisation_id: int) -> tuple[Any, ColumnElement[int]]:
    """Return the newest rows of a council's search table, and the last of their ids.

    There is no last id, and so nothing older, where they are all that the council has.
    """
    kept = search_table(searched)
    whole = (
        select(kept.c.id, kept.c.organisation_id, kept.c.title, kept.c.words)
        .where(kept.c.organisation_id == organisation_id)
        .order_by(kept.c.id.desc())
    )
    ids = whole.with_only_columns(kept.c.id).offset(NEWEST - 1).limit(1)
    last: ColumnElement[int] = ids.scalar_subquery()
    return whole.limit(NEWEST).subquery(), last


@dataclass(frozen=True)
class _Asked:
    """Hits of one searched table that a door lets through, ``most`` of them, the newest first."""

    searched: str
    words: Sequence[str]
    organisation_id: int
    rows: FromClause
    door: Sequence[Any]
    most: int
    how: How = "all"

    def part(self, where: Where, found: Any = None, *also: Any) -> Any:
        """Return ids and ``in_title`` of the hits among ``found``, all rows unless said."""
        found = search_table(self.searched) if found is None else found
        key = key_of(found)
        chosen: Any = select(
            key.label("id"), literal(1 if where == "title" else 0).label("in_title")
        ).select_from(found.join(self.rows, self.rows.c.id == key))
        for one in self.door:
            chosen = chosen.join(*one) if isinstance(one, tuple) else chosen.where(one)
        matching = match_words(
            found, self.words, organisation_id=self.organisation_id, where=where, how=self.how
        )
        # PostgreSQL takes every beginning of a word for a common one and would read all rows, the
        # newest first, for a rare one: an order it cannot see through leaves the index of words.
        newest = key if is_sqlite() else key + 0
        return chosen.where(matching, *also).order_by(newest.desc()).limit(self.most)

    def parts(self, where: Where, *also: Any) -> list[Any]:
        """Return the selects that find the hits one after the other, from the newest on."""
        if is_sqlite():
            return [self.part(where, None, *also)]
        newest, last = _newest(self.searched, self.organisation_id)
        first = self.part(where, newest, *also).cte(f"new_{where}")
        older = search_table(self.searched)
        # A common word fills the page from the newest; only for others the index of words is asked.
        has_more = (
            last.is_not(None),
            select(func.count()).select_from(first).scalar_subquery() < self.most,
            older.c.id < last,
        )
        return [first.select(), self.part(where, older, *has_more, *also)]


def newest_holding(
    searched: str,
    words: Sequence[str],
    *,
    organisation_id: int,
    rows: FromClause,
    door: Sequence[Any],
    how: How,
    most: int,
    among: Select[int, bool] | None = None,
) -> Any:
    """Return the ids of the newest ``most`` rows with these words, as a select of ``id``.

    ``rows`` and ``door`` as for ``best_first``. ``among`` has ids and ``fits``, the newest first by
    an index: where the door lets few of all rows through, these are looked through first.
    """
    asked = _Asked(searched, words, organisation_id, rows, door, most, how)
    if among is None or is_sqlite():
        parts = asked.parts("anywhere")
    else:
        newest = among.limit(NEWEST).subquery()
        kept = search_table(searched)
        # Limited once more, or the index of words would be read for all councils.
        fitting = and_(newest.c.id == kept.c.id, newest.c.fits)
        found = select(kept).join(newest, fitting).limit(NEWEST).subquery()
        first = asked.part("anywhere", found).cte("new_among")
        has_more = (
            among.with_only_columns(literal(1)).offset(NEWEST - 1).limit(1).exists(),
            select(func.count()).select_from(first).scalar_subquery() < most,
        )
        parts = [first.select(), asked.part("anywhere", None, *has_more)]
    hits = union(*(select(one.subquery()) for one in parts)).subquery()
    return select(hits.c.id).order_by(hits.c.id.desc()).limit(most)


def best_first(
    searched: str,
    words: Sequence[str],
    *,
    organisation_id: int,
    rows: FromClause,
    door: Sequence[Any],
    page: int = 1,
) -> Any:
    """Return ids and ``in_title`` of one page of hits and one more, as a selectable.

    Hits with all the words in their title come first, each part the newest first: an order that
    both databases give, and that can be said in a sentence. ``rows`` is the searched table itself,
    ``door`` the joins (target, on) and conditions that let through what the actor may read.
    """
    page = page_of(page)
    most = page * PAGE_SIZE + 1
    asked = _Asked(searched, words, organisation_id, rows, door, most)
    if searched in WITHOUT_TITLE:
        hits = union_all(*(select(one.subquery()) for one in asked.parts("anywhere"))).subquery(
            "hits"
        )
    else:
        titled = union_all(*(select(one.subquery()) for one in asked.parts("title"))).cte("titled")
        # Where titles fill the page, and a common word does, nothing else need be looked for.
        is_full = select(func.count()).select_from(titled).scalar_subquery() >= most
        elsewhere = (select(one.subquery()) for one in asked.parts("elsewhere", not_(is_full)))
        hits = union_all(titled.select(), *elsewhere).subquery("hits")
    return (
        select(hits.c.id, hits.c.in_title)
        .order_by(hits.c.in_title.desc(), hits.c.id.desc())
        .limit(PAGE_SIZE + 1)
        .offset((page - 1) * PAGE_SIZE)
        .subquery("page")
    )
