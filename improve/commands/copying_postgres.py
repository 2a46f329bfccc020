"""Copying a PostgreSQL database out with its own tools, and laying a copy down again."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from sqlalchemy import Connection, make_url, text
from sqlalchemy.exc import SQLAlchemyError

from improve.commands.backup_file import PIECE
from improve.shared.database_facts import WORKED_OUT
from improve.shared.db import db
from improve.shared.unfinished_restore import ASIDE, MARK

#: What the tools are told of where to go: a name in a file, see ``_way_to``.
_SERVICE: Final = "improve"
_THERE: Final = f"--dbname=service={_SERVICE}"
_PLACES: Final = Path("/usr/lib/postgresql")
_VERSION: Final = re.compile(rb"\b(\d{1,3})(?:\.|devel|beta|rc|\b)")


class ToolRefused(Exception):
    """A tool of PostgreSQL is missing, too old, or said no. In plain words."""


@dataclass(frozen=True, slots=True)
class Tool:
    """One of PostgreSQL's programs."""

    path: str
    version: int


def newest_tool(name: str, *, at_least: int) -> Tool:
    """Return the newest ``name`` (such as pg_dump) there is. Raises ``ToolRefused``.

    Debian keeps each version in a folder of its own, and what stands in the path may be any.
    """
    on_path = shutil.which(name)
    paths = [*([on_path] if on_path else []), *map(str, _PLACES.glob(f"*/bin/{name}"))]
    found = [Tool(path, version) for path in paths if (version := _version(path))]
    advice = f"Install PostgreSQL’s client programs, version {at_least} or newer"
    advice = f"{advice} (on Debian and Ubuntu: apt-get install postgresql-client)."
    if not found:
        raise ToolRefused(f"{name} is not here. {advice}")
    newest = max(found, key=lambda tool: tool.version)
    if newest.version < at_least:
        raise ToolRefused(f"{name} here is of version {newest.version}. {advice}")
    return newest


def _version(path: str) -> int:
    try:
        said = subprocess.run(  # noqa: S603 - a program of PostgreSQL, found where those are
            [path, "--version"], capture_output=True, check=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = _VERSION.search(said)
    return int(found.group(1)) if found else 0


@contextmanager
def _way_to(uri: str) -> Iterator[dict[str, str]]:
    """Give the environment in which a tool that is called with ``_THERE`` reaches a database.

    Every user of a machine can list the words of a command, so none of the address stands there:
    passwords are in the environment, or in a file that only this user may open, for the block.
    Raises ``ToolRefused`` for what such a file cannot hold.
    """
    _, facts = db.engine.dialect.create_connect_args(make_url(uri))
    said = {name: str(told) for name, told in facts.items() if isinstance(told, (str, int))}
    environ = {**os.environ, "PGAPPNAME": "improve backup", "LC_MESSAGES": "C"}
    environ.pop("PGSERVICE", None)
    password = said.pop("password", "")
    if password:
        environ["PGPASSWORD"] = password
    lines = [f"[{_SERVICE}]", *(f"{name}={told}" for name, told in said.items())]
    if "service" in said or any(one != one.rstrip() or "\n" in one for one in lines):
        raise ToolRefused(
            "DATABASE_URL names a service, or has a line break or a blank at the end of something. "
            "Write host, port, user and database out, without these"
        )
    with tempfile.TemporaryDirectory(prefix=".improve-way-") as folder:
        file = Path(folder) / "service"
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write("\n".join([*lines, ""]))
        yield {**environ, "PGSERVICEFILE": str(file)}


@contextmanager
def one_moment(connection: Connection) -> Iterator[str]:
    """Give the name of a moment, at which this connection and the tools see the same rows."""
    connection.execution_options(isolation_level="REPEATABLE READ")
    with connection.begin():
        for patience in ("statement_timeout", "idle_in_transaction_session_timeout"):
            connection.execute(text(f"SET LOCAL {patience} = 0"))
        yield str(connection.execute(text("SELECT pg_export_snapshot()")).scalar_one())


def dump(uri: str, *, tool: Tool, schema: str, moment: str) -> Iterator[bytes]:
    """Return a dump in PostgreSQL's own form, piece by piece. Raises ``ToolRefused``."""
    words = [
        tool.path, "--format=custom", "--compress=1", "--no-owner", "--no-privileges",
        "--no-password", f"--schema={schema}", f"--snapshot={moment}", "--lock-wait-timeout=60s",
        _THERE,
    ]  # fmt: skip
    with _way_to(uri) as environ, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - as above; the words are our own
            words, stdout=subprocess.PIPE, stderr=said, stdin=subprocess.DEVNULL, env=environ
        )
        out: Any = process.stdout
        try:
            while piece := out.read(PIECE):
                yield piece
            if process.wait():
                raise ToolRefused(f"pg_dump could not go on: {_last_line(said)}")
        finally:
            _end(process, out)


