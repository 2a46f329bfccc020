"""Mail that waits, and what is done once in each hour."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.commands.one_by_one import Turns, end_without_database
from improve.home.news_addresses import MailAddresses
from improve.mail import service as mail
from improve.notifications import service as notifications
from improve.shared import contributions
from improve.shared.command_line import OneLineCommand, needs_settings
from improve.shared.command_runs import note_run
from improve.shared.db import db, reading
from improve.shared.unfinished_restore import end_while_unfinished

#: Its own, under which it notes that it came to its end.
NAME = "deliver-mail"
#: Seconds between two looks into the outbox with --keep-going.
LOOK_EVERY = 15
#: People whose news is queued in one transaction: others write meanwhile.
PEOPLE_AT_ONCE = 50


@click.command(NAME, cls=OneLineCommand)
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
    if not keep_going:
        end_without_database()
    end_while_unfinished()
    url = current_app.config["MAIL_URL"]
    if not url:
        look = _look_hourly()
        waiting = mail.waiting()
        db.session.rollback()
        click.echo(f"MAIL_URL is not set. Mails that wait: {waiting}.")
        look.end()
        note_run(NAME)
        return
    while True:
        look = _look_hourly()
        look.total([queue_news])
        done = mail.deliver(limit, mail_url=url, sender=current_app.config["MAIL_FROM"])
        if done.sent or done.put_off or done.given_up or not keep_going:
            click.echo(f"Sent {done.sent}, put off {done.put_off}, given up {done.given_up}.")
        if not keep_going:
            look.end()
        look.tell()
        if not look.left:
            note_run(NAME)
        if not keep_going:
            return
        time.sleep(LOOK_EVERY)


def _look_hourly() -> Turns:
    """Do what is done once in each hour; whoever offers it knows whether this hour had its turn."""
    look = Turns()
    look.total(contributions.gather("hourly"))
    return look


def queue_news() -> None:
    """Queue the mails of news that are due, a few people in each transaction."""
    addresses = MailAddresses()
    with reading():
        waiting = notifications.people_to_mail()
        db.session.rollback()
    for first in range(0, len(waiting), PEOPLE_AT_ONCE):
        notifications.mail_news(waiting[first : first + PEOPLE_AT_ONCE], to=addresses)
        db.session.commit()
