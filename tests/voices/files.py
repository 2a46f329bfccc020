"""What stands in the files of a database, whatever its tables say."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import text

from improve.shared.db import db
from improve.shared.rewriting import write_anew


def files_hold(table: str, part: bytes) -> bool:
    """Return whether the database's file, or those of the table, hold these bytes now."""
    if db.engine.dialect.name == "sqlite":
        path = Path(str(db.engine.url.database))
        return any(
            part in one.read_bytes() for one in [path, *path.parent.glob(f"{path.name}-wal")]
        )
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("CHECKPOINT"))
        files = connection.execute(
            text(
                "SELECT pg_read_binary_file(pg_relation_filepath(one)) FROM (SELECT oid AS one"
                " FROM pg_class WHERE relname = :name UNION SELECT reltoastrelid FROM pg_class"
                " WHERE relname = :name UNION SELECT indexrelid FROM pg_index JOIN pg_class"
                " ON pg_class.oid = indrelid WHERE relname = :name) AS these WHERE one <> 0"
            ),
            {"name": table},
        ).scalars()
        return any(part in bytes(one) for one in files)


def gone_with_the_nights(names: Sequence[str], *ends: tuple[str, bytes]) -> bool:
    """Write the tables anew, and return whether none of these (table, bytes) is in the files.

    Again where something still looks at what was before, such as PostgreSQL's own counting: it
    keeps old rows as long, and the next night takes them.
    """
    for night in range(20):
        time.sleep(0.5 if night else 0)
        assert write_anew(names) == []
        if not any(files_hold(*end) for end in ends):
            return True
    return False
