"""What every command shares: one clear line for bad input, exit code 2, and no wrong database."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

import click
from flask import current_app, has_app_context
from sqlalchemy.exc import SQLAlchemyError

from improve.migrations import newest_revision
from improve.shared.database_facts import revision_of, words_of_database
from improve.shared.db import db

_log: Final = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class Refused(click.ClickException):
    """Bad input: one line, exit code 2."""

    exit_code = 2


class OneLineCommand(click.Command):
    """Answers a wrong option in one line, without the usage lines around it.

    So it does where the database is not there, or not of this program: that is no fault of the
    program, and needs no trace of it.
    """

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        """Read the options; a wrong one is refused in one line."""
        try:
            return super().make_context(*arguments, **options)
        except click.UsageError as error:
            error.ctx = None  # what click takes the usage lines from
            raise

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; where the database breaks it off, say so in one line and end with exit code 1.

        A traceback quotes the row that could not be written: mails, addresses, links that work.
        """
        try:
            return super().invoke(ctx)
        except SQLAlchemyError as error:
            if problem := _problem_of_database():
                raise click.ClickException(problem) from None
            _log.exception("broken off: %s", self.name)
            raise click.ClickException(
                f"Broken off, and what was not finished was taken back: {words_of_database(error)}."
            ) from None


def _problem_of_database() -> str:
    """Return what is wrong with the database as a whole; “” where nothing is."""
    if not has_app_context():
        return ""
    try:
        db.session.rollback()
        with db.engine.connect() as connection:
            present = revision_of(connection)
    except SQLAlchemyError as error:
        return (
            f"The database does not answer ({words_of_database(error)}). See whether it runs, and "
            "whether DATABASE_URL names it."
        )
    if present == newest_revision():
        return ""
    return (
        f"The tables are of revision {present or 'none'}, the program of {newest_revision()}. "
        "Run: flask --app wsgi upgrade"
    )


def refuse(words: str) -> NoReturn:
    """End the command with one line and exit code 2."""
    raise Refused(words)


def needs_settings(command: Callable[P, R]) -> Callable[P, R]:
    """Refuse to run while the settings are incomplete: the database would be another one."""

    @functools.wraps(command)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        problem = current_app.config["SETTINGS_PROBLEM"]
        if problem:
            refuse(problem)
        return command(*args, **kwargs)

    return checked
