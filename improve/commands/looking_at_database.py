"""What ``flask doctor`` sees in the database, on its disk, and in what ran last."""

from __future__ import annotations

import os
import shutil
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any, Final

from flask import current_app
from sqlalchemy import Connection, text

from improve.accounts.queries.councils import in_use_since
from improve.commands import copying_sqlite as sqlite
from improve.commands import trial_database as trial
from improve.commands.database_role import faults_of_role
from improve.commands.looking_at_settings import others_may
from improve.migrations import newest_revision
from improve.shared import audit, clock, database_facts, unfinished_restore
from improve.shared.checkup import Finding
from improve.shared.command_runs import last_runs
from improve.shared.db import SQLITE_PRAGMAS, db
from improve.shared.setting_addresses import reaches_unchecked

#: The oldest that the site is tried with.
_OLDEST: Final = {"sqlite": (3, 37), "postgresql": (14,)}
#: Free beside the database: below the first it is wrong, below the second worth a look.
_LITTLE: Final = 200 * 1024**2
_SPARE: Final = 2 * 1024**3
#: Where a server keeps what grows, as the documents set it up.
_PLACES: Final = {
    Path("/var/backups/improve"): "for backups",
    Path("/var/lib/postgresql"): "for PostgreSQL",
}
#: Seconds by which two clocks may differ.
_APART: Final = 5
#: How long after its last end each timed command is noticed, what it is for, and how to mend it.
_TIMED: Final = (
    ("nightly", timedelta(hours=30), "counts, reminds and clears; it runs once a night"),
    ("deliver-mail", timedelta(minutes=30), "sends mail and what is due each hour"),
    ("verify-audit", timedelta(hours=30), "checks the log of acts; it runs once a day"),
    ("backup", timedelta(hours=30), "makes the backup; it runs once a day"),
)


def look_at_database() -> list[Finding]:
    """Whether it answers, is of the right age, and can be written."""
    with db.engine.connect() as connection:
        name = connection.dialect.name
        version = database_facts.engine_version(connection)
        called = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[name]
        found = []
        parts = connection.dialect.server_version_info or ()
        if tuple(parts) < _OLDEST[name]:
            wanted = ".".join(map(str, _OLDEST[name]))
            found.append(
                Finding(True, f"{called} is of version {version}", f"Use {wanted} or newer.")
            )
        revision, newest = database_facts.revision_of(connection), newest_revision()
        if revision != newest:
            found.append(
                Finding(
                    True,
                    f"The tables are of revision {revision or 'none'}, the program of {newest}",
                    "Run: flask --app wsgi upgrade – with the program that fits the database.",
                )
            )
        found += _writable(connection)
        on = _look_at_sqlite if name == "sqlite" else _look_at_postgres
        return [
            Finding(False, f"The database answers ({called} {version})"),
            *found,
            *on(connection),
        ]


def _writable(connection: Connection) -> list[Finding]:
    if connection.dialect.name == "sqlite":
        file = _file()
        if os.access(file, os.W_OK) and os.access(file.parent, os.W_OK):
            return []
        advice = f"Give this user the right to write {file.parent} and what is in it."
        return [Finding(True, "The database cannot be written by this user", advice)]
    asked = text("SELECT pg_is_in_recovery(), current_setting('default_transaction_read_only')")
    is_standby, reads_only = connection.execute(asked).one()
    if not is_standby and reads_only == "off":
        return []
    advice = "Let DATABASE_URL name the server that is written to."
    return [Finding(True, "The database can only be read: it is a standby, or set so", advice)]


def _file() -> Path:
    return sqlite.path_of(current_app.config["SQLALCHEMY_DATABASE_URI"])


def _look_at_sqlite(connection: Connection) -> list[Finding]:
    file, found = _file(), []
    mode = connection.exec_driver_sql("PRAGMA journal_mode").scalar_one()
    if mode != str(SQLITE_PRAGMAS["journal_mode"]).lower():
        found.append(
            Finding(
                True,
                f"SQLite writes its log in the form {mode}, and not WAL",
                "Keep the file on a disk of this machine: on a network drive it gets damaged.",
            )
        )
    if os.name == "posix":
        found += others_may(file, "The database")
    left = sqlite.left_folders(file)
    if left:
        found.append(
            Finding(
                True,
                f"A backup or restore was cut off, and may have left a plain copy in {left[0]}",
                "The next backup removes it; or remove that folder now.",
            )
        )
    free = shutil.disk_usage(file.parent).free
    # A backup lays a plain copy beside it, and another while it is tried.
    needed = 2 * file.stat().st_size + _LITTLE
    if free < needed or free < _SPARE:
        found.append(
            Finding(
                free < _LITTLE,
                f"{_size(free)} are free beside the database",
                f"Make room: a backup needs {_size(needed)} there for a while.",
            )
        )
    return found


