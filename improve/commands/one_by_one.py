"""Doing many things in turn, each in a transaction of its own."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Any, Final

import click
from sqlalchemy.exc import OperationalError

from improve.shared.database_facts import words_of_database
from improve.shared.db import db

_log: Final = logging.getLogger(__name__)


class Turns:
    """What was offered, done in turn: one that cannot be done stops no other."""

    def __init__(self) -> None:
        self.left: list[str] = []

    def total(self, offers: Iterable[Callable[..., Any]]) -> int:
        """Do each in a transaction of its own; return how many things were done in all.

        One that raises is taken back and logged by its name, with the kind and place of the error.
        """
        done = 0
        for offer in offers:
            try:
                count = offer() or 0
                db.session.commit()
            except Exception:
                db.session.rollback()
                self.left.append(name_of(offer))
                _log.exception("not done, the next run tries again: %s", self.left[-1])
            else:
                done += count
        return done

    def total_of_found(self, look: Callable[[], Iterable[Callable[..., Any]]]) -> int:
        """Do each of what ``look`` finds, as ``total`` does; looking is a turn itself."""
        found: list[Callable[..., Any]] = []

        def looking() -> None:
            found.extend(look())

        looking.__name__ = name_of(look)
        self.total([looking])
        return self.total(found)

    def tell(self) -> None:
        """Say what was not done, where there is anything."""
        if self.left:
            click.echo(f"Not done: {', '.join(self.left)}. The next run tries again.", err=True)

    def end(self) -> None:
        """Say what was not done, and end with exit code 1 where there is anything."""
        self.tell()
        if self.left:
            raise SystemExit(1)


def end_without_database() -> None:
    """End with one sentence and exit code 1 where the database does not answer."""
    try:
        with db.engine.connect():
            pass
    except OperationalError as error:
        click.echo(
            f"Nothing was done: the database does not answer ({words_of_database(error)}). "
            "The next run makes up for it.",
            err=True,
        )
        raise SystemExit(1) from None


def name_of(offer: Callable[..., Any]) -> str:
    """Return what an offer is called in the log: the words of a clearing, else its function."""
    return str(getattr(offer, "words", "") or getattr(offer, "__name__", type(offer).__name__))