def lay_down(uri: str, pieces: Iterable[bytes], *, tool: Tool, schema: str) -> None:
    """Make the tables of a dump in one transaction: all, or none. Raises ``ToolRefused``."""
    words = [
        tool.path, "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges",
        "--no-password", f"--schema={schema}", _THERE,
    ]  # fmt: skip
    with _way_to(uri) as environ, tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - as above
            words, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=said, env=environ
        )
        to: Any = process.stdin
        try:
            try:
                for piece in pieces:
                    to.write(piece)
                to.close()
            except BrokenPipeError:
                pass  # it says why
            if process.wait():
                raise ToolRefused(f"pg_restore could not go on: {_last_line(said)}")
        finally:
            _end(process, to)


def _end(process: subprocess.Popen[bytes], pipe: Any) -> None:
    if process.poll() is None:
        process.kill()
    with suppress(BrokenPipeError):
        pipe.close()
    process.wait()


def _last_line(said: IO[bytes]) -> str:
    """Return what a tool said first of its trouble: names of tables and places, never a row."""
    said.seek(0)
    lines = [one for one in said.read(20_000).decode(errors="replace").splitlines() if one.strip()]
    named = [one for one in lines if "error:" in one] or lines or ["it did not say why"]
    return named[0].split("error: ", 1)[-1].strip()


