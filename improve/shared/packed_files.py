"""Static files packed beforehand, so that no visitor waits while the same file is packed again.

Beside ``improve.css`` stand ``improve.css.br`` and ``improve.css.gz``. A packed file counts only
while it unpacks to exactly what stands beside it: after an update that nobody packed for, the plain
file is sent. Fonts and pictures are packed by their own formats.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import brotli

#: Encodings as browsers name them, the smaller first, and how their files end.
ENDINGS: Final = {"br": ".br", "gzip": ".gz"}
#: Kinds of file that grow smaller.
PACKED: Final = (".css", ".js", ".svg", ".txt")
#: Bytes. A smaller file saves nothing.
LEAST: Final = 300


def pack_all(folder: Path) -> tuple[int, int, int]:
    """Pack every file that grows smaller; return how many, and their bytes before and by brotli.

    What is packed and right is left alone; what belongs to no file any more is taken away.
    """
    count = before = after = 0
    for path in _to_pack(folder):
        body = path.read_bytes()
        count, before = count + 1, before + len(body)
        for encoding in ENDINGS:
            if packed_body(path, encoding, body) is None:
                _write(_beside(path, encoding), _pack(body, encoding))
        after += _beside(path, "br").stat().st_size
    _take_away(folder)
    return count, before, after


def packed_body(path: Path, encoding: str, body: bytes) -> bytes | None:
    """Return the packed file beside ``path``, if it holds ``body`` and nothing else."""
    try:
        packed = _beside(path, encoding).read_bytes()
        is_same = _unpack(packed, encoding) == body
    except (OSError, EOFError, brotli.error):
        return None
    return packed if is_same else None


def _beside(path: Path, encoding: str) -> Path:
    return path.with_name(path.name + ENDINGS[encoding])


def _to_pack(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        if path.suffix in PACKED and path.is_file() and path.stat().st_size >= LEAST:
            yield path


def _take_away(folder: Path) -> None:
    for ending in ENDINGS.values():
        for packed in folder.rglob(f"*{ending}"):
            if packed.with_suffix("").suffix in PACKED and not packed.with_suffix("").exists():
                packed.unlink()


def _pack(body: bytes, encoding: str) -> bytes:
    # Without a time in it, so that packing again gives the same file.
    return brotli.compress(body) if encoding == "br" else gzip.compress(body, 9, mtime=0)


def _unpack(packed: bytes, encoding: str) -> bytes:
    return brotli.decompress(packed) if encoding == "br" else gzip.decompress(packed)


def _write(path: Path, body: bytes) -> None:
    """Write a file that appears whole: it may be asked for at this moment."""
    making = path.with_name(f"{path.name}.{os.getpid()}")
    making.write_bytes(body)
    making.chmod(0o644)
    making.replace(path)
