"""The tables of search, and what keeps them to the texts: statements for revision 0010 and later.

**A step that rebuilds one of these tables on SQLite in batch mode drops its triggers with the old
table: it must call ``lay_triggers`` and ``rebuild`` at its end.** A test looks for them after all
steps. What is searched is frozen here by revision: a later step that searches more brings its own
list and lays it in place of this one.

SQLite: FTS5 tables that keep no text (``content=''``), only which words stand in which column of
which row, so that a word taken out of a row is not read anywhere else. PostgreSQL: a table with the
words as a ``tsvector`` and a GIN index. It is a table of its own, and not a generated column or an
index on an expression, so that a move of a card writes nothing of it and the models are what the
other tables are. Triggers fire on the text columns alone, and only where a text has changed.

Both break texts into the same words: letters and digits, lower case, Latin letters without accents,
no endings taken off (``shared.query_words`` says why).
"""

# ruff: noqa: S608 - the names are those of our own tables below, and no value is put in

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection


@dataclass(frozen=True)
class Searched:
    """A table that is searched: the column read as its title, if any, and its other texts."""

    table: str
    title: str | None
    texts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns that are read."""
        return (self.title, *self.texts) if self.title else self.texts


SEARCHED_SINCE_0010: Final = (
    Searched(
        "ideas",
        "title",
        ("suggestion", "benefit", "problem", "improves", "lesson", "decision_why"),
    ),
    Searched(
        "cycles",
        None,
        (
            "question",
            "change_to_try",
            "prediction",
            "might_go_wrong",
            "balancing",
            "what_happened",
            "surprises",
            "learned",
            "decision_why",
            "adopt_anyway",
            "next_step",
        ),
    ),
    Searched("comments", None, ("words",)),
    Searched("measures", "name", ("numerator", "denominator", "left_out", "source")),
)

#: Searched besides from 0012 on.
ADDED_IN_0012: Final = (
    Searched(
        "learning_pages",
        "title",
        (
            "was_hard",
            "tried",
            "happened",
            "changed_for_child",
            "use_when",
            "beware",
            "did_not_work",
        ),
    ),
    Searched("borrowed_pages", "title", ("words",)),
)
SEARCHED_SINCE_0012: Final = SEARCHED_SINCE_0010 + ADDED_IN_0012


def lay(connection: Connection, searched: tuple[Searched, ...] = SEARCHED_SINCE_0010) -> None:
    """Make the tables of search, their triggers, and fill them from what stands there."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_FOLD)
    for one in searched:
        for statement in (
            _sqlite_tables(one) if connection.dialect.name == "sqlite" else _postgres_tables(one)
        ):
            connection.exec_driver_sql(statement)
    lay_triggers(connection, searched)
    rebuild(connection, searched)


def lay_triggers(
    connection: Connection, searched: tuple[Searched, ...] = SEARCHED_SINCE_0012
) -> None:
    """Make the triggers, in place of those there may be."""
    for one in searched:
        for statement in (
            _sqlite_triggers(one)
            if connection.dialect.name == "sqlite"
            else _postgres_triggers(one)
        ):
            connection.exec_driver_sql(statement)


def rebuild(
    connection: Connection, searched: tuple[Searched, ...] = SEARCHED_SINCE_0012
) -> dict[str, int]:
    """Fill the tables of search anew from the texts; return how many rows of each."""
    counts = {}
    for one in searched:
        name = f"search_{one.table}"
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")
            place, title, words = _sqlite_values(one, "")
            connection.exec_driver_sql(
                f"INSERT INTO {name} (rowid, place, title, words)"
                f" SELECT id, {place}, {title}, {words} FROM {one.table} ORDER BY id"
            )
            connection.exec_driver_sql(f"INSERT INTO {name} ({name}) VALUES ('optimize')")
        else:
            connection.exec_driver_sql(f"DELETE FROM {name}")
            connection.exec_driver_sql(
                f"INSERT INTO {name} (id, organisation_id, title, words)"
                f" SELECT id, organisation_id, {_postgres_values(one, '')} FROM {one.table}"
            )
        counts[one.table] = connection.exec_driver_sql(
            f"SELECT count(*) FROM {one.table}"
        ).scalar_one()
    return counts


def take_away(
    connection: Connection,
    searched: tuple[Searched, ...] = SEARCHED_SINCE_0010,
    *,
    is_last: bool = True,
) -> None:
    """Remove the tables, their triggers and functions.

    Not ``is_last``: other tables stay searched, and what folds their texts stays with them.
    """
    for one in searched:
        if connection.dialect.name == "sqlite":
            for when in ("insert", "update", "delete"):
                connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS search_{one.table}_{when}")
        else:
            connection.exec_driver_sql(
                f"DROP FUNCTION IF EXISTS search_{one.table}_follow() CASCADE"
            )
        connection.exec_driver_sql(f"DROP TABLE IF EXISTS search_{one.table}")
    if is_last and connection.dialect.name == "postgresql":
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS search_fold(text)")


# ---- SQLite

#: FTS5 takes for letters what its tables of Unicode do not know: “👋hello” would hold no hello.
_EMOJI: Final = "".join(
    chr(code)
    for first, last in (
        (0x1F300, 0x1F64F),
        (0x1F680, 0x1F6FF),
        (0x1F900, 0x1F9FF),
        (0x1FA70, 0x1FAFF),
    )
    for code in range(first, last + 1)
)


