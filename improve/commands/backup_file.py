"""The file of a backup: encrypted in pieces, so that any length is read and written as a stream.

A head in clear names the form and the key. All after it stands in frames, each sealed with
AES-256-GCM under a key of this one file, derived from ``BACKUP_KEY`` and the file's own salt. A
frame's nonce is its number and its kind, and each is bound to the head: so a frame that was
changed, left out, doubled, moved, or taken from another file does not open, and a file without its
last frame is not whole. The first frame says what the backup is of, the last one its SHA-256 and
size. Pure.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO, Final, NoReturn

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from improve.shared.sealing import key_id

#: Bytes of data in a frame.
PIECE: Final = 1024 * 1024
_FORM: Final = b"IMPROVE BACKUP "
_NUMBER: Final = b"1\n"
_KEY: Final = 8
_SALT: Final = 16
_TAG: Final = 16
_FACTS: Final = 1
_DATA: Final = 2
_END: Final = 3
#: Quick: what is written is mostly words, and encryption waits for it.
_LEVEL: Final = 1


class BackupRefused(ValueError):
    """The file is no backup, needs another key, or is not as it was written. In plain words."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What was written in all, before it was packed: SHA-256 in hexadecimal, and bytes."""

    sha256: str
    size: int


class BackupWriter:
    """Writes one backup. ``write`` what it holds piece by piece, then ``finish``.

    ``facts``: what it is of, as JSON. ``is_packed``: whether what comes is packed already.
    """

    def __init__(
        self, out: BinaryIO, key: str, facts: Mapping[str, Any], *, is_packed: bool = False
    ) -> None:
        salt = secrets.token_bytes(_SALT)
        self._out = out
        self._head = _FORM + _NUMBER + bytes.fromhex(key_id(key)) + salt
        self._cipher = AESGCM(_derive(key, salt))
        self._number = 0
        self._held = bytearray()
        self._hash, self._size = hashlib.sha256(), 0
        self._pack = None if is_packed else zlib.compressobj(_LEVEL)
        out.write(self._head)
        self._frame(_FACTS, _json({**facts, "packed": "no" if is_packed else "deflate"}))

    def write(self, data: bytes) -> None:
        """Add some of what is backed up."""
        self._hash.update(data)
        self._size += len(data)
        self._held += self._pack.compress(data) if self._pack else data
        while len(self._held) >= PIECE:
            self._frame(_DATA, bytes(self._held[:PIECE]))
            del self._held[:PIECE]

    def finish(self) -> Sum:
        """Write the end, without which the file is not whole, and return what it says."""
        if self._pack:
            self._held += self._pack.flush()
        while self._held:
            self._frame(_DATA, bytes(self._held[:PIECE]))
            del self._held[:PIECE]
        whole = Sum(self._hash.hexdigest(), self._size)
        self._frame(_END, _json({"sha256": whole.sha256, "size": whole.size}))
        return whole

    def _frame(self, kind: int, words: bytes) -> None:
        sealed = self._cipher.encrypt(_nonce(self._number, kind), words, self._head)
        self._out.write(bytes([kind]) + len(sealed).to_bytes(4, "big") + sealed)
        self._number += 1


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup that is being read: ``facts``, then ``data`` piece by piece, once.

    Whoever reads ``data`` to its end has read a whole file: else it raises ``BackupRefused``.
    """

    facts: Mapping[str, Any]
    data: Iterator[bytes]


def open_backup(file: BinaryIO, key: str) -> Backup:
    """Return what ``file`` holds, read from its beginning. Raises ``BackupRefused`` in words."""
    file.seek(0)
    head = file.read(len(_FORM) + len(_NUMBER) + _KEY + _SALT)
    if not head.startswith(_FORM):
        raise BackupRefused("it is no backup of Improve")
    if not head.startswith(_FORM + _NUMBER):
        raise BackupRefused("it is in a form that this version of Improve does not know")
    named = head[len(_FORM) + len(_NUMBER) :][:_KEY].hex()
    if named != key_id(key):
        raise BackupRefused(
            f"it needs the BACKUP_KEY that is named {named}; the one that is set is {key_id(key)}"
        )
    frames = _frames(file, head, AESGCM(_derive(key, head[-_SALT:])))
    kind, words = next(frames, (0, b""))
    if kind != _FACTS:
        _not_whole()
    facts = json.loads(words)
    return Backup(facts, _data(frames, is_packed=facts["packed"] != "no"))


def check_whole(file: BinaryIO, key: str) -> Mapping[str, Any]:
    """Read the whole file, keep nothing of it, and return its facts. Raises ``BackupRefused``."""
    opened = open_backup(file, key)
    for _piece in opened.data:
        pass
    return opened.facts


def _data(frames: Iterator[tuple[int, bytes]], *, is_packed: bool) -> Iterator[bytes]:
    seen, size = hashlib.sha256(), 0
    unpack = zlib.decompressobj() if is_packed else None
    for kind, words in frames:
        if kind == _END:
            said = json.loads(words)
            if (said["sha256"], said["size"]) != (seen.hexdigest(), size):
                _not_whole()
            return
        for piece in _unpacked(words, unpack) if unpack else (words,):
            seen.update(piece)
            size += len(piece)
            yield piece
    _not_whole()


def _unpacked(words: bytes, unpack: Any) -> Iterator[bytes]:
    """Unpack one frame in pieces: however much is packed in it, memory holds one piece."""
    try:
        piece = unpack.decompress(words, PIECE)
        while piece:
            yield piece
            piece = unpack.decompress(unpack.unconsumed_tail, PIECE)
    except zlib.error:
        _not_whole()


def _frames(file: BinaryIO, head: bytes, cipher: AESGCM) -> Iterator[tuple[int, bytes]]:
    number = 0
    while start := file.read(5):
        kind, length = start[0], int.from_bytes(start[1:], "big")
        if len(start) < 5 or not _TAG <= length <= PIECE + _TAG:
            _not_whole()
        sealed = file.read(length)
        if len(sealed) != length:
            _not_whole()
        try:
            words = cipher.decrypt(_nonce(number, kind), sealed, head)
        except InvalidTag:
            _not_whole()
        if kind == _END and file.read(1):
            _not_whole()
        yield kind, words
        number += 1


def _not_whole() -> NoReturn:
    raise BackupRefused("it is not as it was written: changed, cut off, or put together")


def _nonce(number: int, kind: int) -> bytes:
    return number.to_bytes(11, "big") + bytes([kind])


def _json(facts: Mapping[str, Any]) -> bytes:
    return json.dumps(facts, ensure_ascii=False, sort_keys=True).encode()


def _derive(key: str, salt: bytes) -> bytes:
    return HKDF(
        algorithm=hashes.SHA256(), length=32, salt=salt, info=b"improve backup file 1"
    ).derive(key.encode())
