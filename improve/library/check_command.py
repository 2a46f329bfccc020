"""The `check-learning` command: whether a file of learning pages holds, without any database."""

from __future__ import annotations

from pathlib import Path

import click

from improve.library.open_format import FormatRefused, faults_of, faults_of_page, open_envelope
from improve.library.signing import groups_of
from improve.library.strict_json import read_json
from improve.shared import limits
from improve.shared.command_line import OneLineCommand, refuse
from improve.shared.formatting import plural


@click.command("check-learning", cls=OneLineCommand)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE")
def check_learning(file: Path) -> None:
    """Say who signed FILE, how many learning pages are in it, and whether it holds.

    Needs no database. Whose key the digits are, only a call to that council tells. A file that
    does not hold ends the command with code 2 and one line that says why.
    """
    try:
        with file.open("rb") as opened:
            source = opened.read(limits.IMPORT_BYTES_MOST + 1)
    except OSError as error:
        refuse(f"{file} cannot be read: {error.strerror}.")
    try:
        received = open_envelope(source)
    except FormatRefused as refused:
        refuse(f"{file.name}: {refused}.")
    for number, page in enumerate(received.pages, start=1):
        if faults := faults_of_page(page):
            refuse(f"{file.name}: page {number}: {'. '.join(faults)}.")
    if faults := faults_of(read_json(source)):
        refuse(f"{file.name}: {faults[0]}.")
    # A terminal has no need of the space that keeps a number and its word on one line.
    pages = plural(len(received.pages), "page").replace("\u00a0", " ")
    click.echo(
        f"Signed by {received.council.name} ({' '.join(groups_of(received.fingerprint))}) on "
        f"{received.made_on.isoformat()}: {pages}. The schema holds."
    )