def _sqlite_tables(one: Searched) -> tuple[str, ...]:
    options = "content='', columnsize=0, prefix='3'"
    tokens = f"tokenize='unicode61 remove_diacritics 2 separators ''{_EMOJI}'''"
    columns = "place, title, words"
    return (f"CREATE VIRTUAL TABLE search_{one.table} USING fts5({columns}, {options}, {tokens})",)


def _sqlite_values(one: Searched, row: str) -> tuple[str, str, str]:
    """Return the organisation as one word, the title and the other texts of a row."""
    words = " || char(10) || ".join(f"coalesce({row}{name}, '')" for name in one.texts)
    title = f"coalesce({row}{one.title}, '')" if one.title else "''"
    return f"'o' || {row}organisation_id", title, words


def _sqlite_triggers(one: Searched) -> tuple[str, ...]:
    name = f"search_{one.table}"
    new = ", ".join(_sqlite_values(one, "new."))
    old = ", ".join(_sqlite_values(one, "old."))
    put = f"INSERT INTO {name} (rowid, place, title, words) VALUES (new.id, {new});"
    take = (
        f"INSERT INTO {name} ({name}, rowid, place, title, words) VALUES ('delete', old.id, {old});"
    )
    differs = " OR ".join(f"old.{column} IS NOT new.{column}" for column in one.columns)
    made = {
        "insert": f"AFTER INSERT ON {one.table} BEGIN {put} END",
        "delete": f"AFTER DELETE ON {one.table} BEGIN {take} END",
        "update": (
            f"AFTER UPDATE OF {', '.join(one.columns)} ON {one.table}"
            f" WHEN {differs} BEGIN {take} {put} END"
        ),
    }
    return tuple(
        statement
        for when, body in made.items()
        for statement in (
            f"DROP TRIGGER IF EXISTS {name}_{when}",
            f"CREATE TRIGGER {name}_{when} {body}",
        )
    )


# ---- PostgreSQL

#: A text as its words are compared: Latin letters without accents, and a blank for every sign, since
#: PostgreSQL's own parser would make a path of “and/or” and a number of “-19”.
_FOLD: Final = r"""
CREATE OR REPLACE FUNCTION search_fold(given text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
SELECT lower(regexp_replace(
    normalize(regexp_replace(
        normalize(coalesce(given, ''), NFD), '([A-Za-z])[\u0300-\u036f]+', '\1', 'g'), NFC),
    '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9\u00ab-\u00b1\u00b4\u00b6-\u00b8\u00bb\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf\u2100-\u2bff\u3000-\u3004\ufe00-\ufe0f\uff00-\uff0f\U0001f000-\U0001faff]+',
    ' ', 'g'))
$$
"""


def _postgres_tables(one: Searched) -> tuple[str, ...]:
    name = f"search_{one.table}"
    key = f"id integer CONSTRAINT pk_{name} PRIMARY KEY"
    columns = "organisation_id integer NOT NULL, title tsvector NOT NULL, words tsvector NOT NULL"
    return (
        f"CREATE TABLE {name} ({key}, {columns})",
        f"CREATE INDEX ix_{name}_title ON {name} USING gin (title)",
        f"CREATE INDEX ix_{name}_words ON {name} USING gin (words)",
        f"CREATE INDEX ix_{name}_organisation ON {name} (organisation_id, id)",
    )


def _postgres_values(one: Searched, row: str) -> str:
    """Return the words of the title, and of all texts with it."""
    texts = ", ".join(f"{row}{name}" for name in one.columns)
    title = f"{row}{one.title}" if one.title else "''"
    return ", ".join(
        f"strip(to_tsvector('simple', search_fold({given})))"
        for given in (title, f"concat_ws(' ', {texts})")
    )


def _postgres_triggers(one: Searched) -> tuple[str, ...]:
    name = f"search_{one.table}"
    differs = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in one.columns)
    follow = f"FOR EACH ROW EXECUTE FUNCTION {name}_follow()"
    made = {
        "insert": f"AFTER INSERT ON {one.table} {follow}",
        "delete": f"AFTER DELETE ON {one.table} {follow}",
        "update": (
            f"AFTER UPDATE OF {', '.join(one.columns)} ON {one.table}"
            f" FOR EACH ROW WHEN ({differs}) EXECUTE FUNCTION {name}_follow()"
        ),
    }
    function = f"""
CREATE OR REPLACE FUNCTION {name}_follow() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM {name} WHERE id = OLD.id;
        RETURN NULL;
    END IF;
    INSERT INTO {name} (id, organisation_id, title, words)
    VALUES (NEW.id, NEW.organisation_id, {_postgres_values(one, "NEW.")})
    ON CONFLICT (id) DO UPDATE
    SET organisation_id = excluded.organisation_id, title = excluded.title, words = excluded.words;
    RETURN NULL;
END $$
"""
    return (
        function,
        *(
            statement
            for when, body in made.items()
            for statement in (
                f"DROP TRIGGER IF EXISTS {name}_{when} ON {one.table}",
                f"CREATE TRIGGER {name}_{when} {body}",
            )
        ),
    )