def _look_at_postgres(connection: Connection) -> list[Finding]:
    found: list[Finding] = []
    there: Any = connection.exec_driver_sql("SELECT clock_timestamp()").scalar_one()
    apart = abs((clock.now() - there.astimezone(UTC)).total_seconds())
    if apart > _APART:
        found.append(
            Finding(
                True,
                f"The clocks of this machine and of the database’s are {apart:,.0f} seconds apart",
                "Let both follow a time server (timedatectl set-ntp true).",
            )
        )
    if unfinished_restore.is_unfinished(connection):
        words = f"{unfinished_restore.WORDS}: until it is done nobody is let in"
        found.append(Finding(True, words, unfinished_restore.ADVICE))
    left = trial.left_databases(connection)
    if left:
        found.append(
            Finding(
                True,
                f"A backup was cut off, and left a plain copy in the database {', '.join(left)}",
                "The next backup removes it; or run in psql: "
                + " ".join(f"DROP DATABASE {name};" for name in left),
            )
        )
    if reaches_unchecked(current_app.config["SQLALCHEMY_DATABASE_URI"]):
        found.append(
            Finding(
                bool(current_app.config["IS_SECURE"]),
                "The certificate of the database is not checked",
                "Add ?sslmode=verify-full&sslrootcert=… to DATABASE_URL.",
            )
        )
    room = (
        "SELECT current_setting('max_connections')::int - (SELECT count(*) FROM pg_stat_activity)"
    )
    spare = int(connection.exec_driver_sql(room).scalar_one())
    if spare < 10:
        found.append(
            Finding(False, f"The database has room for {spare} more connections", "Give it more.")
        )
    return [*found, *faults_of_role(connection)]


def _has_tables() -> bool:
    """Return whether there are tables of ours: what is in them is not asked before."""
    return bool(database_facts.revision_of(db.session.connection()))


def look_at_log() -> list[Finding]:
    """Whether the end of each log is what it says, and no entry is of a day to come."""
    if not _has_tables():
        return []
    latest = db.session.execute(text("SELECT max(at) FROM audit_entries")).scalar()
    heads = audit.heads()
    found = [Finding(False, f"The log of acts has {audit.size_in_words()}")]
    now = clock.now().replace(tzinfo=None)
    if latest and str(latest)[:19] > str(now + timedelta(minutes=5))[:19]:
        found.append(
            Finding(
                True,
                f"The log of acts has an entry of {str(latest)[:16]} (UTC), which is still to come",
                "The clock of a machine was, or is, wrong: let it follow a time server.",
            )
        )
    ends = [
        organisation
        for organisation, size, mark in heads
        if size and audit.mark_at(organisation, size) != mark
    ]
    if ends:
        found.append(
            Finding(
                True,
                f"The log of acts of organisation {ends[0]} does not end as it should",
                "Run flask --app wsgi verify-audit, and ask who had access to the database.",
            )
        )
    if audit.begins_under_another_key():
        found.append(
            Finding(
                True,
                "The log of acts was written under another SECRET_KEY than the one set now",
                "Set SECRET_KEY to the one of this installation; it never changes.",
            )
        )
    return found


def look_at_backup_room() -> list[Finding]:
    """Whether there is room where the timer lays backups, and where PostgreSQL keeps its rows.

    Only of disks of this machine; that beside an SQLite database is looked at with it.
    """
    found = []
    for place, what in _PLACES.items():
        if place.is_dir() and (free := shutil.disk_usage(place).free) < _SPARE:
            words = f"{_size(free)} are free {what}, in {place}"
            found.append(Finding(free < _LITTLE, words, "Make room before the next night."))
    return found


def look_at_timers() -> list[Finding]:
    """Whether each timed command came to its end as often as it should."""
    if not _has_tables():
        return []
    ran, found = last_runs(), []
    since = in_use_since()
    for name, most, purpose in _TIMED:
        command = f"{name} /var/backups/improve" if name == "backup" else name
        advice = f"It {purpose}: let a timer run flask --app wsgi {command}, and read what it says."
        if name not in ran:
            # Where none ever ran, nobody has set the timers up yet, or all was brought in just now.
            is_overdue = bool(ran) and since is not None and clock.now() - since > most
            found.append(Finding(is_overdue, f"{name} has never come to its end here", advice))
        elif clock.now() - ran[name] > most:
            at = clock.local(ran[name])
            words = f"{name} last came to its end at {at:%H:%M} on {at.day} {at:%B %Y}"
            found.append(Finding(True, words, advice))
    return found or [Finding(False, "Every timed command ran when it should")]


def _size(count: int) -> str:
    return f"{count / 1024**3:,.1f} GB" if count >= 1024**3 else f"{count / 1024**2:,.0f} MB"
