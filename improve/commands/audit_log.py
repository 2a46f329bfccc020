"""Checking the log of acts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

import click
from flask import current_app
from flask.cli import with_appcontext

from improve.shared import audit, clock
from improve.shared.command_line import OneLineCommand, needs_settings
from improve.shared.command_runs import last_runs, note_run
from improve.shared.db import db, reading, reading_one_moment

#: Kept with the runs of commands: whether AUDIT_HEAD_FILE was ever written.
_HEADS_WRITTEN: Final = "audit-head"


@click.command("verify-audit", cls=OneLineCommand)
@with_appcontext
@click.option(
    "--begin-anew", is_flag=True, help="AUDIT_HEAD_FILE is gone for good: begin another one."
)
@needs_settings
def verify_audit(begin_anew: bool) -> None:
    """Check that nobody changed the log of acts; name the first entry that does not hold.

    With AUDIT_HEAD_FILE set, the end of each log is compared with what earlier runs wrote there,
    and written there again: keep that file on another machine, and run this every day. Exit code 1
    when something does not hold, and when that file is not there although an earlier run wrote it:
    whoever cuts the end of a log would take it away first.
    """
    head_file = current_app.config["AUDIT_HEAD_FILE"]
    # What is committed meanwhile would otherwise look like a log whose end is not where it was.
    with reading_one_moment():
        wrote = _HEADS_WRITTEN in last_runs()
        faults = audit.find_faults()
        heads = audit.heads()
        if head_file:
            faults += _faults_against(Path(head_file))
        is_of_another_key = audit.begins_under_another_key()
    for fault in faults:
        click.echo(
            f"Organisation {fault.organisation_id}, entry {fault.sequence}: {fault.words}.",
            err=True,
        )
    if faults:
        if is_of_another_key:
            words = "No log begins under the present SECRET_KEY. Was it changed? Set it as it was."
            click.echo(words, err=True)
        raise SystemExit(1)
    if head_file:
        if wrote and not begin_anew and not _newest_in(Path(head_file)):
            click.echo(
                f"AUDIT_HEAD_FILE holds nothing, but an earlier run wrote there: {head_file}. "
                "Bring it back, or look whether its disk is there. If it is gone, compare the "
                "log with what you know of it, and run this with --begin-anew.",
                err=True,
            )
            raise SystemExit(1)
        _write_heads(Path(head_file), heads)
        note_run(_HEADS_WRITTEN)
    click.echo(f"The log of acts holds: {audit.size_in_words()}.")
    db.session.rollback()
    note_run("verify-audit")


def _faults_against(path: Path) -> list[audit.Fault]:
    """Return the fault of each chain that no longer holds what an earlier run wrote down."""
    return [
        audit.Fault(organisation_id, size, "is not what it was when the log was last checked")
        for organisation_id, (size, mark) in sorted(_newest_in(path).items())
        if size and audit.mark_at(organisation_id, size) != mark
    ]


def note_restored_heads(made_at: str) -> bool:
    """Write into AUDIT_HEAD_FILE where each log ends now that a backup was brought back.

    What stood there before is left, as evidence of what came after the backup was made at
    ``made_at``; from here on the restored end holds. False where no file is set, or it cannot be
    written.
    """
    head_file = current_app.config["AUDIT_HEAD_FILE"]
    if not head_file:
        return False
    path = Path(head_file)
    with reading():
        heads = audit.heads()
        db.session.rollback()
    try:
        # A council that came after the backup has no log any more.
        gone = sorted({*_newest_in(path)} - {organisation_id for organisation_id, _, _ in heads})
        _write_heads(path, heads + [(one, 0, "") for one in gone], restored_from=made_at)
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return True


def _newest_in(path: Path) -> dict[int, tuple[int, str]]:
    """Return the number of entries and the hash that were last written of each log."""
    newest: dict[int, tuple[int, str]] = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip():
                noted = json.loads(line)
                newest[noted["organisation_id"]] = (noted["entries"], noted["hash"])
    return newest


def _write_heads(path: Path, heads: list[tuple[int, int, str]], **more: str) -> None:
    with path.open("a", encoding="utf-8") as file:
        for organisation_id, size, mark in heads:
            noted = {
                "at": clock.now().isoformat(timespec="seconds"),
                "organisation_id": organisation_id,
                "entries": size,
                "hash": mark,
                **more,
            }
            file.write(json.dumps(noted) + "\n")
