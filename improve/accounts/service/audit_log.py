"""Taking entries of the log away as a file, which is an act of its own."""

from __future__ import annotations

import csv
import io
from typing import IO

from improve.accounts import roles
from improve.accounts.actor import Actor
from improve.accounts.queries.audit_log import LogFilter, log_entries
from improve.accounts.roles import Permission
from improve.shared import audit, clock
from improve.shared.db import db, reading
from improve.shared.errors import Forbidden
from improve.shared.export import export_cell

#: Entries of one file: more are taken by shorter spans of days.
MOST_ENTRIES = 50_000
_HEADER = ("Entry", "Day", "Time", "Who", "What", "About", "Details")


def take_log(actor: Actor, *, wanted: LogFilter, file: IO[bytes]) -> int:
    """Write entries of the council's log, newest first, into ``file`` as CSV; return how many.

    That it was taken is noted, with the count, not what was looked for. Refuses whoever may not
    read it. Read apart from what this transaction writes, so that on SQLite nobody waits for it.
    """
    if not roles.may(actor, Permission.READ_LOG):
        raise Forbidden("Only an administrator or the data protection lead reads the log.")
    db.session.rollback()
    with reading():
        written = _write(actor, wanted, file)
        db.session.rollback()
    audit.record(actor, "log_taken", "organisation", actor.organisation_id, rows=written)
    return written


def _write(actor: Actor, wanted: LogFilter, file: IO[bytes]) -> int:
    file.write(b"\xef\xbb\xbf")
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    written = 0
    try:
        writer = csv.writer(text)
        writer.writerow(_HEADER)
        for entry in log_entries(actor, wanted, most=MOST_ENTRIES):
            at = clock.local(entry.at)
            cells = (
                entry.sequence, at.date(), f"{at:%H:%M:%S}",
                entry.who, entry.words, entry.about, entry.facts,
            )  # fmt: skip
            writer.writerow([export_cell(cell) for cell in cells])
            written += 1
    finally:
        text.detach()
    return written
