"""The two commands of moving house: a council’s archive out, and into an empty instance."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import SQLAlchemyError

from improve.accounts import queries as people
from improve.accounts import service as accounts
from improve.open_data.archive_format import ArchiveRefused
from improve.open_data.service import bring_in, export_council
from improve.shared import contributions
from improve.shared.command_line import OneLineCommand, needs_settings, refuse
from improve.shared.db import db

#: Kind of contribution: offers erase again what an archive brought in, and return how many things.
AFTER_IMPORT = "after-import"


@click.command("export-archive", cls=OneLineCommand)
@click.option("--council", required=True, help="Short name of the council, as in its addresses.")
@click.option(
    "--with-private",
    is_flag=True,
    help="Also what people keep for themselves: own records, supervision pages, hidden words.",
)
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@needs_settings
def export_archive(council: str, with_private: bool, file: Path) -> None:
    """Write everything of one council into FILE, a ZIP of plain tables that explains itself.

    It holds personal data of staff: keep it encrypted. People go on working meanwhile. To move to
    another installation use --with-private, so that nobody loses their own record; only
    import-archive should then read the file.
    """
    if file.exists():
        refuse(f"{file} is there already. Choose another name.")
    part = file.with_name(file.name + ".part")
    try:
        # Never into a file that somebody else laid there, and can read.
        handle = os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        refuse(f"{part} is there already, from an export that was cut off. Remove it first.")
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}.")
    try:
        with os.fdopen(handle, "w+b") as out:
            made = export_council(
                slug=council, file=out, with_private=with_private, progress=click.echo
            )
            os.fsync(out.fileno())
        part.rename(file)
        db.session.commit()
    except ArchiveRefused as error:
        db.session.rollback()
        refuse(str(error))
    except OSError as error:
        refuse(f"{file} cannot be written: {error.strerror}.")
    finally:
        part.unlink(missing_ok=True)
    click.echo(f"{file}: {made.rows:,} rows, {made.size:,} bytes.")
    click.echo(f"SHA-256, to be kept apart from the file: {made.sha256}")


@click.command("import-archive", cls=OneLineCommand)
@click.option("--sha256", default="", help="What export-archive said; another file is refused.")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
@needs_settings
def import_archive(sha256: str, file: Path) -> None:
    """Bring the archive FILE into this installation, which must be empty: all of it, or nothing.

    First run “flask --app wsgi upgrade” on a new database. Everything keeps its number and its
    date. Nobody has a password afterwards: a link for an administrator is printed.
    """
    try:
        with file.open("rb") as given:
            seal = hashlib.file_digest(given, "sha256").hexdigest()
            if sha256 and sha256.strip().lower() != seal:
                raise ArchiveRefused(f"{file} is not the file that was sealed with this SHA-256.")
            given.seek(0)
            manifest = bring_in(file=given, seal=seal, progress=click.echo)
        way_in = _way_in(manifest.council_id)
        db.session.commit()
    except ArchiveRefused as error:
        db.session.rollback()
        refuse(str(error))
    except OSError as error:
        db.session.rollback()
        refuse(f"{file} cannot be read: {error.strerror}.")
    except SQLAlchemyError as error:
        db.session.rollback()
        # Its own words may hold a row.
        refuse(f"The database did not take it ({type(error).__name__}). Nothing was brought in.")
    again = sum(erase() for erase in contributions.gather(AFTER_IMPORT))
    rows = sum(table.rows for table in manifest.tables)
    if again:
        click.echo(f"Erased again, since it was erased after the file was made: {again:,}.")
    click.echo(f"{manifest.council_name} is here: {rows:,} rows.")
    click.echo("Nobody has a password yet.")
    click.echo(way_in)
    click.echo(
        "Everybody else chooses one by “I forgot my password”. Where no mail leaves yet, an "
        "administrator gives each person a new link from their page under Administration, People."
    )


def _way_in(council_id: int) -> str:
    """Return the words with a link for an administrator of the council."""
    invited = accounts.invite_first_administrator(organisation_id=council_id)
    if invited is None:
        return "No administrator is among them. Run: flask --app wsgi first-administrator"
    name, token = invited
    base = current_app.config["BASE_URL"]
    known = [people.actor_of_person(one).name for one in sorted(people.administrators(council_id))]
    return (
        f"Administrators in it: {', '.join(_on_screen(one) for one in known)}. Is anybody among "
        "them who should not be? Whoever made the file decided that.\n"
        f"{_on_screen(name)} can now open this link once, within 24 hours, to choose one: "
        f"{base}/invitation/{token}"
    )


def _on_screen(name: str) -> str:
    """Return a name that a file brought, without signs that steer a terminal."""
    return "".join(sign for sign in name if sign.isprintable())
