"""Erasing again, after a restore, what had been erased since the backup was made."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

import click
from flask.cli import with_appcontext

from improve.accounts.service import keep_noted
from improve.shared import audit, contributions, erased_file, gone_marks
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.db import db
from improve.shared.erased_file import Erased, ErasesAgain

_log: Final = logging.getLogger(__name__)


@click.command("erase-again", cls=OneLineCommand)
@with_appcontext
@needs_settings
def erase_again_by_hand() -> None:
    """Erase again what ERASED_FILE names. After data came back by another way than “restore”.

    Such as a copy of a whole disk, or pg_restore by hand. restore and import-archive do it by
    themselves. Run it only then: what somebody opened or showed again since the last night would be
    closed or hidden once more. Again is harmless. Exit code 1 when something could not be erased
    again.
    """
    if erased_file.file_path() is None:
        refuse("ERASED_FILE is not set: nothing says what was erased.")
    left: list[str] = []
    click.echo(f"Erased again: {erase_again(left):,}.")
    unreadable = erased_file.unreadable()
    if unreadable:
        click.echo(f"Lines of ERASED_FILE that cannot be read: {unreadable:,}.", err=True)
    if left:
        click.echo(f"Not erased again: {len(left):,}. The log of the server says why.", err=True)
        raise SystemExit(1)


def erase_after_import() -> int:
    """Erase again what an archive of before brought in; return how many things."""
    return erase_again()


def erase_again(left: list[str] | None = None) -> int:
    """Erase again what ERASED_FILE names and still stands here; return how many were.

    Each entry in a transaction of its own, noted in the log of acts: a break leaves the rest to the
    next time, and again is harmless. An entry that cannot be done stops no other: it is logged, and
    its key is added to ``left``. Needs no file: without one there is nothing to do. At the end what
    was closed, hidden, taken back or destroyed is so again, by its marks.
    """
    ways = {
        way.kind: way
        for way in contributions.gather(erased_file.CONTRIBUTION)
        if isinstance(way, ErasesAgain)
    }
    again = 0
    for erased in erased_file.read():
        try:
            again += _erase(erased, ways)
            db.session.commit()
        except Exception:
            db.session.rollback()
            _log.exception("an entry of ERASED_FILE was not erased again")
            if left is not None:
                left.append(erased.key)
    ended = _end_again(left)
    if ended:
        # Of no council and no kind: how many reports there were is for nobody who reads the log.
        audit.record(None, "ended_again", "installation", None, count=ended)
        db.session.commit()
    return again + ended


def _end_again(left: list[str] | None) -> int:
    """End again what is marked as gone, each kind in a transaction of its own; return how much."""
    count = 0
    for kind, end in gone_marks.ways_to_end_again():
        try:
            count += end()
            db.session.commit()
        except Exception:
            db.session.rollback()
            _log.exception("what is gone was not ended again: %s", kind)
            if left is not None:
                left.append(kind)
    return count


def _erase(erased: Erased, ways: Mapping[str, ErasesAgain]) -> bool:
    keep_noted(erased)
    way = ways.get(erased.kind)
    if way is None or not way(erased):
        return False
    audit.record(
        None,
        "erased_again",
        erased.kind,
        erased.object_id,
        organisation_id=erased.organisation_id,
        erasure=erased.key,
    )
    return True
