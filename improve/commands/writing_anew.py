"""Writing tables anew, so that what was deleted stays in no file of the database."""

from __future__ import annotations

import click

from improve.shared import contributions, rewriting


def write_anew() -> None:
    """Have nothing that was deleted, and no order of coming, stay in the files of the database."""
    offers = [
        *contributions.gather(rewriting.CONTRIBUTION),
        *contributions.gather(rewriting.AFTER_ERASING),
    ]
    left = rewriting.write_anew(name for offer in offers for name in offer())
    if left:
        click.echo(
            f"Not written anew, so that deleted words may still lie there: {', '.join(left)}. "
            "Something held them, or the database user does not own them: run nightly as their "
            "owner. The next night tries again.",
            err=True,
        )
