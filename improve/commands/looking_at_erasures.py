"""What ``flask doctor`` sees of ERASED_FILE: whether it can be written, and names all erasures."""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import text

from improve.shared import erased_file
from improve.shared.checkup import Finding
from improve.shared.db import db


def look_at_erasures() -> list[Finding]:
    """Whether what is erased stays erased after a restore. Without a file, the settings say so."""
    path = erased_file.file_path()
    if path is None:
        return []
    if not _is_writable(path):
        advice = "Give this user the right to write there, or name another place."
        return [Finding(True, f"ERASED_FILE cannot be written: {path}", advice)]
    with db.engine.connect() as connection:
        noted = set(connection.execute(text("SELECT key FROM erasures")).scalars())
    unnamed = len(noted - {erased.key for erased in erased_file.read()})
    if unnamed:
        return [
            Finding(
                True,
                f"ERASED_FILE does not name all that was erased: {unnamed:,} would come back",
                "Run: flask --app wsgi nightly – it writes what is not there yet.",
            )
        ]
    spoilt = erased_file.unreadable()
    if spoilt:
        return [
            Finding(
                True,
                f"Lines of ERASED_FILE that cannot be read: {spoilt:,}",
                "Take the file from an earlier copy of it, and run: flask --app wsgi nightly.",
            )
        ]
    return [Finding(False, "ERASED_FILE can be written, and names all that was erased")]


def _is_writable(path: Path) -> bool:
    if path.exists():
        return path.is_file() and os.access(path, os.W_OK)
    return path.parent.is_dir() and os.access(path.parent, os.W_OK)
