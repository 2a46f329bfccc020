"""Making an archive of a whole council, as a stream into a file."""

from __future__ import annotations

import hashlib
import importlib.metadata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO

from sqlalchemy import Connection, Table

from improve.accounts.actor import Actor
from improve.accounts.roles import Permission, may
from improve.migrations import newest_revision
from improve.open_data import kept
from improve.open_data.archive_file import MANIFEST, README, ArchiveWriter
from improve.open_data.archive_format import ArchiveRefused, Manifest, TableFile, line_of
from improve.open_data.archive_readme import readme
from improve.open_data.queries import archive as queries
from improve.shared import audit, clock
from improve.shared.db import db
from improve.shared.errors import Forbidden

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Made:
    """What was written."""

    manifest: Manifest
    #: Bytes of the file, and its SHA-256: the seal to keep apart from it.
    size: int
    sha256: str

    @property
    def rows(self) -> int:
        """Rows of all tables together."""
        return sum(table.rows for table in self.manifest.tables)


def make_archive(actor: Actor, *, file: IO[bytes]) -> Made:
    """Write everything of the actor's council into ``file``, and that it was done into the log.

    Without the private part, which an administrator may not read. The rows are read apart, as they
    stood at one moment, so that nobody waits for it: what this transaction had begun is given up.
    """
    if not may(actor, Permission.MAKE_ARCHIVE):
        raise Forbidden("Only an administrator can make an archive of the council.")
    db.session.rollback()
    made = write_archive(file=file, organisation_id=actor.organisation_id)
    _note(actor, actor.organisation_id, made)
    return made


def export_council(*, slug: str, file: IO[bytes], with_private: bool, progress: Progress) -> Made:
    """Do the same from the command line. Raises ``ArchiveRefused`` for an unknown council."""
    with queries.standing_still() as connection:
        if queries.revision(connection) != newest_revision():
            raise ArchiveRefused("This database is not up to date. Run: flask --app wsgi upgrade")
        found = queries.council(connection, slug=slug)
        known = queries.slugs(connection)
    if found is None:
        here = ", ".join(known[:20]) or "none"
        raise ArchiveRefused(f"There is no council “{slug}” here. There is: {here}.")
    made = write_archive(
        file=file, organisation_id=found.id, with_private=with_private, progress=progress
    )
    _note(None, found.id, made)
    return made


def _note(actor: Actor | None, organisation_id: int, made: Made) -> None:
    audit.record(
        actor,
        "archive_made",
        "organisation",
        organisation_id,
        organisation_id=organisation_id,
        rows=made.rows,
        bytes=made.size,
        sha256=made.sha256,
        with_private=made.manifest.with_private,
    )


def write_archive(
    *,
    file: IO[bytes],
    organisation_id: int,
    with_private: bool = False,
    progress: Progress | None = None,
) -> Made:
    """Write the council's archive into ``file``, which can be read and sought; note nothing."""
    made_at = clock.now()
    writer = ArchiveWriter(file, made_at)
    with queries.standing_still() as connection:
        council = queries.council(connection, organisation_id=organisation_id)
        revision = queries.revision(connection)
        entries, head = queries.audit_end(connection, organisation_id)
        tables: list[TableFile] = []
        for table in queries.archived_tables(with_private=with_private):
            lines = _lines(connection, table, organisation_id, made_at, with_private=with_private)
            tables.append(writer.add_table(table.name, lines))
            if progress and tables[-1].rows:
                progress(f"{table.name}: {tables[-1].rows:,}")
    if council is None:
        raise ArchiveRefused("There is no such council here.")
    manifest = Manifest(
        made_at=made_at,
        software=f"improve {importlib.metadata.version('improve')}",
        revision=revision,
        council_id=council.id,
        council_name=council.name,
        council_slug=council.slug,
        with_private=with_private,
        tables=tuple(tables),
        audit_entries=entries,
        audit_head=head,
        readme_sha256="",
        left_out=_left_out(with_private=with_private),
    )
    columns = {
        t.name: queries.columns_of(t) for t in queries.archived_tables(with_private=with_private)
    }
    mark = writer.add_text(README, readme(manifest, columns))
    manifest = _sealed(manifest, mark)
    writer.add_text(MANIFEST, manifest.text())
    writer.close()
    return Made(manifest, *_seal(file))


def _sealed(manifest: Manifest, mark: str) -> Manifest:
    facts = {name: getattr(manifest, name) for name in Manifest.__dataclass_fields__}
    return Manifest(**{**facts, "readme_sha256": mark})


def _seal(file: IO[bytes]) -> tuple[int, str]:
    """Return the size of a written file and its SHA-256, and stand at its begin again."""
    file.flush()
    file.seek(0)
    mark, size = hashlib.sha256(), 0
    while piece := file.read(1024 * 1024):
        mark.update(piece)
        size += len(piece)
    file.seek(0)
    return size, mark.hexdigest()


def _left_out(*, with_private: bool) -> dict[str, str]:
    found = dict(kept.LEFT_OUT)
    found.update({f"{t}.{c}": why for (t, c), why in kept.EMPTIED.items()})
    if not with_private:
        found.update({f"{t}.{c}": w for (t, c), w in kept.EMPTIED_UNLESS_PRIVATE.items()})
        found.update({f"{t}.{c}": w for (t, c), (_, w) in kept.PRIVATE_UNTIL.items()})
        why = "What one person keeps for themselves, and nobody else reads"
        found.update(dict.fromkeys(sorted(kept.PRIVATE), why))
    return dict(sorted(found.items()))


def _lines(
    connection: Connection,
    table: Table,
    organisation_id: int,
    made_at: datetime,
    *,
    with_private: bool,
) -> Iterator[bytes]:
    columns = queries.columns_of(table)
    place = {column.name: n for n, column in enumerate(columns)}
    settle = _SETTLED.get(table.name)
    for row in queries.rows(connection, table, organisation_id, with_private=with_private):
        told = settle(row, place, made_at, with_private) if settle else row
        yield line_of(columns, told)


Row = tuple[object, ...]


def _settle_news(row: Row, place: dict[str, int], made_at: datetime, with_private: bool) -> Row:
    """Count news as mailed: whoever opens an archive in ten years must not send it."""
    del with_private
    if row[place["mailed_at"]] is not None:
        return row
    return _with(row, {place["mailed_at"]: made_at})


def _settle_hidden(row: Row, place: dict[str, int], made_at: datetime, with_private: bool) -> Row:
    """Count a hidden text whose words stay behind as taken out: nobody can show it again."""
    if with_private or row[place["settled_at"]] is not None:
        return row
    return _with(row, {place["settled_at"]: made_at, place["settled_as"]: "removed"})


def _with(row: Row, changed: dict[int, object]) -> Row:
    return tuple(changed.get(n, value) for n, value in enumerate(row))


_SETTLED: dict[str, Callable[[Row, dict[str, int], datetime, bool], Row]] = {
    "notices": _settle_news,
    "hidden_texts": _settle_hidden,
}