def rows_in(pieces: Iterable[bytes], *, tool: Tool) -> dict[str, int]:
    """Return how many rows of each table a dump holds, all of it read. Raises ``ToolRefused``."""
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(  # noqa: S603 - as above
            [tool.path, "--file=-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said
        )
        to: Any = process.stdin
        out: Any = process.stdout
        trouble: list[Exception] = []

        def feed() -> None:
            try:
                with suppress(BrokenPipeError):
                    for piece in pieces:
                        to.write(piece)
                    to.close()
            except Exception as error:  # raised below, in the thread that waits
                trouble.append(error)
                process.kill()

        feeder = threading.Thread(target=feed)
        feeder.start()
        try:
            found = _count_rows(out)
            feeder.join()
            if trouble:
                raise trouble[0]
            if process.wait():
                raise ToolRefused(f"pg_restore could not go on: {_last_line(said)}")
        finally:
            _end(process, to)
            out.close()
            feeder.join()
    return found


def _count_rows(lines: Iterable[bytes]) -> dict[str, int]:
    found: dict[str, int] = {}
    table = ""
    for line in lines:
        if table:
            if line == b"\\.\n":
                table = ""
            else:
                found[table] += 1
        elif line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
            table = line.split()[1].decode().rsplit(".", 1)[-1].strip('"')
            found[table] = 0
    return found


def others_there() -> list[str]:
    """Return the database users who are connected beside us."""
    with db.engine.connect() as connection:
        return list(
            connection.execute(
                text(
                    "SELECT DISTINCT usename::text FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                    " AND backend_type = 'client backend' ORDER BY 1"
                )
            ).scalars()
        )


#: What our migrations make: of the search, of the sums of finished months, and of the log.
_IS_OUR_FUNCTION: Final = (
    "(starts_with(proname, 'search_') OR starts_with(proname, 'flow_')"
    " OR proname = 'refuse_audit_change')"
)


def not_ours(connection: Connection, tables: Iterable[str]) -> list[str]:
    """Return what stands in the schema beside ``tables`` and what we make for them: nothing of it
    may be put aside, or dropped.
    """
    asked = (
        "SELECT relname::text FROM pg_class"  # noqa: S608 - words of our own
        " WHERE relnamespace = current_schema()::regnamespace"
        " AND relkind IN ('r', 'p', 'v', 'm', 'f') AND NOT relname = ANY(CAST(:tables AS text[]))"
        " AND relname NOT LIKE :worked_out"
        " UNION ALL SELECT oid::regprocedure::text FROM pg_proc"
        " WHERE pronamespace = current_schema()::regnamespace"
        f" AND NOT {_IS_OUR_FUNCTION}"
        " UNION ALL SELECT 'the extension ' || extname FROM pg_extension"
        " WHERE extnamespace = current_schema()::regnamespace ORDER BY 1"
    )
    facts = {"tables": list(tables), "worked_out": f"{WORKED_OUT}%"}
    return list(connection.execute(text(asked), facts).scalars())


def is_set_aside(connection: Connection) -> bool:
    """Return whether a restore was cut off, with the earlier tables still aside."""
    asked = text("SELECT 1 FROM pg_namespace WHERE nspname = :name")
    return connection.execute(asked, {"name": ASIDE}).first() is not None


def set_aside(schema: str) -> None:
    """Put all tables aside, and an empty schema in their place. Raises ``ToolRefused``."""
    quoted = db.engine.dialect.identifier_preparer.quote(schema)
    try:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER SCHEMA {quoted} RENAME TO {ASIDE}")
            connection.exec_driver_sql(f"CREATE SCHEMA {quoted}")
            _mark_unfinished(connection)
    except SQLAlchemyError:
        raise ToolRefused(
            "the database user does not own the schema. Restore into an empty database with "
            "--into, and let DATABASE_URL name that one"
        ) from None


def put_back(schema: str) -> None:
    """Let the tables that were put aside stand where they stood, and drop what stands there."""
    quoted = db.engine.dialect.identifier_preparer.quote(schema)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA {quoted} CASCADE")
        connection.exec_driver_sql(f"ALTER SCHEMA {ASIDE} RENAME TO {quoted}")


def _mark_unfinished(connection: Connection) -> None:
    connection.exec_driver_sql(f"CREATE TABLE {MARK} ()")


def let_in() -> None:
    """Drop what was put aside, and the mark: what was laid down is fit for use from now on."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE")
        connection.exec_driver_sql(f"DROP TABLE {MARK}")


def empty_schema(*, for_restore: bool = False) -> None:
    """Drop every table and function of ours; only where nothing else is, and nothing of worth.

    ``for_restore``: what is laid down there next is not fit for use yet.
    """
    with db.engine.begin() as connection:
        quote = connection.dialect.identifier_preparer.quote
        tables = connection.execute(
            text("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        ).scalars()
        for name in tables.all():
            connection.exec_driver_sql(f"DROP TABLE {quote(name)} CASCADE")
        made = connection.execute(
            text(
                "SELECT oid::regprocedure::text FROM pg_proc"  # noqa: S608 - words of our own
                f" WHERE pronamespace = current_schema()::regnamespace AND {_IS_OUR_FUNCTION}"
                " ORDER BY 1"
            )
        ).scalars()
        for signature in made.all():
            connection.exec_driver_sql(f"DROP FUNCTION {signature} CASCADE")
        if for_restore:
            _mark_unfinished(connection)
