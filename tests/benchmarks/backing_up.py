"""What a backup costs: ``python -m tests.benchmarks.backing_up [--rows N] [--engine sqlite]``.

Fills a database with N queued mails of about a kilobyte and as many entries of the log, makes a
backup of it, proves it by restoring, and restores it elsewhere. Prints a table: time, size, and the
most memory that the command held, beside that of one which only reads the log.
"""

from __future__ import annotations

import argparse
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert

from improve.app import create_app
from improve.mail.models import OutboxMessage
from improve.migrations import upgrade_database
from improve.shared import audit, clock
from improve.shared.db import db
from tests import databases
from tests.conftest import test_settings
from tests.factories import make_cast

TOP = Path(__file__).resolve().parents[2]
_AT_ONCE = 2_000


def main() -> None:
    """Measure both engines, or the one that is named."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--rows", type=int, default=100_000)
    asked.add_argument("--engine", choices=["sqlite", "postgresql"])
    options = asked.parse_args()
    folder = Path(databases.make_run_folder("improve-backups-"))
    os.environ[databases.RUN_FOLDER] = str(folder)
    print(
        "| engine | what | seconds | of them, CPU | memory, MB | size, MB |\n|---|---|---|---|---|---|"
    )
    try:
        for engine in [options.engine] if options.engine else ["sqlite", "postgresql"]:
            _measure(engine, folder, options.rows)
    finally:
        databases.stop_postgres()
        shutil.rmtree(folder, ignore_errors=True)


def _measure(engine: str, folder: Path, rows: int) -> None:
    here, there = (_database(engine, folder, name) for name in ("here", "there"))
    _fill(here, rows)
    file = folder / f"{engine}.backup"
    url = here.replace("+psycopg", "")
    _line(engine, "verify-audit, to compare", url, ["verify-audit"])
    _line(engine, "backup, unproved", url, ["backup", "--no-verify", str(file)], file)
    file.unlink()
    _line(engine, "backup, proved by restoring", url, ["backup", str(file)], file)
    _line(engine, "restore", url, ["restore", "--into", there.replace("+psycopg", ""), str(file)])


def _database(engine: str, folder: Path, name: str) -> str:
    if engine == "sqlite":
        return f"sqlite:///{folder}/{name}.sqlite3"
    databases.make_postgres_database(name)
    return databases.postgres_url(name)


def _fill(uri: str, rows: int) -> None:
    app = create_app(test_settings(uri))
    upgrade_database(app)
    with app.app_context():
        cast = make_cast()
        actor = cast.actor("manager")
        for first in range(0, rows, _AT_ONCE):
            at, numbers = clock.now(), range(first, min(first + _AT_ONCE, rows))
            mails = [
                {
                    "key": f"k{number}", "to_address": "a@example.org", "subject": "s",
                    # Half as packed as words of people: little is won by packing it.
                    "body": secrets.token_hex(250) + " and so it went on" * 28, "stop_url": "",
                    "created_at": at, "next_try_at": at, "sent_at": at,
                }
                for number in numbers
            ]  # fmt: skip
            db.session.execute(insert(OutboxMessage), mails)
            for number in numbers:
                audit.record(actor, "tested", "thing", number)
            db.session.commit()
        db.session.remove()
        db.engine.dispose()


def _line(engine: str, what: str, url: str, words: list[str], file: Path | None = None) -> None:
    environ = {
        **os.environ,
        "IMPROVE_ENV": "development",
        "SECRET_KEY": test_settings("")["SECRET_KEY"],
        "DATABASE_URL": url,
    }
    with tempfile.TemporaryFile() as said:
        began, before = time.monotonic(), _cpu()
        process = subprocess.Popen(
            [sys.executable, "-m", "flask", "--app", "wsgi", *words],
            cwd=TOP, env=environ, stdout=said, stderr=said,
        )  # fmt: skip
        most = 0.0
        while process.poll() is None:
            most = max(most, _memory_of(process.pid))
            time.sleep(0.02)
        took, cpu = time.monotonic() - began, _cpu() - before
        said.seek(0)
        if process.returncode:
            sys.exit(said.read().decode())
    size = f"{file.stat().st_size / 1e6:,.0f}" if file else ""
    print(f"| {engine} | {what} | {took:.1f} | {cpu:.1f} | {most:.0f} | {size} |", flush=True)


def _cpu() -> float:
    """Return the seconds of CPU of all that was started and has ended, pg_dump among it."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _memory_of(pid: int) -> float:
    """Return the most memory, in MB, that a process has held so far. Not that of pg_dump beside it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    held = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return held[0] / 1024 if held else 0.0


if __name__ == "__main__":
    main()
