"""Writing a backup while people work, and proving that it can be restored."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, Final

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from improve.commands import copying_postgres as postgres
from improve.commands import copying_sqlite as sqlite
from improve.commands import trial_database as trial
from improve.commands.another_database import another_database, tidied_when_told_to_stop
from improve.commands.backup_file import BackupRefused, BackupWriter, Sum, check_whole, open_backup
from improve.migrations import newest_revision
from improve.shared import audit, clock, database_facts
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.command_runs import note_run
from improve.shared.database_facts import words_of_database
from improve.shared.db import db, reading
from improve.shared.sealing import key_id
from improve.shared.unfinished_restore import end_while_unfinished

#: What backups in a folder are called: only these are ever cleared.
_ENDING: Final = ".backup"
_NAMED: Final = "improve-%Y-%m-%dT%H%M%SZ"
_ONE_OF_OURS: Final = f"improve-????-??-??T??????Z{_ENDING}"
#: How old an unfinished file is that no command can be writing any more.
_LEFT_AFTER: Final = timedelta(hours=6)
#: How long a file stays at most in a folder that is kept: as those who report are told.
_KEPT_FOR: Final = timedelta(days=30)
_PROOFS: Final = {
    "restored": "It was restored on trial: rows and log of acts are the same.",
    "read": (
        "It was read to its end: the rows are the same. To have it restored on trial, let the "
        "database user make databases (in psql: ALTER ROLE … CREATEDB)."
    ),
}


@dataclass(frozen=True, slots=True)
class _Made:
    facts: dict[str, Any]
    whole: Sum


@click.command("backup", cls=OneLineCommand)
@click.option(
    "--keep",
    type=click.IntRange(1, 1000),
    help="With a folder: how many backups stay in it. Older ones are removed, and all of 30 days.",
)
@click.option("--no-verify", is_flag=True, help="Do not restore it on trial afterwards.")
@click.argument("place", type=click.Path(path_type=Path))
@with_appcontext
@needs_settings
def backup(place: Path, keep: int | None, no_verify: bool) -> None:
    """Write everything into one encrypted file: PLACE, or a new file in it when it is a folder.

    People go on working meanwhile; the file holds what stood at one moment. Then it is restored
    into a throw-away place, where rows and log of acts are compared with what was written. Run it
    every day, after the nightly run. Needs BACKUP_KEY; keep that and SEALING_KEY elsewhere, since
    the file is of no use without them. Exit code 1 when it does not prove whole: the file is then
    called .unverified, and no older one is removed.

    Example: flask --app wsgi backup /srv/backups --keep 14
    """
    key = _key()
    try:
        end_while_unfinished()
    except SQLAlchemyError as error:
        refuse(f"No backup was made: {_kind(error)}.")
    if keep and not place.is_dir():
        refuse(f"--keep needs a folder that is there: {place} is none.")
    file = place / (clock.now().strftime(_NAMED) + _ENDING) if place.is_dir() else place
    if file.exists():
        refuse(f"{file} is there already. Choose another name.")
    _clear_unfinished(file.parent)
    part = file.with_name(file.name + ".part")
    fault = ""
    with tidied_when_told_to_stop(), _new_file(part) as out:
        try:
            with out:
                made = copy(out, key)
                out.flush()
                os.fsync(out.fileno())
            proof = "none"
            if not no_verify:
                fault = _fault_of(part, key, made)
                proof = _proof()
            if fault:
                file = file.with_name(file.name + ".unverified")
            os.replace(part, file)
            sqlite.keep_the_name(file)
        except postgres.ToolRefused as error:
            refuse(f"No backup was made: {error}")
        except (OSError, SQLAlchemyError) as error:
            refuse(f"No backup was made: {_kind(error)}.")
    rows = sum(made.facts["counts"].values())
    click.echo(f"{file}: {rows:,} rows, {file.stat().st_size:,} bytes, encrypted.")
    if fault:
        click.echo(f"It did not prove whole: {fault}.", err=True)
        raise SystemExit(1)
    if proof in _PROOFS:
        click.echo(_PROOFS[proof])
    _note(file, made, rows, proof=proof)
    if keep:
        _clear_older(file, keep)


def _key() -> str:
    key = str(current_app.config["BACKUP_KEY"])
    if not key:
        refuse(
            "BACKUP_KEY is not set. Set it to a long random text, and keep a copy of it away from "
            "where the backups are: without it nobody can read them."
        )
    return key


@contextmanager
def _new_file(part: Path) -> Iterator[BinaryIO]:
    try:
        # Never into a file that somebody else laid there, and can read.
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        refuse(f"{part} is there already, from a backup that was cut off. Remove it first.")
    except OSError as error:
        refuse(f"{part} cannot be written: {error.strerror}.")
    try:
        with os.fdopen(handle, "w+b") as out:
            yield out
    finally:
        part.unlink(missing_ok=True)


def copy(out: BinaryIO, key: str) -> _Made:
    return _copy_sqlite(out, key) if _is_sqlite() else _copy_postgres(out, key)


def _is_sqlite() -> bool:
    return bool(db.engine.dialect.name == "sqlite")


def _copy_sqlite(out: BinaryIO, key: str) -> _Made:
    database = sqlite.path_of(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if not database.exists():
        raise FileNotFoundError(2, "there is no database", str(database))
    with sqlite.folder_beside(database) as folder:
        copy = folder / "copy.sqlite3"
        sqlite.copy_out(database, copy)
        with another_database(f"sqlite:///{copy}"), reading(), db.engine.connect() as connection:
            facts = _facts(connection)
        sqlite.make_one_file(copy)
        writer = BackupWriter(out, key, facts)
        for piece in sqlite.pieces_of(copy):
            writer.write(piece)
        return _Made(facts, writer.finish())


def _copy_postgres(out: BinaryIO, key: str) -> _Made:
    uri = current_app.config["SQLALCHEMY_DATABASE_URI"]
    for name in trial.clear_left_databases():
        click.echo(f"Removed: the database {name}, left by a backup that was cut off.")
    with reading(), closing(db.engine.connect()) as connection:
        major = int((connection.dialect.server_version_info or (0,))[0])
        tool = postgres.newest_tool("pg_dump", at_least=major)
        with postgres.one_moment(connection) as moment:
            schema = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
            facts = {**_facts(connection), "schema": schema, "tool": tool.version}
            writer = BackupWriter(out, key, facts, is_packed=True)
            for piece in postgres.dump(uri, tool=tool, schema=str(schema), moment=moment):
                writer.write(piece)
            return _Made(facts, writer.finish())


def _facts(connection: Connection) -> dict[str, Any]:
    """Return what the first frame of the file says of it."""
    return {
        "engine": connection.dialect.name,
        "engine_version": database_facts.engine_version(connection),
        "revision": database_facts.revision_of(connection),
        "improve": version("improve"),
        "made_at": clock.now().isoformat(timespec="seconds"),
        "counts": database_facts.row_counts(connection),
        "logs": database_facts.ends_of_logs(connection),
        # By their names alone: whether those that the data needs are here when it is restored.
        "secret_key": key_id(current_app.config["SECRET_KEY"]),
        "sealing_keys": [key_id(one) for one in current_app.config["SEALING_KEYS"]],
    }


def _fault_of(part: Path, key: str, made: _Made) -> str:
    """Restore the file into a throw-away place; return what is not as it was written, or “”."""
    try:
        with part.open("rb") as file:
            if _is_sqlite():
                return _fault_on_sqlite(file, key, made.facts)
            return _fault_on_postgres(file, key, made.facts)
    except (BackupRefused, postgres.ToolRefused) as error:
        return str(error)


def _fault_on_sqlite(file: BinaryIO, key: str, facts: dict[str, Any]) -> str:
    database = sqlite.path_of(current_app.config["SQLALCHEMY_DATABASE_URI"])
    with sqlite.folder_beside(database) as folder:
        again = folder / "again.sqlite3"
        sqlite.write_pieces(open_backup(file, key).data, again)
        fault = sqlite.fault_in(again)
        if fault:
            return f"SQLite says “{fault}”"
        with another_database(f"sqlite:///{again}"):
            return str(difference_from(facts))


def _fault_on_postgres(file: BinaryIO, key: str, facts: dict[str, Any]) -> str:
    tool = postgres.newest_tool("pg_restore", at_least=facts["tool"])
    if not trial.may_make_databases():
        return _difference(postgres.rows_in(open_backup(file, key).data, tool=tool), facts)
    with trial.throw_away(current_app.config["SQLALCHEMY_DATABASE_URI"]) as uri:
        with another_database(uri), db.engine.begin() as connection:
            quoted = connection.dialect.identifier_preparer.quote(facts["schema"])
            connection.exec_driver_sql(f"CREATE SCHEMA IF NOT EXISTS {quoted}")
        postgres.lay_down(uri, open_backup(file, key).data, tool=tool, schema=facts["schema"])
        with another_database(uri):
            return str(difference_from(facts))


@dataclass(frozen=True, slots=True)
class Difference:
    """What is not as the facts of a backup say, in words; “” where nothing is.

    ``rows``: something is missing or too much. ``log``: the log of acts does not hold, as it may
    not have held when the backup was made.
    """

    rows: str = ""
    log: str = ""

    def __str__(self) -> str:
        """Return both in one sentence."""
        return "; ".join(part for part in (self.rows, self.log) if part)


def difference_from(facts: dict[str, Any]) -> Difference:
    """Return what in the database of the present application is not as ``facts`` say."""
    with reading(), db.engine.connect() as connection:
        counts = database_facts.row_counts(connection)
        logs = database_facts.ends_of_logs(connection)
    rows = _difference(counts, facts)
    if logs != facts["logs"]:
        return Difference(rows, "the log of acts ends elsewhere")
    with reading():
        faults = audit.find_faults()
        db.session.rollback()
    log = "; ".join(
        f"in the log of acts of organisation {one.organisation_id}, "
        f"entry {one.sequence} {one.words}"
        for one in faults[:3]
    )
    return Difference(rows, log)


def _difference(counts: dict[str, int], facts: dict[str, Any]) -> str:
    """Return which tables have not as many rows as ``facts`` say, or “”. Those of search may."""
    wrong = [
        f"{name} has {counts.get(name, 0):,} rows, not {facts['counts'].get(name, 0):,}"
        for name in sorted({*counts, *facts["counts"]})
        if counts.get(name) != facts["counts"].get(name)
        and not name.startswith(database_facts.WORKED_OUT)
    ]
    return "; ".join(wrong[:3])


def _proof() -> str:
    """Return how far a file made here is proved: one of ``_PROOFS``."""
    return "restored" if _is_sqlite() or trial.may_make_databases() else "read"


def _note(file: Path, made: _Made, rows: int, *, proof: str) -> None:
    if made.facts["revision"] != newest_revision():
        click.echo("The tables are of another version, so they keep no note of when it was made.")
        return
    size = file.stat().st_size
    audit.record(None, "backup_made", "installation", None, rows=rows, size=size, proof=proof)
    try:
        db.session.commit()
        note_run("backup")
    except SQLAlchemyError as error:
        db.session.rollback()
        click.echo(f"It could not be noted that it was made ({_kind(error)}).", err=True)


def _clear_older(made: Path, keep: int) -> None:
    """Remove what is beyond ``keep``, and whatever is older than anybody may keep a copy.

    Never ``made``, which a wrong clock may have named as the oldest. The one before it, however
    old, stays until the next: by a clock that is far ahead it would be too old, and nothing would
    be left of what was made by a right one. Exit code 1 when one cannot be removed.
    """
    folder = made.parent
    ours = sorted({*folder.glob(_ONE_OF_OURS)} - {made}, reverse=True)
    before = (clock.now() - _KEPT_FOR).strftime(_NAMED)
    had_its_time = {one for one in folder.glob(f"{_ONE_OF_OURS}*") if one.name < before}
    had_its_time -= {*ours[:1]}
    stay = []
    for old in sorted({*ours[keep - 1 :], *had_its_time} - {made}):
        try:
            old.unlink(missing_ok=True)
            click.echo(f"Removed: {old.name}.")
        except OSError as error:
            stay.append(f"{old.name} is to go, and cannot be removed: {error.strerror}.")
    if stay:
        click.echo("\n".join(stay), err=True)
        raise SystemExit(1)


def _clear_unfinished(folder: Path) -> None:
    """Remove what a killed backup left in its folder."""
    before = (clock.now() - _LEFT_AFTER).timestamp()
    for part in folder.glob(f"{_ONE_OF_OURS}.part"):
        if part.stat().st_mtime < before:
            part.unlink(missing_ok=True)


def _kind(error: Exception) -> str:
    """Return an error in a few words; those of a database may hold a row."""
    if isinstance(error, OSError) and error.strerror:
        return f"{error.strerror}{f' ({error.filename})' if error.filename else ''}"
    return words_of_database(error)


def read_facts(file: Path, key: str) -> dict[str, Any]:
    """Read the whole of a backup; return what it is of. Raises ``BackupRefused``, ``OSError``."""
    with file.open("rb") as opened:
        return dict(check_whole(opened, key))
