"""What is done once a day: counting, reminding, and deleting what has had its time."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from improve.commands.one_by_one import Turns, end_without_database
from improve.commands.writing_anew import write_anew
from improve.demo.example import remove_all_examples
from improve.ideas import service as ideas
from improve.shared import contributions
from improve.shared.clearing import Clearing, clearings
from improve.shared.command_line import OneLineCommand, needs_settings
from improve.shared.command_runs import note_run
from improve.shared.db import db
from improve.shared.gone_marks import note_gone
from improve.shared.unfinished_restore import end_while_unfinished


@click.command("nightly", cls=OneLineCommand)
@with_appcontext
@needs_settings
def nightly() -> None:
    """Count weeks, months and surveys that are over; remind; clear what has had its time. Daily.

    Months of finished ideas are summed up for the pages of how all teams work.

    Run it early in the morning: who is reminded of a first reply reads it as the day begins. Exit
    code 1 when one of these could not be done; all others are.
    """
    end_without_database()
    end_while_unfinished()
    night = Turns()
    # First: what a night counts, reminds of and clears never meets an example board.
    removed = night.total([remove_all_examples])
    settled = night.total(contributions.gather("nightly"))
    summed = night.total_of_found(ideas.months_to_sum)
    reminded = night.total(contributions.gather("reminders"))
    letters = night.total(contributions.gather("month-letters"))
    cleared = night.total(clearings())
    # Last: what this night cleared is in the backup that was made before it.
    night.total([note_gone])
    write_anew()
    if removed:
        click.echo(f"Example boards that were removed: {removed:,}.")
    if settled:
        click.echo(f"Settled of weeks, months, surveys and busy times that are over: {settled:,}.")
    if summed:
        click.echo(f"Months of finished ideas summed up: {summed:,}.")
    if reminded:
        click.echo(f"Reminders of what waits: {reminded:,}.")
    if letters:
        click.echo(f"Letters of the month to leaders: {letters:,}.")
    click.echo(f"Cleared {cleared:,} rows that had had their time.")
    night.end()
    note_run("nightly")


@click.command("purge", cls=OneLineCommand)
@click.option("--dry-run", is_flag=True, help="Say how many there are, and delete nothing.")
@with_appcontext
@needs_settings
def purge(dry_run: bool) -> None:
    """Delete all that has had its time, more than one night does; say of each class how many."""
    counts = [(one.words, _cleared(one, is_kept=dry_run)) for one in clearings()]
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
        write_anew()
    for words, count in counts:
        click.echo(f"{count:>9,}  {words}")
    total = sum(count for _, count in counts)
    click.echo(f"{total:>9,}  in all{'; nothing was cleared.' if dry_run else ' cleared.'}")


def _cleared(one: Clearing, *, is_kept: bool) -> int:
    total = 0
    for count in one.rounds():
        total += count
        # Between portions others write.
        if not is_kept:
            db.session.commit()
    return total
