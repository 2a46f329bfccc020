"""Bringing a database up to date, and working out anew what is stored of it."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.ideas import service as ideas
from improve.measures import service as measures
from improve.migrations import newest_revision, search_index, upgrade_database
from improve.shared.command_line import OneLineCommand, needs_settings
from improve.shared.db import db


@click.command("upgrade", cls=OneLineCommand)
@with_appcontext
@needs_settings
def upgrade() -> None:
    """Bring the database up to date; run it after every update. Again is harmless."""
    upgrade_database(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"The database is up to date ({newest_revision()}).")


@click.command("recompute", cls=OneLineCommand)
@with_appcontext
@needs_settings
def recompute() -> None:
    """Work out every stored verdict, usual days and the words of search anew, all or none.

    An update that changes the rules asks for it, and a database that was mended by hand.
    """
    changed, settled = measures.recompute_all(), ideas.settle_every_team()
    search_index.rebuild(db.session.connection())
    db.session.commit()
    click.echo(f"Verdicts that read differently now: {changed:,}.")
    click.echo(f"Teams with other usual days now: {settled:,}.")
