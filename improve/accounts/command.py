"""The command that names a council's first administrator. There is no built-in account."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.accounts import service
from improve.shared import limits
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.db import db
from improve.shared.errors import NotFound, RuleBroken


@click.command("first-administrator", cls=OneLineCommand)
@click.option("--organisation", required=True, help="Name of the council, made if it is new.")
@click.option("--name", required=True, help="The administrator’s name.")
@click.option("--email", required=True, help="The administrator’s e-mail address.")
@click.option("--another", is_flag=True, help="Make one more, although there is one already.")
@with_appcontext
@needs_settings
def first_administrator(organisation: str, name: str, email: str, another: bool) -> None:
    """Name a council's first administrator and print their link.

    The link works once, for 24 hours. Whoever opens it chooses the password and can then invite
    everybody else in the browser.

    Example: flask --app wsgi first-administrator --organisation "Larchdale Council"
    --name "Robin Elm" --email robin.elm@larchdale.gov.uk
    """
    organisation, name = organisation.strip(), name.strip()
    for words, value, limit in (
        ("--organisation", organisation, limits.length("organisation_name")),
        ("--name", name, limits.length("person_name")),
    ):
        if not 0 < len(value) <= limit:
            refuse(f"{words}: use 1 to {limit} characters.")
    try:
        token = service.name_administrator(
            organisation=organisation, name=name, email=email, is_another=another
        )
    except RuleBroken as error:
        db.session.rollback()
        refuse(str(error))
    db.session.commit()
    # The path is written out: an address without a request would need a server name in settings.
    click.echo(f"{name} can now open this link once, within 24 hours, to choose a password:")
    click.echo(f"{current_app.config['BASE_URL']}/invitation/{token}")


@click.command("take-phone-away", cls=OneLineCommand)
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask whether it is really they who want it.")
@with_appcontext
@needs_settings
def take_phone_away(email: str, yes: bool) -> None:
    """Take a lost phone's codes away from an account.

    For an administrator who is the only one; otherwise another does it in the browser. The recovery
    codes end as well, the person is signed out everywhere and told by mail. Their password stays.

    Example: flask --app wsgi take-phone-away robin.elm@larchdale.gov.uk
    """
    if not yes:
        click.confirm(f"Are you sure that it is {email} who asks?", abort=True)
    try:
        was_there = service.take_phone_away(
            email=email, site_name=str(current_app.config["SITE_NAME"])
        )
    except NotFound:
        db.session.rollback()
        refuse("No account has this address.")
    db.session.commit()
    click.echo(
        "Taken away. They set up another phone when they sign in."
        if was_there
        else "This account has no phone that gives codes."
    )
