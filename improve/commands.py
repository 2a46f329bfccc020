"""The command line: everything that is done to an installation from outside the browser."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Final

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from improve.accounts import service as accounts
from improve.accounts.command import first_administrator
from improve.home.news_addresses import MailAddresses
from improve.ideas import service as ideas
from improve.library.check_command import check_learning
from improve.mail import sealed_columns as of_mails
from improve.mail import service as mail
from improve.measures import service as measures
from improve.measures.analyse_command import analyse
from improve.migrations import newest_revision, search_index, upgrade_database
from improve.notifications import service as notifications
from improve.open_data.command import export_archive, import_archive
from improve.shared import audit, clock, contributions, resealing, rewriting
from improve.shared.clearing import clearings, clears
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.db import db, reading
from improve.voices.service import sealed_columns as of_voices
from improve.voices.service.measures import count_ended_months
from improve.voices.service.retention import clear_voices, tables_of_voices
from improve.voices.service.said_months import write_said_months
from improve.voices.service.survey_results import count_closed_surveys

_log: Final = logging.getLogger(__name__)
#: Seconds between two looks into the outbox with --keep-going.
LOOK_EVERY = 15
#: People whose news is queued in one transaction: others write meanwhile.
PEOPLE_AT_ONCE = 50


def register(app: Flask) -> None:
    """Give the application its commands."""
    clears("sign-ins, links, passes and counted tries that ended", accounts.purge_access)
    clears("mails that left, or were given up, a month ago", mail.purge_outbox)
    contributions.register("nightly", measures.settle_ended_weeks)
    contributions.register("nightly", accounts.end_busy_times_that_are_over)
    contributions.register("nightly", count_ended_months)
    contributions.register("nightly", write_said_months)
    contributions.register("nightly", count_closed_surveys)
    clear_voices()
    contributions.register(resealing.SEALED, of_voices.sealed_columns)
    contributions.register(resealing.HASHED, of_voices.hashed_columns)
    contributions.register(resealing.SEALED, of_mails.sealed_columns)
    contributions.register(rewriting.CONTRIBUTION, tables_of_voices)
    contributions.register(rewriting.CONTRIBUTION, of_mails.tables_of_mails)
    for command in (
        upgrade,
        first_administrator,
        deliver_mail,
        nightly,
        purge,
        rotate_sealing_key,
        recompute,
        verify_audit,
        analyse,
        check_learning,
        export_archive,
        import_archive,
    ):
        app.cli.add_command(command)


@click.command("upgrade", cls=OneLineCommand)
@with_appcontext
@needs_settings
def upgrade() -> None:
    """Bring the database up to date; run it after every update. Again is harmless."""
    upgrade_database(current_app._get_current_object())  # type: ignore[attr-defined]
    click.echo(f"The database is up to date ({newest_revision()}).")


@click.command("deliver-mail", cls=OneLineCommand)
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Mails sent at most in one go.",
)
@click.option("--keep-going", is_flag=True, help="Look into the outbox again every 15 seconds.")
@with_appcontext
@needs_settings
def deliver_mail(limit: int, keep_going: bool) -> None:
    """Send the mails that wait, invitations and news. Run it every minute or with --keep-going."""
    if current_app.config["IS_DEMO"]:
        click.echo("The demo sends no mail.")
        return
    url = current_app.config["MAIL_URL"]
    if not url:
        look = _look_hourly()
        click.echo(f"MAIL_URL is not set. Mails that wait: {mail.waiting()}.")
        look.end()
        return
    while True:
        look = _look_hourly()
        _queue_news()
        done = mail.deliver(limit, mail_url=url, sender=current_app.config["MAIL_FROM"])
        if done.sent or done.put_off or done.given_up or not keep_going:
            click.echo(f"Sent {done.sent}, put off {done.put_off}, given up {done.given_up}.")
        if not keep_going:
            look.end()
            return
        time.sleep(LOOK_EVERY)


class _Turns:
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
                self.left.append(_name_of(offer))
                _log.exception("not done, the next run tries again: %s", self.left[-1])
            else:
                done += count
        return done

    def end(self) -> None:
        """Say what was not done, and end with exit code 1 where there is anything."""
        if self.left:
            click.echo(f"Not done: {', '.join(self.left)}. The next run tries again.", err=True)
            raise SystemExit(1)


def _name_of(offer: Callable[..., Any]) -> str:
    """Return what an offer is called in the log: the words of a clearing, else its function."""
    return str(getattr(offer, "words", "") or getattr(offer, "__name__", type(offer).__name__))


def _look_hourly() -> _Turns:
    """Do what is done once in each hour; whoever offers it knows whether this hour had its turn."""
    look = _Turns()
    look.total(contributions.gather("hourly"))
    return look


def _queue_news() -> None:
    """Queue the mails of news that are due, a few people in each transaction."""
    addresses = MailAddresses()
    with reading():
        waiting = notifications.people_to_mail()
        db.session.rollback()
    for first in range(0, len(waiting), PEOPLE_AT_ONCE):
        notifications.mail_news(waiting[first : first + PEOPLE_AT_ONCE], to=addresses)
        db.session.commit()


@click.command("nightly", cls=OneLineCommand)
@with_appcontext
@needs_settings
def nightly() -> None:
    """Count weeks, months and surveys that are over; remind; clear what has had its time. Daily.

    Run it early in the morning: who is reminded of a first reply reads it as the day begins. Exit
    code 1 when one of these could not be done; all others are.
    """
    night = _Turns()
    settled = night.total(contributions.gather("nightly"))
    reminded = night.total(contributions.gather("reminders"))
    letters = night.total(contributions.gather("month-letters"))
    cleared = night.total(clearings())
    _write_anew()
    if settled:
        click.echo(f"Settled of weeks, months, surveys and busy times that are over: {settled:,}.")
    if reminded:
        click.echo(f"Reminders of what waits: {reminded:,}.")
    if letters:
        click.echo(f"Letters of the month to leaders: {letters:,}.")
    click.echo(f"Cleared {cleared:,} rows that had had their time.")
    night.end()


@click.command("purge", cls=OneLineCommand)
@click.option("--dry-run", is_flag=True, help="Say how many there are, and delete nothing.")
@with_appcontext
@needs_settings
def purge(dry_run: bool) -> None:
    """Delete what has had its time, as the nightly run does; say of each class how many."""
    counts = [(one.words, one.delete()) for one in clearings()]
    if dry_run:
        db.session.rollback()
    else:
        db.session.commit()
        _write_anew()
    for words, count in counts:
        click.echo(f"{count:>9,}  {words}")
    total = sum(count for _, count in counts)
    click.echo(f"{total:>9,}  in all{'; nothing was cleared.' if dry_run else ' cleared.'}")


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
    _write_anew()
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


def _write_anew() -> None:
    """Have nothing that was deleted, and no order of coming, stay in the files of the database."""
    offers = contributions.gather(rewriting.CONTRIBUTION)
    left = rewriting.write_anew(name for offer in offers for name in offer())
    if left:
        click.echo(
            f"Not written anew, so that deleted words may still lie there: {', '.join(left)}. "
            "Something held them, or the database user does not own them. The next night tries "
            "again.",
            err=True,
        )


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


@click.command("verify-audit", cls=OneLineCommand)
@with_appcontext
@needs_settings
def verify_audit() -> None:
    """Check that nobody changed the audit log; name the first entry that does not hold.

    With AUDIT_HEAD_FILE set, the end of each log is compared with what earlier runs wrote there,
    and written there again: keep that file on another machine, and run this every day. Exit code 1
    when something does not hold.
    """
    head_file = current_app.config["AUDIT_HEAD_FILE"]
    with reading():
        faults = audit.find_faults()
        heads = audit.heads()
        if head_file:
            faults += _faults_against(Path(head_file))
    for fault in faults:
        click.echo(
            f"Organisation {fault.organisation_id}, entry {fault.sequence}: {fault.words}.",
            err=True,
        )
    if faults:
        raise SystemExit(1)
    if head_file:
        _write_heads(Path(head_file), heads)
    entries = sum(size for _, size, _ in heads)
    click.echo(f"The audit log holds: {entries:,} entries, {len(heads)} chains.")
    db.session.rollback()


def _faults_against(path: Path) -> list[audit.Fault]:
    """Return the fault of each chain that no longer holds what an earlier run wrote down."""
    if not path.exists():
        return []
    newest: dict[int, tuple[int, str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip():
            noted = json.loads(line)
            newest[noted["organisation_id"]] = (noted["entries"], noted["hash"])
    return [
        audit.Fault(organisation_id, size, "is not what it was when the log was last checked")
        for organisation_id, (size, mark) in sorted(newest.items())
        if size and audit.mark_at(organisation_id, size) != mark
    ]


def _write_heads(path: Path, heads: list[tuple[int, int, str]]) -> None:
    with path.open("a", encoding="utf-8") as file:
        for organisation_id, size, mark in heads:
            noted = {
                "at": clock.now().isoformat(timespec="seconds"),
                "organisation_id": organisation_id,
                "entries": size,
                "hash": mark,
            }
            file.write(json.dumps(noted) + "\n")
