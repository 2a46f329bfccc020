"""What every command shares: one clear line for bad input, exit code 2, and no wrong database."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, Final, NoReturn, ParamSpec, TypeVar

import click
from flask import current_app
from sqlalchemy.exc import SQLAlchemyError

from improve.shared.database_facts import words_of_database

_log: Final = logging.getLogger(__name__)

P = ParamSpec("P")
R = TypeVar("R")


class Refused(click.ClickException):
    """Bad input: one line, exit code 2."""

    exit_code = 2


class OneLineCommand(click.Command):
    """Answers a wrong option in one line, without the usage lines around it."""

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
            _log.exception("broken off: %s", self.name)
            raise click.ClickException(
                f"Broken off, and what was not finished was taken back: {words_of_database(error)}."
            ) from None


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
