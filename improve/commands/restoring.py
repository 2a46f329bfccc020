"""Bringing a backup back: all of it, or nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import click
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from flask.cli import with_appcontext
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from config import database_uri, problem_of_database, problem_of_network
from improve.accounts import service as accounts
from improve.commands import copying_postgres as postgres
from improve.commands import copying_sqlite as sqlite
from improve.commands import trial_database as trial
from improve.commands.another_database import another_database, tidied_when_told_to_stop
from improve.commands.audit_log import note_restored_heads
from improve.commands.backing_up import difference_from, read_facts
from improve.commands.backup_file import BackupRefused, open_backup
from improve.commands.erasing import erase_again
from improve.commands.writing_anew import write_anew
from improve.ideas import service as ideas
from improve.mail import service as mail
from improve.measures import service as measures
from improve.migrations import configuration, newest_revision, search_index, upgrade_database
from improve.shared import audit, database_facts, erased_file
from improve.shared.clearing import clearings
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.db import db, reading
from improve.shared.sealing import key_id
from improve.shared.unfinished_restore import MARK

_IN_USE: Final = (
    "somebody uses the database. Stop the site and its timers first, then run this again"
)


class _Refused(Exception):
    """In plain words."""


@click.command("restore", cls=OneLineCommand)
@click.option(
    "--into",
    "url",
    default="",
    help="The database to restore into, written like DATABASE_URL. Without it: DATABASE_URL.",
)
@click.option(
    "--replace",
    "named",
    default="",
    metavar="NAME",
    help="Give up what stands there. NAME is the database’s own name, or that of its file.",
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
@needs_settings
def restore(file: Path, url: str, named: str) -> None:
    """Bring back everything that the backup FILE holds: all of it, or nothing is changed.

    The database must be empty, unless --replace names it; stop the site and its timers first.
    A backup of an older version of Improve is brought up to date. Everybody signs in anew
    afterwards: ways in that were ended since would else be open again. What was erased since is
    erased again (ERASED_FILE), and what has had its time is cleared. Needs the BACKUP_KEY that
    the file was written with, and SECRET_KEY and SEALING_KEY as they were then. Exit code 1 when
    it is restored, but the log of acts does not hold.

    Example: flask --app wsgi restore /srv/backups/improve-2026-11-29T031500Z.backup
    """
    uri = _uri(url)
    key = str(current_app.config["BACKUP_KEY"])
    if not key:
        refuse("BACKUP_KEY is not set. Set it to the one that the backup was written with.")
    try:
        facts = read_facts(file, key)
        _check(facts, uri)
        with tidied_when_told_to_stop():
            on = _on_sqlite if facts["engine"] == "sqlite" else _on_postgres
            done = on(file, key, facts, uri, named)
    except BackupRefused as error:
        refuse(f"{file} cannot be restored: {error}. Nothing was changed.")
    except (_Refused, postgres.ToolRefused) as error:
        refuse(f"Nothing was changed: {str(error).rstrip('.')}.")
    except sqlite.InUse:
        refuse(f"Nothing was changed: {_IN_USE}.")
    except OSError as error:
        refuse(f"Nothing was changed: {error.strerror or type(error).__name__}.")
    except SQLAlchemyError as error:
        # Its own words may hold a row.
        refuse(f"Nothing was changed: the database did not take it ({type(error).__name__}).")
    if uri == current_app.config["SQLALCHEMY_DATABASE_URI"] and not done["log"]:
        done["heads"] = note_restored_heads(facts["made_at"])
    _tell(file, facts, done)


def _uri(url: str) -> str:
    if not url:
        return str(current_app.config["SQLALCHEMY_DATABASE_URI"])
    if not url.startswith(("sqlite:///", "postgres://", "postgresql://")):
        refuse("--into does not begin with sqlite:/// or postgresql://.")
    problem = problem_of_database(url)
    if current_app.config["IS_SECURE"]:
        problem = problem or problem_of_network(url)
    if problem:
        refuse(problem.replace("DATABASE_URL", "--into"))
    return _with_password(database_uri(url))


def _with_password(uri: str) -> str:
    """Return an address with the password of DATABASE_URL, where that is of the same user there."""
    wanted, own = make_url(uri), make_url(str(current_app.config["SQLALCHEMY_DATABASE_URI"]))
    if wanted.password is not None:
        click.echo(
            "Whoever works on this machine can read a password in a command. Write --into without "
            "it: that of DATABASE_URL serves for the same server and user, else ~/.pgpass.",
            err=True,
        )
        return uri
    same = (wanted.host, wanted.port, wanted.username) == (own.host, own.port, own.username)
    if not same or own.password is None:
        return uri
    return wanted.set(password=own.password).render_as_string(hide_password=False)


def _check(facts: dict[str, Any], uri: str) -> None:
    """Refuse what this version of Improve, or this kind of database, cannot take."""
    engine = make_url(uri).get_backend_name()
    if facts["engine"] != engine:
        raise _Refused(
            f"the backup is of {_engine(facts['engine'])}, this is {_engine(engine)}. Restore it "
            "there, and bring it over with export-archive and import-archive"
        )
    known = {one.revision for one in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if facts["revision"] not in known:
        raise _Refused(
            f"the backup is of a newer version of Improve ({facts['improve']}, revision "
            f"{facts['revision'] or 'unknown'}; this one knows them up to {newest_revision()}). "
            "Update the program first"
        )


def _engine(name: str) -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}.get(name, name)


def _on_sqlite(file: Path, key: str, facts: dict[str, Any], uri: str, named: str) -> dict[str, Any]:
    """Make the new file beside the old one, and let it take its place at the end."""
    database = sqlite.path_of(uri)
    if not database.parent.is_dir():
        raise _Refused(f"there is no folder {database.parent}")
    if database.exists() and database.stat().st_size:
        with another_database(uri), reading(), db.engine.connect() as connection:
            _check_empty(database_facts.is_inhabited(connection), named, {database.name})
    with sqlite.folder_beside(database) as folder:
        new = folder / "new.sqlite3"
        with file.open("rb") as opened:
            sqlite.write_pieces(open_backup(opened, key).data, new)
        fault = sqlite.fault_in(new)
        if fault:
            raise _Refused(f"SQLite says “{fault}” of the backup")
        with another_database(f"sqlite:///{new}") as app:
            done = _settle(app, facts)
        sqlite.make_one_file(new)
        db.engine.dispose()
        sqlite.put_in_place(new, database)
    return done


def _on_postgres(
    file: Path, key: str, facts: dict[str, Any], uri: str, named: str
) -> dict[str, Any]:
    """Put what stands there aside until all is done, and back if anything goes wrong."""
    tool = postgres.newest_tool("pg_restore", at_least=facts["tool"])
    db.engine.dispose()
    with another_database(uri) as app:
        with reading(), db.engine.connect() as connection:
            schema = str(connection.exec_driver_sql("SELECT current_schema()").scalar_one() or "")
            if schema != facts["schema"]:
                raise _Refused(
                    f"the backup is of the schema {facts['schema']}, the database user of this "
                    f"database works in {schema or 'none'}"
                )
            if postgres.is_set_aside(connection):
                raise _Refused(_cut_off(schema))
            ours = [*db.metadata.tables, "alembic_version", MARK]
            theirs = postgres.not_ours(connection, ours)
            if theirs:
                raise _Refused(f"something stands there that is not Improve’s: {theirs[0]}")
            is_inhabited = database_facts.is_inhabited(connection)
            _check_empty(is_inhabited, named, {str(make_url(uri).database)})
        trial.clear_left_databases()
        others = postgres.others_there() if is_inhabited else []
        if others:
            raise _Refused(f"{_IN_USE} (connected: {', '.join(others)})")
        with _laid_aside(schema, is_inhabited=is_inhabited):
            with file.open("rb") as opened:
                postgres.lay_down(uri, open_backup(opened, key).data, tool=tool, schema=schema)
            return _settle(app, facts)


@contextmanager
def _laid_aside(schema: str, *, is_inhabited: bool) -> Iterator[None]:
    """Make room for the block; if it does not come to its end, all is as before."""
    if is_inhabited:
        postgres.set_aside(schema)
    else:
        postgres.empty_schema(for_restore=True)
    try:
        yield
    except BaseException:
        db.session.rollback()
        db.engine.dispose()
        if is_inhabited:
            postgres.put_back(schema)
        else:
            postgres.empty_schema()
        raise
    db.session.rollback()
    postgres.let_in()


def _cut_off(schema: str) -> str:
    return (
        "an earlier restore was cut off here. What stood before it is in the schema "
        f"{postgres.ASIDE}; what it laid down is not fit for use. To go back to what stood before, "
        f"run in psql: DROP SCHEMA {schema} CASCADE; ALTER SCHEMA {postgres.ASIDE} RENAME TO "
        f"{schema}; to give that up: DROP SCHEMA {postgres.ASIDE} CASCADE; and then restore again "
        "with --replace"
    )


def _check_empty(is_inhabited: bool, named: str, names: set[str]) -> None:
    if is_inhabited and named not in names:
        name = next(iter(names))
        raise _Refused(
            f"the database is not empty. To give up what stands there, add --replace {name}"
        )


def _settle(app: Flask, facts: dict[str, Any]) -> dict[str, Any]:
    """Make what was laid down fit for use; return what was done. Commits.

    What goes wrong here leaves the earlier database as it was: it has not been replaced yet.
    """
    difference = difference_from(facts)
    if difference.rows:
        raise _Refused(f"what was laid down is not what the backup says: {difference.rows}")
    upgrade_database(app)
    done: dict[str, Any] = {
        "log": difference.log,
        "doors": accounts.close_every_door(),
        "mails": mail.drop_all_waiting(),
    }
    audit.record(
        None,
        "backup_restored",
        "installation",
        None,
        made_at=facts["made_at"],
        revision=facts["revision"],
        rows=sum(facts["counts"].values()),
    )
    db.session.commit()
    if measures.count_of_earlier_rules():
        measures.recompute_all()
        ideas.settle_every_team()
    left: list[str] = []
    done["erased"] = erase_again(left)
    done["unreadable"], done["not erased"] = erased_file.unreadable(), len(left)
    done["cleared"] = sum(sum(one.rounds()) for one in clearings())
    search_index.rebuild(db.session.connection())
    db.session.commit()
    write_anew()
    return done


def _tell(file: Path, facts: dict[str, Any], done: dict[str, Any]) -> None:
    rows = sum(facts["counts"].values())
    click.echo(f"{file} of {facts['made_at']} is restored: {rows:,} rows, as the backup says.")
    if facts["revision"] != newest_revision():
        click.echo(f"Brought up to date: {facts['revision']} to {newest_revision()}.")
    click.echo(f"Sign-ins, links, phones, screens and calendars ended: {done['doors']:,}.")
    click.echo(
        "Passwords, phones for codes, recovery codes, council accounts and roles are those of "
        f"{facts['made_at']}. Look over those that were changed since."
    )
    click.echo(f"Mails that waited, and will not be sent again: {done['mails']:,}.")
    click.echo(f"Erased again: {done['erased']:,}.")
    named = erased_file.file_path()
    if named is None or not named.exists():
        click.echo(
            "ERASED_FILE is not there: what was erased after this backup, if anything, is back.",
            err=True,
        )
    if done["unreadable"]:
        click.echo(
            f"Lines of ERASED_FILE that cannot be read: {done['unreadable']:,}. What they named is "
            "back. Take the file from another copy of it, and restore again.",
            err=True,
        )
    if done["not erased"]:
        click.echo(
            f"Entries of ERASED_FILE that could not be erased again: {done['not erased']:,}. What "
            "went wrong stands above.",
            err=True,
        )
    click.echo(f"Cleared, since its time is over: {done['cleared']:,} rows.")
    for name, words in _keys_that_differ(facts):
        click.echo(f"{name} is another than when the backup was made: {words}.", err=True)
    if done["log"]:
        click.echo(f"The log of acts does not hold: {done['log']}.", err=True)
        raise SystemExit(1)
    if current_app.config["AUDIT_HEAD_FILE"] and not done.get("heads"):
        click.echo(
            "AUDIT_HEAD_FILE was not written: for a database that takes the place of this one, "
            "restore with DATABASE_URL naming it, and without --into.",
            err=True,
        )
    click.echo("The log of acts holds. Now run: flask --app wsgi doctor")


def _keys_that_differ(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    if facts["secret_key"] != key_id(current_app.config["SECRET_KEY"]):
        yield "SECRET_KEY", "the log of acts cannot be checked without the one of then"
    here = {key_id(one) for one in current_app.config["SEALING_KEYS"]}
    if not here & {*facts["sealing_keys"]}:
        yield "SEALING_KEY", "what is sealed, reports and voices among it, opens with no key here"
