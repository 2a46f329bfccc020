"""Moving house in tests: an empty installation on either engine, and an archive carried there."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from improve.open_data.queries import archive as queries
from improve.shared.db import db
from improve.shared.whole_tables import all_tables
from tests import databases
from tests.conftest import make_app, postgres_template, sqlite_template

_numbers = count(1)
#: What is not the same afterwards, and is not meant to be: the log begins with a new entry and is
#: chained by another secret; a link lets the first administrator in.
ANEW = frozenset({"audit_entries"})


@dataclass(frozen=True)
class House:
    """A folder for archives, and empty installations on demand."""

    folder: Path
    worker: str

    def file(self, name: str) -> Path:
        """Return where a file of this name is put."""
        return self.folder / name

    def empty(self, engine: str = "sqlite") -> AbstractContextManager[Flask]:
        """Give an application on a migrated database that holds nothing."""
        return empty_instance(engine, self.folder, self.worker)


@contextmanager
def empty_instance(engine: str, folder: Path, worker: str) -> Iterator[Flask]:
    """Give an application on a migrated database that holds nothing, with a secret of its own."""
    name = f"improve_{worker}_moved"
    if engine == "sqlite":
        path = folder / f"moved{next(_numbers)}.sqlite3"
        shutil.copy(sqlite_template(), path)
        app = make_app(f"sqlite:///{path}")
    else:
        databases.make_postgres_database(name, template=postgres_template())
        app = make_app(databases.postgres_url(name))
    app.config["AUDIT_KEY"] = b"the secret of another house"
    try:
        yield app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def run(app: Flask, *arguments: Any) -> tuple[int, str]:
    """Run a command and return its exit code and everything it said."""
    done = app.test_cli_runner().invoke(args=[str(a) for a in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def export(app: Flask, file: Path, slug: str, *more: str) -> str:
    """Write the archive of a council by the command; return what it said."""
    code, said = run(app, "export-archive", "--council", slug, *more, file)
    assert code == 0, said
    return said


def rows_of(app: Flask, organisation_id: int) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of a council's archived tables, the private ones too."""
    with app.app_context(), queries.standing_still() as connection:
        return {
            table.name: list(queries.rows(connection, table, organisation_id, with_private=True))
            for table in queries.archived_tables(with_private=True)
        }


def counts_of(app: Flask) -> dict[str, int]:
    """Return how many rows each table has, whoever they belong to."""
    with app.app_context(), queries.standing_still() as connection:
        return {
            name: len(connection.execute(select(table)).all())
            for name, table in all_tables().items()
        }


def news_settled(rows: dict[str, list[tuple[Any, ...]]], at: Any) -> dict[str, list[Any]]:
    """Return the rows as an archive has them: news counts as mailed when it was made."""
    place = list(all_tables()["notices"].c.keys()).index("mailed_at")
    settled = [
        tuple(at if n == place and value is None else value for n, value in enumerate(row))
        for row in rows["notices"]
    ]
    return {**rows, "notices": settled}


def check_same(file: Path, again: Path) -> None:
    """The archive of what came in is the same archive, but for the log and the way in."""
    with zipfile.ZipFile(file) as one, zipfile.ZipFile(again) as two:
        first, second = (json.loads(z.read("manifest.json")) for z in (one, two))
    marks = [{t["name"]: t["sha256"] for t in m["tables"]} for m in (first, second)]
    assert {n for n, mark in marks[0].items() if marks[1][n] != mark} == ANEW
