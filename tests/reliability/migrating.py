"""An upgrade of a filled database is killed in the middle, again and again, and then run again."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
from alembic import command
from sqlalchemy import Engine, event, inspect

from improve.migrations import configuration, newest_revision, upgrade_database
from improve.shared.db import db
from tests.benchmarks.seeding import add_ideas
from tests.reliability.councils import application, found_council, rows, working
from tests.reliability.places import Place, place
from tests.reliability.table import Row, Size

#: The step that is gone back to: all of the review, the library, voices, reports and trust come after.
FROM = "0010"


def measure(engine: str, folder: Path, size: Size) -> Iterator[Row]:
    """Fill, go back, and kill the upgrade at one statement after another."""
    ideas, kills = size.of(20_000, 200), size.of(12, 1)
    with place(engine, folder) as here:
        council = found_council(here, people=2)
        app = application(here)
        with working(app):
            cast = council.cast
            add_ideas(organisation_id=cast.organisation, team_id=cast.team,
                      author_id=cast.practitioner, count=ideas)  # fmt: skip
            db.session.commit()
            command.downgrade(configuration(), FROM)
        keep(here)
        before, unbroken = _state(here), time.monotonic()
        statements = _upgrade(here, kill_at=0)
        unbroken = time.monotonic() - unbroken
        after = _state(here)
        put_back(here)
        found = []
        # The last one falls between the last statement and the commit.
        for number in range(kills):
            at = max(1, round(statements * (number + 1) / kills))
            _upgrade(here, kill_at=at)
            if (now := _state(here)) != before:
                found.append(f"killed at statement {at}: {_difference(before, now)}")
        _upgrade(here, kill_at=0)
        now = _state(here)
        if now != after or now["alembic_version"] != newest_revision():
            found.append(f"at the end: {_difference(after, now)}")
        found += _unsound(here)
    yield Row(
        f"Upgrade of {ideas:,} ideas from step {FROM}, killed in the middle, run again",
        "each time as it was before; at the end as if never killed",
        f"{statements} statements in {unbroken:.1f} s, {kills} kills, {len(found)} faults",
        is_held=not found,
        found=found,
    )


def _upgrade(here: Place, *, kill_at: int) -> int:
    """Upgrade in a process of its own, which is killed at a statement; return how many there were."""
    noted = here.folder / "statements"
    child = os.fork()
    if child == 0:
        seen = 0

        def note(*_facts: object) -> None:
            nonlocal seen
            seen += 1
            if seen == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            event.listen(Engine, "before_cursor_execute", note)
            upgrade_database(application(here))
            noted.write_text(str(seen))
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    return int(noted.read_text()) if noted.exists() else 0


def _state(here: Place) -> dict[str, str]:
    """Return the revision, and of each table its columns, its count and a mark of the ideas."""
    app = application(here)
    with working(app):
        inspector, found = inspect(db.session.connection()), dict[str, str]()
        for table in sorted(inspector.get_table_names()):
            columns = ",".join(sorted(str(c["name"]) for c in inspector.get_columns(table)))
            # Those of search hold nothing of their own.
            is_counted = not table.startswith("search_")
            count = rows(f'SELECT count(*) FROM "{table}"')[0][0] if is_counted else 0
            found[table] = f"{count} of {columns}"
        found["alembic_version"] = rows("SELECT version_num FROM alembic_version")[0][0]
        whole = rows("SELECT id, title, stage, version, created_at FROM ideas ORDER BY id")
        found["ideas in words"] = hashlib.sha256(repr(whole).encode()).hexdigest()
        db.session.rollback()
    return found


def _difference(one: dict[str, str], other: dict[str, str]) -> str:
    names = [n for n in sorted({*one, *other}) if one.get(n) != other.get(n)]
    return ", ".join(f"{n}: {one.get(n)} / {other.get(n)}" for n in names)[:500]


def _unsound(here: Place) -> list[str]:
    if here.engine != "sqlite":
        return []
    with sqlite3.connect(here.file) as line:
        told = [row[0] for row in line.execute("PRAGMA integrity_check")]
        dead = line.execute("PRAGMA foreign_key_check").fetchall()
    line.close()
    return [*(word for word in told if word != "ok"), *(f"dead: {row}" for row in dead)]


def keep(here: Place) -> None:
    """Keep a copy of the database as it is."""
    if here.server is None:
        shutil.copy(here.file, here.file.with_suffix(".kept"))
        return
    _copy(here, "improve", "improve_kept")


def put_back(here: Place) -> None:
    """Bring the database back to the copy."""
    if here.server is None:
        for ending in ("-wal", "-shm"):
            here.file.with_name(here.file.name + ending).unlink(missing_ok=True)
        shutil.copy(here.file.with_suffix(".kept"), here.file)
        return
    _copy(here, "improve_kept", "improve")


def _copy(here: Place, source: str, target: str) -> None:
    assert here.server is not None
    with psycopg.connect(here.server.address("postgres"), autocommit=True) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{target}" WITH (FORCE)')
        owner.execute(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')
