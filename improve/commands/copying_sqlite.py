"""Copying an SQLite database out while others write, and laying a copy down in its place."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import make_url

from improve.commands.backup_file import PIECE
from improve.shared import clock

#: Seconds to wait for somebody who writes.
_PATIENCE: Final = 60
_FOLDER: Final = ".improve-copy-"
#: How old a folder is that no command can be working in any more.
_LEFT_AFTER: Final = timedelta(hours=6)


class InUse(Exception):
    """Somebody has the database open."""


def path_of(uri: str) -> Path:
    """Return where the file of an SQLite database is."""
    return Path(make_url(uri).database or "").resolve()


def begin_file(uri: str) -> None:
    """Make the file of a new database so that only this user may open it; else leave it alone."""
    if make_url(uri).get_backend_name() != "sqlite":
        return
    with suppress(FileExistsError):
        os.close(os.open(path_of(uri), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))


@contextmanager
def folder_beside(database: Path) -> Iterator[Path]:
    """Give a folder beside a database, which only this user may open, for the block.

    A plain copy lies where the plain data lies anyway, and nowhere else.
    """
    clear_left_folders(database)
    folder = Path(tempfile.mkdtemp(prefix=_FOLDER, dir=database.parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def left_folders(database: Path) -> list[Path]:
    """Return the folders of commands that were killed: each may hold a plain copy."""
    before = (clock.now() - _LEFT_AFTER).timestamp()
    found = database.parent.glob(f"{_FOLDER}*")
    return sorted(one for one in found if one.stat().st_mtime < before)


def clear_left_folders(database: Path) -> None:
    """Remove what killed commands left."""
    for folder in left_folders(database):
        shutil.rmtree(folder, ignore_errors=True)


def copy_out(database: Path, copy: Path) -> None:
    """Write the database as it stands at one moment into ``copy``; others go on writing.

    Only what stands goes over: no page of the copy holds anything that was deleted.
    """
    os.close(os.open(copy, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(database, timeout=_PATIENCE, isolation_level=None)) as connection:
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.execute("VACUUM INTO ?", (str(copy),))


def pieces_of(file: Path) -> Iterator[bytes]:
    """Return what stands in a file, piece by piece."""
    with file.open("rb") as opened:
        while piece := opened.read(PIECE):
            yield piece


def write_pieces(pieces: Iterable[bytes], file: Path) -> None:
    """Write a new file that only this user may read, and have it on the disk."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        for piece in pieces:
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())


def fault_in(file: Path) -> str:
    """Return what SQLite finds wrong within a file, or “”."""
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        try:
            found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
        except sqlite3.DatabaseError as error:
            return str(error)
    if broken:
        return f"a row of {broken[0]} points to nothing"
    return "" if found == "ok" else str(found)


def make_one_file(file: Path) -> None:
    """Have everything of a database in its one file, with no log beside it. Raises ``InUse``."""
    with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as connection:
        try:
            mode = connection.execute("PRAGMA journal_mode = DELETE").fetchone()[0]
        except sqlite3.OperationalError:
            raise InUse from None
    if mode != "delete" or file.with_name(file.name + "-wal").exists():
        raise InUse


def put_in_place(new: Path, database: Path) -> None:
    """Let ``new`` be the database from one moment to the next. Raises ``InUse``.

    The log beside the old one is emptied into it and removed first: laid beside the new file, it
    would be taken for that one's, and spoil it.
    """
    new.chmod(0o600)
    _give_to_its_user(new, database)
    if not database.exists():
        os.replace(new, database)
    else:
        make_one_file(database)
        with closing(sqlite3.connect(database, timeout=0, isolation_level=None)) as old:
            try:
                old.execute("BEGIN EXCLUSIVE")
            except sqlite3.OperationalError:
                raise InUse from None
            os.replace(new, database)
            old.execute("ROLLBACK")
    keep_the_name(database)


def _give_to_its_user(new: Path, database: Path) -> None:
    """Let the site’s own user have a file that the administrator of the machine restored."""
    if os.name == "posix" and os.geteuid() == 0:
        whose = (database if database.exists() else database.parent).stat()
        os.chown(new, whose.st_uid, whose.st_gid)


def keep_the_name(file: Path) -> None:
    """Have the name of a file on the disk, as its content is: a power cut would lose it."""
    if os.name != "posix":
        return
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
