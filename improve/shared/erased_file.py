"""The file of what was erased: kept elsewhere, without words, and read after a restore.

A backup from before an erasure still holds what was erased. So each erasure is noted twice: in the
database, and as one line in ERASED_FILE, which no restore takes back. A line holds ids, codes,
counts and keyed marks; who finds the file learns that something was erased, and when.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, Final

from flask import current_app
from sqlalchemy import event
from sqlalchemy.orm import Session

from improve.shared.db import db

#: Kind of contribution: offers are ``ErasesAgain``.
CONTRIBUTION: Final = "erase-again"
_AFTER_COMMIT: Final = "erasures to note in the file"
#: Hexadecimal digits of a mark: 96 bits.
_MARK: Final = 24
#: Highest number that a row has on both engines.
_MOST: Final = 2**63 - 1
_log: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Erased:
    """One erasure as it is noted. ``facts`` are ids, codes, counts and marks, never words."""

    key: str
    organisation_id: int
    kind: str
    object_id: str
    erased_on: date
    facts: dict[str, Any] = field(default_factory=dict)

    def line(self) -> str:
        """Return it as one line of the file."""
        return json.dumps(
            {
                "key": self.key,
                "organisation_id": self.organisation_id,
                "kind": self.kind,
                "object_id": self.object_id,
                "erased_on": self.erased_on.isoformat(),
                "facts": self.facts,
            },
            sort_keys=True,
        )


@dataclass(frozen=True, slots=True)
class ErasesAgain:
    """How one kind is erased again: True where something stood there and is gone now.

    ``erase`` writes in the present transaction, and never commits.
    """

    kind: str
    erase: Callable[[Erased], bool]

    def __call__(self, erased: Erased) -> bool:
        """Erase it again."""
        return self.erase(erased)


def mark_of(*parts: object) -> str:
    """Return a keyed mark of what is erased, by which it is known again and says nothing else."""
    key = hmac.new(current_app.config["SECRET_KEY"].encode(), b"erased", hashlib.sha256).digest()
    words = "\0".join(str(part) for part in parts)
    return hmac.new(key, words.encode(), hashlib.sha256).hexdigest()[:_MARK]


def write_after_commit(erased: Erased) -> None:
    """Have the line written once the present transaction has committed."""
    db.session().info.setdefault(_AFTER_COMMIT, []).append(erased)


def write(noted: list[Erased]) -> bool:
    """Write these lines now, to the disk and not only to the system's memory.

    False where no file is set, or it cannot be written: that is logged, the nightly run does it.
    """
    return write_lines([one.line() for one in noted])


def write_lines(lines: list[str]) -> bool:
    """Write whole lines, as ``write`` does."""
    path = file_path()
    if path is None or not lines:
        return False
    try:
        _append(path, lines)
    except OSError:
        _log.exception("ERASED_FILE cannot be written; the nightly run tries again")
        return False
    return True


def read() -> list[Erased]:
    """Return what the file names, each once, in its order.

    A line that was cut short or spoilt is left out, never more than that line; see ``unreadable``.
    """
    found: dict[str, Erased] = {}
    for line in _lines():
        erased = _read_line(line)
        if erased is None and line.strip() and _read_mark(line) is None:
            _log.warning("a line of ERASED_FILE cannot be read")
        if erased is not None:
            found.setdefault(erased.key, erased)
    return list(found.values())


def unreadable() -> int:
    """Return how many lines of the file nobody can read."""
    return sum(
        1
        for line in _lines()
        if line.strip() and _read_mark(line) is None and _read_line(line) is None
    )


def read_marks() -> list[tuple[str, str]]:
    """Return the marks of what is gone, or back, in the order of the file; see ``gone_marks``."""
    return [mark for line in _lines() if (mark := _read_mark(line)) is not None]


def file_path() -> Path | None:
    """Return where the file is, or None where none is set."""
    named = current_app.config.get("ERASED_FILE", "")
    return Path(named) if named else None


def number_in(words: str) -> int | None:
    """Return the number of a row that ``words`` are, or None where no row can have it."""
    if not words.isascii() or not words.isdecimal() or len(words) > len(str(_MOST)):
        return None
    number = int(words)
    return number if number <= _MOST else None


def _append(path: Path, lines: list[str]) -> None:
    """Write lines to the end, on the disk and not only in the system's memory."""
    # Nobody else on the machine need know that something was erased; nor may a link lead elsewhere.
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
    with os.fdopen(os.open(path, flags, 0o600), "r+b", buffering=0) as file:
        if hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), 0o600)
        size = file.seek(0, os.SEEK_END)
        last = b"\n"
        if size:
            file.seek(size - 1)
            last = file.read(1)
        # After a line that a crash cut short these would be part of it, and none could be read.
        words = ("" if last == b"\n" else "\n") + "".join(line + "\n" for line in lines)
        left = memoryview(words.encode())
        while left:
            left = left[file.write(left) :]
        os.fsync(file.fileno())


def _lines() -> list[str]:
    path = file_path()
    if path is None or not path.exists():
        return []
    # By bytes: other letters than “\n” end no line, and a spoilt byte spoils its own line only.
    return [line.decode("utf-8", errors="replace") for line in path.read_bytes().split(b"\n")]


def _read_line(line: str) -> Erased | None:
    try:
        told = json.loads(line)
        erased = Erased(
            key=str(told["key"]),
            organisation_id=int(told["organisation_id"]),
            kind=str(told["kind"]),
            object_id=str(told["object_id"]),
            erased_on=date.fromisoformat(told["erased_on"]),
            facts=dict(told["facts"]),
        )
        is_whole = 0 <= erased.organisation_id <= _MOST and _are_marks(erased.facts.get("marks"))
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError):
        is_whole = False
    return erased if is_whole else None


def _read_mark(line: str) -> tuple[str, str] | None:
    if not line.startswith(('{"gone": ', '{"back": ')):
        return None
    try:
        [(how, mark)] = json.loads(line).items()
    except (ValueError, AttributeError, RecursionError):
        return None
    return (how, mark) if how in {"gone", "back"} and isinstance(mark, str) else None


def _are_marks(told: object) -> bool:
    """Return whether these are marks of words, each with its size; or there are none."""
    if told is None:
        return True
    return isinstance(told, list) and all(
        isinstance(one, list)
        and len(one) == 2
        and isinstance(one[0], int)
        and isinstance(one[1], str)
        for one in told
    )


@event.listens_for(Session, "after_commit")
def _write_lines(session: Session) -> None:
    if not session.in_nested_transaction():
        write(session.info.pop(_AFTER_COMMIT, []))


@event.listens_for(Session, "after_rollback")
def _write_nothing(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_AFTER_COMMIT, None)
