"""Many rows at once: PostgreSQL writes them itself, in the shape that the models say."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Final

from sqlalchemy import Connection, text

from improve.shared.db import Base

#: Per measure; weekly, so two years.
POINTS_OF_A_MEASURE: Final = 100
IDEAS_OF_A_MEASURE: Final = 10
PEOPLE_OF_A_TEAM: Final = 10
#: Texts that ideas, cycles and comments are taken from.
TEXTS: Final = 20_000


class Filling:
    """Writes rows in bulk over one connection, without triggers and keys to other tables."""

    def __init__(self, connection: Connection, say: Callable[[str], object]) -> None:
        self.connection = connection
        self.say = say
        self._indexes: list[str] = []
        # What a page may take is nothing to go by here.
        self.run("SET statement_timeout = 0")
        self.run("SET session_replication_role = replica")
        self.run("SET work_mem = '256MB'")
        self.run("SET maintenance_work_mem = '1GB'")
        self.run("SET synchronous_commit = off")
        self.run("CREATE SCHEMA scale")

    def run(self, statement: str, **values: Any) -> Any:
        """Run one statement."""
        return self.connection.execute(text(statement), values)

    def fill(self, table_name: str, source: str, /, **values: str) -> int:
        """Fill a table from ``source``, each column with an expression; return how many rows.

        Columns not named get what the model gives them. Indexes are made again at the end.
        """
        before = time.perf_counter()
        table = Base.metadata.tables[table_name]
        given = {c.name: default_of(c) for c in table.columns} | values
        given = {column: what for column, what in given.items() if what is not None}
        self.put_indexes_away(table_name)
        done = self.run(
            f"INSERT INTO {table_name} ({', '.join(given)}) SELECT {', '.join(given.values())} {source}"
        )
        count = int(done.rowcount)
        self.say(f"{table_name}: {count:,} rows in {time.perf_counter() - before:.0f} s")
        return count

    def put_indexes_away(self, name: str) -> None:
        """Drop what can be made again faster than kept."""
        found = self.run(
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
            " AND tablename = :name AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            name=name,
        ).all()
        for index, definition in found:
            self.run(f'DROP INDEX "{index}"')
            self._indexes.append(definition)

    def end(self) -> None:
        """Make all indexes again, set the next numbers, and throw away what only helped."""
        before = time.perf_counter()
        for definition in self._indexes:
            self.run(definition)
        self.say(f"{len(self._indexes)} indexes in {time.perf_counter() - before:.0f} s")
        self.run("DROP SCHEMA scale CASCADE")
        self.run(
            "DO $$ DECLARE one record; BEGIN FOR one IN"
            " SELECT c.table_name AS t, pg_get_serial_sequence(c.table_name, 'id') AS s"
            " FROM information_schema.columns c WHERE c.table_schema = 'public'"
            " AND c.column_name = 'id' AND c.column_default LIKE 'nextval%' LOOP"
            " EXECUTE format('SELECT setval(%L, (SELECT coalesce(max(id), 0) + 1 FROM %I))',"
            " one.s, one.t); END LOOP; END $$"
        )
        self.run("SET session_replication_role = DEFAULT")
        self.run("RESET statement_timeout")


def default_of(column: Any) -> str | None:
    """Return a model's own value for a column, as SQL; None: the database's."""
    if column.default is None or not hasattr(column.default, "arg"):
        return None
    arg = column.default.arg
    if callable(arg):
        return {"dict": "'{}'", "list": "'[]'"}.get(getattr(arg, "__name__", ""))
    if isinstance(arg, bool):
        return str(arg).lower()
    if isinstance(arg, int | float):
        return str(arg)
    return "'" + str(arg).replace("'", "''") + "'"
