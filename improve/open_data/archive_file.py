"""The file of an archive: written as a stream, and read without trusting it. Pure.

What is read back was made by anybody: names are compared with those expected and never used as a
path, sizes are those the manifest says and no more is read, and every file is checked against its
SHA-256 before the first row is looked at.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Final

from improve.open_data.archive_format import (
    ArchiveRefused,
    Manifest,
    TableFile,
    read_manifest,
)

MANIFEST: Final = "manifest.json"
README: Final = "README.md"
#: No manifest or README of ours comes near.
_LARGEST_TEXT: Final = 4 * 1024 * 1024
#: A row holds texts with set lengths and a few lists; a longer line is none of ours.
LONGEST_LINE: Final = 32 * 1024 * 1024
#: Rows of text pack to about a tenth. What packs tighter than this was made to fill a disk.
_TIGHTEST: Final = 400
_LOOSE: Final = 1024 * 1024
_PACKINGS: Final = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
#: What reading a part of a broken file raises; a name that is no text is a ValueError.
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
)
_PIECE: Final = 256 * 1024


class ArchiveWriter:
    """Writes an archive part by part; nothing but the present piece is held in memory."""

    def __init__(self, file: IO[bytes], made_at: datetime) -> None:
        self._zip = zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=6)
        moment = made_at.timetuple()[:6]
        self._at = moment[0], moment[1], moment[2], moment[3], moment[4], moment[5]

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, date_time=self._at)
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        return info

    def add_table(self, name: str, lines: Iterable[bytes]) -> TableFile:
        """Write the lines of one table; return what was written."""
        rows = size = 0
        mark = hashlib.sha256()
        path = f"tables/{name}.jsonl"
        with self._zip.open(self._info(path), "w", force_zip64=True) as out:
            for line in lines:
                out.write(line)
                mark.update(line)
                rows += 1
                size += len(line)
        return TableFile(name, rows, size, mark.hexdigest())

    def add_text(self, name: str, text: str) -> str:
        """Write one text; return its SHA-256."""
        content = text.encode()
        self._zip.writestr(self._info(name), content)
        return hashlib.sha256(content).hexdigest()

    def close(self) -> None:
        """Write the list of files; only then is it an archive."""
        self._zip.close()


class ArchiveReader:
    """An archive that somebody handed in, checked as a whole before its rows are read.

    Raises ``ArchiveRefused`` for what is no such file, for a part that is missing, doubled or
    unknown, and for one that is not what the manifest says.
    """

    def __init__(self, file: IO[bytes]) -> None:
        try:
            self._zip = zipfile.ZipFile(file)
        except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
            raise ArchiveRefused("This is no ZIP file, or not all of it.") from None
        self._infos: dict[str, zipfile.ZipInfo] = {}
        for info in self._zip.infolist():
            if info.filename in self._infos:
                raise ArchiveRefused("A file stands in it twice.")
            if info.flag_bits & 0x1:
                raise ArchiveRefused("It is locked with a password: unlock it first.")
            if info.compress_type not in _PACKINGS:
                raise ArchiveRefused("It is packed in a way that no archive of ours is.")
            self._infos[info.filename] = info
        if MANIFEST not in self._infos:
            raise ArchiveRefused("This is no archive of Improve: it has no manifest.json.")
        self.manifest: Manifest = read_manifest(self._small(MANIFEST))
        self._check_files()

    def _check_files(self) -> None:
        wanted = {MANIFEST, README, *(t.path for t in self.manifest.tables)}
        if self._infos.keys() != wanted:
            odd = sorted(self._infos.keys() ^ wanted)[0]
            words = "is missing" if odd in wanted else "does not belong in it"
            raise ArchiveRefused(f"{odd[:80]!a} {words}.")
        for table in self.manifest.tables:
            info = self._infos[table.path]
            if info.file_size != table.size:
                raise ArchiveRefused(f"{table.path} is not as long as the manifest says.")
            if info.file_size > _LOOSE and info.file_size > info.compress_size * _TIGHTEST:
                raise ArchiveRefused(f"{table.path} is packed tighter than any rows are.")

    def check_marks(self) -> None:
        """Compare every file with its SHA-256 in the manifest."""
        if hashlib.sha256(self._small(README)).hexdigest() != self.manifest.readme_sha256:
            raise ArchiveRefused(f"{README} was changed after the archive was made.")
        for table in self.manifest.tables:
            mark = hashlib.sha256()
            for piece in self._pieces(table):
                mark.update(piece)
            if mark.hexdigest() != table.sha256:
                raise ArchiveRefused(f"{table.path} was changed after the archive was made.")

    def lines(self, table: TableFile) -> Iterator[bytes]:
        """Yield the lines of one table. Refuses one too long, and more or fewer than said."""
        held, rows = b"", 0
        for piece in self._pieces(table):
            held += piece
            *whole, held = held.split(b"\n")
            rows += len(whole)
            yield from whole
            if len(held) > LONGEST_LINE:
                raise ArchiveRefused(f"{table.path} has a line that is too long.")
        if held or rows != table.rows:
            raise ArchiveRefused(f"{table.path} has not as many rows as the manifest says.")

    def _pieces(self, table: TableFile) -> Iterator[bytes]:
        read = 0
        try:
            with self._zip.open(self._infos[table.path]) as file:
                while piece := file.read(_PIECE):
                    read += len(piece)
                    if read > table.size:
                        raise ArchiveRefused(f"{table.path} is longer than the manifest says.")
                    yield piece
        except _BROKEN:
            raise ArchiveRefused(f"{table.path} cannot be unpacked.") from None

    def _small(self, name: str) -> bytes:
        if self._infos[name].file_size > _LARGEST_TEXT:
            raise ArchiveRefused(f"{name} is too long.")
        try:
            with self._zip.open(self._infos[name]) as file:
                content = file.read(_LARGEST_TEXT + 1)
        except _BROKEN:
            raise ArchiveRefused(f"{name} cannot be unpacked.") from None
        if len(content) > _LARGEST_TEXT:
            raise ArchiveRefused(f"{name} is too long.")
        return content
