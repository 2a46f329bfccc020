"""Packing the static files once, when an installation is made or updated."""

from __future__ import annotations

from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.shared.command_line import OneLineCommand
from improve.shared.packed_files import pack_all


@click.command("compress-static", cls=OneLineCommand)
@with_appcontext
def compress_static() -> None:
    """Pack styles, scripts and icons once (brotli and gzip), so that no visitor waits for it.

    Run it after every update, as whoever may write to the installed files. Again is harmless.
    Without it everything works, and the server packs each file whenever it is asked for.
    """
    folder = Path(str(current_app.static_folder))
    try:
        count, before, after = pack_all(folder)
    except OSError as error:
        raise click.UsageError(
            f"{error.filename or folder} cannot be written: {error.strerror}. "
            "Run this as whoever installed Improve."
        ) from None
    click.echo(f"{count} files, {before / 1024:,.0f} KB, packed to {after / 1024:,.0f} KB.")
