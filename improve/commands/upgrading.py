"""Bringing a database up to date, and working out anew what is stored of it."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import OperationalError, ProgrammingError

from improve.commands import copying_sqlite
from improve.ideas import service as ideas
from improve.measures import service as measures
from improve.migrations import newest_revision, search_index, upgrade_database
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.database_facts import words_of_database
from improve.shared.db import db


@click.command("upgrade", cls=OneLineCommand)
@with_appcontext
@needs_settings
def upgrade() -> None:
    """Bring the database up to date; run it after every update. Again is harmless.

    The tables are changed in one transaction: all of it happens, or nothing. Where an update judges
    by other rules, every stored verdict is worked out anew after it, as by `recompute`.
    """
    copying_sqlite.begin_file(current_app.config["SQLALCHEMY_DATABASE_URI"])
    try:
        upgrade_database(current_app._get_current_object())  # type: ignore[attr-defined]
    except (OperationalError, ProgrammingError) as error:
        refuse(f"Nothing was changed: {words_of_database(error)}.")
    click.echo(f"The database is up to date ({newest_revision()}).")
    if earlier := measures.count_of_earlier_rules():
        click.echo(f"Verdicts by earlier rules, which are now worked out anew: {earlier:,}.")
        _recompute()


@click.command("recompute", cls=OneLineCommand)
@with_appcontext
@needs_settings
def recompute() -> None:
    """Work out stored verdicts, usual days, months’ sums and the words of search anew, all or none.

    A database that was mended by hand asks for it; after an update `upgrade` does it by itself.
    """
    _recompute()


def _recompute() -> None:
    changed, settled = measures.recompute_all(), ideas.settle_every_team()
    search_index.rebuild(db.session.connection())
    differing = len(ideas.months_that_differ())
    summed = ideas.sum_every_month_anew()
    db.session.commit()
    click.echo(f"Verdicts that read differently now: {changed:,}.")
    click.echo(f"Teams with other usual days now: {settled:,}.")
    click.echo(f"Months of finished ideas summed up: {summed:,}; other than before: {differing:,}.")
