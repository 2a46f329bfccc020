"""A restore that was cut off in the middle (PostgreSQL): until it is done again, nobody is let in.

What it laid down was not made fit for use yet: sign-ins that were ended, mails that were sent and
people who were erased since the backup are back. A power cut undoes nothing of that, and the
machine starts the site and its timers by itself. SQLite has no such moment: the new file takes the
place of the old one when all is done.
"""

from __future__ import annotations

import sqlite3
from typing import Any, Final

import click
from flask import Flask
from sqlalchemy import Connection, event
from sqlalchemy.exc import OperationalError

from improve.shared.db import db, reading

#: Where the tables stand while others are laid in their place.
ASIDE: Final = "improve_before_restore"
#: The table that stands among those that were laid down, until they are fit for use.
MARK: Final = "improve_restore_unfinished"
WORDS: Final = "A restore was cut off, and what it laid down is not fit for use"
ADVICE: Final = "Run flask --app wsgi restore again: it says how to go back, or to go on."
# The schema shows that of a version which had no mark yet.
_ASKED: Final = (
    f"SELECT to_regclass('{MARK}') IS NOT NULL OR to_regnamespace('{ASIDE}') IS NOT NULL"
)


class RestoreUnfinished(OperationalError):
    """Nobody may work with this database yet."""

    def __init__(self) -> None:
        super().__init__(None, None, Exception(WORDS))


def is_unfinished(connection: Connection) -> bool:
    """Return whether a restore was begun here and did not come to its end."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.exec_driver_sql(_ASKED).scalar())


def refuse_pages(app: Flask) -> None:
    """Let no page of ``app`` have a new connection while a restore is unfinished.

    A restore refuses while anybody is connected: so each new connection, and no request, asks.
    Commands ask for themselves, since some of them mend it.
    """
    with app.app_context():
        event.listen(db.engine, "connect", _refuse)


def _refuse(dbapi_connection: Any, _record: Any) -> None:
    if isinstance(dbapi_connection, sqlite3.Connection) or click.get_current_context(silent=True):
        return
    dbapi_connection.autocommit = True
    [found] = dbapi_connection.execute(_ASKED).fetchone()
    dbapi_connection.autocommit = False
    if found:
        dbapi_connection.close()
        raise RestoreUnfinished


def end_while_unfinished() -> None:
    """End a command with one line and exit code 1 while a restore is unfinished here."""
    with reading(), db.engine.connect() as connection:
        if is_unfinished(connection):
            raise click.ClickException(f"Nothing was done. {WORDS}. {ADVICE}")
