"""Changing the key that words are sealed under."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.commands.writing_anew import write_anew
from improve.shared import contributions, resealing
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.db import db, reading


@click.command("rotate-sealing-key", cls=OneLineCommand)
@with_appcontext
@needs_settings
def rotate_sealing_key() -> None:
    """Seal anew, under the first key of SEALING_KEY, what an earlier one sealed.

    Put the new key first, the earlier ones after it, restart, then run this. Again is harmless, as
    is a break: what was done is done. It says what still needs an earlier key, and until when. Exit
    code 1 when something cannot be opened with any key there is.
    """
    keys: tuple[str, ...] = current_app.config["SEALING_KEYS"]
    if not keys:
        refuse("SEALING_KEY is not set: there is nothing to seal with.")
    lost = 0
    for column in (one for offer in contributions.gather(resealing.SEALED) for one in offer()):
        done, not_opened = _seal_anew(column, keys)
        lost += not_opened
        click.echo(f"{done:>9,}  {column.words} sealed anew")
    with reading():
        needed = [
            (count, column)
            for offer in contributions.gather(resealing.HASHED)
            for column in offer()
            if (count := resealing.still_under_earlier(column, keys))
        ]
        db.session.rollback()
    if needed:
        click.echo("What is hashed cannot be made anew, and needs its earlier key:")
        for count, column in needed:
            click.echo(f"{count:>9,}  {column.words}: {column.until}")
        click.echo("Leave the earlier key in SEALING_KEY, after the present one, until then.")
    write_anew()
    if lost:
        click.echo(
            f"No key of SEALING_KEY opens {lost:,} of them: add the one they need.", err=True
        )
        raise SystemExit(1)
    if not needed and len(keys) > 1:
        click.echo("Nothing needs an earlier key now: take it out of SEALING_KEY.")
    elif not needed:
        click.echo("SEALING_KEY holds one key, and everything is under it.")


def _seal_anew(column: resealing.SealedColumn, keys: tuple[str, ...]) -> tuple[int, int]:
    """Seal one column anew, batch by batch; return how many were, and how many nobody opens."""
    done = lost = 0
    after: str | None = ""
    while after is not None:
        batch = resealing.seal_anew(column, keys, after=after)
        db.session.commit()
        done, lost, after = done + batch.done, lost + batch.lost, batch.last
    return done, lost
